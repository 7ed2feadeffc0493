"""Filings as they were, made again from the rows of the store."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from narrcheck.audit import paths, schema
from narrcheck.filing import Actual, Claim, Filing, Indicator, Number, Source, Target
from narrcheck.reading.inputs import printable
from narrcheck.rules.across.members import Member


def current() -> Select[Any]:
    """The filings that stand now, each with the path of its file (`path`) and its folder as named (`named`)."""
    files, folders = schema.files, schema.folders
    return (
        select(schema.filings, files.c.path, folders.c.named, folders.c.location)
        .join(files, files.c.id == schema.filings.c.file_id)
        .join(folders, folders.c.id == files.c.folder_id)
        .where(files.c.current)
    )


def collation(connection: Connection) -> str:
    """The order of characters by their numbers, as this database calls it."""
    return "C" if connection.dialect.name == "postgresql" else "BINARY"


def in_order(query: Select[Any], connection: Connection) -> Select[Any]:
    """The filings of `current` by folder, file and place in it, in the same order on every database."""
    order = collation(connection)
    path = (schema.folders.c.location.collate(order), schema.files.c.path.collate(order))
    return query.order_by(*path, schema.filings.c.position)


def rows_of(connection: Connection, table: Table, owners: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The rows of a table that belong to these filings, in order, by filing."""
    query = select(table).where(table.c.filing_id.in_(owners)).order_by(table.c.filing_id, table.c.position)
    return {key: list(rows) for key, rows in groupby(connection.execute(query), key=itemgetter(0))}


def shown_path(row: Row[Any]) -> str:
    """The path of a filing's file, or of the member of a zip file, as reports show it."""
    path = printable(str(paths.location(paths.named(row.named), row.path)))
    return f"{path}{row.member or ''}"


def members(connection: Connection, filings: Iterable[Row[Any]], with_claims: bool = True) -> list[Member]:
    """Rows of `current` as members of a batch, for the rules across filings."""
    rows = list(filings)
    keys = [row.id for row in rows]
    indicators = rows_of(connection, schema.indicators, keys)
    claims = rows_of(connection, schema.claims, keys) if with_claims else {}
    return [
        Member(row.id, filing(row, indicators.get(row.id, [])), tuple(map(claim, claims.get(row.id, []))))
        for row in rows
    ]


def filing(row: Row[Any], indicators: Sequence[Row[Any]]) -> Filing:
    """The filing of a row: head, texts and indicator rows."""
    return Filing(
        source=Source(shown_path(row), row.number, row.sha256),
        form=row.form,
        layout=row.layout or "",
        year=row.year,
        project=row.project,
        department=row.department,
        unit=row.unit,
        money_unit=row.money_unit,
        goal=row.goal,
        narrative=row.narrative,
        indicators=tuple(map(indicator, indicators)),
        grade=row.grade,
    )


def indicator(row: Sequence[Any]) -> Indicator:
    """A row of `indicators`; what a weight or score cell holds is kept as printed."""
    (
        _, position, level1, level2, name, target, comparator, target_value, target_upper, target_unit, actual,
        actual_value, actual_upper, actual_unit, status, weight, score, note,
    ) = row  # fmt: skip
    return Indicator(
        position,
        level1,
        level2,
        name,
        Target(target, comparator, number(target_value), number(target_upper), target_unit),
        Actual(actual, number(actual_value), number(actual_upper), actual_unit, status),
        Number(weight),
        Number(score),
        note,
    )


def claim(row: Sequence[Any]) -> Claim:
    """A row of `claims`; the place of the number inside the quote is not kept, and taken for the whole quote."""
    (
        _, _, field, in_row, quote, start, end, value, upper, unit, modifier, subject, linked, why, by, scope,
    ) = row  # fmt: skip
    return Claim(
        field,
        in_row,
        quote,
        start,
        end,
        Decimal(value),
        number(upper),
        unit or "",
        modifier,
        subject or "",
        start,
        end,
        scope,
        row=linked,
        why=why or "",
        by=by,
    )


def number(text: str | None) -> Decimal | None:
    """A decimal as it is kept."""
    return None if text is None else Decimal(text)
