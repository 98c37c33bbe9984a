"""Calendars are created, given hours, and read as values that are never stale."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from mainstay.domain.actor import Actor, system
from mainstay.domain.business_time import CalendarError, DayKind, working_seconds
from mainstay.domain.errors import NotAllowed, NotFound, Refused
from mainstay.platform.calendars import actions, queries
from mainstay.platform.calendars.actions import OFFICE_WEEK, NewCalendar
from mainstay.platform.calendars.models import Calendar
from mainstay.platform.calendars.tables import Day
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

BY = system("test")
HALF_WEEK = (((9 * 60, 12 * 60),), (), (), (), (), (), ())


@pytest.fixture
def shipped(db: None) -> None:
    actions.load_shipped(at=NOW, by=BY)


def test_it_works(shipped: None) -> None:
    office = queries.calendar_by_code("office")
    monday = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)
    assert working_seconds(office, monday, datetime(2026, 9, 8, 0, 0, tzinfo=UTC)).seconds == 8 * 3600
    assert office.known_until == date(2026, 12, 31)
    assert queries.calendar_by_code("24x7").always


def test_only_an_administrator_changes_calendars(officer: Actor, admin: Actor) -> None:
    new = NewCalendar("early", "早班", week=OFFICE_WEEK)
    with pytest.raises(NotAllowed):
        actions.create_calendar(new, at=NOW, by=officer)
    assert actions.create_calendar(new, at=NOW, by=admin).code == "early"


def test_a_calendar_without_hours_is_refused(db: None) -> None:
    with pytest.raises(CalendarError, match="has no working hours"):
        actions.create_calendar(NewCalendar("empty", "空"), at=NOW, by=BY)
    assert not Calendar.objects.exists()


def test_a_zone_nobody_knows_and_a_taken_code_are_refused(shipped: None) -> None:
    with pytest.raises(CalendarError, match="Asia/Wuhan"):
        actions.create_calendar(NewCalendar("x", "X", "Asia/Wuhan", week=OFFICE_WEEK), at=NOW, by=BY)
    with pytest.raises(Refused, match="“office” is taken"):
        actions.create_calendar(NewCalendar("office", "X", week=OFFICE_WEEK), at=NOW, by=BY)


def test_hours_that_leave_nothing_to_work_are_refused_and_nothing_changes(shipped: None) -> None:
    with pytest.raises(CalendarError):
        actions.set_hours(Calendar.objects.get(code="office"), ((),) * 7, at=NOW, by=BY)
    assert queries.calendar_by_code("office").week == OFFICE_WEEK


def test_a_calendar_in_memory_is_never_stale(shipped: None) -> None:
    assert queries.calendar_by_code("office").week == OFFICE_WEEK
    actions.set_hours(Calendar.objects.get(code="office"), HALF_WEEK, at=NOW, by=BY)
    assert queries.calendar_by_code("office").week == HALF_WEEK


def test_a_change_that_was_rolled_back_is_not_remembered(shipped: None) -> None:
    with transaction.atomic():
        actions.set_hours(Calendar.objects.get(code="office"), HALF_WEEK, at=NOW, by=BY)
        assert queries.calendar_by_code("office").week == HALF_WEEK
        transaction.set_rollback(True)
    assert queries.calendar_by_code("office").week == OFFICE_WEEK


def test_a_new_year_reaches_calendars_in_memory(shipped: None) -> None:
    assert queries.calendar_by_code("office").known_until == date(2026, 12, 31)
    actions.import_year(2027, [Day(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")], source="公告", at=NOW, by=BY)
    office = queries.calendar_by_code("office")
    assert office.known_until == date(2027, 12, 31)
    assert office.days[date(2027, 1, 1)].kind == DayKind.HOLIDAY


def test_a_known_calendar_costs_one_query(shipped: None, django_assert_num_queries: Any) -> None:
    known = queries.calendar_by_code("office")
    with django_assert_num_queries(1):
        assert queries.calendar_by_code("office") is known


def test_an_unknown_code_is_named(db: None) -> None:
    with pytest.raises(NotFound, match="“nights”"):
        queries.calendar_by_code("nights")


def test_a_calendar_without_any_table_knows_nothing(db: None) -> None:
    actions.create_calendar(NewCalendar("bare", "无表", week=OFFICE_WEEK), at=NOW, by=BY)
    assert queries.calendar_by_code("bare").known_until == queries.NOTHING_KNOWN
    moment = working_seconds(queries.calendar_by_code("bare"), NOW, datetime(2026, 9, 2, tzinfo=UTC))
    assert moment.seconds == 8 * 3600
    assert moment.beyond_known


def test_a_calendar_that_takes_no_special_days_knows_all(db: None) -> None:
    actions.create_calendar(NewCalendar("plain", "不休", week=OFFICE_WEEK, special_days=""), at=NOW, by=BY)
    assert queries.calendar_by_code("plain").known_until is None


def test_rows_made_without_the_actions_are_read_anew_each_time(world: World) -> None:
    assert queries.value_of(world.calendar_office).days[date(2026, 10, 10)].kind == DayKind.WORKDAY
    assert queries.calendar_by_code("office").week == OFFICE_WEEK


def test_every_change_is_in_the_journal(shipped: None) -> None:
    actions.set_hours(Calendar.objects.get(code="office"), HALF_WEEK, at=NOW, by=BY)
    entry = Entry.objects.get(action="calendar.hours")
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["week"][0] == [[480, 720], [840, 1080]]
    assert entry.after["week"][0] == [[540, 720]]
    assert Entry.objects.filter(action="calendar.import_year").count() == 3
