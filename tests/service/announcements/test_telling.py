"""Customers are told of planned work in time, of its changes and its end; exactly those told hear the rest (I3)."""

from datetime import datetime, timedelta

import pytest

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.actions import (
    NewWork,
    announce_work,
    approve_work,
    cancel_work,
    finish_work,
    move_work,
    plan_work,
)
from mainstay.network.planned_work.errors import BadWork
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import sweep
from mainstay.service.announcements import queries
from mainstay.service.announcements.actions import NewAnswer, answer, remind_customers
from mainstay.service.announcements.errors import BadAnswer, NoSuchAnnouncement
from mainstay.service.announcements.models import Announcement
from tests.cast import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUSE = system("sweeper")
BEGIN = NOW + 7 * DAY
WORK = NewWork(
    "GJ-1", "光缆割接", BEGIN, BEGIN + 4 * HOUR, ("duct-BC",), details="断开原光路，接入新光缆。",
    preparation="请切换备用线路。", details_en="We splice the new cable.",
)  # fmt: skip


def announced(world: World, new: NewWork = WORK, *, at: datetime = NOW) -> PlannedWork:
    """Plan, approve and announce work."""
    officer, leader = world.actor("li.qiang"), world.actor("zhao.lei")
    work = plan_work(new, at=at, by=officer)
    approve_work(work.pk, at=at, by=leader)
    return announce_work(work.pk, at=at, by=officer)


def of(world: World, customer: str = "bank") -> Announcement:
    """Return what a customer knows of the work."""
    return Announcement.objects.get(customer=getattr(world, customer))


def letters(world: World, customer: str = "bank") -> list[Message]:
    """Return what a customer's people were sent, oldest first."""
    found = Message.objects.filter(object_kind="announcement", customer_id=getattr(world, customer).pk)
    return list(found.filter(contact_id__isnull=False).order_by("pk"))


def test_it_works(world: World) -> None:
    announced(world)
    row, letter = of(world), letters(world)[0]
    assert (row.circuits, row.state, row.grade, row.late) == (1, LiveState.UNPROTECTED, "AAA", False)
    assert of(world, "logistics").state == LiveState.DOWN
    assert letter.user_id == world.users["zhou.ying"].pk
    assert "技术实现：断开原光路，接入新光缆" in letter.body
    assert "请您准备：请切换备用线路" in letter.body
    assert world.circuit.number in letter.body
    assert "光缆割接" in letter.subject
    assert Announcement.objects.count() == 2


def test_each_reads_their_language(world: World) -> None:
    type(world.bank_contact).objects.filter(pk=world.bank_contact.pk).update(language="en")
    announced(world)
    body = letters(world)[0].body
    assert "What we do: We splice the new cable" in body
    assert "Please prepare: 请切换备用线路" in body


def promise_days(world: World, days: int) -> None:
    """Promise notice of so many working days to circuits of AAA."""
    PromiseTerm.objects.create(
        profile=world.profile, grade="AAA", metric="planned_notice", amount=days, unit="working_days",
        calendar=world.calendar_office, valid_from="2020-01-01",
    )  # fmt: skip


@pytest.mark.parametrize(("days", "late"), [(3, False), (8, True)])
def test_too_late_a_notice_is_flagged(world: World, days: int, late: bool) -> None:
    promise_days(world, days)
    announced(world)
    row = of(world)
    assert row.due_at is not None
    assert (row.late, row.due_at < NOW) == (late, late)
    assert of(world, "logistics").due_at is None


def test_without_anybody_to_tell_it_says_so(world: World) -> None:
    type(world.bank_contact).objects.filter(customer=world.bank).update(notify=False)
    announced(world)
    row = of(world)
    assert (row.told_at, row.untold_since) == (None, NOW)
    assert letters(world) == []


def test_a_move_voids_the_approval_and_tells_those_told(world: World, officer: Actor, leader: Actor) -> None:
    work = announced(world)
    answer(of(world).pk, NewAnswer("accepted", person="周颖"), at=NOW + HOUR, by=officer)
    later = BEGIN + DAY
    moved = move_work(work.pk, later, later + 4 * HOUR, at=NOW + 2 * HOUR, by=officer.because("天气原因"))
    assert (moved.status, moved.announced_at, moved.revision) == ("planned", None, 1)
    assert len(letters(world)) == 1
    with pytest.raises(BadWork):
        announce_work(work.pk, at=NOW + 2 * HOUR, by=officer)
    approve_work(work.pk, at=NOW + 3 * HOUR, by=leader)
    announce_work(work.pk, at=NOW + 3 * HOUR, by=officer)
    row, letter = of(world), letters(world)[-1]
    assert (row.from_at, row.answer, row.revision) == (later, "", 1)
    assert "原因：天气原因" in letter.body
    assert "原时间" in letter.body
    assert [t.what for t in queries.tellings_of(row.pk)] == ["first", "moved"]


def test_who_moves_work_does_not_approve_it(world: World, officer: Actor) -> None:
    admin = world.actor("admin")
    work = announced(world)
    move_work(work.pk, BEGIN + DAY, BEGIN + DAY + HOUR, at=NOW, by=admin.because("改期"))
    with pytest.raises(NotAllowed):
        approve_work(work.pk, at=NOW, by=admin)


def test_calling_off_tells_exactly_those_told(world: World, officer: Actor) -> None:
    type(world.logistics_contact).objects.filter(customer=world.logistics).update(notify=False)
    work = announced(world)
    type(world.bank_contact).objects.filter(customer=world.bank).update(notify=False)
    type(world.logistics_contact).objects.filter(customer=world.logistics).update(notify=True)
    cancel_work(work.pk, at=NOW + HOUR, by=officer.because("天气原因"))
    assert "取消" in letters(world)[-1].subject
    assert letters(world, "logistics") == []
    assert of(world).withdrawn_at == NOW + HOUR


def test_work_that_nobody_was_told_of_ends_in_silence(world: World, officer: Actor, leader: Actor) -> None:
    work = plan_work(WORK, at=NOW, by=officer)
    approve_work(work.pk, at=NOW, by=leader)
    cancel_work(work.pk, at=NOW, by=officer.because("不需要了"))
    assert not Message.objects.filter(object_kind="announcement").exists()


def test_the_end_is_told_with_the_result(world: World, officer: Actor) -> None:
    work = announced(world)
    done = finish_work(work.pk, at=BEGIN + 5 * HOUR, by=officer, result="rolled_back", note="新光缆衰耗过大")
    assert done.overrun_s == 3600
    assert "回退" in letters(world)[-1].body


def test_the_customer_answers(world: World, customer: Actor) -> None:
    announced(world)
    row = answer(of(world).pk, NewAnswer("prepared", "已切换"), at=NOW + HOUR, by=customer)
    assert (row.answer, row.answered_via, row.answered_by) == ("prepared", "portal", customer.name)
    assert Entry.objects.get(action="announcement.answer").customer_id == world.bank.pk


def test_who_asks_for_another_time_is_heard_by_the_planner(world: World, customer: Actor) -> None:
    announced(world)
    answer(of(world).pk, NewAnswer("other_time", "月末结算，请改到周六"), at=NOW + HOUR, by=customer)
    told = Message.objects.get(user=world.users["li.qiang"], object_kind="work")
    assert "月末结算" in told.body


def test_answers_that_are_none_are_refused(world: World, customer: Actor, officer: Actor) -> None:
    work = announced(world)
    pk = of(world).pk
    for new in (NewAnswer("maybe"), NewAnswer(""), NewAnswer("other_time")):
        with pytest.raises(BadAnswer):
            answer(pk, new, at=NOW, by=customer)
    with pytest.raises(BadAnswer, match="Say who"):
        answer(pk, NewAnswer("accepted"), at=NOW, by=officer)
    with pytest.raises(BadAnswer, match="has begun"):
        answer(pk, NewAnswer("accepted"), at=BEGIN, by=customer)
    cancel_work(work.pk, at=NOW, by=officer.because("改期"))
    with pytest.raises(BadAnswer, match="called off"):
        answer(pk, NewAnswer("accepted"), at=NOW, by=customer)


def test_another_customer_sees_and_answers_nothing(world: World, outsider: Actor) -> None:
    announced(world)
    for actor in (outsider, world.actor("huang.wei")):
        with pytest.raises(NoSuchAnnouncement):
            queries.announcement(actor, of(world).pk)
    with pytest.raises(NoSuchAnnouncement):
        answer(of(world).pk, NewAnswer("accepted"), at=NOW, by=outsider)
    assert [row.customer_id for row in queries.own(outsider, at=NOW)] == [world.logistics.pk]


def test_the_silent_are_reminded_once(world: World, customer: Actor) -> None:
    announced(world)
    answer(of(world).pk, NewAnswer("accepted"), at=NOW + HOUR, by=customer)
    at = BEGIN - DAY
    assert sweep(at=at, by=HOUSE) == 1
    assert sweep(at=at, by=HOUSE) == 0
    assert [m.subject for m in letters(world, "logistics")][-1].startswith("请答复")
    assert len(letters(world)) == 1
    assert Message.objects.filter(user=world.logistics.account_manager, kind="warning").count() == 1


def test_reminding_by_hand_asks_only_the_silent(world: World, officer: Actor, customer: Actor) -> None:
    work = announced(world)
    answer(of(world).pk, NewAnswer("accepted"), at=NOW, by=customer)
    assert remind_customers(work.pk, at=NOW + HOUR, by=officer) == 1
    with pytest.raises(BadAnswer):
        remind_customers(work.pk, at=BEGIN + HOUR, by=officer)


def test_the_preview_says_who_would_be_told_and_how_it_reads(world: World, officer: Actor, leader: Actor) -> None:
    work = plan_work(WORK, at=NOW, by=officer)
    states = [(world.circuit.pk, 1), (world.logistics_circuit.pk, 3)]
    found = queries.preview(work, states, at=NOW)
    assert [who.customer.pk for who, _audience, _late in found.rows] == [world.bank.pk, world.logistics.pk]
    assert (found.late, found.untold) == (0, 0)
    assert "技术实现" in found.samples[0].letter.long
    assert "What we do" in found.samples[1].letter.long
    assert not Message.objects.exists()
