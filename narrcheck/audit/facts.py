"""What holds for a whole store, and whether its filings have been compared as they stand now."""

from sqlalchemy import Connection, Engine, delete, func, insert, select

from narrcheck import __version__
from narrcheck.audit import schema
from narrcheck.audit.connect import READS, explained

COMPARED = "compared"
FAILURES = "across-failures"


def compared(engine: Engine, stamp: str) -> bool:
    """Whether the rules across filings have run over what stands now, under these settings. StoreError."""
    with explained(engine), engine.connect().execution_options(**{READS: True}) as connection, connection.begin():
        return fact(connection, COMPARED) == state_of(connection, stamp)


def state_of(connection: Connection, stamp: str) -> str:
    """What the comparison depends on: which files stand, and the settings."""
    files = schema.files
    query = select(func.count(), func.max(files.c.id), func.sum(files.c.id)).where(files.c.current)
    count, last, total = connection.execute(query).one()
    return f"{count} {last} {total} {__version__} {stamp}"


def fact(connection: Connection, name: str) -> str | None:
    """What is kept under a name."""
    query = select(schema.facts.c.value).where(schema.facts.c.name == name)
    value: str | None = connection.execute(query).scalar_one_or_none()
    return value


def put_fact(connection: Connection, name: str, value: str) -> None:
    """Keep something under a name, in the place of what was there."""
    connection.execute(delete(schema.facts).where(schema.facts.c.name == name))
    connection.execute(insert(schema.facts).values(name=name, value=value))
