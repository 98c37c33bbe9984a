"""What is due fires once, whatever else fails (promise-clocks 22)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections

from mainstay.domain.actor import Actor, system
from mainstay.platform.timers import actions, queries
from mainstay.platform.timers.actions import Due
from mainstay.platform.timers.models import Timer
from tests.cast import NOW

BY = system("test")
SECOND = timedelta(seconds=1)


@pytest.fixture
def fired() -> Iterator[list[str]]:
    fired: list[str] = []

    def effect(timers: list[Timer], at: datetime, by: Actor) -> None:
        fired.extend(f"{t.owner_id}{t.rung}" for t in timers)
        if any(t.rung == "bad" for t in timers):
            raise LookupError("bad")

    actions.register("test", effect)
    actions.register("other", lambda timers, at, by: fired.extend(f"other{t.owner_id}" for t in timers))
    yield fired
    for purpose in ("test", "other"):
        actions._effects.pop(purpose)


def due(owner: int, rung: str = "a", after: int = 0, purpose: str = "test") -> Due:
    return Due(purpose, "ticket", owner, rung, NOW + after * SECOND)


def test_it_works(db: None, fired: list[str]) -> None:
    actions.set_timers([due(1), due(2, after=1), due(3, after=-1)])
    assert queries.next_due() == NOW - SECOND
    assert actions.sweep(at=NOW, by=BY) == 2
    assert fired == ["3a", "1a"]
    assert actions.sweep(at=NOW, by=BY) == 0
    assert actions.sweep(at=NOW + SECOND, by=BY) == 1
    assert queries.next_due() is None


def test_a_moved_timer_fires_at_its_new_instant(db: None, fired: list[str]) -> None:
    actions.set_timers([due(1)])
    actions.set_timers([due(1, after=5)])
    assert actions.sweep(at=NOW, by=BY) == 0
    assert actions.sweep(at=NOW + 5 * SECOND, by=BY) == 1


def test_a_timer_that_has_fired_never_fires_again(db: None, fired: list[str]) -> None:
    actions.set_timers([due(1)])
    actions.sweep(at=NOW, by=BY)
    actions.set_timers([due(1, after=5)])
    assert actions.sweep(at=NOW + 9 * SECOND, by=BY) == 0
    assert fired == ["1a"]


def test_a_cancelled_timer_stays_silent_until_it_is_set_again(db: None, fired: list[str]) -> None:
    actions.set_timers([due(1), due(2), due(1, purpose="other")])
    actions.cancel("test", "ticket", [1], at=NOW)
    actions.sweep(at=NOW, by=BY)
    assert fired == ["other1", "2a"]
    actions.set_timers([due(1)])
    actions.sweep(at=NOW, by=BY)
    assert fired[-1] == "1a"


def test_a_timer_set_twice_in_one_call_has_the_last_instant(db: None, fired: list[str]) -> None:
    actions.set_timers([due(1), due(1, after=5)])
    assert Timer.objects.get().due_at == NOW + 5 * SECOND


def test_nothing_to_set_is_no_error(db: None) -> None:
    actions.set_timers([])


def test_one_bad_timer_holds_up_no_other(db: None, fired: list[str], caplog: pytest.LogCaptureFixture) -> None:
    actions.set_timers([due(1, "bad", after=-5), due(2), due(3), due(4, purpose="other")])
    assert actions.sweep(at=NOW, by=BY) == 3
    assert Timer.objects.get(fired_at=None).rung == "bad"
    assert queries.overdue(NOW) == 1
    assert "stays due" in caplog.text
    assert actions.sweep(at=NOW, by=BY) == 0


def test_a_purpose_nobody_serves_is_logged_and_stays_due(
    db: None, fired: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    actions.set_timers([due(1, purpose="unknown"), due(2)])
    assert actions.sweep(at=NOW, by=BY) == 1
    assert "unknown" in caplog.text
    assert queries.overdue(NOW) == 1


def test_the_limit_leaves_the_later_for_the_next_time(db: None, fired: list[str]) -> None:
    actions.set_timers(due(n, after=n - 10) for n in range(5))
    assert [actions.sweep(at=NOW, by=BY, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert fired == ["0a", "1a", "2a", "3a", "4a"]


@pytest.mark.django_db(transaction=True)
def test_several_sweepers_fire_each_timer_once(fired: list[str]) -> None:
    actions.set_timers(due(n) for n in range(60))

    def sweep_all(_: int) -> None:
        try:
            while actions.sweep(at=NOW, by=BY, limit=5):
                pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep_all, range(4)))
    while actions.sweep(at=NOW, by=BY):
        pass
    assert sorted(fired) == sorted(f"{n}a" for n in range(60))
