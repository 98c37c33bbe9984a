"""News goes out in order; events reach their handlers within the transaction that announces them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from mainstay.domain.actor import Actor, system
from mainstay.platform.journal import actions, queries, registry
from mainstay.platform.journal.actions import News
from mainstay.platform.journal.following import Follower
from mainstay.platform.journal.models import Entry, OutboxEvent
from tests.cast import NOW

BY = system("test")


@dataclass(frozen=True)
class Rang:
    """An event of this test's own."""

    what: str


@pytest.fixture
def heard() -> Iterator[list[str]]:
    heard: list[str] = []
    registry.listen(
        Rang, lambda event, by: heard.append("1" + event.what), lambda event, by: heard.append("2" + event.what)
    )
    yield heard
    registry.listen(Rang)


def test_it_works(db: None) -> None:
    start = queries.newest_event_id()
    actions.publish(
        [News("ticket", "ticket", 1), News("alarm", "alarm", 2, region_code="42", body={"at": NOW})], at=NOW
    )
    assert [(n.kind, n.object_id) for n in Follower(start).next(0)] == [("ticket", "1"), ("alarm", "2")]
    assert Follower(queries.newest_event_id()).next(0) == []
    assert len(Follower(start).next(0, limit=1)) == 1


def test_without_news_the_newest_is_nought(db: None) -> None:
    assert queries.newest_event_id() == 0


def test_handlers_hear_in_the_order_they_were_listed(heard: list[str]) -> None:
    actions.announce(Rang("x"), by=BY)
    assert heard == ["1x", "2x"]


def test_an_event_nobody_listens_to_is_no_error() -> None:
    actions.announce(object(), by=BY)


@transaction.atomic
def record_and_announce() -> None:
    actions.record("x", [actions.Change("k", 1)], at=NOW, by=BY)
    actions.announce(Rang("boom"), by=BY)


def test_a_handler_that_fails_fails_the_whole_transaction(db: None) -> None:
    def fail(event: Rang, by: Actor) -> None:
        raise LookupError(event.what)

    registry.listen(Rang, fail)
    try:
        with pytest.raises(LookupError):
            record_and_announce()
    finally:
        registry.listen(Rang)
    assert not Entry.objects.exists()


def test_only_what_is_old_and_read_by_all_is_pruned(db: None) -> None:
    actions.publish([News("a", "a", n) for n in range(3)], at=NOW - timedelta(days=2))
    actions.publish([News("a", "a", 3)], at=NOW)
    ids = list(OutboxEvent.objects.order_by("id").values_list("pk", flat=True))
    assert actions.prune_outbox(before=NOW, readers=[ids[1], ids[3]]) == 2
    assert actions.prune_outbox(before=NOW, readers=[]) == 1
    assert list(OutboxEvent.objects.values_list("pk", flat=True)) == ids[3:]
