"""What rows does a file of comma-separated values hold? Bytes in any usual encoding in, rows of text out (A7).

Encodings: UTF-8 with or without a mark, UTF-16 with one, else GB 18030 (which holds GBK and GB 2312). A quote that
does not close, or is followed by anything but a separator, is refused with its line: guessing would shift every field
behind it.
"""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

from mainstay.domain.errors import Refused, msgid

SEPARATORS: Final = (",", "\t", ";")
LONGEST_LINE: Final = 4 * 1024 * 1024
"""Characters of a line of a file; whoever reads lines from a file should ask for one more at most."""
_LOOKED_AT: Final = 20
_PLAIN: Final = {sign: re.compile(f"[^{sign}\r\n]*") for sign in SEPARATORS}
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class BadCsv(Refused):
    """A file that cannot be read as comma-separated values."""


@dataclass(frozen=True)
class Row:
    """One record: `line` is where it begins, counted from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file with a head line; `encoding` as Python names it, for saying how the file was read."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    separator: str

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Give each row as (line, cell by column name); cells that are missing at the end of a row are empty."""
        for row in self.rows:
            cells = [*row.cells, *[""] * (len(self.head) - len(row.cells))]
            yield row.line, dict(zip(self.head, cells, strict=True))


@dataclass(frozen=True)
class Stream:
    """A file with a head line whose rows come one by one, once; a broken row is refused when it is reached."""

    head: tuple[str, ...]
    rows: Iterator[Row]
    separator: str


def read_table(raw: bytes, *, required: Sequence[str] = (), most_columns: int = 0) -> Table:
    """Read a file whose first row names the columns; names and cells lose their outer spaces, blank rows are left out.

    Raises BadCsv: nothing in it, an encoding that is none of ours, a broken quote, a column named twice or not at
    all, a `required` column missing, more than `most_columns` (0: as many as there are), a row with more cells than
    columns.
    """
    text, encoding = decoded(raw)
    found = streamed(io.StringIO(text, newline=""), required=required, most_columns=most_columns)
    return Table(found.head, tuple(found.rows), encoding, found.separator)


def streamed(lines: Iterable[str], *, required: Sequence[str] = (), most_columns: int = 0) -> Stream:
    """Read lines, each with its end, as `read_table`; memory is bounded by the longest row. Raises BadCsv."""
    ahead = iter(lines)
    first = list(islice(ahead, _LOOKED_AT))
    separator = _separator("".join(first))
    rows = (Row(row.line, tuple([c.strip() for c in row.cells])) for row in records(chain(first, ahead), separator))
    filled = (row for row in rows if any(row.cells))
    top = next(filled, None)
    if top is None:
        raise BadCsv(msgid("The file holds no rows; it needs a first line that names the columns."))
    head = without_end(top.cells)
    if most_columns and len(head) > most_columns:
        raise BadCsv(
            msgid("The file has {count} columns; at most {most} are read. Take out the columns that are not needed."),
            count=len(head), most=most_columns,
        )  # fmt: skip
    check_head(head, required)
    return Stream(head, (_fitted(row, len(head)) for row in filled), separator)


def _fitted(row: Row, width: int) -> Row:
    if len(row.cells) <= width:
        return row
    if any(row.cells[width:]):
        raise BadCsv(
            msgid(
                "Line {line} has {count} cells but only {columns} columns are named; put cells with commas in quotes."
            ),
            line=row.line, count=len(row.cells), columns=width,
        )  # fmt: skip
    return Row(row.line, row.cells[:width])


def without_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return cells without the empty ones at the end."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def encoding_of(blocks: Iterable[bytes]) -> tuple[str, int]:
    """Return the encoding of a file given block by block, and how many bytes its mark has.

    Raises BadCsv as `decoded`, which does the same with the whole of a file.
    """
    ahead = iter(blocks)
    first = next(ahead, b"")
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return _fitting(chain((first[len(mark) :],), ahead), (encoding,)), len(mark)
    _refuse_binary(first)
    return _fitting(chain((first,), ahead), ("utf-8", "gb18030")), 0


def _fitting(blocks: Iterable[bytes], encodings: Sequence[str]) -> str:
    """Return the first encoding that fits; when none does, name the line where the one that came furthest failed."""
    trying = {name: getincrementaldecoder(name)() for name in encodings}
    failed, lines = 0, 1
    for block, last in _with_last(blocks):
        for name, decoder in list(trying.items()):
            try:
                decoder.decode(block, last)
            except UnicodeDecodeError as error:
                del trying[name]
                failed = lines + error.object.count(b"\n", 0, error.start)
        if not trying:
            raise _neither(failed)
        lines += block.count(b"\n")
    return next(name for name in encodings if name in trying)


def _with_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Give each block and whether it is the last."""
    ahead = iter(blocks)
    block = next(ahead, b"")
    for after in ahead:
        yield block, False
        block = after
    yield block, True


def decoded(raw: bytes) -> tuple[str, str]:
    """Return the text and the encoding it was read in.

    Raises BadCsv naming the line of the first byte that fits none.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], (encoding,))
    _refuse_binary(raw)
    return _decoded(raw, ("utf-8", "gb18030"))


def _refuse_binary(raw: bytes) -> None:
    if b"\x00" in raw[:2000]:
        raise BadCsv(msgid("The file is not text; export it as CSV first, in UTF-8 or GBK."))


def _decoded(raw: bytes, encodings: Sequence[str]) -> tuple[str, str]:
    """Decode by the first encoding that fits; when none does, name the line where the one that came furthest failed."""
    furthest = 0
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    raise _neither(raw.count(b"\n", 0, furthest) + 1)


def _neither(line: int) -> BadCsv:
    return BadCsv(
        msgid("Line {line} is neither UTF-8 nor GBK; save the file again in one of these encodings."), line=line
    )


def parsed(text: str, *, separator: str = ",") -> list[Row]:
    """Split text into rows of cells (RFC 4180; lines may end in CRLF, LF or CR). Raises BadCsv for a broken quote."""
    return list(records(io.StringIO(text, newline=""), separator))


def records(lines: Iterable[str], separator: str) -> Iterator[Row]:
    """Give lines, each with its end, as rows of cells. Raises BadCsv for a broken quote or an endless line or cell."""
    held: list[str] = []
    before = 0

    def watched() -> Iterator[str]:
        for number, line in enumerate(lines, start=1):
            if len(line) > LONGEST_LINE:
                raise BadCsv(msgid("Line {line} has more than {most} characters; is this a table, one row a line?"),
                             line=number, most=LONGEST_LINE)  # fmt: skip
            held.append(line)
            yield line

    reader = csv.reader(watched(), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield Row(before + 1, tuple(cells))
            before = reader.line_num
            held.clear()
    except csv.Error:
        raise _broken("".join(held), separator, before + 1) from None


def _broken(text: str, separator: str, line: int) -> BadCsv:
    """Say what is wrong with the text of a row that begins on a line."""
    try:
        _Reader(text, separator, line=line).rows()
    except BadCsv as error:
        return error
    return BadCsv(
        msgid("Line {line}: a cell has more than {most} characters; shorten it, or close the quote before it."),
        line=line, most=csv.field_size_limit(),
    )  # fmt: skip


@dataclass
class _Reader:
    """Walks a text sign by sign, cell by cell, to say on which line a quote is broken; slow, for broken rows only."""

    text: str
    separator: str
    at: int = 0
    line: int = 1
    found: list[Row] = field(default_factory=list)

    def rows(self) -> list[Row]:
        while self.at < len(self.text):
            begin, cells, more = self.line, [], True
            while more:
                cells.append(self._quoted() if self.text[self.at : self.at + 1] == '"' else self._plain())
                more = self._goes_on()
            self.found.append(Row(begin, tuple(cells)))
        return self.found

    def _plain(self) -> str:
        found = _PLAIN[self.separator].match(self.text, self.at)
        begin, self.at = self.at, found.end() if found else self.at
        return self.text[begin : self.at]

    def _quoted(self) -> str:
        opened, begin = self.line, self.at + 1
        end = begin
        while True:
            end = self.text.find('"', end)
            if end < 0:
                raise BadCsv(
                    msgid(
                        "The quote opened on line {line} is never closed; close it, or double a quote that is "
                        "meant as text."
                    ),
                    line=opened,
                )
            if self.text[end + 1 : end + 2] != '"':
                break
            end += 2
        inside = self.text[begin:end]
        self.line += _line_ends(inside)
        self.at = end + 1
        behind = self.text[self.at : self.at + 1]
        if behind and behind not in (self.separator, "\r", "\n"):
            if opened < self.line:
                raise _closed_late(opened, self.line, behind)
            raise BadCsv(
                msgid("Line {line}: “{sign}” follows a closing quote; double the quotes that are meant as text."),
                line=self.line,
                sign=behind,
            )
        return inside.replace('""', '"')

    def _goes_on(self) -> bool:
        """Step over what ends a cell; say whether the row goes on."""
        behind = self.text[self.at : self.at + 1]
        if behind == self.separator:
            self.at += 1
            return True
        if behind:
            self.at += 2 if self.text[self.at : self.at + 2] == "\r\n" else 1
            self.line += 1
        return False


def _closed_late(opened: int, closed: int, behind: str) -> BadCsv:
    return BadCsv(
        msgid(
            "The quote opened on line {line} only meets another on line {closed}, with “{sign}” behind it; close it "
            "where its cell ends, or double a quote that is meant as text."
        ),
        line=opened,
        closed=closed,
        sign=behind,
    )


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _separator(text: str) -> str:
    """Return the separator the first line uses most, outside quotes; a comma when it uses none."""
    first: list[str] = []
    quoted = False
    for sign in text:
        if sign in "\r\n" and not quoted and first:
            break
        quoted ^= sign == '"'
        if not quoted:
            first.append(sign)
    return max(SEPARATORS, key=first.count)


def check_head(head: Sequence[str], required: Sequence[str] = ()) -> None:
    """Refuse a column without a name, a name given twice, and `required` columns that are missing."""
    seen: dict[str, int] = {}
    for place, name in enumerate(head, start=1):
        if not name:
            raise BadCsv(msgid("Column {place} has no name; name every column in the first line (no merged cells)."),
                         place=place)  # fmt: skip
        if name in seen:
            raise BadCsv(msgid("Columns {first} and {place} are both named “{name}”; give each its own name."),
                         first=seen[name], place=place, name=name)  # fmt: skip
        seen[name] = place
    missing = [name for name in required if name not in seen]
    if missing:
        raise BadCsv(
            msgid("The file lacks the column {missing}; its first line names: {head}."),
            missing=", ".join(missing),
            head=", ".join(head),
        )
