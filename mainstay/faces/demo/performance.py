"""How do the demo's key accounts use their lines? A day's and a week's rhythm, one congested line, one that loses.

Drawn vectorised, a month at once; the feed goes on with the very same curves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from mainstay.domain.actor import Actor
from mainstay.network.inventory.queries.circuits import visible_to
from mainstay.network.performance.actions import intake, sources, thresholds
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.choices import Metric
from mainstay.network.performance.laying import Laid, lay_samples
from mainstay.network.performance.periods import bucket_of, instant_of, minute_of
from mainstay.network.performance.series import series_for
from mainstay.network.performance.storing import note

NMS, PROBE = "nms-performance", "probe"
NAMES = {NMS: "性能网管", PROBE: "外挂探针"}
PERIOD = 5
CIRCUITS = 12
"""Circuits that are sampled: those of the portal's customers first."""
CONGESTED, LOSSY = 1, 2
"""Places of the line that is too narrow, and of the one that loses."""
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A metric of one sampled line, at one end where it matters, as one source delivers it."""

    place: int
    circuit: str
    source: str
    metric: str
    side: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what the room finds the series by."""
        return self.circuit, self.metric, self.side


def curves(numbers: Sequence[str]) -> list[Curve]:
    """Return everything that is sampled of circuits."""
    told = []
    for place, number in enumerate(numbers):
        told += [Curve(place, number, NMS, metric, "A") for metric in (Metric.UTIL_IN, Metric.UTIL_OUT, Metric.ES)]
        told += [Curve(place, number, PROBE, metric) for metric in (Metric.DELAY, Metric.VARIATION, Metric.LOSS)]
    return told


def drawn(curve: Curve, minutes: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return the values of a curve at minutes; the same for the same seed and day, however they are asked for."""
    dice = _dice(curve, minutes, seed)
    load = _load(curve.place, minutes)
    if curve.metric == Metric.UTIL_OUT:
        found = np.clip(load * (0.85 + 0.3 * dice), 0.005, 0.995) * 1e6
    elif curve.metric == Metric.UTIL_IN:
        found = np.clip(load * 0.4 * (0.7 + 0.6 * dice), 0.003, 0.99) * 1e6
    elif curve.metric == Metric.DELAY:
        found = _delay(curve.place, load, dice)
    elif curve.metric == Metric.VARIATION:
        found = _delay(curve.place, load, dice) * (0.02 + 0.06 * dice)
    elif curve.metric == Metric.LOSS:
        found = _loss(curve.place, minutes, load, dice)
    else:
        found = np.where(dice > (0.9 if curve.place == LOSSY else 0.997), np.floor(dice * 7), 0)
    return found.astype(np.int64)


def _dice(curve: Curve, minutes: NDArray[np.int64], seed: int) -> Values:
    """Return even numbers from 0 to 1 by hashing what is sampled and when: asked for again, they are the same."""
    names = (f"{curve.place} {curve.metric}".encode() * 2)[:16]
    mixed = minutes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        int.from_bytes(names[:8], "big") ^ (seed * 0xD1342543DE82EF95 & 0xFFFFFFFFFFFFFFFF)
    )
    for shift, times in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(times)
    return (mixed ^ (mixed >> np.uint64(31))).astype(np.float64) / 2.0**64


def _load(place: int, minutes: NDArray[np.int64]) -> Values:
    """Return the share of the bandwidth in use: little at night, most at eleven and four, less at weekends."""
    offset = timezone.localtime(instant_of(int(minutes[0]))).utcoffset() or timedelta()
    local = minutes + int(offset.total_seconds()) // 60
    hour = (local % 1440) / 60
    weekday = (local // 1440 + 3) % 7  # 1970-01-01 was a Thursday
    shape = 0.12 + 0.6 * np.exp(-(((hour - 10.8) / 2.2) ** 2)) + 0.55 * np.exp(-(((hour - 16.2) / 2.6) ** 2))
    week = np.where(weekday >= 5, 0.35, 1.0)
    scale = 1.55 if place == CONGESTED else 0.45 + 0.06 * (place % 6)
    return shape * week * scale


def _delay(place: int, load: Values, dice: Values) -> Values:
    """Return microseconds: the way's length, and queues that grow as the line fills."""
    full = np.clip(load, 0, 0.985)
    return (1_800 + 900 * (place % 7)) * (0.98 + 0.04 * dice) + 600 * full / (1 - full) * (0.5 + dice)


def _loss(place: int, minutes: NDArray[np.int64], load: Values, dice: Values) -> Values:
    """Return ppm: hardly any, some on a full line, bursts of an hour or two on the bad one."""
    full = np.where(load > 0.95, 2_000 * dice, 0)
    stray = np.where(dice > 0.992, 400 * dice, 0)
    if place != LOSSY:
        return full + stray
    burst = (minutes // 60 * 7919) % 23 < 2
    return full + stray + np.where(burst, 2_000 + 6_000 * dice, 120 * dice)


class Sampled:
    """Mutable: the demo's sampled lines, and up to which minute they have been sampled."""

    def __init__(self, seed: int, *, by: Actor) -> None:
        """Choose the lines; needs the province."""
        self.seed, self.by = seed, by
        self.curves = curves(chosen(by))
        self.done = 0

    def begin(self, at: datetime) -> None:
        """Make sources and thresholds, before the first sample."""
        for code, name in NAMES.items():
            sources.save_source(code, name, PERIOD, at=at, by=self.by)
        thresholds.load_defaults(at=at, by=self.by)

    def lay(self, *, days: int, at: datetime, dice: Random) -> int:
        """Lay a history of so many days up to `at`, with a few gaps; return how many samples."""
        until = minute_of(at) // PERIOD * PERIOD
        every = np.arange(until - days * 1440, until, PERIOD)
        known: dict[tuple[str, str, str], int] = {}
        for code in NAMES:
            keys = [curve.key for curve in self.curves if curve.source == code]
            known |= series_for(intake.source_by_code(code), keys, by=self.by)
        gaps = [int(every[dice.randrange(len(every))]) for _ in range(4)]
        kept = ~np.logical_or.reduce([(every >= gap) & (every < gap + dice.randint(3, 50) * PERIOD) for gap in gaps])
        lines = []
        for curve in self.curves:
            minutes = every[kept] if curve.source == PROBE else every
            lines.append(Laid(known[curve.key], PERIOD, minutes, drawn(curve, minutes, self.seed)))
        count = lay_samples(lines, until=until)
        running = sorted({(bucket_of(line.series), int(line.minutes[-1])) for line in lines if len(line.minutes)})
        note(running, at=at)
        return count

    def step(self, at: datetime) -> int:
        """Take in the samples of the periods that are over since the last step; return how many."""
        until = minute_of(at) // PERIOD * PERIOD
        if until <= self.done:
            return 0
        minutes = np.arange(max(self.done, until - 1440), until, PERIOD) if self.done else np.array([until - PERIOD])
        for code in NAMES:
            samples = [
                NewSample(curve.circuit, curve.metric, instant_of(minute), value, curve.side)
                for curve in self.curves
                if curve.source == code
                for minute, value in zip(minutes.tolist(), drawn(curve, minutes, self.seed).tolist(), strict=True)
            ]
            intake.accept(intake.source_by_code(code), samples, at=at, by=self.by)
        self.done = until
        return len(minutes) * len(self.curves)

    def take_over(self, at: datetime) -> None:
        """Go on where samples end, at most a day back."""
        last = [found for found in (intake.source_by_code(code).last_at for code in NAMES) if found]
        self.done = minute_of(max(last)) // PERIOD * PERIOD if last else minute_of(at) // PERIOD * PERIOD - 1440


def chosen(by: Actor) -> list[str]:
    """Return the numbers of the circuits that are sampled: of customers of the portal first, then the best grades."""
    rows = visible_to(by).filter(status="active").values_list("customer__code", "grade", "number")
    first = sorted({code for code, _, _ in rows})[:3]
    ranked = sorted(rows, key=lambda row: (row[0] not in first, len(row[1]) != 3, row[1], row[2]))
    return [number for _, _, number in ranked[:CIRCUITS]]
