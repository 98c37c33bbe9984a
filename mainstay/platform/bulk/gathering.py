"""Writes made ready now and done later, all in one transaction, maybe by another thread.

Who writes within `gathering` makes its rows ready as always, so that what they were made of may change afterwards;
nothing reaches the database until somebody calls `write_all`. Reads within are answered at once, without these writes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

Write = Callable[[], object]
_gathered: ContextVar[list[Write] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[list[Write]]:
    """Give the list of what is to be written within."""
    writes: list[Write] = []
    token = _gathered.set(writes)
    try:
        yield writes
    finally:
        _gathered.reset(token)


def write(act: Write) -> None:
    """Do it, or gather it; what `act` needs must not change any more."""
    writes = _gathered.get()
    if writes is None:
        act()
    else:
        writes.append(act)


@transaction.atomic
def write_all(writes: Sequence[Write]) -> None:
    """Do what was gathered, in its order."""
    for act in writes:
        act()
