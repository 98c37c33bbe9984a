"""A year's holidays and moved workdays: shipped, imported from CSV, refused with the line's number."""

from datetime import date

import holidays
import pytest

from mainstay.domain.actor import system
from mainstay.domain.business_time import CalendarError, DayKind
from mainstay.domain.errors import Refused
from mainstay.platform.calendars import actions, queries
from mainstay.platform.calendars.models import SpecialDay, YearTable
from mainstay.platform.calendars.shipped import NOTICES, Notice
from mainstay.platform.calendars.tables import Day, read_days
from mainstay.platform.journal.models import Entry
from tests.cast import NOW

BY = system("test")
CSV = "date,kind,label,hours\n2027-01-01,holiday,元旦,\n2027年2月6日,班,春节调休\n2027/2/5,custom,除夕,08:00-12:00\n"


def test_it_works(db: None) -> None:
    table = actions.import_year(2027, CSV, source="公告", at=NOW, by=BY)
    assert [(day.on, day.kind, day.hours) for day in table.days.all()] == [
        (date(2027, 1, 1), "holiday", []),
        (date(2027, 2, 5), "custom", [[480, 720]]),
        (date(2027, 2, 6), "workday", []),
    ]


def test_the_moved_workdays_of_2026_are_the_official_ones() -> None:
    worked = [day.on for day in NOTICES[-1].days() if day.kind == DayKind.WORKDAY]
    assert sorted(worked) == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: str(notice.year))
def test_a_shipped_year_agrees_with_the_library_on_every_day(notice: Notice) -> None:
    library = holidays.country_holidays("CN", years=notice.year)
    ours = {day.on: day.kind for day in notice.days()}
    day_of = [
        date.fromordinal(n) for n in range(date(notice.year, 1, 1).toordinal(), date(notice.year + 1, 1, 1).toordinal())
    ]
    for day in day_of:
        worked = ours.get(day) == DayKind.WORKDAY or (day.weekday() < 5 and day not in ours)
        assert worked == library.is_working_day(day), day


def test_loading_the_shipped_years_twice_changes_nothing(db: None) -> None:
    assert actions.load_shipped(at=NOW, by=BY) == [2024, 2025, 2026]
    assert actions.load_shipped(at=NOW, by=BY) == []
    assert YearTable.objects.count() == 3


def test_what_an_administrator_imported_is_kept(db: None) -> None:
    actions.import_year(2026, [Day(date(2026, 1, 1), DayKind.HOLIDAY, "元旦")], source="本省", at=NOW, by=BY)
    assert actions.load_shipped(at=NOW, by=BY) == [2024, 2025]
    assert SpecialDay.objects.filter(table__year=2026).count() == 1


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("2027-01-01,holiday,元旦\n2027-01-01,workday,元旦", "2027-01-01 is in the table twice"),
        ("2026-12-31,holiday,元旦", "2026-12-31 is not in 2027"),
        ("2027-01-01,festival,元旦", "Line 1: “festival” is not a kind of day"),
        ("date,kind\n2027-02-30,holiday", "Line 2: “2027-02-30” is not a date"),
        ("2027-01-01", "Line 1: a date and a kind are needed"),
        ("2027-01-01,holiday,元旦\n2027-01-02,\"holiday,x", "Line 2: a quotation mark"),
        ("2027-01-01,custom,元旦", "2027-01-01 has hours of its own but none are given"),
        ("2027-01-01,custom,元旦,8-12", "Line 1: “8-12” are not hours"),
        ("date,kind\n", "The table of 2027 is empty"),
        ("", "The table of 2027 is empty"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_is_refused(db: None, table: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        actions.import_year(2027, table, source="公告", at=NOW, by=BY)
    assert not YearTable.objects.exists()


@pytest.mark.parametrize("hours", ["12:00-08:00", "08:00-12:00;11:00-13:00", "08:00-25:00"])
def test_hours_that_cannot_be_are_refused(db: None, hours: str) -> None:
    with pytest.raises(CalendarError):
        actions.import_year(2027, f"2027-01-01,custom,元旦,{hours}", source="公告", at=NOW, by=BY)
    assert not YearTable.objects.exists()


def test_hours_on_a_holiday_are_refused(db: None) -> None:
    with pytest.raises(CalendarError, match="only a day of custom hours"):
        actions.import_year(2027, "2027-01-01,holiday,元旦,08:00-12:00", source="公告", at=NOW, by=BY)


def test_a_known_year_is_only_replaced_on_purpose(db: None) -> None:
    actions.import_year(2027, CSV, source="公告", at=NOW, by=BY)
    with pytest.raises(Refused, match="known already"):
        actions.import_year(2027, CSV, source="公告", at=NOW, by=BY)
    actions.import_year(2027, "2027-01-01,holiday,元旦", source="更正", at=NOW, by=BY, replace=True)
    assert SpecialDay.objects.count() == 1
    entry = Entry.objects.latest("id")
    assert entry.before is not None
    assert len(entry.before["days"]) == 3


def test_a_year_that_leaves_a_gap_is_refused(db: None) -> None:
    actions.load_shipped(at=NOW, by=BY)
    with pytest.raises(Refused, match="a year is missing"):
        actions.import_year(2028, "2028-01-01,holiday,元旦", source="公告", at=NOW, by=BY)
    assert queries.known_until("CN") == date(2026, 12, 31)


def test_what_is_known_ends_where_a_year_is_missing(db: None) -> None:
    for year in (2024, 2025, 2027):
        YearTable.objects.create(country="CN", year=year, source="x", imported_at=NOW)
    assert queries.known_until("CN") == date(2025, 12, 31)


def test_gbk_is_recognised() -> None:
    assert read_days(CSV.encode("gbk"))[0].label == "元旦"
    assert read_days(CSV.encode("utf-8-sig"))[0].label == "元旦"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Refused, match="neither UTF-8 nor GBK"):
        read_days(b"\xff\xff\xff")
