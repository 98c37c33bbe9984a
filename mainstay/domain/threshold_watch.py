"""Does a value that is sampled again and again stand over its threshold? With hysteresis and patience (G5).

Values are integers in the metric's own unit, larger is worse. Periods are counted in numbers: period n + 1 follows n.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Step(StrEnum):
    """What one sample changed."""

    NOTHING = "nothing"
    CROSSED = "crossed"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Limit:
    """From where it is crossed: `raise_periods` periods in a row at or over `raise_at`; it is over after
    `clear_periods` in a row at or under `clear_at`, which is below `raise_at`."""

    raise_at: int
    clear_at: int
    raise_periods: int = 1
    clear_periods: int = 1


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of one series: the last period judged, how many in a row spoke for a change, whether it stands
    over its threshold, and in which period that began."""

    period: int | None = None
    run: int = 0
    standing: bool = False
    since: int | None = None

    @property
    def is_calm(self) -> bool:
        """Say whether nothing needs to be remembered."""
        return not self.standing and self.run == 0


CALM = Watch()


def judge(watch: Watch, limit: Limit, period: int, value: int) -> tuple[Watch, Step]:
    """Judge the sample of a period; give what is remembered from then on, and what changed.

    A period judged already, or before it, changes nothing. A period without a sample (a gap) breaks a row: nobody knows
    what happened in it, so it neither raises nor clears.
    """
    if watch.period is not None and period <= watch.period:
        return watch, Step.NOTHING
    in_a_row = watch.run if watch.period is not None and period == watch.period + 1 else 0
    speaks = value <= limit.clear_at if watch.standing else value >= limit.raise_at
    run = in_a_row + 1 if speaks else 0
    needed = limit.clear_periods if watch.standing else limit.raise_periods
    seen = replace(watch, period=period, run=run)
    if run < needed:
        return seen, Step.NOTHING
    if watch.standing:
        return Watch(period), Step.CLEARED
    return Watch(period, 0, standing=True, since=period - run + 1), Step.CROSSED
