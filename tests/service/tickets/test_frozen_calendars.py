"""A running clock keeps the hours it was made under; what nobody knew then is learned (PC 2, 7, 26)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.business_time import DayKind
from mainstay.platform.calendars import actions as calendars
from mainstay.platform.calendars.models import CalendarEdition
from mainstay.platform.calendars.tables import Day
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs import running
from mainstay.service.tickets.actions.rejudging import Wish, approve_rejudging, ask_rejudging
from mainstay.service.tickets.actions.rejudging_many import live_tickets
from mainstay.service.tickets.clocks import VERDICT_COLUMNS
from mainstay.service.tickets.models import Clock, Ticket
from mainstay.service.tickets.rejudge import rejudge
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, change, clock_of, happen, incident, ticket_of

SHORT_WEEK = (((14 * 60, 17 * 60),),) * 5 + ((), ())
HOUR = timedelta(hours=1)


@pytest.fixture
def office(world: World) -> World:
    """Promise working hours: 3 of them, on a calendar whose hours are kept."""
    calendars.set_hours(world.calendar_office, calendars.OFFICE_WEEK, at=NOW, by=world.actor("admin"))
    world.calendar_office.refresh_from_db()
    PromiseTerm.objects.filter(metric="restoration").update(
        amount=Decimal(180), unit="working_minutes", calendar=world.calendar_office
    )
    return world


def down(world: World, at: datetime) -> Ticket:
    happen(change(world.circuit, DOWN, at, of=incident(at)))
    return ticket_of(world.circuit)


def test_new_hours_move_no_running_clock_until_an_approved_re_judging(office: World) -> None:
    ticket = down(office, NOW)  # Tuesday 08:00 in Shanghai
    due = clock_of(office.circuit).deadline_at
    assert due == NOW + 3 * HOUR
    calendars.set_hours(office.calendar_office, SHORT_WEEK, at=NOW + HOUR, by=office.actor("admin"))
    assert list(rejudge(at=NOW + HOUR)) == []
    assert CalendarEdition.objects.filter(code="office").count() == 2
    row = ask_rejudging(ticket.pk, Wish("promise", "新的工作时间"), at=NOW + HOUR, by=office.actor("li.qiang"))
    assert row.changes[0]["after"]["deadline_at"] > row.changes[0]["before"]["deadline_at"]
    approve_rejudging(row.pk, at=NOW + HOUR, by=office.actor("zhao.lei"))
    clock = clock_of(office.circuit)
    # One hour was used by the old hours; from 09:00 on the new ones count: 2 h from 14:00 end at 16:00.
    assert (clock.deadline_at, clock.total_s) == (NOW + 8 * HOUR, 3 * 3600)
    assert list(rejudge(at=NOW + 2 * HOUR)) == []


def test_a_corrected_year_moves_nothing_but_a_year_nobody_knew_is_learned(office: World) -> None:
    admin = office.actor("admin")
    new_year = datetime(2026, 12, 31, 9, tzinfo=UTC)  # Thursday 17:00 in Shanghai: 1 hour today, 2 on 1 January
    ticket = down(office, new_year)
    guess = clock_of(office.circuit)
    assert guess.deadline_at == datetime(2027, 1, 1, 2, tzinfo=UTC)
    days = [Day(date(2026, 12, 31), DayKind.HOLIDAY, "误加"), Day(date(2026, 10, 1), DayKind.HOLIDAY, "国庆节")]
    calendars.import_year(2026, days, source="更正", at=new_year, by=admin, replace=True)
    assert list(rejudge(at=new_year)) == []  # 31 December stays as the clock knew it
    holiday = [Day(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")]
    calendars.import_year(2027, holiday, source="国办发明电〔2026〕", at=new_year + HOUR, by=admin)
    leader = office.actor("zhao.lei")
    job = jobs.ask("ticket.rejudge", live_tickets(leader), {}, at=new_year + HOUR, by=leader)
    while running.advance(job.pk, at=new_year + HOUR):
        pass
    job.refresh_from_db()
    assert (job.state, job.kept) == ("done", {"changed": 1})
    clock = clock_of(office.circuit)
    assert clock.deadline_at == datetime(2027, 1, 4, 2, tzinfo=UTC)  # Monday 10:00
    assert list(rejudge(at=new_year + 2 * HOUR)) == []
    ticket.refresh_from_db()
    assert ticket.deadline_at == clock.deadline_at


def test_a_clock_made_before_editions_were_kept_goes_by_todays_calendar(office: World) -> None:
    down(office, NOW)
    clock = clock_of(office.circuit)
    kept: dict[str, Any] = {**clock.promise}
    kept.pop("edition")
    Clock.objects.filter(pk=clock.pk).update(promise=kept)
    calendars.set_hours(office.calendar_office, SHORT_WEEK, at=NOW, by=office.actor("admin"))
    assert {d.column for d in rejudge(at=NOW + HOUR)} & set(VERDICT_COLUMNS) >= {"deadline_at"}


def test_what_calendars_say_when_editions_begin_is_kept_as_if_they_had_always_been(office: World) -> None:
    admin = office.actor("admin")
    calendars.set_hours(office.calendar_always, ((), (), (), (), (), (), ()), at=NOW, by=admin)
    wanted = {row.stamp: row.content for row in CalendarEdition.objects.all()}
    CalendarEdition.objects.all().delete()
    import_module("mainstay.platform.calendars.migrations.0002_keep_editions").keep_today(apps, None)
    assert {row.stamp: row.content for row in CalendarEdition.objects.all()} == wanted
    assert len(wanted) == 2
