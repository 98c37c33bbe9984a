"""Which tickets are there? The list of staff, filtered, sorted, in pages; never more than 8 queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import CircuitStatus, LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.platform.bulk.paging import FEW, MOST, counted, sorted_few
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import keys_found
from mainstay.service.tickets.choices import LIVE_TICKETS
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, TicketRow, rows_of

LIVE = "live"

SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "deadline": (F("deadline_at").asc(nulls_last=True), "grade_rank", "-id"),
    "-deadline": (F("deadline_at").desc(nulls_last=True), "grade_rank", "-id"),
    "grade": ("grade_rank", F("deadline_at").asc(nulls_last=True), "-id"),
    "-grade": ("-grade_rank", F("deadline_at").asc(nulls_last=True), "-id"),
    "opened": ("opened_at", "id"),
    "-opened": ("-opened_at", "-id"),
    "customer": ("customer__name", "-id"),
    "-customer": ("-customer__name", "-id"),
    "status": ("status", F("deadline_at").asc(nulls_last=True), "-id"),
    "-status": ("-status", F("deadline_at").asc(nulls_last=True), "-id"),
}


@dataclass(frozen=True)
class TicketFilter:
    """What to show: empty or None is any. `status` may be "live"; `breached` by whether a promise was missed."""

    status: str = ""
    grade: str = ""
    breached: bool | None = None
    mine: bool = False
    unassigned: bool = False
    region: str = ""
    customer_id: int | None = None
    circuit_id: int | None = None
    incident_id: int | None = None
    kind: str = ""
    q: str = ""


@dataclass(frozen=True)
class TicketRows:
    """One page of tickets; `total` counts at most one more than `paging.MOST`."""

    rows: list[TicketRow]
    total: int
    page: int
    per_page: int


def visible_to(actor: Actor) -> QuerySet[Ticket]:
    """Return the tickets the actor may see."""
    return Ticket.objects.filter(scope(actor))


def ticket_rows(
    actor: Actor, wanted: TicketFilter, *, at: datetime, sort: str = "deadline", page: int = 1, per_page: int = 50
) -> TicketRows:
    """Return one page of the tickets that match, clocks as they read at the instant; unknown sorts: by deadline."""
    matching = filtered(actor, wanted)
    total = counted(matching)
    if not total:
        return TicketRows([], 0, 1, per_page)
    page = max(1, min(page, -(-min(total, MOST) // per_page)))
    start = (page - 1) * per_page
    order = SORTS.get(sort, SORTS["deadline"])
    order = tuple(sorted_few(order)) if total <= FEW else order
    tickets = list(matching.select_related(*ROW_RELATIONS).order_by(*order)[start : start + per_page])
    return TicketRows(rows_of(tickets, at), total, page, per_page)


def tickets_matching(actor: Actor, wanted: TicketFilter, *, sort: str = "deadline") -> QuerySet[Ticket]:
    """Return the tickets of a list in its order; unknown sorts: by deadline."""
    order = SORTS.get(sort, SORTS["deadline"])
    return filtered(actor, wanted).order_by(*(sorted_few(order) if _are_few(actor, wanted) else order))


def _are_few(actor: Actor, wanted: TicketFilter) -> bool:
    """Say whether few tickets can match: what is live, or belongs to one person, customer, circuit or incident."""
    narrow = wanted.mine or wanted.customer_id or wanted.circuit_id or wanted.incident_id
    return bool(narrow) or wanted.status == LIVE or actor.customer_ids is not None


def filtered(actor: Actor, wanted: TicketFilter) -> QuerySet[Ticket]:
    """Return the visible tickets that match, unordered."""
    found = visible_to(actor)
    if wanted.status == LIVE:
        found = found.filter(status__in=LIVE_TICKETS)
    elif wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.breached is not None:
        found = found.filter(breached_at__isnull=not wanted.breached)
    if wanted.mine:
        found = found.filter(assigned_to_id=actor.user_id or 0)
    if wanted.unassigned:
        found = found.filter(assigned_to__isnull=True)
    if wanted.circuit_id is not None:
        on = TicketEvent.objects.filter(circuit_id=wanted.circuit_id).values("ticket_id")
        found = found.filter(pk__in=on)
    exact = {
        "grade": wanted.grade,
        "kind": wanted.kind,
        "customer_id": wanted.customer_id,
        "incident_id": wanted.incident_id,
        "region_code__startswith": wanted.region,
    }
    found = found.filter(**{column: value for column, value in exact.items() if value})
    return found.filter(_matches(wanted.q.strip())) if wanted.q.strip() else found


def _matches(text: str) -> Q:
    """Match a ticket's number, or customer or circuit as search finds them (if there is a digit), or a live title."""
    digits = text.upper().removeprefix("T-")
    if digits.isdecimal() and len(digits) < 12 and text.upper() != digits:
        return Q(pk=int(digits))
    named = Q(customer__in=keys_found(text, "customer"))
    if digits.isdecimal() and len(digits) < 12:
        named |= Q(pk=int(digits))
    if any(sign.isdigit() for sign in text):
        circuits = TicketEvent.objects.filter(circuit__in=keys_found(text, "circuit"))
        named |= Q(pk__in=circuits.values("ticket_id"))
    return named | Q(pk__in=Ticket.objects.filter(status__in=LIVE_TICKETS, title__icontains=text).values("pk"))


def customer_counts(actor: Actor, customer_ids: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """Return of customers already seen: circuits in service, impaired ones, live tickets the actor sees (1 query)."""
    active = Circuit.objects.filter(customer=OuterRef("pk"), status=CircuitStatus.ACTIVE)
    live = visible_to(actor).filter(customer=OuterRef("pk"), status__in=LIVE_TICKETS)
    rows = Customer.objects.filter(pk__in=list(customer_ids)).order_by()
    counted = rows.values_list("pk", _count(active), _count(active.filter(live__state__gt=LiveState.UP)), _count(live))
    return {pk: (circuits or 0, impaired or 0, tickets or 0) for pk, circuits, impaired, tickets in counted}


def _count(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().values("customer").annotate(n=Count("pk")).values("n"))


def has_live_ticket(customer_id: int) -> bool:
    """Say whether a ticket of a customer is live, for rooms below; no scope (1 query)."""
    return Ticket.objects.filter(customer=customer_id, status__in=LIVE_TICKETS).exists()
