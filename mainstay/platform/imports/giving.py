"""Write rows out: templates, exports, bad rows with their errors; CSV or XLSX, safe to open in a spreadsheet (A7).

CSV is UTF-8 with a byte order mark, which spreadsheets need for Chinese. Text that a spreadsheet would take for a
formula gets an apostrophe in CSV, and is marked as text in XLSX.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext

from mainstay.domain.actor import Actor
from mainstay.platform.imports import origin, queries, registry
from mainstay.platform.imports.mapping import added_heads
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.registry import Column, Kind

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MARK = b"\xef\xbb\xbf"
MOST_ROWS = 1_048_575
"""Rows of a sheet below its head; a longer list goes on in further sheets."""


class _Echo:
    def write(self, line: str) -> str:
        return line


def head(kind: Kind) -> list[str]:
    """Return the titles of a kind's columns in the reader's language; an import knows them again."""
    return [str(column.title) for column in kind.columns]


def all_rows(kind: Kind, by: Actor) -> Iterator[list[object]]:
    """Give every row of a kind that the actor may see, in the order of its columns."""
    rows = origin.told(kind.origin, kind.give(by)) if kind.origin else kind.give(by)
    covered = registry.cover(by)
    for row in rows:
        yield [_told(column, _shown(column, row, covered)) for column in kind.columns]


def _shown(column: Column, row: Mapping[str, Any], covered: registry.Cover) -> Any:
    value = row.get(column.name)
    return covered(column.sensitive, value, row) if column.sensitive and value else value


def template_lines(kind: Kind) -> Iterator[str]:
    """Give a template: a head to fill in, an example, and below what each column takes."""
    writer = csv.writer(_Echo())
    yield str(writer.writerow(head(kind)))
    yield str(writer.writerow([column.example for column in kind.columns]))
    yield "\r\n"
    words = (gettext("Column"), gettext("Name in files"), gettext("Needed"), gettext("Takes"), gettext("Meaning"))
    yield str(writer.writerow([f"# {words[0]}", *words[1:]]))
    for column in kind.columns:
        needed = gettext("yes") if column.required else ""
        yield str(writer.writerow([f"# {column.title}", column.name, needed, takes(column), str(column.about)]))


def takes(column: Column) -> str:
    """Say what a column takes, in the reader's language."""
    if column.reads == "choice":
        return " / ".join(f"{value} ({label})" for value, label in column.choices if value)
    if column.reads == "text" and column.longest:
        return gettext("Text, at most {count} characters").format(count=column.longest)
    return {
        "text": gettext("Text"), "date": gettext("Date, 2026-09-01"), "instant": gettext("Date and time"),
        "integer": gettext("Whole number"), "decimal": gettext("Number"), "yes-no": gettext("yes or no"),
        "list": gettext("Several, separated by spaces"),
    }[column.reads]  # fmt: skip


def error_of(row: ImportRow) -> str:
    """Say a row's error in the reader's language."""
    return sentence(row.error, row.error_values)


def sentence(template: str, values: Mapping[str, Any] | None) -> str:
    """Say a kept error in the reader's language; words among its values are translated where they can be."""
    if not template:
        return ""
    told = {
        name: gettext(value) if isinstance(value, str) and value else value for name, value in (values or {}).items()
    }
    return gettext(template).format(**told) if told else gettext(template)


def error_head(run: ImportRun) -> list[str]:
    """Return the file's own columns, and two by which the mended file is known again: where from, and what is wrong."""
    return [*run.columns, *added_heads(run.pk)]


def refused_rows(run: ImportRun) -> Iterator[list[object]]:
    """Give the bad rows as the file gave them, each with its line and its error."""
    for row in queries.rows_of(run, "refused"):
        yield [*row.cells, row.line, error_of(row)]


def kept_rows(run: ImportRun) -> Iterator[list[object]]:
    """Give the rows that could not be undone, each with its line and why."""
    for row in queries.kept_rows(run).iterator(chunk_size=2_000):
        yield [*row.cells, row.line, error_of(row)]


def refused_lines(run: ImportRun) -> Iterator[bytes]:
    """Give the bad rows as CSV."""
    return csv_lines(error_head(run), refused_rows(run))


def csv_lines(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Give a table as CSV, line by line: first the byte order mark, then the head."""
    writer = csv.writer(_Echo())
    yield MARK
    yield str(writer.writerow([_cell(cell) for cell in head])).encode()
    for row in rows:
        yield str(writer.writerow([_cell(cell) for cell in row])).encode()


def write_workbook(out: IO[bytes], head: Sequence[object], rows: Iterable[Sequence[object]]) -> int:
    """Write a table as XLSX with constant memory and return how many rows; instants in the shown zone."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        formats: dict[type, Any] = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        bold = book.add_format({"bold": True})
        count, sheet = 0, None
        for count, row in enumerate(rows, start=1):
            place = (count - 1) % MOST_ROWS
            if place == 0:
                sheet = _sheet(book, head, bold)
            _write_row(sheet, place + 1, row, formats)
        if sheet is None:
            _sheet(book, head, bold)
    return count


def _sheet(book: Any, head: Sequence[object], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(head) - 1, 0), 18)
    sheet.write_row(0, 0, [str(cell) for cell in head], bold)
    return sheet


def _write_row(sheet: Any, place: int, row: Sequence[Any], formats: Mapping[type, Any]) -> None:
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if isinstance(cell, datetime):
            local = timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(place, column, local, formats[datetime])
        elif isinstance(cell, date):
            sheet.write_datetime(place, column, cell, formats[date])
        elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and abs(float(cell)) < 1e15:
            sheet.write_number(place, column, cell)
        else:
            sheet.write_string(place, column, str(cell)[:32_767])


def _cell(value: object) -> str:
    """Say a value as a cell of CSV that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not isinstance(value, int | float | Decimal) else text


def _told(column: Column, value: Any) -> Any:
    """Say a value of a kind so that an import reads the same again."""
    if column.reads == "yes-no":
        return "yes" if value else "no"
    if column.reads == "list":
        return " ".join(value or ())
    return value
