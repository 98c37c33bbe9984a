"""From which instant does the clock start? The start policy, and sources whose clocks are far off (PC 24)."""

from dataclasses import dataclass
from datetime import datetime

from mainstay.domain.business_time.counting import from_instant
from mainstay.domain.promise_clock.facts import StartAt
from mainstay.domain.promise_clock.reckoning import Caution
from mainstay.domain.promise_clock.replay import clock_instant

RECEIPT = "receipt"


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


DEFAULT_TOLERANCE = ClockTolerance()


@dataclass(frozen=True)
class ChosenStart:
    """The instant (UTC), which fact gave it ("event", "detection", "report" or "receipt"), and what to flag."""

    at: datetime
    taken_from: str
    cautions: tuple[Caution, ...] = ()


def choose_start(policy: StartAt, facts: StartFacts, tolerance: ClockTolerance = DEFAULT_TOLERANCE) -> ChosenStart:
    """Choose the instant the policy names; a missing fact falls back to receipt and is flagged "start_unknown".

    Only `event_at` comes from a foreign clock: further off than the tolerance, receipt is taken and "source_clock_off"
    flagged with `offset_s` (positive: the source is ahead). Raises ClockError for a naive instant.
    """
    received_s = clock_instant(facts.received_at)
    known = {StartAt.EVENT: facts.event_at, StartAt.DETECTION: facts.detected_at, StartAt.REPORT: facts.reported_at}
    wanted = known[policy]
    if wanted is None:
        return ChosenStart(from_instant(received_s), RECEIPT, (Caution("start_unknown", {"wanted": policy.value}),))
    wanted_s = clock_instant(wanted)
    offset_s = wanted_s - received_s
    if policy == StartAt.EVENT and not -tolerance.behind_s <= offset_s <= tolerance.ahead_s:
        return ChosenStart(from_instant(received_s), RECEIPT, (Caution("source_clock_off", {"offset_s": offset_s}),))
    return ChosenStart(from_instant(wanted_s), policy.value)
