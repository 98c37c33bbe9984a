"""When does working time pass? Calendars, working seconds, working days, and why an hour counts (PC 1-5, 12, 20).

Instants are aware; results are UTC, floored to whole seconds. Intervals are half-open [from, to), durations seconds.
"""

from mainstay.domain.business_time.calendar import (
    EMPTY_WEEK,
    Calendar,
    CalendarError,
    DayKind,
    DayRule,
    Interval,
    Unit,
    Week,
)
from mainstay.domain.business_time.counting import (
    Moment,
    WorkingTime,
    after_working_seconds,
    end_of_nth_working_day,
    end_of_same_day,
    is_beyond_known,
    is_working,
    working_seconds,
)
from mainstay.domain.business_time.stretches import WHY_TEXTS, Stretch, Why, working_stretches
from mainstay.domain.business_time.vectors import after_working_seconds_many, working_seconds_many

__all__ = [
    "EMPTY_WEEK",
    "WHY_TEXTS",
    "Calendar",
    "CalendarError",
    "DayKind",
    "DayRule",
    "Interval",
    "Moment",
    "Stretch",
    "Unit",
    "Week",
    "Why",
    "WorkingTime",
    "after_working_seconds",
    "after_working_seconds_many",
    "end_of_nth_working_day",
    "end_of_same_day",
    "is_beyond_known",
    "is_working",
    "working_seconds",
    "working_seconds_many",
    "working_stretches",
]
