"""How do figures of a month lie in bytes: 31 whole numbers, MISSING where nothing was delivered?"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

DAYS: Final = 31
MISSING: Final = -(2**63)
WIDTH: Final = DAYS * 8
Numbers = NDArray[np.int64]
_EMPTY: Final = np.full(DAYS, MISSING, "<i8")


def unpacked(raw: bytes | memoryview) -> Numbers:
    """Return a month's numbers, writable."""
    return np.frombuffer(bytes(raw), "<i8").copy() if raw else _EMPTY.copy()


def packed(numbers: Numbers) -> bytes:
    """Return a month's numbers as they are kept; b"" where none is known."""
    return b"" if bool(np.all(numbers == MISSING)) else numbers.astype("<i8").tobytes()


def rows_of(raw: Iterable[bytes | memoryview]) -> Numbers:
    """Return many months' numbers as rows of one array."""
    empty = _EMPTY.tobytes()
    joined = b"".join(bytes(each) or empty for each in raw)
    return np.frombuffer(joined, "<i8").reshape(-1, DAYS)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of the months from one day's to another's, in order."""
    found, month = [], month_of(first)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found
