"""Lays a history of samples with its hours and days, as the house itself would have written it (see `bulk.laying`)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.network.performance.choices import Level
from mainstay.network.performance.models import DayRoll, HourRoll, Sample
from mainstay.network.performance.periods import bucket_of, day_of, hour_of
from mainstay.network.performance.storing import hold
from mainstay.platform.bulk.laying import lay

Numbers = NDArray[np.int64]
_ROLL = ("series_id", "minute", "least", "most", "total", "count", "expected")


@dataclass(frozen=True)
class Laid:
    """A series' samples: minutes ascending, values beside them; `period` in minutes."""

    series: int
    period: int
    minutes: Numbers
    values: Numbers


def lay_samples(lines: list[Laid], *, until: int) -> int:
    """Write samples of series that have none yet, and roll up the hours and days that are over at the minute `until`.

    Returns how many samples. What is not over yet is for the caller to note (`storing.note`).
    """
    lines = [line for line in lines if len(line.minutes)]
    count = lay(Sample, ("series_id", "minute", "value"), _samples(lines))
    lay(HourRoll, _ROLL, (row for line in lines for row in _rolls(line, hours_of(line.minutes), until, days=False)))
    days = (row for line in lines for row in _rolls(line, days_of(line.minutes), until, days=True))
    lay(DayRoll, (*_ROLL, "p95"), days)
    for level in (Level.SAMPLE, Level.HOUR, Level.DAY):
        begins = hour_of if level != Level.DAY else day_of
        hold(level, [(bucket_of(line.series), begins(int(line.minutes[0]))[0]) for line in lines])
    return count


def hours_of(minutes: Numbers) -> Numbers:
    """Return the beginnings of the hours from the first to the last minute, and of the one after."""
    return np.arange(hour_of(int(minutes[0]))[0], hour_of(int(minutes[-1]))[1] + 60, 60)


def days_of(minutes: Numbers) -> Numbers:
    """Return the beginnings of the days from the first to the last minute, and of the one after."""
    begins, end = [], day_of(int(minutes[0]))[0]
    while end <= minutes[-1]:
        begin, end = day_of(end)
        begins.append(begin)
    return np.array([*begins, end])


def _samples(lines: list[Laid]) -> Iterator[tuple[int, int, int]]:
    for line in lines:
        series = line.series
        for minute, value in zip(line.minutes.tolist(), line.values.tolist(), strict=True):
            yield series, minute, value


def _rolls(line: Laid, begins: Numbers, until: int, *, days: bool) -> Iterator[tuple[int, ...]]:
    """Give the rows of the stretches that are over and hold anything."""
    cuts = np.searchsorted(line.minutes, begins)
    for begin, end, first, after in zip(begins, begins[1:], cuts, cuts[1:], strict=False):
        if first == after or end > until:
            continue
        part, n = line.values[first:after], int(after - first)
        figures = (int(part.min()), int(part.max()), int(part.sum()), n, max(n, int(end - begin) // line.period))
        more = (int(np.sort(part)[(95 * n + 99) // 100 - 1]),) if days else ()
        yield line.series, int(begin), *figures, *more
