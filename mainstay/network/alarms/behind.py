"""Writes the verdicts of one batch while the next is judged (decision 0017)."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from django.db import connection, connections

from mainstay.platform.bulk.gathering import Write, write_all


class WriteBehind:
    """Mutable: one transaction under way in a thread of its own, with a connection of its own.

    What it writes may fail after the judge has gone on: `settle` and the next `submit` raise the error, and then the
    judge is ahead of the database and must be loaded anew.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._thread = ThreadPoolExecutor(1, "verdicts")
        self._under_way: Future[float] | None = None
        self._reports = (0, 0, 0)

    @property
    def between(self) -> tuple[int, int] | None:
        """The first and the last report whose verdicts are under way."""
        return self._reports[:2] if self._under_way is not None and self._reports[2] else None

    def submit(self, writes: Sequence[Write], reports: Sequence[int]) -> tuple[int, float]:
        """Write in one transaction, once what is under way is done; give as `settle`. `reports`: their ids, judged."""
        done = self.settle()
        if writes:
            self._reports = (min(reports, default=0), max(reports, default=0), len(reports))
            self._under_way = self._thread.submit(_timed, writes)
        return done

    def settle(self) -> tuple[int, float]:
        """Wait for what is under way; give how many reports it was about and how many seconds it took."""
        under_way, self._under_way = self._under_way, None
        return (0, 0.0) if under_way is None else (self._reports[2], under_way.result())

    def end(self) -> None:
        """Wait, whatever becomes of what is under way, and end the thread."""
        with suppress(Exception):
            self.settle()
        self._thread.submit(connections.close_all)
        self._thread.shutdown()


def _timed(writes: Sequence[Write]) -> float:
    began = time.perf_counter()
    try:
        write_all(writes)
    except BaseException:
        connection.close()  # it may be lost; the next one begins with another
        raise
    return time.perf_counter() - began
