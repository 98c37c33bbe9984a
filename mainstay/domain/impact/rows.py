"""Which columns belong to these rows? Ragged lists of indexes kept as two flat arrays (compressed sparse rows)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact.levels import IndexArray, IntArray

_SLACK = 8
"""What outgrows its room gets an eighth more than it needs."""
LEAST_WASTE = 1 << 16


def sorted_unique(values: NDArray[np.integer]) -> IntArray:
    """Sort and drop repeats; faster than numpy.unique on the short arrays met here."""
    if len(values) == 0:
        return np.empty(0, np.int64)
    ordered = np.sort(values)
    keep = np.empty(len(ordered), np.bool_)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep].astype(np.int64)


def positions(starts: IntArray, lengths: IntArray) -> IntArray:
    """List start, start+1, .. start+length-1 for each pair, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    shifts: IntArray = np.repeat(starts - (ends - lengths), lengths)
    return np.arange(total, dtype=np.int64) + shifts


def last_of_each(keys: IntArray) -> IntArray:
    """Give the positions of the last occurrence of each key, in order."""
    if len(keys) < 2:
        return np.arange(len(keys))
    order = np.argsort(keys, kind="stable")
    ends = np.append(keys[order][1:] != keys[order][:-1], True)
    return np.sort(order[ends])


def grown(values: NDArray[Any], size: int, fill: int = 0) -> NDArray[Any]:
    """Give an array with room for `size` entries along its last axis: itself, or a longer copy with slack."""
    have = values.shape[-1]
    if have >= size:
        return values
    room = np.full((*values.shape[:-1], size + size // _SLACK + 16), fill, values.dtype)
    room[..., :have] = values
    return room


@dataclass(slots=True)
class Rows:
    """Row i holds `columns[starts[i]:starts[i] + lengths[i]]`.

    Rows may be put anew one by one: one that outgrows its room moves behind the last, where `columns` has some to
    spare; what it leaves is `wasted` until `compact`. There may be more entries in `starts` than rows in use.
    """

    starts: IntArray
    lengths: IndexArray
    columns: IndexArray
    rooms: IndexArray
    used: int
    """Where the room behind the last row begins."""
    wasted: int = 0

    @classmethod
    def from_lengths(cls, lengths: NDArray[np.integer], columns: IndexArray) -> "Rows":
        """Take rows that already lie one after the other."""
        short = lengths.astype(np.int32)
        starts = np.zeros(len(lengths), np.int64)
        np.cumsum(short[:-1], out=starts[1:])
        return cls(starts, short, columns, short.copy(), len(columns))

    @classmethod
    def from_pairs(cls, rows: NDArray[np.integer], columns: NDArray[np.integer], n_rows: int) -> "Rows":
        """Group (row, column) pairs by row, columns ascending, repeats dropped."""
        keys = rows.astype(np.int64)
        keys <<= 32
        keys |= columns
        keys.sort()
        if len(keys):
            keep = np.empty(len(keys), np.bool_)
            keep[0] = True
            np.not_equal(keys[1:], keys[:-1], out=keep[1:])
            if not keep.all():
                keys = keys[keep]
        found = (keys & 0xFFFFFFFF).astype(np.int32)
        keys >>= 32
        return cls.from_lengths(np.bincount(keys, minlength=n_rows), found)

    def row(self, index: int) -> IndexArray:
        """Give one row (a view)."""
        start = self.starts.item(index)
        return self.columns[start : start + self.lengths.item(index)]

    def gather(self, rows: NDArray[np.integer]) -> tuple[IndexArray, IntArray]:
        """Give the columns of `rows`, one row after the other, and each row's length."""
        if len(rows) == 1:
            only = self.row(int(rows[0]))
            return only, np.array([len(only)], np.int64)
        where, lengths = self.where(rows)
        return self.columns[where], lengths

    def where(self, rows: NDArray[np.integer]) -> tuple[IntArray, IntArray]:
        """Give where in `columns` the entries of `rows` stand, one row after the other, and each row's length."""
        lengths = self.lengths[rows].astype(np.int64)
        return positions(self.starts[rows], lengths), lengths

    def widen(self, n_rows: int) -> None:
        """Make room for `n_rows` rows; new ones are empty."""
        self.starts = grown(self.starts, n_rows)
        self.lengths, self.rooms = grown(self.lengths, n_rows), grown(self.rooms, n_rows)

    def put(self, index: int, columns: NDArray[np.integer]) -> int:
        """Put a row anew; give where it starts."""
        length = len(columns)
        if length > self.rooms[index]:
            room = length + length // _SLACK + 1
            self.wasted += int(self.rooms[index])
            self.starts[index], self.rooms[index] = self.used, room
            self.used += room
            self.columns = grown(self.columns, self.used)
        start = int(self.starts[index])
        self.columns[start : start + length] = columns
        self.lengths[index] = length
        return start

    def compact(self, least: int = LEAST_WASTE) -> bool:
        """Lay the rows close together when a quarter, and no less than `least`, is waste; say whether that was done."""
        if self.wasted * 4 <= len(self.columns) or self.wasted < least:
            return False
        columns, lengths = self.gather(np.arange(len(self.starts)))
        fresh = Rows.from_lengths(lengths, columns)
        self.starts, self.lengths, self.columns, self.rooms = fresh.starts, fresh.lengths, fresh.columns, fresh.rooms
        self.used, self.wasted = fresh.used, 0
        return True
