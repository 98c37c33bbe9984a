"""Writes facts as a workbook: real numbers, dates and durations, heads that stay in sight, widths that fit (R1)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone

FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "number": {"num_format": "#,##0"},
    "percent": {"num_format": "0.0000%"},
    "share": {"num_format": "0.0%"},
    "date": {"num_format": "yyyy-mm-dd"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm"},
    "duration": {"num_format": "[h]:mm:ss"},
    "money": {"num_format": "¥#,##0.00"},
}
"""What a column holds: percent is a fraction 0..1, duration seconds, money fen, instants are aware."""
_FACE = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_WIDTHS = {"text": 24, "number": 10, "percent": 13, "share": 10, "date": 12, "instant": 18, "duration": 12, "money": 14}


@dataclass(frozen=True)
class TableColumn:
    """A column of a sheet; without a width one that fits its kind."""

    title: str
    kind: str = "text"
    width: float = 0


@dataclass(frozen=True)
class Sheet:
    """A sheet: lines above the table (label and value), its columns, its rows."""

    name: str
    columns: Sequence[TableColumn] = ()
    rows: Sequence[Sequence[object]] = ()
    above: Sequence[tuple[str, object]] = field(default_factory=tuple)


def xlsx(sheets: Sequence[Sheet], *, title: str, author: str, at: datetime) -> bytes:
    """Return a workbook with these sheets."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": author, "created": timezone.localtime(at).replace(tzinfo=None)})
    styles = {name: book.add_format({**_FACE, **style}) for name, style in FORMATS.items()}
    styles["head"] = book.add_format(
        {**_FACE, "bold": True, "font_color": "#123F6B", "bg_color": "#F3F6F9", "bottom": 2, "bottom_color": "#123F6B",
         "text_wrap": True}
    )  # fmt: skip
    styles["label"] = book.add_format({**_FACE, "font_color": "#5B6775"})
    styles["title"] = book.add_format({**_FACE, "bold": True, "font_size": 14, "font_color": "#123F6B"})
    for sheet in sheets:
        _write(book.add_worksheet(_sheet_name(sheet.name)), sheet, styles)
    book.close()
    return out.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in "[]:*?/\\")[:31]


def _write(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    line = _write_above(page, sheet, styles)
    for number, column in enumerate(sheet.columns):
        width = column.width or _WIDTHS[column.kind]
        page.set_column(number, number, width)
        page.write_string(line, number, column.title, styles["head"])
    for row_number, row in enumerate(sheet.rows, start=line + 1):
        for number, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, row_number, number, value, column.kind, styles)
    if sheet.columns:
        page.freeze_panes(line + 1, 1)
        page.autofilter(line, 0, line + max(1, len(sheet.rows)), len(sheet.columns) - 1)
        page.repeat_rows(line)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&R&P / &N")


def _write_above(page: Any, sheet: Sheet, styles: dict[str, Any]) -> int:
    for line, (label, value) in enumerate(sheet.above):
        if not label:
            page.write_string(line, 0, str(value), styles["title"])
            continue
        page.write_string(line, 0, label, styles["label"])
        kind = "number" if isinstance(value, int) else "percent" if isinstance(value, Decimal) else "text"
        _write_cell(page, line, 1, value, kind, {**styles, "text": None})
    if sheet.above and not sheet.columns:
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 44)
    return len(sheet.above) + bool(sheet.above)


def _write_cell(page: Any, line: int, number: int, value: object, kind: str, styles: dict[str, Any]) -> None:
    style = styles[kind]
    if value is None or value == "":
        page.write_blank(line, number, None, style)
    elif isinstance(value, datetime):
        page.write_datetime(line, number, timezone.localtime(value).replace(tzinfo=None), style)
    elif isinstance(value, date):
        page.write_datetime(line, number, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001 - a date
    elif kind == "duration":
        page.write_number(line, number, int(str(value)) / 86_400, style)
    elif kind == "money":
        page.write_number(line, number, int(str(value)) / 100, style)
    elif isinstance(value, int | float | Decimal):
        page.write_number(line, number, float(value), style)
    else:
        page.write_string(line, number, str(value), style)
