"""What does an administrator's table of special days say? Reads it from CSV, names the line that cannot be read.

Columns: date, kind, label, hours; hours only for kind `custom`, e.g. 08:00-12:00;14:00-16:00. A header is skipped.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from mainstay.domain.business_time import DayKind, Interval
from mainstay.domain.errors import Refused, msgid


@dataclass(frozen=True)
class Day:
    """One special day; `intervals` are minutes from midnight, half-open, for DayKind.CUSTOM only."""

    on: date
    kind: DayKind
    label: str
    intervals: tuple[Interval, ...] = ()


_KINDS = {
    **{kind.value: kind for kind in DayKind},
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "节假日": DayKind.HOLIDAY,
    "调休": DayKind.WORKDAY,
    "班": DayKind.WORKDAY,
    "上班": DayKind.WORKDAY,
    "调休上班": DayKind.WORKDAY,
    "自定义": DayKind.CUSTOM,
    "自定": DayKind.CUSTOM,
}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")


def read_days(table: str | bytes) -> list[Day]:
    """Read special days from CSV text; bytes are taken as UTF-8 or else as GBK.

    Raises Refused with the number of the line that cannot be read and what is expected there.
    """
    rows = csv.reader(io.StringIO(_text(table), newline=""), strict=True)
    days: list[Day] = []
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise Refused(
                msgid("Line {line}: a quotation mark is not closed or stands in the wrong place; correct it."),
                line=rows.line_num,
            ) from error
        if cells is None:
            return days
        cells = [cell.strip() for cell in cells]
        if any(cells) and not (rows.line_num == 1 and not any(c.isdigit() for c in cells[0])):
            days.append(_day(cells, rows.line_num))


def _text(table: str | bytes) -> str:
    if isinstance(table, str):
        return table.removeprefix("\ufeff")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return table.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(msgid("The table is neither UTF-8 nor GBK text; save it as CSV in one of them."))


def _day(cells: list[str], line: int) -> Day:
    if len(cells) < 2:
        raise Refused(msgid("Line {line}: a date and a kind are needed, separated by a comma."), line=line)
    kind = _KINDS.get(cells[1].lower())
    if kind is None:
        raise Refused(
            msgid("Line {line}: “{kind}” is not a kind of day; write holiday, workday or custom."),
            line=line,
            kind=cells[1],
        )
    hours = cells[3] if len(cells) > 3 else ""
    return Day(_date(cells[0], line), kind, cells[2] if len(cells) > 2 else "", _hours(hours, line))


def _date(text: str, line: int) -> date:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            msgid("Line {line}: “{text}” is not a date; write it as 2026-10-01."), line=line, text=text
        ) from error


def _hours(text: str, line: int) -> tuple[Interval, ...]:
    parts = [part.strip() for part in re.split(r"[;；,，]", text) if part.strip()]
    found = [_HOURS.fullmatch(part) for part in parts]
    if not all(found):
        raise Refused(
            msgid("Line {line}: “{text}” are not hours; write them as 08:00-12:00;14:00-16:00."), line=line, text=text
        )
    numbers = [tuple(map(int, match.groups())) for match in found if match]
    return tuple((a * 60 + b, c * 60 + d) for a, b, c, d in numbers)
