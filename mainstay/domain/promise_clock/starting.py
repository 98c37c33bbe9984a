"""From which instant does the clock start? The start policy, and sources whose clocks are far off (PC 24)."""

from dataclasses import dataclass
from datetime import datetime

from mainstay.domain.promise_clock.facts import StartAt
from mainstay.domain.promise_clock.judging import Caution


@dataclass(frozen=True)
class StartFacts:
    """What is known of the beginning. `received_at`: when our intake got the first word of it, by our clock.

    `event_at`: when the source says it happened, by the source's clock. `detected_at`: when we saw the circuit down.
    `reported_at`: when the customer told us.
    """

    received_at: datetime
    event_at: datetime | None = None
    detected_at: datetime | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True)
class ClockTolerance:
    """How far the source's time may lie ahead of receipt or behind it before it is disbelieved, in seconds."""

    ahead_s: int = 300
    behind_s: int = 3600


@dataclass(frozen=True)
class ChosenStart:
    """The instant (UTC), which fact gave it ("event", "detection", "report" or "receipt"), and what to flag."""

    at: datetime
    taken_from: str
    cautions: tuple[Caution, ...] = ()


def choose_start(policy: StartAt, facts: StartFacts, tolerance: ClockTolerance = ClockTolerance()) -> ChosenStart:
    """Choose the instant the policy names; a fact that is missing falls back to receipt, and is flagged.

    Only `event_at` comes from a foreign clock: further off than the tolerance, receipt is taken and
    "source_clock_off" flagged with `offset_s` (positive: the source is ahead). Raises ClockError for a naive instant.
    """
    raise NotImplementedError
