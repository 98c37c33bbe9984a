"""Which minutes of which dates are worked? The calendar as a value, and what makes one invalid (PC 1, 2, 4, 5, 20)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mainstay.domain.business_time.ledger import Ledger
from mainstay.domain.errors import Refused, msgid

DAY_MINUTES = 24 * 60

Interval = tuple[int, int]
"""Minutes after local midnight, half-open [from, to), 0 <= from < to <= 1440."""

Week = tuple[tuple[Interval, ...], ...]
"""Seven tuples of intervals, Monday first."""

EMPTY_WEEK: Week = ((), (), (), (), (), (), ())


class CalendarError(Refused):
    """A calendar that cannot be used, or a question it cannot answer."""


class Unit(StrEnum):
    """What a promise counts (PC 3)."""

    NATURAL_MINUTES = "natural_minutes"
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    SAME_DAY = "same_day"


class DayKind(StrEnum):
    """How one date differs from its weekday."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"
    CUSTOM = "custom"


@dataclass(frozen=True)
class DayRule:
    """How one date differs from its weekday.

    HOLIDAY: no hours. WORKDAY (moved workday): the hours of weekday `like` (0 Monday … 6 Sunday), or, when `like` is
    None, of the first weekday that has hours, Monday first. CUSTOM: exactly `intervals`, e.g. a half-day holiday.
    """

    kind: DayKind
    label: str = ""
    like: int | None = None
    intervals: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "intervals", _frozen(self.intervals))


@dataclass(frozen=True)
class Calendar:
    """Working hours of a place, with its dated exceptions.

    `tz` is an IANA name. A minute is worked when its local wall clock lies in an interval, so an hour that the clocks
    skip is not counted and one that they repeat is counted twice. `known_until` is the last date (inclusive) whose
    exceptions are known; None when the calendar needs no yearly table. `always` is 24x7: it takes neither week nor
    days. Raises CalendarError when the calendar cannot be used.
    """

    name: str
    tz: str
    week: Week = EMPTY_WEEK
    days: Mapping[date, DayRule] = field(default_factory=dict, hash=False)
    known_until: date | None = None
    always: bool = False
    ledger: Ledger = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "week", tuple(_frozen(hours) for hours in self.week))
        object.__setattr__(self, "days", dict(self.days))
        _check(self)
        known_until = None if self.always else self.known_until
        object.__setattr__(self, "ledger", Ledger(self.zone, self.hours_on, known_until))

    @classmethod
    def always_open(cls, name: str = "24x7", tz: str = "UTC") -> "Calendar":
        """Return the calendar in which every second counts; `tz` says where its days end."""
        return cls(name=name, tz=tz, always=True)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.tz)

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """Return the worked intervals of a local date, in order."""
        if self.always:
            return ((0, DAY_MINUTES),)
        rule = self.days.get(day)
        if rule is None:
            return self.week[day.weekday()]
        if rule.kind == DayKind.WORKDAY:
            return self.week[rule.like] if rule.like is not None else _ordinary_hours(self.week)
        return rule.intervals if rule.kind == DayKind.CUSTOM else ()


def _frozen(hours: Iterable[Interval]) -> tuple[Interval, ...]:
    return tuple((start, end) for start, end in hours)


def _ordinary_hours(week: Week) -> tuple[Interval, ...]:
    return next((hours for hours in week if hours), ())


def _check(calendar: Calendar) -> None:
    name = calendar.name
    try:
        _ = calendar.zone
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(
            msgid("Calendar {calendar}: the time zone {tz} is unknown; give an IANA name such as Asia/Shanghai."),
            calendar=name,
            tz=calendar.tz or '""',
        ) from error
    if len(calendar.week) != 7:
        raise CalendarError(
            msgid(
                "Calendar {calendar}: a week has 7 days, not {count}; give one list of intervals per day, Monday first."
            ),
            calendar=name,
            count=len(calendar.week),
        )
    if calendar.always:
        _check_nothing_else(calendar)
        return
    for number, hours in enumerate(calendar.week):
        _check_hours(name, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[number], hours)
    for day, rule in calendar.days.items():
        _check_rule(calendar, day, rule)
    if not any(calendar.week) and not any(calendar.hours_on(day) for day in calendar.days):
        raise CalendarError(
            msgid("Calendar {calendar} has no working hours at all; give at least one interval, or mark it as 24x7."),
            calendar=name,
        )


def _check_nothing_else(calendar: Calendar) -> None:
    if any(calendar.week) or calendar.days:
        raise CalendarError(
            msgid("Calendar {calendar} is 24x7 and has hours or exceptions as well; remove one of the two."),
            calendar=calendar.name,
        )


def _check_rule(calendar: Calendar, day: date, rule: DayRule) -> None:
    if rule.intervals and rule.kind != DayKind.CUSTOM:
        raise CalendarError(
            msgid(
                "Calendar {calendar}, {day}: only a day of custom hours takes intervals; remove them or "
                "change the kind."
            ),
            calendar=calendar.name,
            day=day.isoformat(),
        )
    if rule.like is not None and not 0 <= rule.like <= 6:
        raise CalendarError(
            msgid("Calendar {calendar}, {day}: {weekday} is no weekday; give 0 (Monday) to 6 (Sunday)."),
            calendar=calendar.name,
            day=day.isoformat(),
            weekday=rule.like,
        )
    if rule.kind == DayKind.WORKDAY and not calendar.hours_on(day):
        raise CalendarError(
            msgid(
                "Calendar {calendar}, {day}: the moved workday follows a weekday without hours; name another weekday."
            ),
            calendar=calendar.name,
            day=day.isoformat(),
        )
    _check_hours(calendar.name, day.isoformat(), rule.intervals)


def _check_hours(name: str, day: str, hours: tuple[Interval, ...]) -> None:
    previous_to = 0
    for start, end in hours:
        if not 0 <= start < end <= DAY_MINUTES:
            raise CalendarError(
                msgid(
                    "Calendar {calendar}, {day}: the interval {interval} is reversed, empty or leaves the day; "
                    "write a night shift as one interval until 24:00 and one from 00:00 on the next day."
                ),
                calendar=name,
                day=day,
                interval=_clock(start, end),
            )
        if start < previous_to:
            raise CalendarError(
                msgid(
                    "Calendar {calendar}, {day}: the interval {interval} overlaps the one before it or is out "
                    "of order; "
                    "list intervals in order, without overlaps."
                ),
                calendar=name,
                day=day,
                interval=_clock(start, end),
            )
        previous_to = end


def _clock(start: int, end: int) -> str:
    return "–".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (start, end))
