"""What rows does an uploaded file hold? CSV in any usual encoding, or the first sheet of a workbook (A7).

Rows come one by one: a long CSV never stands in memory as a whole. A file that is too large, too wide or damaged is
refused with what to do about it; what is wrong in a row shows when the row is reached.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import IO

from mainstay.domain.csv_text import LONGEST_LINE, encoding_of, streamed
from mainstay.domain.errors import msgid
from mainstay.platform.imports.errors import BadFile
from mainstay.platform.imports.workbooks import read_workbook, too_wide

LARGEST = 1024 * 1024 * 1024
"""Bytes of a file; about ten million rows of customers."""
WIDEST = 16_384
"""Columns of a file that are looked at, as many as a sheet can have."""
MOST_COLUMNS = 300
"""Columns that are kept of a file; of a wider one only those that a kind knows by their heads."""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Table:
    """The rows of a file below its head, as text; `rows` gives (line, cells) once, as many cells as `head`."""

    head: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[str, ...]]]
    digest: str
    size_bytes: int
    left_out: int = field(default=0)

    def only(self, names: Sequence[str]) -> "Table":
        """Return the table with some of its columns."""
        places = [place for place, name in enumerate(self.head) if name in set(names)]
        rows = ((line, tuple([cells[place] for place in places])) for line, cells in self.rows)
        head = tuple(self.head[place] for place in places)
        return Table(head, rows, self.digest, self.size_bytes, len(self.head) - len(head))


def refuse_large(size_bytes: int, *, most: int = LARGEST) -> None:
    """Refuse a file by its size alone, before it is read."""
    if size_bytes > most:
        raise BadFile(
            msgid(
                "The file has {size} MB; at most {most} MB are read at once. Split it, each part with the head line."
            ),
            size=round(size_bytes / 1024 / 1024), most=most // 1024 // 1024,
        )  # fmt: skip


def read_file(source: bytes | IO[bytes]) -> Table:
    """Return the table in a file, whatever its name says it is; keep the file open until the rows are read.

    Raises BadFile, BadCsv, also while rows are read: of a broken file the rows before the fault come first.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    digest, size = _digest(file)
    refuse_large(size)
    file.seek(0)
    magic = file.read(4)
    if magic == b"\xd0\xcf\x11\xe0":
        raise BadFile(msgid("The file is an old workbook (XLS) or protected; save it as XLSX without a password."))
    if magic == b"PK\x03\x04":
        head, rows = read_workbook(file, size_bytes=size, widest=WIDEST)
    else:
        head, rows = _text(file)
    first = next(rows, None)
    if first is None:
        raise BadFile(msgid("The file has a head line but no rows below it; nothing would be imported."))
    return Table(head, (_bare(line, cells, len(head)) for line, cells in chain((first,), rows)), digest, size)


def _digest(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(file):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(partial(file.read, _BLOCK), b"")


def _text(file: IO[bytes]) -> tuple[tuple[str, ...], Iterator[tuple[int, tuple[str, ...]]]]:
    encoding, mark = encoding_of(_blocks(file))
    file.seek(mark)
    table = streamed(_lines(file, encoding))
    if len(table.head) > WIDEST:
        raise too_wide(len(table.head), WIDEST)
    return table.head, ((row.line, row.cells) for row in table.rows)


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    """Give the lines of a file, each with its end; the file stays open, it is its owner's to close."""
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from iter(partial(text.readline, LONGEST_LINE + 1), "")
    finally:
        with suppress(ValueError):
            text.detach()


def _bare(line: int, cells: tuple[str, ...], width: int) -> tuple[int, tuple[str, ...]]:
    """Fill a short row up; show control characters zero, which a database does not take, by their picture."""
    if any("\0" in cell for cell in cells):
        cells = tuple(cell.replace("\0", "␀") for cell in cells)
    return line, cells + ("",) * (width - len(cells))
