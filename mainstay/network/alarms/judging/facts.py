"""What the judgement takes in and gives out, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(at: datetime) -> int:
    """Turn an aware instant into milliseconds since the epoch."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


@lru_cache(maxsize=16_384)
def from_ms(ms: int) -> datetime:
    """Turn milliseconds since the epoch into an aware instant, UTC; what a batch tells of happens at few instants."""
    return _EPOCH + timedelta(milliseconds=ms)


class Report(NamedTuple):
    """One report as stored; `raised` False means cleared."""

    id: int
    source: int
    raised: bool
    resource_ref: str
    alarm_type: str
    probable_cause: str
    severity: str
    event_ms: int
    received_ms: int
    text: str


@dataclass(slots=True)
class SourcePolicy:
    """How one source's alarms are read; seconds as in AlarmSource, kept in milliseconds."""

    id: int
    quiet_ms: int
    silence_after_ms: int
    skew_ms: int
    flap_count: int
    flap_window_ms: int
    flap_hold_ms: int
    last_report_ms: int | None = None
    silent_incident: int | None = None


@dataclass(slots=True)
class Standing:
    """An alarm that stands, or has just been cleared (`cleared_ms`).

    `told_ms`: when its source last said that it stands, by the source's own clock; None when that clock is far off.
    """

    id: int
    source: int
    resource: int
    alarm_type: str
    probable_cause: str
    severity: str
    effect: int
    text: str
    raised_ms: int
    last_ms: int
    reports: int = 1
    flapping: bool = False
    clock_off: bool = False
    planned: bool = False
    cleared_ms: int | None = None
    expires_ms: int | None = None
    began_ms: int = 0
    told_ms: int | None = None
    incident: int | None = None
    is_cause: bool = False
    group: int | None = None
    reason: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """An incident as the worker knows it; `declared` by people, the judge's own once adopted at `adopted_ms`."""

    id: int
    cause: int | None
    cause_inferred: bool
    opened_ms: int
    detected_ms: int
    kind: str = "fault"
    source: int | None = None
    merged_into: int | None = None
    restored_ms: int | None = None
    worst_state: int = 0
    planned: bool = False
    reason: dict[str, object] = field(default_factory=dict)
    declared: bool = False
    adopted_ms: int | None = None

    @property
    def is_peoples(self) -> bool:
        """Say whether people declared it and no alarm has adopted it: not the judge's to restore."""
        return self.declared and self.adopted_ms is None


@dataclass(slots=True)
class Stretch:
    """A circuit in one state because of one incident over [from_ms, to_ms); `to_ms` None while it lasts."""

    id: int
    incident: int
    circuit: int
    state: int
    planned: bool
    from_ms: int
    detected_ms: int
    to_ms: int | None = None


class StateChange(NamedTuple):
    """A circuit's state changed at an instant; `old` equals `new` when only its beginning moved."""

    incident: int
    circuit: int
    old: int
    new: int
    planned: bool
    at_ms: int
    detected_ms: int


@dataclass(frozen=True, slots=True)
class Revision:
    """An incident's cause turned out to be another, for this reason; `alarm` is None when it is inferred."""

    incident: int
    before: int | None
    after: int
    alarm: int | None
    reason: Mapping[str, object]


@dataclass(slots=True)
class Verdicts:
    """Everything one call decided, for the store to write in one transaction.

    `repeated`: alarms that were told again; of those that are not in `alarms`, too, nothing else has changed.
    """

    outcomes: list[tuple[int, str, int | None]] = field(default_factory=list)
    quarantined: list[Report] = field(default_factory=list)
    alarms: dict[int, Standing] = field(default_factory=dict)
    new_alarms: set[int] = field(default_factory=set)
    repeated: dict[int, Standing] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    new_cases: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    restored: dict[int, int] = field(default_factory=dict)
    reopened: set[int] = field(default_factory=set)
    closed: list[tuple[int, int]] = field(default_factory=list)
    stretches: dict[int, Stretch] = field(default_factory=dict)
    new_stretches: set[int] = field(default_factory=set)
    dropped_stretches: set[int] = field(default_factory=set)
    changes: list[StateChange] = field(default_factory=list)
    silent: list[tuple[int, int, int]] = field(default_factory=list)
    heard: dict[int, int] = field(default_factory=dict)
    revised: list[Revision] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not any(
            (
                self.outcomes, self.alarms, self.repeated, self.cases, self.stretches, self.dropped_stretches,
                self.closed, self.heard,
            )
        )  # fmt: skip
