"""What does a cell mean? Text in, typed values out, by the columns of a kind (A7)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from mainstay.domain.errors import msgid
from mainstay.platform.imports.errors import BadCell
from mainstay.platform.imports.registry import Column, Kind
from mainstay.platform.imports.workbooks import NO_RESULT

CLEARED = frozenset({"-", "—", "－"})
"""Cells that empty what is there."""
FAULTS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#NAME?",
        "#VALUE!",
        "#DIV/0!",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        NO_RESULT,
    }
)
"""What a sheet shows where a formula has no value."""
LANGUAGES = ("zh-hans", "en")
EMPTY: dict[str, Any] = {"text": "", "choice": "", "list": (), "yes-no": False}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?|(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
"""A day as a sheet counts it, where a column of dates was saved as numbers."""
_SHEETS_BEGIN = date(1899, 12, 30)
_YES = frozenset({"1", "yes", "y", "true", "t", "是", "有", "√", "对"})
_NO = frozenset({"0", "no", "n", "false", "f", "否", "无", "×", "不"})


def read_row(kind: Kind, given: Mapping[str, str]) -> dict[str, Any]:
    """Return typed values by column name, without empty cells. Raises BadCell for the first that is wrong."""
    values: dict[str, Any] = {}
    for name, cell in given.items():
        if not cell:
            continue
        values[name] = read_cell(kind.by_name[name], cell)
    for name in kind.key:
        if values.get(name) in (None, "") and name not in kind.may_lack:
            raise BadCell(msgid("The column {column} is empty; it says which object the row means."),
                          column=_said(kind.by_name[name]))  # fmt: skip
    return values


def read_cell(column: Column, cell: str) -> Any:
    """Return the typed value of a filled cell; None or its like for one that empties. Raises BadCell."""
    return EMPTY.get(column.reads) if cell in CLEARED and not column.required else _read(column, cell)


def key_of(kind: Kind, given: Mapping[str, str]) -> tuple[str, ...]:
    """Return what says which object a row means; an object may stand in one row only."""
    return tuple(given.get(name, "") for name in kind.key)


def _read(column: Column, cell: str) -> Any:
    if "␀" in cell:
        raise _bad(column, cell, msgid("text without control characters"))
    if cell[0] == "#" and cell.upper() in FAULTS:
        raise BadCell(
            msgid("{column}: the cell shows {value} instead of a value; correct its formula, or open the workbook and "
                  "save it again, so that it holds results."), column=_said(column), value=cell,
        )  # fmt: skip
    if column.reads == "text":
        return _text(column, cell)
    cell = unicodedata.normalize("NFKC", cell).strip()
    if column.reads == "choice":
        found = _choices(column).get(cell.casefold())
        if found is None:
            known = ", ".join(dict.fromkeys(str(value) for value, _label in column.choices if value != ""))
            raise _bad(column, cell, known)
        return found
    return _READERS[column.reads](column, cell)


def _text(column: Column, cell: str) -> str:
    if column.longest and len(cell) > column.longest:
        raise BadCell(
            msgid("{column}: the text has {count} characters; at most {longest} are kept. Shorten it."),
            column=_said(column), count=len(cell), longest=column.longest,
        )  # fmt: skip
    return cell


def _date(column: Column, cell: str) -> date:
    match = _DAY.fullmatch(cell)
    if _SERIAL.fullmatch(cell):
        return _SHEETS_BEGIN + timedelta(days=int(float(cell)))
    try:
        if match:
            year, month, day = (int(part) for part in match.groups() if part)
            return date(year, month, day)
    except ValueError:
        pass
    raise _bad(column, cell, msgid("a date such as 2026-09-01"))


def _instant(column: Column, cell: str) -> datetime:
    try:
        found = parse_datetime(cell.replace("/", "-"))
    except ValueError:
        found = None
    if found is None:
        on = _date(column, cell)
        found = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - made aware below
        if _SERIAL.fullmatch(cell):
            found += timedelta(seconds=round(float(cell) % 1 * 86_400))
    return (found if found.tzinfo else timezone.make_aware(found)).astimezone(UTC)


def _number(column: Column, cell: str) -> Decimal:
    try:
        found = Decimal(re.sub(r"[\s,_]", "", cell))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= Decimal(10) ** 15:
        raise _bad(column, cell, msgid("a number"))
    return found


def _integer(column: Column, cell: str) -> int:
    found = _number(column, cell)
    if found != int(found):
        raise _bad(column, cell, msgid("a whole number"))
    return int(found)


def _yes_no(column: Column, cell: str) -> bool:
    word = cell.casefold()
    if word not in _YES | _NO:
        raise _bad(column, cell, msgid("yes or no"))
    return word in _YES


def _list(column: Column, cell: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,;|，；、>]+", cell) if part)


_READERS = {
    "date": _date, "instant": _instant, "integer": _integer, "decimal": _number, "yes-no": _yes_no, "list": _list,
}  # fmt: skip


def _bad(column: Column, cell: str, wanted: str) -> BadCell:
    return BadCell(
        msgid("{column}: “{value}” is not possible here; give {wanted}."),
        column=_said(column), value=cell[:80], wanted=wanted,
    )  # fmt: skip


def _said(column: Column) -> str:
    """Return the title as it is translated from, so that errors kept can be said in any reader's language."""
    with translation.override("en"):
        return str(column.title)


def _choices(column: Column) -> Mapping[str, Any]:
    """Return the values by how they may be written: as kept, or as labelled in either language."""
    choices, known = _known.get(id(column.choices), (None, {}))
    if choices is not column.choices:
        known = _choices_of(column.choices)
        _known[id(column.choices)] = (column.choices, known)
    return known


_known: dict[int, tuple[Sequence[tuple[Any, Any]], dict[str, Any]]] = {}


def _choices_of(choices: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found.update({str(label).casefold(): value for value, label in choices})
    return {**found, **{str(value).casefold(): value for value, _label in choices}}
