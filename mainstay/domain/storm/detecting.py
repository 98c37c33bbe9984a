"""Is this a storm? Facts of one instant and what was believed before; times in seconds, rates per minute."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Signal(StrEnum):
    """What speaks for a storm."""

    RATE = "rate"
    BACKLOG = "backlog"
    BEHIND = "behind"
    CAUSES = "causes"


@dataclass(frozen=True)
class Thresholds:
    """From where it is a storm; it is over when every signal has stayed under `calm_share` of its own for `calm_s`.

    A rate counts from `rate_times` the usual one, but never under `rate_least`.
    """

    rate_least: int = 600
    rate_times: float = 10.0
    backlog: int = 2000
    behind_s: int = 15
    causes: int = 60
    calm_share: float = 0.5
    calm_s: int = 300


@dataclass(frozen=True)
class Facts:
    """What is seen at an instant: reports in the last minute and usually, waiting ones, causes that stand."""

    per_minute: int
    usual_per_minute: float
    waiting: int
    behind_s: int
    causes: int


@dataclass(frozen=True)
class State:
    """What is believed: whether it storms and since when; `calm_since` while a storm is quiet enough to end."""

    since: datetime | None = None
    calm_since: datetime | None = None

    @property
    def raging(self) -> bool:
        """Say whether it storms."""
        return self.since is not None


def signals(facts: Facts, limits: Thresholds, *, share: float = 1.0) -> frozenset[Signal]:
    """Return the signals that reach `share` of their threshold."""
    measured = {
        Signal.RATE: (facts.per_minute, max(limits.rate_least, limits.rate_times * facts.usual_per_minute)),
        Signal.BACKLOG: (facts.waiting, limits.backlog),
        Signal.BEHIND: (facts.behind_s, limits.behind_s),
        Signal.CAUSES: (facts.causes, limits.causes),
    }
    return frozenset(name for name, (value, limit) in measured.items() if value > 0 and value >= share * limit)


def judge(before: State, facts: Facts, limits: Thresholds, *, at: datetime) -> State:
    """Return what to believe now. It begins at once, and ends only after `calm_s` without a signal (hysteresis)."""
    if not before.raging:
        return State(since=at) if signals(facts, limits) else State()
    if signals(facts, limits, share=limits.calm_share):
        return replace(before, calm_since=None)
    calm_since = before.calm_since or at
    return State() if at - calm_since >= timedelta(seconds=limits.calm_s) else replace(before, calm_since=calm_since)
