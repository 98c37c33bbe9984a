"""What did the network do in a shift? Incidents, storms, sources, names nobody knows: in codes, not in words (G6).

Everything for a desk's region, within what the actor may see; lists are capped, `total` says how many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMinute

from mainstay.domain.actor import Actor
from mainstay.network.alarms.choices import IncidentStatus, QuarantineStatus
from mainstay.network.alarms.models import Alarm, AlarmSource, Impact, Incident, QuarantinedResource
from mainstay.network.alarms.queries import alarms
from mainstay.network.alarms.queries.incidents import visible_to
from mainstay.network.inventory.choices import LiveState
from mainstay.platform.identity.queries import scope

SHOWN = 40
QUIET = timedelta(hours=1)
STORM_PER_MINUTE = 100
STANDING = (IncidentStatus.OPEN, IncidentStatus.CLAIMED)


@dataclass(frozen=True)
class ShiftSpan:
    """A shift from `from_at` to `to_at`: [from_at, until) has passed, it is read at `at`; when the next one ends."""

    from_at: datetime
    until: datetime
    at: datetime
    next_to: datetime
    to_at: datetime


def incidents(actor: Actor, region: str, span: ShiftSpan) -> dict[str, Any]:
    """Return the incidents that opened, ended or still stand, those that stand first (3 queries)."""
    touched = Impact.objects.filter(scope(actor), region_code__startswith=region, incident_id=OuterRef("pk"))
    rows = visible_to(actor).filter(Q(region_code__startswith=region) | Exists(touched), merged_into__isnull=True)
    opened = Q(detected_at__gte=span.from_at, detected_at__lt=span.until)
    ended = Q(restored_at__gte=span.from_at, restored_at__lt=span.until)
    standing = Q(status__in=STANDING)
    found = rows.filter(opened | ended | standing)
    totals = found.aggregate(
        opened=Count("pk", filter=opened), ended=Count("pk", filter=ended), standing=Count("pk", filter=standing),
        total=Count("pk"),
    )  # fmt: skip
    ordered = found.select_related("claimed_by").order_by(
        F("restored_at").asc(nulls_first=True), "-worst_state", "-opened_at", "pk"
    )
    shown = list(ordered[:SHOWN])
    hit = _hit([incident.pk for incident in shown], actor)
    return {**totals, "items": [_incident(incident, hit.get(incident.pk, []), span) for incident in shown]}


def _hit(incident_ids: Iterable[int], actor: Actor) -> dict[int, list[tuple[int, int, str]]]:
    rows = Impact.objects.filter(scope(actor), incident_id__in=list(incident_ids), state__gte=LiveState.DEGRADED)
    found: dict[int, list[tuple[int, int, str]]] = {}
    columns = ("incident_id", "customer_id", "circuit_id", "circuit__grade")
    for incident, *said in rows.filter(not_affected_at__isnull=True).order_by().values_list(*columns).distinct():
        found.setdefault(incident, []).append((said[0], said[1], said[2]))
    return found


def _incident(incident: Incident, hit: list[tuple[int, int, str]], span: ShiftSpan) -> dict[str, Any]:
    grades: dict[str, set[int]] = {}
    for customer, _circuit, grade in hit:
        grades.setdefault(grade, set()).add(customer)
    return {
        "id": incident.pk,
        "number": incident.number,
        "kind": incident.kind,
        "cause": incident.cause_label,
        "status": incident.status,
        "state": incident.worst_state,
        "planned": incident.planned,
        "declared": incident.is_declared,
        "opened_at": incident.opened_at,
        "restored_at": incident.restored_at,
        "opened_in_shift": span.from_at <= incident.detected_at < span.until,
        "claimed_by": str(incident.claimed_by.display_name) if incident.claimed_by else "",
        "eta_at": incident.eta_at,
        "next_update_at": incident.next_update_at,
        "customers": len({customer for customer, _, _ in hit}),
        "circuits": len({circuit for _, circuit, _ in hit}),
        "grades": {grade: len(customers) for grade, customers in sorted(grades.items())},
    }


def storms(actor: Actor, region: str, span: ShiftSpan) -> dict[str, Any]:
    """Return how many alarms were raised, in the worst minute, and in how many minutes a storm blew (3 queries)."""
    raised = alarms.visible_to(actor).filter(
        resource__region_code__startswith=region, raised_at__gte=span.from_at, raised_at__lt=span.until
    )
    by_minute = raised.annotate(minute=TruncMinute("raised_at")).values("minute").annotate(n=Count("pk")).order_by("-n")
    worst = by_minute.first()
    return {
        "raised": raised.count(),
        "peak": worst["n"] if worst else 0,
        "peak_at": worst["minute"] if worst else None,
        "storm_minutes": by_minute.filter(n__gte=STORM_PER_MINUTE).count(),
    }


def sources(span: ShiftSpan) -> dict[str, Any]:
    """Return the sources that are silent, or from which nothing came for an hour (1 query)."""
    quiet = Q(silent_since__isnull=False) | Q(last_report_at__lt=span.at - QUIET)
    rows = AlarmSource.objects.filter(quiet).order_by("name")
    items = [
        {
            "id": source.pk,
            "name": source.name,
            "silent_since_at": source.silent_since,
            "last_report_at": source.last_report_at,
        }
        for source in rows
    ]
    return {"total": len(items), "items": items}


def quarantine(span: ShiftSpan) -> dict[str, Any]:
    """Return the names in alarms that nobody has placed, those that came in the shift first (2 queries)."""
    rows: QuerySet[QuarantinedResource] = QuarantinedResource.objects.filter(status=QuarantineStatus.OPEN)
    shown = rows.select_related("source").order_by("-first_at", "pk")[:10]
    items = [
        {
            "id": row.pk,
            "name": row.resource_ref,
            "source": row.source.name,
            "reports": row.reports,
            "first_at": row.first_at,
        }
        for row in shown
    ]
    return {"total": rows.count(), "items": items}


def waiting_alarms(actor: Actor, region: str) -> int:
    """Count the standing alarms of a region (1 query)."""
    standing: QuerySet[Alarm] = alarms.visible_to(actor).filter(cleared_at__isnull=True)
    return standing.filter(resource__region_code__startswith=region).count()
