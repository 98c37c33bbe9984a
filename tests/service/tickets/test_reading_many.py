"""Very many clocks are read at once as each is read alone (PC 9, 11, 13)."""

import itertools
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.business_time import Calendar
from mainstay.domain.promise_clock import ClockPolicy
from mainstay.service.tickets.choices import CLOCK_EVENTS, ClockKind, EventKind
from mainstay.service.tickets.clocks import Judge, verdict_columns
from mainstay.service.tickets.models import Clock, TicketEvent
from mainstay.service.tickets.policy import frozen
from mainstay.service.tickets.reading_many import read_many
from mainstay.service.tickets.stays import stays_of
from mainstay.service.tickets.translation import in_order
from tests.domain.clock_cast import OFFICE
from tests.service.tickets.test_translation import BEGIN, entries

KEPT: dict[str, Any] = {"amount": "45", "unit": "natural_minutes", "calendar": "24x7"}
WORKED: dict[str, Any] = {"amount": "60", "unit": "working_minutes", "calendar": "office"}
POLICY = frozen(ClockPolicy())
CLOCKS = (
    Clock(kind=ClockKind.RESTORATION, circuit_id=1, promise=KEPT, policy=POLICY),
    Clock(kind=ClockKind.RESTORATION, circuit_id=2, promise=WORKED, policy=POLICY),
    Clock(kind=ClockKind.RESPONSE, promise=KEPT, policy=POLICY),
    Clock(kind=ClockKind.FEEDBACK, promise={**KEPT, "amount": "10"}, policy=POLICY),
    Clock(kind=ClockKind.DEPARTMENT, department_id=1, promise=KEPT, policy=POLICY | {"pauses_help": True}),
    Clock(kind=ClockKind.DEPARTMENT, department_id=2, promise=WORKED, policy=POLICY | {"pauses_help": False}),
)


class Desk(Judge):
    """A judge whose calendars come from memory."""

    def _calendar(self, code: str, edition: str) -> Calendar:
        return OFFICE if code == "office" else Calendar.always_open()


@st.composite
def stories(draw: st.DrawFn) -> list[TicketEvent]:
    events = draw(st.lists(entries(), max_size=14))
    events += [
        TicketEvent(kind=kind, at=at, recorded_at=at, body=body)
        for minute in draw(st.lists(st.integers(0, 90), max_size=5))
        for at in [BEGIN + timedelta(minutes=minute)]
        for kind, body in [draw(st.sampled_from([
            (EventKind.HANDED, {"department": 1}), (EventKind.HANDED, {"department": 2}),
            (EventKind.CUSTOMER_TOLD, {"what": "update"}), (EventKind.OPENED, {}),
            (EventKind.CALL, {"inbound": False, "contact": 1}),
        ]))]
    ]  # fmt: skip
    events = [event for event in events if event.kind != EventKind.PROMISE_CHANGED]
    for number, event in enumerate(events, start=1):
        event.pk = number
    return in_order(events)


@given(st.lists(st.tuples(stories(), st.integers(0, 120)), max_size=4))
def test_reading_together_is_reading_alone(told: list[tuple[list[TicketEvent], int]]) -> None:
    judge = Desk(BEGIN + timedelta(minutes=120))
    asked = [(clock, story, BEGIN + timedelta(minutes=at)) for story, at in told for clock in CLOCKS]
    alone = [verdict_columns(judge.verdict(clock, story, at=at)) for clock, story, at in asked]
    assert read_many(asked, judge) == alone


@given(stories())
def test_stays_are_in_order_never_overlap_and_end_by_the_reading(story: list[TicketEvent]) -> None:
    until = BEGIN + timedelta(minutes=60)
    stays = stays_of(story, until=until)
    assert all(stay.from_at < stay.to_at <= until for stay in stays)
    assert all(one.to_at <= other.from_at for one, other in itertools.pairwise(stays))
    assert len(CLOCK_EVENTS) == len(set(CLOCK_EVENTS))
