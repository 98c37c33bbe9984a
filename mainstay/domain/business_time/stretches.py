"""Why does each hour between two instants count or not? The printable derivation of working time (PC 12)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mainstay.domain.business_time.calendar import Calendar, DayKind
from mainstay.domain.business_time.counting import check_order
from mainstay.domain.errors import msgid

WHY_TEXTS: Mapping[str, str] = {
    "always": msgid("every hour counts (24x7)"),
    "working_hours": msgid("working hours"),
    "moved_workday": msgid("moved workday {label}"),
    "special_hours": msgid("special hours {label}"),
    "outside_hours": msgid("outside working hours"),
    "outside_special_hours": msgid("outside the special hours {label}"),
    "day_off": msgid("weekly day off"),
    "holiday": msgid("public holiday {label}"),
}
"""English msgid per code of Why; fill with `why.params` after translating."""


@dataclass(frozen=True)
class Why:
    """A reason as a code and its parameters, for faces to translate."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Stretch:
    """A half-open piece of time [from_at, to_at) that counts wholly or not at all.

    `seconds` is what it adds (0 when not counted). `assumed`: beyond the last known year, counted by the plain week.
    """

    from_at: datetime
    to_at: datetime
    counted: bool
    seconds: int
    why: Why
    assumed: bool = False


def working_stretches(calendar: Calendar, start_at: datetime, end_at: datetime) -> tuple[Stretch, ...]:
    """Cut [start_at, end_at) into stretches, each counted or not and why; neighbours with the same reason are merged.

    Together they cover the whole span without gaps; empty when both instants are the same second.
    Raises CalendarError for a naive instant or an end before the start.
    """
    start_s, end_s = check_order(start_at, end_at)
    raise NotImplementedError
