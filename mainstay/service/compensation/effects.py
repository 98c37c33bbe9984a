"""When is compensation reckoned? After a month is closed, its results are revised, or a late repair's ticket is closed.

All by timers, part by part: durable, each once, and the closing of a month does not wait for it (PC 22). The month is
gone through by circuit id; only circuits with something against them, or with a claim, are looked at.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.platform.timers.actions import Due, set_timers
from mainstay.platform.timers.actions import register as on_due
from mainstay.platform.timers.models import Timer
from mainstay.service.compensation.actions.proposing import review
from mainstay.service.compensation.models import Claim
from mainstay.service.service_levels.events import MonthClosed, ResultsRevised
from mainstay.service.service_levels.models import CircuitMonth
from mainstay.service.service_levels.months import bounds, month_of
from mainstay.service.tickets.choices import ClockKind, ClockState, EventKind, TicketStatus
from mainstay.service.tickets.events import TicketChanged
from mainstay.service.tickets.models import Clock

MONTH_TIMER, CIRCUIT_TIMER = "compensation.month", "compensation.circuit"
PART = 20
"""Circuits in one transaction."""


def register() -> None:
    """Tell the sweeper what this room's timers do."""
    on_due(MONTH_TIMER, months_due)
    on_due(CIRCUIT_TIMER, circuits_due)


def on_month_closed(event: MonthClosed, by: Actor) -> None:
    """Have a closed month gone through."""
    ask_month(event.month, f"v{event.version}", at=bounds(event.month)[1])


def on_results_revised(event: ResultsRevised, by: Actor) -> None:
    """Have the circuits that were judged anew gone through."""
    ask_circuits(event.month, event.circuit_ids, f"v{event.version}", at=bounds(event.month)[1])


def on_ticket_changed(event: TicketChanged, by: Actor) -> None:
    """Have the circuits of a closed ticket gone through whose repair was late."""
    if event.what != EventKind.CLOSED:
        return
    late = Clock.objects.filter(ticket=event.ticket_id, kind=ClockKind.RESTORATION, state=ClockState.BREACHED)
    rung = f"t{event.ticket_id}:{event.at:%y%m%d%H%M%S}"
    for circuit_id, breached_at in late.values_list("circuit_id", "breached_at"):
        if breached_at is not None:
            ask_circuits(month_of(breached_at), [circuit_id], rung, at=event.at)


def ask_month(month: date, rung: str, *, at: datetime, after: int = 0) -> None:
    """Have a month gone through from a circuit id on; `rung` tells one going-through from another."""
    set_timers([Due(MONTH_TIMER, "ledger_month", number_of(month), f"{rung}:{after}", at)])


def ask_circuits(month: date, circuit_ids: Iterable[int], rung: str, *, at: datetime) -> None:
    """Have circuits of a month gone through."""
    named = f"{number_of(month)}:{rung}"
    set_timers(Due(CIRCUIT_TIMER, "circuit", circuit, named, at) for circuit in circuit_ids)


def number_of(month: date) -> int:
    """Return a month as a number, 202610."""
    return month.year * 100 + month.month


def months_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Go through the next part of each month, and ask for the part after it."""
    for timer in timers:
        month = date(timer.owner_id // 100, timer.owner_id % 100, 1)
        rung, after = timer.rung.rsplit(":", 1)
        circuits = next_circuits(month, int(after))
        if circuits:
            review(month, circuits, at=at, by=by)
            ask_month(month, rung, at=at, after=circuits[-1])


def next_circuits(month: date, after: int) -> list[int]:
    """Return the next circuits of a month of which anything is to be judged, by id (3 queries)."""
    begin, end = bounds(month)
    against = Q(down_s__gt=0) | Q(unknown_s__gt=0) | Q(excluded_s__gt=0)
    results = CircuitMonth.objects.filter(against, month__month=month, until_version__isnull=True)
    late = Clock.objects.filter(
        kind=ClockKind.RESTORATION, state=ClockState.BREACHED, breached_at__gte=begin, breached_at__lt=end,
        ticket__status=TicketStatus.CLOSED,
    )  # fmt: skip
    claimed = Claim.objects.filter(month=month, circuit__isnull=False)
    found: set[int] = set()
    for rows in (results, late, claimed):
        ids = rows.filter(circuit__gt=after).order_by("circuit_id").values_list("circuit_id", flat=True).distinct()
        found.update(ids[:PART])
    return sorted(found)[:PART]


def circuits_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Go through the circuits that were asked for, month by month."""
    wanted: dict[date, set[int]] = {}
    for timer in timers:
        number = int(timer.rung.split(":", 1)[0])
        wanted.setdefault(date(number // 100, number % 100, 1), set()).add(timer.owner_id)
    for month, circuits in sorted(wanted.items()):
        review(month, sorted(circuits), at=at, by=by)
