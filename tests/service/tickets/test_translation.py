"""Whatever order a story comes in, each clock gets a log that it can take (PC 11, 20)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.promise_clock import ClockPolicy, Promise, StartAt, StopAt, judge
from mainstay.service.tickets.choices import CLOCK_EVENTS, ClockKind, EventKind
from mainstay.service.tickets.models import TicketEvent
from mainstay.service.tickets.translation import clock_log, in_order

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
HOUR = Promise(60, Unit.NATURAL_MINUTES, Calendar.always_open())
BODIES: dict[str, list[dict[str, Any]]] = {
    EventKind.PAUSED: [
        {"reason": "access_denied", "circuits": [1, 2]},
        {"reason": "access_denied", "limit_s": 900, "circuits": [1]},
        {"reason": "customer_request", "circuits": [2]},
    ],
    EventKind.CIRCUIT_DEGRADED: [{"counts": True}, {"counts": False}],
    EventKind.CUSTOMER_REPORT: [{"starts": True}, {}],
    EventKind.REOPENED: [{}, {"circuits": [1]}, {"circuits": [2]}],
    EventKind.LINKED: [{"ends": True}, {}],
    EventKind.PROMISE_CHANGED: [{"promise": {}}],
    EventKind.CIRCUIT_DOWN: [{}, {"detected_at": (BEGIN + timedelta(minutes=50)).isoformat()}],
}
OF_A_CIRCUIT = {
    EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED, EventKind.CIRCUIT_RESTORED, EventKind.NOT_AFFECTED,
    EventKind.CUSTOMER_REPORT, EventKind.PROMISE_CHANGED,
}  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> TicketEvent:
    kind = draw(st.sampled_from(CLOCK_EVENTS))
    at = BEGIN + timedelta(minutes=draw(st.integers(0, 90)))
    circuit = draw(st.sampled_from([1, 2])) if kind in OF_A_CIRCUIT else None
    return TicketEvent(
        kind=kind, at=at, recorded_at=at, circuit_id=circuit, body=draw(st.sampled_from(BODIES.get(kind, [{}])))
    )


policies = st.builds(
    ClockPolicy,
    start_at=st.sampled_from(StartAt),
    stop_at=st.sampled_from(StopAt),
    resolved_counts=st.booleans(),
)


@given(st.lists(entries(), max_size=14), policies, st.sampled_from([ClockKind.RESTORATION, ClockKind.RESPONSE]))
def test_any_story_can_be_judged(story: list[TicketEvent], policy: ClockPolicy, kind: str) -> None:
    for number, event in enumerate(story, start=1):
        event.pk = number
    circuit = 1 if kind == ClockKind.RESTORATION else None
    log = clock_log(kind, circuit, policy, in_order(story), lambda kept: HOUR)
    verdict = judge(HOUR, policy, log, BEGIN + timedelta(minutes=95))
    assert 0 <= verdict.used_s <= 95 * 60


@given(st.lists(entries(), max_size=14), st.randoms(use_true_random=False))
def test_the_order_of_writing_down_never_matters(story: list[TicketEvent], chance: Any) -> None:
    for number, event in enumerate(story, start=1):
        event.pk = number
    shuffled = list(story)
    chance.shuffle(shuffled)
    one, other = (
        clock_log(ClockKind.RESTORATION, 1, ClockPolicy(), in_order(events), lambda kept: HOUR)
        for events in (story, shuffled)
    )
    assert one == other
