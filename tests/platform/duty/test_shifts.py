"""Shifts are planned and ended, notes are written and taken over; what cannot be is refused."""

from datetime import datetime, timedelta

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, NotFound, Refused
from mainstay.platform.duty import actions, queries
from mainstay.platform.duty.actions import PlannedShift
from mainstay.platform.duty.models import Desk, HandoverNote, Shift
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

HOUR = timedelta(hours=1)


def test_it_works(world: World, admin: Actor) -> None:
    user = world.users["chen.tao"]
    wanted = [PlannedShift(user.pk, NOW, NOW + 8 * HOUR), PlannedShift(user.pk, NOW + 8 * HOUR, NOW + 16 * HOUR)]
    assert len(actions.plan_shifts(world.desk, wanted, at=NOW, by=admin)) == 2
    entry = Entry.objects.filter(action="shift.plan").latest("id")
    assert entry.region_code == "42"
    assert entry.after is not None
    assert entry.after["user"] == "陈涛"


def test_only_who_may_change_settings_plans(world: World, officer: Actor) -> None:
    wanted = [PlannedShift(world.users["chen.tao"].pk, NOW, NOW + HOUR)]
    with pytest.raises(NotAllowed):
        actions.plan_shifts(world.desk, wanted, at=NOW, by=officer)
    with pytest.raises(NotAllowed):
        actions.create_desk("x", "X", "42", at=NOW, by=officer)
    with pytest.raises(NotAllowed):
        actions.end_shift(Shift.objects.values_list("pk", flat=True)[0], at=NOW, by=officer)


@pytest.mark.parametrize(
    ("who", "start", "end", "level", "message"),
    [
        ("chen.tao", NOW, NOW, 1, "before it begins"),
        ("chen.tao", NOW, NOW - HOUR, 1, "before it begins"),
        ("chen.tao", NOW, NOW + timedelta(days=40), 1, "31 days at most"),
        ("chen.tao", NOW.replace(tzinfo=None), NOW + HOUR, 1, "no time zone"),
        ("chen.tao", NOW, (NOW + HOUR).replace(tzinfo=None), 1, "no time zone"),
        ("chen.tao", NOW, NOW + HOUR, 4, "4 is not a level"),
        ("zhou.ying", NOW, NOW + HOUR, 1, "Only active staff"),
        ("li.qiang", NOW, NOW + HOUR, 1, "李强 would be on duty twice"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(
    world: World, admin: Actor, who: str, start: datetime, end: datetime, level: int, message: str
) -> None:
    before = Shift.objects.count()
    with pytest.raises(Refused, match=message):
        actions.plan_shifts(world.desk, [PlannedShift(world.users[who].pk, start, end, level)], at=NOW, by=admin)
    assert Shift.objects.count() == before


def test_an_overlap_within_one_plan_is_refused(world: World, admin: Actor) -> None:
    pk = world.users["chen.tao"].pk
    with pytest.raises(Refused, match="twice"):
        actions.plan_shifts(
            world.desk, [PlannedShift(pk, NOW, NOW + 3 * HOUR), PlannedShift(pk, NOW + HOUR, NOW + 2 * HOUR)],
            at=NOW, by=admin,
        )  # fmt: skip


def test_an_overlap_with_someone_now_locked_is_no_crash(world: World, admin: Actor) -> None:
    locked = world.users["li.qiang"]
    locked.is_active = False
    locked.save()
    made = actions.plan_shifts(
        world.desk, [PlannedShift(world.users["chen.tao"].pk, NOW, NOW + HOUR)], at=NOW, by=admin
    )
    assert len(made) == 1


def test_a_running_shift_ends_now_and_one_to_come_vanishes(world: World, admin: Actor) -> None:
    running = Shift.objects.get(user=world.users["li.qiang"])
    actions.end_shift(running.pk, at=NOW, by=admin)
    running.refresh_from_db()
    assert running.to_at == NOW
    with pytest.raises(Refused, match="ended already"):
        actions.end_shift(running.pk, at=NOW, by=admin)
    (coming,) = actions.plan_shifts(
        world.desk, [PlannedShift(world.users["chen.tao"].pk, NOW + HOUR, NOW + 2 * HOUR)], at=NOW, by=admin
    )
    pk = coming.pk
    actions.end_shift(pk, at=NOW, by=admin)
    assert not Shift.objects.filter(pk=pk).exists()
    assert Entry.objects.latest("id").object_id == str(pk)
    with pytest.raises(NotFound):
        actions.end_shift(pk, at=NOW, by=admin)


def test_a_desk_needs_a_region_that_exists_and_a_code_of_its_own(world: World, admin: Actor) -> None:
    with pytest.raises(Refused, match="“4299”"):
        actions.create_desk("x", "X", "4299", at=NOW, by=admin)
    with pytest.raises(Refused, match="“hubei” is taken"):
        actions.create_desk("hubei", "X", "42", at=NOW, by=admin)
    assert Desk.objects.count() == 2


def test_a_note_waits_until_the_next_shift_takes_over(world: World, officer: Actor) -> None:
    actions.write_note(world.desk.pk, " 汉江银行来电三次，勿再打扰。 ", at=NOW, by=officer)
    assert [note.text for note in queries.open_notes(officer)] == ["汉江银行来电三次，勿再打扰。"]
    assert actions.take_over(world.desk.pk, at=NOW + HOUR, by=officer) == 1
    assert actions.take_over(world.desk.pk, at=NOW + HOUR, by=officer) == 0
    note = queries.shift_log(officer).get()
    assert (note.taken_over_at, note.taken_over_by) == (NOW + HOUR, "李强")
    assert Entry.objects.filter(action="desk.take_over").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "长" * 4001])
def test_an_empty_or_endless_note_is_refused(world: World, officer: Actor, text: str) -> None:
    with pytest.raises(Refused):
        actions.write_note(world.desk.pk, text, at=NOW, by=officer)


def test_the_desk_of_another_region_does_not_exist_for_one(world: World) -> None:
    stranger = world.actor("huang.wei")
    HandoverNote.objects.create(desk=world.desk, at=NOW, by_name="李强", text="内部")
    with pytest.raises(NotFound):
        actions.write_note(world.desk.pk, "x", at=NOW, by=stranger)
    with pytest.raises(NotFound):
        actions.take_over(world.desk.pk, at=NOW, by=stranger)
    assert not queries.shift_log(stranger).exists()
    for who in ("zhou.ying", "wu.tong", "wang.min"):
        assert not queries.shift_log(world.actor(who)).exists()
    with pytest.raises(NotAllowed):
        actions.write_note(world.desk.pk, "x", at=NOW, by=world.actor("zhou.ying"))
