"""A message is sent once and read by the one it was sent to."""

from typing import Any

from mainstay.domain.actor import NOBODY, Actor, system
from mainstay.platform.journal.following import Follower
from mainstay.platform.messages import actions, queries
from mainstay.platform.messages.actions import NewMessage
from mainstay.platform.messages.models import Message
from tests.cast import NOW, World


def news(key: str, **more: Any) -> NewMessage:
    return NewMessage("notice", "某人", f"主题 {key}", "正文", key, **more)


def test_it_works(world: World, officer: Actor) -> None:
    assert actions.send([news("a", user_id=officer.user_id), news("b", user_id=officer.user_id)], at=NOW) == 2
    assert [m.dedupe_key for m in queries.inbox(officer)] == ["b", "a"]
    assert [n.kind for n in Follower(0).next(0)] == ["message", "message"]


def test_the_same_news_is_never_sent_twice(world: World, officer: Actor) -> None:
    wanted = [news("a", user_id=officer.user_id)]
    assert [actions.send(wanted + wanted, at=NOW) for _ in range(2)] == [1, 0]
    assert Message.objects.count() == 1
    assert len(Follower(0).next(0)) == 1


def test_one_reads_and_marks_only_ones_own(world: World, officer: Actor, leader: Actor) -> None:
    actions.send([news("a", user_id=officer.user_id)], at=NOW)
    pk = Message.objects.get().pk
    assert not queries.inbox(leader).exists()
    actions.mark_read([pk], at=NOW, by=leader)
    assert Message.objects.get().read_at is None
    actions.mark_read([pk], at=NOW, by=officer)
    assert Message.objects.get().read_at == NOW


def test_who_is_no_user_reads_and_marks_nothing(world: World) -> None:
    actions.send([news("a", contact_id=world.bank_contact.pk)], at=NOW)
    for actor in (NOBODY, system("worker")):
        assert not queries.inbox(actor).exists()
        actions.mark_read([Message.objects.get().pk], at=NOW, by=actor)
    assert Message.objects.get().read_at is None


def test_a_customer_sees_what_went_to_its_people_and_nothing_internal(
    world: World, customer: Actor, outsider: Actor, officer: Actor
) -> None:
    stamp = {"customer_id": world.bank.pk, "region_code": "4201"}
    actions.send(
        [news("inside", user_id=officer.user_id, **stamp), news("out", contact_id=world.bank_contact.pk, **stamp)],
        at=NOW,
    )
    assert [m.dedupe_key for m in queries.visible_to(customer)] == ["out"]
    assert [m.dedupe_key for m in queries.visible_to(officer)] == ["out", "inside"]
    assert not queries.visible_to(outsider).exists()


def test_messages_about_a_thing_are_oldest_first(world: World) -> None:
    actions.send([news(k, object_kind="ticket", object_id=7) for k in "ab"], at=NOW)
    assert [m.dedupe_key for m in queries.about("ticket", 7)] == ["a", "b"]
