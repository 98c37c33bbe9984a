"""Which columns belong to these rows? Ragged lists of indexes kept as two flat arrays (compressed sparse rows)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.impact.levels import IndexArray, IntArray


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


@dataclass(frozen=True, slots=True)
class Rows:
    """Row i holds `columns[offsets[i]:offsets[i + 1]]`."""

    offsets: IntArray
    columns: IndexArray

    @classmethod
    def from_lengths(cls, lengths: IntArray, columns: IndexArray) -> "Rows":
        """Take rows that already lie one after the other."""
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return cls(offsets, columns)

    @classmethod
    def from_pairs(cls, rows: NDArray[np.integer], columns: NDArray[np.integer], n_rows: int) -> "Rows":
        """Group (row, column) pairs by row, columns ascending, repeats dropped."""
        keys = np.sort((rows.astype(np.int64) << 32) | columns.astype(np.int64))
        if len(keys):
            keep = np.empty(len(keys), np.bool_)
            keep[0] = True
            np.not_equal(keys[1:], keys[:-1], out=keep[1:])
            keys = keys[keep]
        counts = np.bincount(keys >> 32, minlength=n_rows)
        return cls.from_lengths(counts.astype(np.int64), (keys & 0xFFFFFFFF).astype(np.int32))

    def row(self, index: int) -> IndexArray:
        """Give one row (a view)."""
        return self.columns[self.offsets[index] : self.offsets[index + 1]]

    def gather(self, rows: NDArray[np.integer]) -> tuple[IndexArray, IntArray]:
        """Give the columns of `rows`, one row after the other, and each row's length."""
        if len(rows) == 1:
            only = self.row(int(rows[0]))
            return only, np.array([len(only)], np.int64)
        where, lengths = self.where(rows)
        return self.columns[where], lengths

    def where(self, rows: NDArray[np.integer]) -> tuple[IntArray, IntArray]:
        """Give where in `columns` the entries of `rows` stand, one row after the other, and each row's length."""
        starts = self.offsets[rows]
        lengths = self.offsets[rows + 1] - starts
        return positions(starts, lengths), lengths
