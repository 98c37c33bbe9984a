"""What promise clocks refuse, and in which words (PC 20)."""

from datetime import datetime

import pytest

from mainstay.domain.business_time import Unit
from mainstay.domain.promise_clock import ClockError, ClockEvent, ClockPolicy, EventKind, Promise
from tests.domain.clock_cast import OFFICE
from tests.domain.clock_words import event, monday, pause, read, start


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ([event("stop", monday(9))], "stop at .* has not started yet"),
        ([event("resolve", monday(9))], "has not started yet"),
        ([event("confirm", monday(9))], "has not started yet"),
        ([pause(monday(9))], "has not started yet"),
        ([event("reopen", monday(9))], "nothing to reopen"),
        ([event("resume", monday(9))], "is not paused"),
        ([start(monday(8)), event("stop", monday(7))], "has not started yet"),
        ([start(monday(8)), event("resume", monday(9))], "is not paused"),
        ([start(monday(8)), start(monday(9))], "running already"),
        ([start(monday(8)), pause(monday(9)), pause(monday(10))], "already paused since 2026-09-21T01:00:00"),
        ([start(monday(8)), pause(monday(9), "")], "needs a reason"),
        ([start(monday(8)), pause(monday(9), limit_s=0)], "limit of a pause must be above 0"),
        ([start(monday(8)), event("stop", monday(9)), event("stop", monday(10))], "stopped since"),
        ([start(monday(8)), event("stop", monday(9)), pause(monday(10))], "stopped since"),
        ([start(monday(8)), event("cancel", monday(9)), pause(monday(10))], "stopped since"),
        ([start(monday(8)), event("cancel", monday(9)), event("not_affected", monday(10))], "already withdrawn"),
        ([start(monday(8)), event("resolve", monday(9)), event("resolve", monday(10))], "resolved already"),
        ([start(monday(8)), event("confirm", monday(9)), event("confirm", monday(10))], "confirmed already"),
        ([start(monday(8)), event("promise_changed", monday(9))], "new promise is missing"),
        ([start(monday(8), 1), pause(monday(9)), event("resume", monday(9))], "same sequence 50"),
    ],
)
def test_an_impossible_sequence_is_refused(log: list[ClockEvent], message: str) -> None:
    """PC 20."""
    with pytest.raises(ClockError, match=message):
        read(monday(12), *log)


def test_a_naive_time_is_refused() -> None:
    """PC 20."""
    naive = datetime(2026, 9, 21, 9)  # noqa: DTZ001
    with pytest.raises(ClockError, match="no time zone"):
        read(naive, start(monday(9)))
    with pytest.raises(ClockError, match="no time zone"):
        read(monday(10), start(naive))
    with pytest.raises(ClockError, match="no time zone"):
        read(monday(10), ClockEvent(EventKind.START, monday(9), 1, naive))


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("unit", list(Unit))
def test_a_promise_of_nothing_is_refused(amount: int, unit: Unit) -> None:
    """PC 20."""
    with pytest.raises(ClockError, match="promise at least 1"):
        Promise(amount, unit, OFFICE)


def test_nonsense_in_promise_and_policy_is_refused() -> None:
    """PC 20."""
    with pytest.raises(ClockError, match="use working days"):
        Promise(2, Unit.SAME_DAY, OFFICE)
    with pytest.raises(ClockError, match="percentages above 0"):
        ClockPolicy(rungs=(50, 0))


def test_an_error_can_be_told_in_another_language() -> None:
    with pytest.raises(ClockError) as caught:
        read(monday(12), event("resume", monday(9)))
    assert caught.value.explain(lambda text: text.upper().replace("{KIND}", "{kind}").replace("{AT}", "{at}")) != str(
        caught.value
    )
    assert caught.value.values == {"kind": "resume", "at": "2026-09-21T01:00:00+00:00"}
