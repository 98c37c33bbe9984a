"""Where does the time go? A ticket's stays with departments, and their sum over a period (H4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from mainstay.domain.actor import Actor
from mainstay.service.tickets.choices import ClockKind
from mainstay.service.tickets.models import Clock, Department, DepartmentTarget, Ticket, TicketEvent
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.stays import STAY_EVENTS, Stay, stays_of

MOST = 20_000
"""Tickets one page sums up; beyond that the newest, and it says so."""


@dataclass(frozen=True)
class Share:
    """A department's part of a ticket's time: seconds, per cent of the whole, with it right now, its place by colour.

    `place` counts departments in the order of the house, from 0; the name is "" where none is set up.
    """

    department_id: int | None
    name: str
    seconds: int
    percent: float
    is_here: bool
    place: int


@dataclass
class Sum:
    """What a department took over a period: seconds, tickets, stays, the longest stay, targets and missed ones."""

    department_id: int | None
    name: str
    place: int
    seconds: int = 0
    tickets: int = 0
    stays: int = 0
    longest_s: int = 0
    longest_ticket: int | None = None
    targets: int = 0
    missed: int = 0
    here: int = 0
    percent: float = 0.0

    @property
    def mean_s(self) -> int:
        """Return the mean of its stays."""
        return self.seconds // self.stays if self.stays else 0


@dataclass(frozen=True)
class Period:
    """The sums of a period, the largest first; `is_cut`: there were more tickets than are summed up."""

    sums: list[Sum] = field(default_factory=list)
    tickets: int = 0
    seconds: int = 0
    is_cut: bool = False


def departments(*, active: bool | None = None) -> list[Department]:
    """Return the departments in their order, with targets and calendars (2 queries)."""
    targets = Prefetch("targets", DepartmentTarget.objects.select_related("calendar"))
    rows = Department.objects.prefetch_related(targets)
    return list(rows if active is None else rows.filter(active=active))


def department(pk: int) -> Department | None:
    """Return one department."""
    return Department.objects.filter(pk=pk).first()


def shares_of(story: Sequence[TicketEvent], known: Iterable[Department], *, at: datetime) -> list[Share]:
    """Split a ticket's time by department, in the order of the house."""
    places = _places(known)
    first = next((pk for pk, (_name, _place, takes_first) in places.items() if takes_first), None)
    stays = stays_of(story, until=at)
    whole = sum(stay.seconds for stay in stays)
    spent: dict[int | None, int] = {}
    for stay in stays:
        holder = stay.department_id or first
        spent[holder] = spent.get(holder, 0) + stay.seconds
    is_open = bool(stays) and stays[-1].to_at >= at
    here = (stays[-1].department_id or first) if is_open else -1
    shares = []
    for pk, seconds in spent.items():
        name, place = _named(places, pk)
        shares.append(Share(pk, name, seconds, seconds * 100 / whole, pk == here, place))
    return sorted(shares, key=lambda share: share.place)


def time_by_department(actor: Actor, from_at: datetime, to_at: datetime, *, at: datetime, region: str = "") -> Period:
    """Sum up, over the tickets visible to the actor, the time within [from_at, to_at) by department (5 queries)."""
    to_at = min(to_at, at)
    tickets = visible_to(actor).filter(opened_at__lt=to_at)
    tickets = tickets.exclude(resolved_at__lt=from_at).exclude(closed_at__lt=from_at)
    if region:
        tickets = tickets.filter(region_code__startswith=region)
    wanted = list(tickets.order_by("-opened_at", "-id").values_list("pk", flat=True)[: MOST + 1])
    chosen = Ticket.objects.filter(pk__in=wanted[:MOST]) if len(wanted) > MOST else tickets
    places = _places(departments())
    first = next((pk for pk, (_name, _place, takes_first) in places.items() if takes_first), None)
    sums: dict[int | None, Sum] = {}
    for ticket_id, story in _stories(chosen):
        _add(sums, ticket_id, stays_of(story, until=at), (from_at, to_at, at), first, places)
    _count_targets(sums, chosen, from_at, to_at)
    whole = sum(each.seconds for each in sums.values())
    for each in sums.values():
        each.percent = each.seconds * 100 / whole if whole else 0.0
    found = sorted(sums.values(), key=lambda each: (-each.seconds, each.place))
    return Period(found, min(len(wanted), MOST), whole, len(wanted) > MOST)


def _add(
    sums: dict[int | None, Sum], ticket_id: int, stays: Sequence[Stay], span: tuple[datetime, datetime, datetime],
    first: int | None, places: dict[int | None, tuple[str, int, bool]],
) -> None:  # fmt: skip
    from_at, to_at, now = span
    seen: set[int | None] = set()
    for stay in stays:
        begin, end = max(stay.from_at, from_at), min(stay.to_at, to_at)
        if begin >= end:
            continue
        holder = stay.department_id or first
        each = sums.setdefault(holder, Sum(holder, *_named(places, holder)))
        seconds = int((end - begin).total_seconds())
        each.seconds += seconds
        each.stays += 1
        each.tickets += holder not in seen
        each.here += stay.to_at >= now
        seen.add(holder)
        if seconds > each.longest_s:
            each.longest_s, each.longest_ticket = seconds, ticket_id


def _count_targets(sums: dict[int | None, Sum], tickets: QuerySet[Ticket], from_at: datetime, to_at: datetime) -> None:
    clocks = Clock.objects.filter(kind=ClockKind.DEPARTMENT, ticket__in=tickets.values("pk"), started_at__lt=to_at)
    for department_id, breached_at in clocks.values_list("department_id", "breached_at"):
        if department_id in sums:
            sums[department_id].targets += 1
            sums[department_id].missed += breached_at is not None and from_at <= breached_at < to_at


def _stories(tickets: QuerySet[Ticket]) -> Iterable[tuple[int, list[TicketEvent]]]:
    """Read the part of the stories that says with whom tickets were, ticket by ticket (1 query)."""
    rows: Any = TicketEvent.objects.filter(ticket__in=tickets.values("pk"), kind__in=STAY_EVENTS)
    rows = rows.only("ticket_id", "kind", "at", "recorded_at", "body").order_by("ticket_id", "at", "id")
    story: list[TicketEvent] = []
    for event in rows.iterator(chunk_size=5_000):
        if story and story[0].ticket_id != event.ticket_id:
            yield story[0].ticket_id, story
            story = []
        story.append(event)
    if story:
        yield story[0].ticket_id, story


def _places(known: Iterable[Department]) -> dict[int | None, tuple[str, int, bool]]:
    return {row.pk: (str(row), place, row.takes_first) for place, row in enumerate(known)}


def _named(places: dict[int | None, tuple[str, int, bool]], pk: int | None) -> tuple[str, int]:
    name, place, _first = places.get(pk, ("", len(places), False))
    return name, place
