"""What rows does a file of comma-separated values hold? Bytes in any usual encoding in, rows of text out (A7).

Encodings: UTF-8 with or without a mark, UTF-16 with one, else GB 18030 (which holds GBK and GB 2312). A quote that
does not close, or is followed by anything but a separator, is refused with its line: guessing would shift every field
behind it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mainstay.domain.errors import Refused, msgid

SEPARATORS: Final = (",", "\t", ";")
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


def read_table(raw: bytes, *, required: Sequence[str] = (), most_columns: int = 0) -> Table:
    """Read a file whose first row names the columns; names and cells lose their outer spaces, blank rows are left out.

    Raises BadCsv: nothing in it, an encoding that is none of ours, a broken quote, a column named twice or not at
    all, a `required` column missing, more than `most_columns` (0: as many as there are), a row with more cells than
    columns.
    """
    text, encoding = decoded(raw)
    separator = _separator(text)
    rows = [Row(row.line, tuple(c.strip() for c in row.cells)) for row in parsed(text, separator=separator)]
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise BadCsv(msgid("The file holds no rows; it needs a first line that names the columns."))
    head = filled[0].cells
    if most_columns and len(head) > most_columns:
        raise BadCsv(
            msgid("The file has {count} columns; at most {most} are read. Take out the columns that are not needed."),
            count=len(head),
            most=most_columns,
        )
    _check_head(head, required)
    for row in filled[1:]:
        if len(row.cells) > len(head) and any(row.cells[len(head) :]):
            raise BadCsv(
                msgid(
                    "Line {line} has {count} cells but only {columns} columns are named; put cells with commas "
                    "in quotes."
                ),
                line=row.line,
                count=len(row.cells),
                columns=len(head),
            )
    body = tuple(Row(row.line, row.cells[: len(head)]) for row in filled[1:])
    return Table(head, body, encoding, separator)


def decoded(raw: bytes) -> tuple[str, str]:
    """Return the text and the encoding it was read in.

    Raises BadCsv naming the line of the first byte that fits none.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], (encoding,))
    if b"\x00" in raw[:2000]:
        raise BadCsv(msgid("The file is not text; export it as CSV first, in UTF-8 or GBK."))
    return _decoded(raw, ("utf-8", "gb18030"))


def _decoded(raw: bytes, encodings: Sequence[str]) -> tuple[str, str]:
    """Decode by the first encoding that fits; when none does, name the line where the one that came furthest failed."""
    furthest = 0
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    raise BadCsv(
        msgid("Line {line} is neither UTF-8 nor GBK; save the file again in one of these encodings."),
        line=raw.count(b"\n", 0, furthest) + 1,
    )


def parsed(text: str, *, separator: str = ",") -> list[Row]:
    """Split text into rows of cells (RFC 4180; lines may end in CRLF, LF or CR). Raises BadCsv for a broken quote."""
    return _Reader(text, separator).rows()


@dataclass
class _Reader:
    """Walks the text once, sign by sign, cell by cell."""

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


def _check_head(head: Sequence[str], required: Sequence[str]) -> None:
    for name in head:
        if not name or head.count(name) > 1:
            raise BadCsv(
                msgid(
                    "Column “{name}” is named twice, or has no name; give each column its own name in the first line."
                ),
                name=name,
            )
    missing = [name for name in required if name not in head]
    if missing:
        raise BadCsv(
            msgid("The file lacks the column {missing}; its first line names: {head}."),
            missing=", ".join(missing),
            head=", ".join(head),
        )
