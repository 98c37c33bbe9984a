"""A reader of the outbox misses nothing, also where a lower number is committed later."""

from mainstay.platform.journal import following
from mainstay.platform.journal.following import PATIENCE_S, Follower
from mainstay.platform.journal.models import OutboxEvent
from tests.cast import NOW


def told(*numbers: int) -> None:
    OutboxEvent.objects.bulk_create(
        OutboxEvent(pk=n, at=NOW, kind="ticket", object_kind="ticket", object_id="1") for n in numbers
    )


def read(follower: Follower, now: float) -> list[int]:
    return [event.pk for event in follower.next(now)]


def test_news_committed_late_is_read_late_and_once(db: None) -> None:
    told(1, 2)
    follower = Follower.from_now(0)
    told(3, 6)
    assert read(follower, 1) == [3, 6]
    told(5)
    assert read(follower, 2) == [5]
    told(4, 7)
    assert read(follower, 3) == [4, 7]
    assert read(follower, 4) == []
    assert not follower.missing


def test_what_was_not_committed_when_the_reader_began_is_read_too(db: None) -> None:
    told(1, 3)
    follower = Follower.from_now(0)
    told(2)
    assert read(follower, 1) == [2]


def test_numbers_that_never_come_are_given_up(db: None) -> None:
    told(1)
    follower = Follower.from_now(0)
    told(5)
    assert read(follower, 1) == [5]
    assert set(follower.missing) == {2, 3, 4}
    assert read(follower, 2 + PATIENCE_S) == []
    assert not follower.missing
    told(3)
    assert read(follower, 3 + PATIENCE_S) == []


def test_a_great_gap_takes_no_great_room(db: None) -> None:
    told(1)
    follower = Follower.from_now(0)
    told(3 * following.MOST_MISSING)
    assert read(follower, 1) == [3 * following.MOST_MISSING]
    assert len(follower.missing) == following.MOST_MISSING


def test_an_empty_outbox_is_followed_from_its_first_news(db: None) -> None:
    follower = Follower.from_now(0)
    told(1)
    assert read(follower, 1) == [1]
