"""What rows does an uploaded file hold? CSV in any usual encoding, or the first sheet of a workbook (A7).

A file that is too large, too wide or damaged is refused with what to do about it, before anything is kept.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from mainstay.domain.csv_text import read_table
from mainstay.domain.errors import msgid
from mainstay.platform.imports.errors import BadFile

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; about half a million rows of customers. Larger files are split by whoever makes them."""
LARGEST_UNPACKED = 600 * 1024 * 1024
MOST_COLUMNS = 300
MOST_CELLS = 30_000_000
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True)
class Table:
    """The rows of a file below its head, as text; `rows` are (line, cells), as many cells as `head`."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    digest: str
    size_bytes: int


def refuse_large(size_bytes: int) -> None:
    """Refuse a file by its size alone, before it is read."""
    if size_bytes > LARGEST:
        raise BadFile(
            msgid(
                "The file has {size} MB; at most {most} MB are read at once. Split it, each part with the head line."
            ),
            size=round(size_bytes / 1024 / 1024), most=LARGEST // 1024 // 1024,
        )  # fmt: skip


def read_file(raw: bytes) -> Table:
    """Return the table in a file, whatever its name says it is. Raises BadFile, BadCsv."""
    refuse_large(len(raw))
    head, rows = _workbook(raw) if raw.startswith(b"PK\x03\x04") else _text(raw)
    if not rows:
        raise BadFile(msgid("The file has a head line but no rows below it; nothing would be imported."))
    return Table(head, tuple(rows), hashlib.sha256(raw).hexdigest(), len(raw))


def _text(raw: bytes) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(msgid("The file is an old workbook (XLS) or protected; save it as XLSX without a password."))
    table = read_table(raw, most_columns=MOST_COLUMNS)
    width = len(table.head)
    return table.head, [(row.line, row.cells + ("",) * (width - len(row.cells))) for row in table.rows]


def _workbook(raw: bytes) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    _check_package(raw)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        visible = [s.name for s in workbook.sheets_metadata if str(s.visible).endswith("Visible")]
        sheet = workbook.get_sheet_by_name((visible or workbook.sheet_names)[0])
        rows = list(_sheet_rows(sheet))
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise BadFile(
            msgid("The workbook cannot be read ({why}); open it, save it again as XLSX, or save it as CSV."),
            why=str(error)[:120],
        ) from error
    if not rows:
        raise BadFile(msgid("The first sheet is empty; put the table there, with a first line that names the columns."))
    head = rows[0][1]
    while head and not head[-1]:
        head = head[:-1]
    _check_head(head)
    for line, cells in rows:
        if any(cells[len(head) :]):
            raise BadFile(msgid("Line {line} has cells beyond the last named column; name every column in the first "
                                "line."), line=line)  # fmt: skip
    return head, [(line, cells[: len(head)]) for line, cells in rows[1:]]


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = tuple(_cell(value) for value in row)
        if any(cells):
            yield line, cells


def _cell(value: Any) -> str:
    """Say a cell of a workbook as text: whole numbers without a point, days without a time."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())


def _check_head(head: tuple[str, ...]) -> None:
    if len(head) > MOST_COLUMNS:
        raise _too_wide(len(head))
    for name in head:
        if not name or head.count(name) > 1:
            raise BadFile(
                msgid(
                    "Column “{name}” is named twice, or has no name; give each column its own name in the first line."
                ),
                name=name,
            )  # fmt: skip


def _too_wide(count: int) -> BadFile:
    return BadFile(
        msgid("The file has {count} columns; at most {most} are read. Take out the columns that are not needed."),
        count=count, most=MOST_COLUMNS,
    )  # fmt: skip


def _check_package(raw: bytes) -> None:
    """Refuse a workbook that would unpack to more than fits in memory: a reader takes the whole rectangle."""
    try:
        package = zipfile.ZipFile(io.BytesIO(raw))
        parts = package.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise BadFile(msgid("The workbook unpacks to more than {most} MB; split it, or save it as CSV."),
                          most=LARGEST_UNPACKED // 1024 // 1024)  # fmt: skip
        for part in parts:
            if "worksheets/" in part.filename and part.filename.endswith(".xml"):
                _check_sheet(package, part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadFile(
            msgid("The workbook cannot be read ({why}); open it, save it again as XLSX, or save it as CSV."),
            why=str(error)[:120],
        ) from error


def _check_sheet(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Find the last column and row by the cells themselves: what a sheet says of its size need not be true."""
    width = height = 0
    tail = b""
    with package.open(part) as file:
        while block := file.read(1 << 20):
            text = tail + block
            for letters, number in _CELL.findall(text):
                if len(letters) > 1:
                    width = max(width, _column_number(letters))
                height = max(height, int(number))
            tail = text[-80:]
    if width > MOST_COLUMNS:
        raise _too_wide(width)
    if width * height > MOST_CELLS:
        raise BadFile(
            msgid(
                "A sheet reaches to row {height} and column {width}; delete the empty rows and columns, or split it."
            ),
            height=height, width=width,
        )  # fmt: skip


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
