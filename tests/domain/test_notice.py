"""The latest instant at which telling keeps a promised notice, and not a second later (D3, I3)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.business_time import Calendar, DayKind, DayRule
from mainstay.domain.notice import BadNotice, latest_telling, notice_ends

DAY = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
OFFICE = Calendar(
    name="office",
    tz="Asia/Shanghai",
    week=(DAY, DAY, DAY, DAY, DAY, (), ()),
    days={
        date(2026, 10, 1): DayRule(DayKind.HOLIDAY, "国庆节"),
        date(2026, 10, 2): DayRule(DayKind.HOLIDAY, "国庆节"),
        date(2026, 10, 10): DayRule(DayKind.WORKDAY, "调休"),
    },
    known_until=date(2026, 12, 31),
)
ALWAYS = Calendar.always_open(tz="Asia/Shanghai")
SECOND = timedelta(seconds=1)
INSTANTS = st.integers(0, 90 * 86_400).map(lambda s: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=s))


def test_it_works() -> None:
    # Work on Tuesday at 00:00 local: three working days before are Wednesday to Friday; told by the end of Tuesday.
    begin = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert latest_telling(OFFICE, "working_days", Decimal(3), begin) == datetime(2026, 11, 18, 15, 59, 59, tzinfo=UTC)


def test_minutes_are_minutes() -> None:
    begin = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert latest_telling(ALWAYS, "natural_minutes", Decimal(1440), begin) == begin - timedelta(days=1)


@pytest.mark.parametrize(("unit", "amount"), [("percent", "1"), ("working_days", "-1"), ("natural_minutes", "9000000")])
def test_what_is_no_notice_is_refused(unit: str, amount: str) -> None:
    with pytest.raises(BadNotice):
        latest_telling(OFFICE, unit, Decimal(amount), datetime(2026, 11, 23, tzinfo=UTC))


@given(
    INSTANTS, st.sampled_from(["working_days", "working_minutes", "natural_minutes", "same_day"]), st.integers(0, 12)
)
def test_a_second_later_breaks_it(begin: datetime, unit: str, amount: int) -> None:
    number = Decimal(amount if unit == "working_days" else amount * 97)
    latest = latest_telling(OFFICE, unit, number, begin)
    assert latest <= begin
    if latest == begin:
        return
    assert notice_ends(OFFICE, unit, number, latest) <= begin
    assert notice_ends(OFFICE, unit, number, latest + SECOND) > begin
