"""Who sits at which desk around the clock?"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mainstay.faces.demo import cast
from mainstay.platform.duty.actions import PlannedShift
from mainstay.platform.identity.choices import Duty

SHIFT = timedelta(hours=8)
ZONE_OFFSET = timedelta(hours=8)
"""Shifts begin at 0, 8 and 16 o'clock in China, which is at UTC+8 all year."""
DESKS = (
    ("hubei", "湖北大客户值班台", "42", 0, "027-5550 0110"),
    ("wuhan", "武汉大客户值班台", "4201", 3, "027-5550 0111"),
)
"""Code, name, region, where in the list of duty officers its three begin, and the phone customers are given."""


def shift_begin(at: datetime) -> datetime:
    """Return when the shift around an instant began."""
    local = at + ZONE_OFFSET
    hours = local.hour % 8
    return at - timedelta(hours=hours, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def shifts(first_officer: int, at: datetime, days: int, users: Mapping[str, int]) -> list[PlannedShift]:
    """Return the shifts of a desk from `days` before an instant to 30 days after it, with those behind it."""
    officers = cast.with_duty(Duty.DUTY_OFFICER)[first_officer : first_officer + 3]
    leaders = cast.with_duty(Duty.LEADER)
    now = shift_begin(at)
    planned = []
    for turn in range(-3 * (days + 1), 3 * 30):
        begin = now + turn * SHIFT
        planned.append(PlannedShift(users[officers[turn % 3]], begin, begin + SHIFT, 1))
        planned.append(PlannedShift(users[officers[(turn + 1) % 3]], begin, begin + SHIFT, 2))
    month = timedelta(days=30)
    planned += [
        PlannedShift(users[leaders[0]], now + part * month, now + (part + 1) * month, 3)
        for part in range(-(days // 30) - 1, 1)
    ]
    return planned
