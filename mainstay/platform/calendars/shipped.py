"""Which days were holidays and which weekends were worked, by the State Council's yearly notices?

Facts of 国务院办公厅关于部分节假日安排的通知; a year not listed is imported by an administrator once it is announced.
Each line: the holiday, its first and last day off, and the moved workdays that pay for it, as month-day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mainstay.domain.business_time import DayKind
from mainstay.platform.calendars.tables import Day

_Line = tuple[str, str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Notice:
    """One year's notice: which it is, and its lines."""

    year: int
    source: str
    lines: tuple[_Line, ...]

    def days(self) -> Iterator[Day]:
        """Give every day off and every moved workday."""
        for label, first, last, worked in self.lines:
            on = self._date(first)
            while on <= self._date(last):
                yield Day(on, DayKind.HOLIDAY, label)
                on += timedelta(days=1)
            for day in worked:
                yield Day(self._date(day), DayKind.WORKDAY, f"{label}调休")

    def _date(self, month_day: str) -> date:
        return date.fromisoformat(f"{self.year}-{month_day}")


NOTICES = (
    Notice(
        2024,
        "国务院办公厅关于2024年部分节假日安排的通知（国办发明电〔2023〕7号）",
        (
            ("元旦", "01-01", "01-01", ()),
            ("春节", "02-10", "02-17", ("02-04", "02-18")),
            ("清明节", "04-04", "04-06", ("04-07",)),
            ("劳动节", "05-01", "05-05", ("04-28", "05-11")),
            ("端午节", "06-10", "06-10", ()),
            ("中秋节", "09-15", "09-17", ("09-14",)),
            ("国庆节", "10-01", "10-07", ("09-29", "10-12")),
        ),
    ),
    Notice(
        2025,
        "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
        (
            ("元旦", "01-01", "01-01", ()),
            ("春节", "01-28", "02-04", ("01-26", "02-08")),
            ("清明节", "04-04", "04-06", ()),
            ("劳动节", "05-01", "05-05", ("04-27",)),
            ("端午节", "05-31", "06-02", ()),
            ("国庆节、中秋节", "10-01", "10-08", ("09-28", "10-11")),
        ),
    ),
    Notice(
        2026,
        "国务院办公厅关于2026年部分节假日安排的通知",
        (
            ("元旦", "01-01", "01-03", ("01-04",)),
            ("春节", "02-15", "02-23", ("02-14", "02-28")),
            ("清明节", "04-04", "04-06", ()),
            ("劳动节", "05-01", "05-05", ("05-09",)),
            ("端午节", "06-19", "06-21", ()),
            ("中秋节", "09-25", "09-27", ()),
            ("国庆节", "10-01", "10-07", ("09-20", "10-10")),
        ),
    ),
)
