"""Dates and times as a spreadsheet shows them: days since the end of 1899 (or 1904), and a section of a format code."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from narrcheck.reading.formatcode import Section, Token, UnknownFormat

_LAST_DAY = 2958465
_DAYS_TO_1904 = 1462
_LEAP_DAY_THAT_NEVER_WAS = 60
_SECONDS = 86400
_ZEROS = re.compile(r"\.(0++)")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_ZH = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_DAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class _Moment:
    """`fraction` is the part of a second, in as many digits as are shown; `total` counts seconds from day 0."""

    year: int
    month: int
    day: int
    weekday: int
    total: int
    fraction: int


def dated(section: Section, value: Decimal, date1904: bool) -> str:
    """The date or time. UnknownFormat: the number is no date (negative, or after the year 9999)."""
    places = _second_places(section.tokens)
    moment = _moment(value, places, date1904)
    halved = section.has("noon")
    out: list[str] = []
    for position, token in enumerate(section.tokens):
        if token.kind == "noon":
            out.append(_noon(token.text, moment, section.chinese))
        elif token.kind == "elapsed":
            out.append(str(moment.total // {"h": 3600, "m": 60, "s": 1}[token.text[0]]).zfill(len(token.text)))
        elif token.kind == "time" and token.text[0] in "mM" and _are_minutes(section.tokens, position):
            out.append(str(moment.total // 60 % 60).zfill(len(token.text)))
        elif token.kind == "time":
            out.append(_field(token.text.lower(), moment, halved, section.chinese))
        elif token.kind == "digit":
            out.append("")
        elif token.kind == "point" and section.tokens[position + 1 : position + 2] == (Token("digit", "0"),):
            out.append("." + str(moment.fraction).zfill(places))
        else:
            out.append(token.text)
    return "".join(out)


def _second_places(tokens: tuple[Token, ...]) -> int:
    """How many digits of a second are shown: the zeros behind a point."""
    kinds = "".join("." if token.kind == "point" else "0" if token.text == "0" else " " for token in tokens)
    found = _ZEROS.search(kinds)
    return len(found[1]) if found else 0


def _moment(value: Decimal, places: int, date1904: bool) -> _Moment:
    ticks = int((value * _SECONDS).scaleb(places).to_integral_value(ROUND_HALF_UP))
    total, fraction = divmod(ticks, 10**places)
    days = total // _SECONDS + (_DAYS_TO_1904 if date1904 else 0)
    if value < 0 or days > _LAST_DAY:
        raise UnknownFormat
    if days in (0, _LEAP_DAY_THAT_NEVER_WAS):
        month, day = (1, 0) if not days else (2, 29)
        return _Moment(1900, month, day, (days - 2) % 7, total, fraction)
    start = date(1899, 12, 31) if days < _LEAP_DAY_THAT_NEVER_WAS else date(1899, 12, 30)
    then = start + timedelta(days)
    return _Moment(then.year, then.month, then.day, (days - 2) % 7, total, fraction)


def _are_minutes(tokens: tuple[Token, ...], position: int) -> bool:
    """Whether the m at this position stands behind hours or before seconds."""
    if len(tokens[position].text) > 2:
        return False
    times = [index for index, token in enumerate(tokens) if token.kind in ("time", "elapsed")]
    at = times.index(position)
    before = tokens[times[at - 1]].text[0].lower() if at else ""
    after = tokens[times[at + 1]].text[0].lower() if at + 1 < len(times) else ""
    return before == "h" or after == "s"


def _noon(code: str, moment: _Moment, chinese: bool) -> str:
    names = ("上午", "下午") if chinese or code == "上午/下午" else tuple(code.split("/"))
    return names[moment.total // 3600 % 24 >= 12]


def _field(code: str, moment: _Moment, halved: bool, chinese: bool) -> str:
    """One field of a date or time, as long as the code asks."""
    kind, length = code[0], len(code)
    if kind in "ye":
        return f"{moment.year % 100:02}" if kind == "y" and length < 3 else f"{moment.year:04}"
    if kind == "m":
        return _month(moment.month, length, chinese)
    if kind == "a" or (kind == "d" and length > 2):
        return _weekday(moment.weekday, code, chinese)
    hour = moment.total // 3600 % 24
    number = {"d": moment.day, "h": (hour - 1) % 12 + 1 if halved else hour, "s": moment.total % 60}[kind]
    return str(number).zfill(min(length, 2))


def _month(month: int, length: int, chinese: bool) -> str:
    if length < 3:
        return str(month).zfill(length)
    name = f"{_MONTHS_ZH[month - 1]}月" if chinese else _MONTHS[month - 1]
    return name if length == 4 or chinese else name[: 1 if length == 5 else 3]


def _weekday(weekday: int, code: str, chinese: bool) -> str:
    if code == "aaa":
        return _DAYS_ZH[weekday]
    if chinese or code == "aaaa":
        return ("周" if code == "ddd" else "星期") + _DAYS_ZH[weekday]
    return _DAYS[weekday][: 3 if code == "ddd" else None]
