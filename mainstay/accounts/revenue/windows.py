"""Which months count as closed on a day, and which days the figures of a year, a quarter, two months look back to.

A month is named by its first day. It is closed from the CLOSED_FROM_DAY-th of the next month on: billing needs the
first days to issue its bills, and a customer must not seem to have stopped buying meanwhile.
"""

from dataclasses import dataclass
from datetime import date, timedelta

CLOSED_FROM_DAY = 5


@dataclass(frozen=True, slots=True)
class Window:
    """What the figures of a day look at: `closed` is the last closed month, the others first months, all inclusive.

    `until`: the next day on which another month is closed.
    """

    on: date
    closed: date
    quarter: date
    two_months: date
    year: date
    until: date

    @property
    def after_closed(self) -> date:
        """Return the first day after the last closed month."""
        return add_months(self.closed, 1)


def window(on: date) -> Window:
    """Return what the figures of a day look at."""
    closed = add_months(first_of(on), -1 if on.day >= CLOSED_FROM_DAY else -2)
    until = add_months(closed, 2).replace(day=CLOSED_FROM_DAY)
    return Window(on, closed, add_months(closed, -2), add_months(closed, -1), add_months(closed, -11), until)


def first_of(day: date) -> date:
    """Return the month of a day."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """Return the first day of the month so many months later (earlier, when negative)."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """Return how many months there are from one month to another, both counted; 0 when the last is earlier."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month + 1)


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return add_months(month, 1) - timedelta(days=1)
