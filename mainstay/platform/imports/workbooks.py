"""What rows does the first sheet of a workbook (XLSX) hold? Text out, as people read it in the sheet (A7).

A reader of workbooks takes the whole rectangle into memory, about 100 bytes a cell: what is too large is refused by
what the package declares and what its cells say, before it is unpacked, with the remedy to save it as CSV.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from mainstay.domain.csv_text import check_head, without_end
from mainstay.domain.errors import msgid
from mainstay.platform.imports.errors import BadFile

LARGEST = 128 * 1024 * 1024
LARGEST_UNPACKED = 600 * 1024 * 1024
MOST_CELLS = 5_000_000
MOST_FAULTS = 100_000
NO_RESULT = "#RESULT?"
"""Stands for a formula whose result the workbook does not hold; a row with it, or with an error, is refused."""
_BLOCK = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c (?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:(?!</(?:\w+:)?c>).)*?'
    rb"<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_BARE = re.compile(
    rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)

Rows = Iterator[tuple[int, tuple[str, ...]]]


@dataclass
class _Extent:
    """How far a sheet reaches, and which of its cells (row, column from 1) hold no value but a fault."""

    width: int = 0
    height: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


def read_workbook(file: IO[bytes], *, size_bytes: int, widest: int) -> tuple[tuple[str, ...], Rows]:
    """Return the head of the first visible sheet and the rows below it. Raises BadFile, BadCsv."""
    from python_calamine import CalamineError, CalamineWorkbook

    if size_bytes > LARGEST:
        raise BadFile(msgid("The workbook has {size} MB, at most {most} MB are read; save it as CSV, which may be "
                            "larger."), size=size_bytes >> 20, most=LARGEST >> 20)  # fmt: skip
    extents = _checked(file, widest)
    try:
        file.seek(0)
        workbook = CalamineWorkbook.from_filelike(file)
        visible = [s.name for s in workbook.sheets_metadata if str(s.visible).endswith("Visible")]
        wanted = (visible or workbook.sheet_names)[0]
        sheet = workbook.get_sheet_by_name(wanted)
        extent = extents[workbook.sheet_names.index(wanted)] if len(extents) == len(workbook.sheet_names) else _Extent()
        rows = _filled(sheet, extent)
        top = next(rows, None)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise _unreadable(error) from error
    if top is None:
        raise BadFile(msgid("The first sheet is empty; put the table there, with a first line that names the columns."))
    head = without_end(top[1])
    check_head(head)
    return head, (_fitted(line, cells, len(head)) for line, cells in rows)


def _fitted(line: int, cells: tuple[str, ...], width: int) -> tuple[int, tuple[str, ...]]:
    if any(cells[width:]):
        raise BadFile(msgid("Line {line} has cells beyond the last named column; name every column in the first "
                            "line."), line=line)  # fmt: skip
    return line, cells[:width]


def _filled(sheet: Any, extent: _Extent) -> Rows:
    """Give the rows that are not empty, faults in their places."""
    left = sheet.start[1] if sheet.start else 0
    faults: dict[int, list[tuple[int, str]]] = {}
    for (row, column), what in extent.faults.items():
        faults.setdefault(row, []).append((column - 1 - left, what))
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell(value) for value in row]
        for place, what in faults.get(line, ()):
            cells += [""] * (place + 1 - len(cells))
            cells[place] = what
        if any(cells):
            yield line, tuple(cells)


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


def _checked(file: IO[bytes], widest: int) -> list[_Extent]:
    """Refuse a workbook that would unpack to more than fits in memory; return the extents of its sheets."""
    try:
        package = zipfile.ZipFile(file)
        parts = package.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise BadFile(msgid("The workbook unpacks to more than {most} MB; split it, or save it as CSV."),
                          most=LARGEST_UNPACKED // 1024 // 1024)  # fmt: skip
        sheets = [p for p in parts if "worksheets/" in p.filename and p.filename.endswith(".xml")]
        sheets.sort(key=lambda part: (len(part.filename), part.filename))
        return [_extent(package, part, widest) for part in sheets]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> BadFile:
    return BadFile(
        msgid("The workbook cannot be read ({why}); open it, save it again as XLSX, or save it as CSV."),
        why=str(error)[:120],
    )


def _extent(package: zipfile.ZipFile, part: zipfile.ZipInfo, widest: int) -> _Extent:
    """Find the last column and row by the cells themselves: what a sheet says of its size need not be true."""
    found, tail = _Extent(), b""
    with package.open(part) as file:
        while block := file.read(_BLOCK):
            text = tail + block
            _look(text, found)
            cut = text.rfind(b"<", 0, max(0, text.rfind(b" r=")))
            tail = text[cut:][-65_536:]
    if found.width > widest:
        raise too_wide(found.width, widest)
    if found.width * found.height > MOST_CELLS:
        raise BadFile(
            msgid(
                "A sheet reaches to row {height} and column {width}; of a workbook at most {most} cells are read. Save "
                "it as CSV, which may be longer, or delete empty rows and columns."
            ),
            height=found.height, width=found.width, most=f"{MOST_CELLS:,}",
        )  # fmt: skip
    return found


def _look(text: bytes, found: _Extent) -> None:
    for letters, number in _CELL.findall(text):
        found.width = max(found.width, _column_number(letters))
        found.height = max(found.height, int(number))
    if b't="e"' in text:
        for letters, number, what in _ERROR.findall(text):
            found.faults[int(number), _column_number(letters)] = what.decode(errors="replace")[:20]
    if b"<f" in text or b":f" in text:
        for letters, number in _BARE.findall(text):
            found.faults[int(number), _column_number(letters)] = NO_RESULT
    if len(found.faults) > MOST_FAULTS:
        raise BadFile(msgid("More than {most} cells hold a formula without a result, or an error; open the workbook, "
                            "let it calculate, and save it again."), most=MOST_FAULTS)  # fmt: skip


def too_wide(count: int, most: int) -> BadFile:
    """Return the refusal of a table with more columns than are read."""
    return BadFile(
        msgid("The file has {count} columns; at most {most} are read. Take out the columns that are not needed."),
        count=count, most=most,
    )  # fmt: skip


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
