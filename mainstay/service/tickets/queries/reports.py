"""Which reports of customers belong to no incident, and what may be their one cause? What is tied to one? (H1)

Lists are capped; `total` says how many there are. No query depends on how many reports there are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Window

from mainstay.domain import common_cause
from mainstay.domain.actor import Actor
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.alarms.models import Incident
from mainstay.network.inventory.queries import places
from mainstay.network.inventory.queries.carriers import RANKS, carried, carriers
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets.choices import EventKind, Origin, TicketKind, TicketStatus
from mainstay.service.tickets.finding import AT_WORK
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, TicketRow, rows_of

SHOWN = 300
OTHER_RANK = 9


@dataclass(frozen=True)
class Reports:
    """Reports, newest first, and how many there are in all."""

    rows: list[TicketRow]
    total: int


@dataclass(frozen=True)
class CommonCause:
    """A resource that may explain reports: those that run over it, and those of its time and region that do not.

    `incident`: one that stands on the resource already.
    """

    resource: places.ResourceName
    explained: list[TicketRow]
    others: list[TicketRow]
    minutes: int
    customers: int
    incident: Incident | None

    @property
    def total(self) -> int:
        """Return how many reports are looked at together."""
        return len(self.explained) + len(self.others)


def untied(actor: Actor) -> QuerySet[Ticket]:
    """Return the open fault reports of customers that belong to no incident."""
    reported = ~Q(origin=Origin.IMPACT) & Q(kind=TicketKind.FAULT)
    return visible_to(actor).filter(reported, incident__isnull=True, status__in=AT_WORK)


def open_reports(actor: Actor, *, at: datetime, limit: int = SHOWN) -> Reports:
    """Return the reports that belong to no incident, newest first (4 queries, and one per calendar)."""
    found = untied(actor).select_related(*ROW_RELATIONS).annotate(in_all=Window(Count("pk")))
    tickets: list[Any] = list(found.order_by("-opened_at", "-pk")[:limit])
    return Reports(rows_of(tickets, at), tickets[0].in_all if tickets else 0)


def common_causes(rows: Sequence[TicketRow], actor: Actor) -> list[CommonCause]:
    """Return what may be one cause each among these reports, most reports first (flat: some queries per level)."""
    routes = carriers({circuit for row in rows for circuit, _ in row.circuits})
    reports = [
        common_cause.Report(
            row.id,
            int(row.opened_at.timestamp()),
            row.region_code,
            frozenset().union(*(routes.get(circuit, frozenset()) for circuit, _ in row.circuits)),
        )
        for row in rows
    ]
    shared = common_cause.shared(reports)
    names = places.names(shared)
    amounts = carried(shared)
    candidates = [
        common_cause.Candidate(pk, amounts[pk], RANKS.get(name.kind, OTHER_RANK)) for pk, name in names.items()
    ]
    found = common_cause.suggest(reports, candidates)
    standing = _standing_on([each.resource for each in found])
    by_id = {row.id: row for row in rows}
    return [_told(each, names[each.resource], by_id, standing.get(each.resource)) for each in found]


def _told(
    found: common_cause.Suggestion, name: places.ResourceName, rows: dict[int, TicketRow], incident: Incident | None
) -> CommonCause:
    explained = [rows[pk] for pk in found.explained]
    return CommonCause(
        resource=name,
        explained=explained,
        others=[rows[pk] for pk in found.others],
        minutes=max(1, round((found.last_s - found.first_s) / 60)),
        customers=len({row.customer_id for row in explained}),
        incident=incident,
    )


def _standing_on(resource_ids: Iterable[int]) -> dict[int | None, Incident]:
    standing = Incident.objects.filter(
        cause__in=list(resource_ids), status__in=(IncidentStatus.OPEN, IncidentStatus.CLAIMED)
    )
    return {incident.cause_id: incident for incident in standing.order_by("-pk")}


def counts(incident_ids: Iterable[int], actor: Actor) -> dict[int, int]:
    """Count by incident what customers reported: each report once, joined ones too (1 query)."""
    wanted = set(incident_ids)
    if not wanted:
        return {}
    reports = (
        TicketEvent.objects.filter(scope(actor, customer="ticket__customer_id", region="ticket__region_code"))
        .filter(kind=EventKind.CUSTOMER_REPORT)
        .exclude(body__has_key="from_ticket")
        .order_by()
    )
    # Two questions, not one with "or": each leads over its own index to the few tickets of the incidents.
    own = reports.filter(ticket__incident__in=wanted).values_list("ticket__incident")
    above = reports.filter(ticket__status=TicketStatus.CLOSED, ticket__parent__incident__in=wanted)
    joined = above.exclude(ticket__incident__in=wanted).values_list("ticket__parent__incident")
    found: Counter[int] = Counter()
    for incident, count in own.annotate(n=Count("pk")).union(joined.annotate(n=Count("pk")), all=True):
        found[incident] += count
    return dict(found)


def count_on(incidents: Iterable[Any], actor: Actor) -> None:
    """Set on incidents how many reports customers made of them, as `reports` (1 query)."""
    given = list(incidents)
    found = counts((incident.pk for incident in given), actor)
    for incident in given:
        incident.reports = found.get(incident.pk, 0)


def tied(actor: Actor, incident_id: int, *, at: datetime, limit: int = SHOWN) -> Reports:
    """Return the reports that became an incident, those that joined a customer's ticket too, newest first."""
    joined = Q(status=TicketStatus.CLOSED, parent__incident=incident_id)
    found = visible_to(actor).filter(Q(incident=incident_id) | joined).exclude(origin=Origin.IMPACT)
    counted = found.select_related(*ROW_RELATIONS, "parent").annotate(in_all=Window(Count("pk")))
    tickets: list[Any] = list(counted.order_by("-opened_at", "-pk")[:limit])
    return Reports(rows_of(tickets, at), tickets[0].in_all if tickets else 0)
