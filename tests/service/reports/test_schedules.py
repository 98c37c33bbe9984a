"""A schedule begins by itself once the month is closed, in its owner's name; for whom a report is due then (D3, R1)."""

from datetime import UTC, date, datetime

import pytest

from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import MainstayError
from mainstay.platform.documents.actions import NewSchedule, save_schedule, stop_schedule
from mainstay.platform.documents.models import Document, Schedule
from mainstay.platform.jobs import running
from mainstay.platform.jobs.models import Job
from mainstay.platform.messages.models import Message
from mainstay.platform.timers import actions as timers
from mainstay.service.service_levels import actions as levels
from tests.cast import World
from tests.service.reports.conftest import SEPTEMBER, out

OCTOBER_FIRST = datetime(2026, 10, 1, 2, tzinfo=UTC)
DUE = datetime(2026, 10, 4, 22, tzinfo=UTC)
NEW = NewSchedule("月报", "reports.customers", ("service-report",), day=5, hour=6)
BY = system("sweeper")


def sweep(at: datetime) -> None:
    while timers.sweep(at=at, by=BY):
        pass


def run_all(at: datetime) -> None:
    for job in Job.objects.filter(ended_at__isnull=True):
        while running.advance(job.pk, at=at):
            pass


def test_it_makes_and_sends_by_itself(september: World, manager: Actor) -> None:
    schedule = save_schedule(NEW, at=OCTOBER_FIRST, by=manager)
    assert schedule.next_at == DUE
    sweep(DUE)
    run_all(DUE)
    assert set(Document.objects.values_list("customer_id", "month")) == {
        (september.bank.pk, SEPTEMBER), (september.branch.pk, SEPTEMBER),
    }  # fmt: skip
    assert not Document.objects.filter(sent_at__isnull=True).exists()
    assert Message.objects.filter(contact_id=september.bank_contact.pk, object_kind="document").count() == 1
    schedule.refresh_from_db()
    assert (schedule.last_month, schedule.next_at.month) == (SEPTEMBER, 11)


def test_it_waits_for_a_month_that_is_not_closed_and_goes_on_when_it_is(world: World) -> None:
    manager = world.actor("wang.min")
    out(world)
    save_schedule(NEW, at=OCTOBER_FIRST, by=manager)
    levels.bring_up_to(datetime(2026, 9, 30, 12, tzinfo=UTC), system("ledger"))
    sweep(DUE)
    schedule = Schedule.objects.get()
    assert (schedule.waiting_for, Job.objects.count()) == (SEPTEMBER, 0)
    closed_at = datetime(2026, 10, 4, 22, 30, tzinfo=UTC)
    levels.close_month(SEPTEMBER, closed_at, world.actor("admin"))
    sweep(closed_at)
    assert Job.objects.filter(kind="reports.customers").count() == 1


def test_a_stopped_one_rests(september: World, manager: Actor) -> None:
    schedule = save_schedule(NEW, at=OCTOBER_FIRST, by=manager)
    stop_schedule(schedule.pk, at=OCTOBER_FIRST, by=manager)
    sweep(DUE)
    assert Job.objects.count() == 0


def test_who_was_promised_one_a_year_gets_none_in_between(september: World, manager: Actor) -> None:
    SpecialTerm.objects.create(
        customer=september.bank, metric="report", amount=12, unit="months", calendar=september.calendar_always,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    save_schedule(NEW, at=OCTOBER_FIRST, by=manager)
    sweep(DUE)
    run_all(DUE)
    assert not Document.objects.filter(customer_id=september.bank.pk).exists()


def test_nobody_sees_anothers_schedule(september: World, manager: Actor) -> None:
    schedule = save_schedule(NEW, at=OCTOBER_FIRST, by=manager)
    with pytest.raises(MainstayError):
        stop_schedule(schedule.pk, at=OCTOBER_FIRST, by=september.actor("liu.fang"))
