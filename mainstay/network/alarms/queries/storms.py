"""Storms: which one rages, which were, what decides, what the stream of reports does (G6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, Q, QuerySet, Sum

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.storm import Facts, Thresholds
from mainstay.network.alarms.choices import IncidentStatus, Outcome
from mainstay.network.alarms.errors import NoSuchStorm
from mainstay.network.alarms.models import AlarmReport, Impact, Incident, Storm, StormRule, StreamSample
from mainstay.network.alarms.queries.incidents import visible_to
from mainstay.network.alarms.queries.room import oldest_waiting_s
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope

SAMPLE_S = 10
USUAL_OVER = timedelta(hours=24)
FEWEST_SAMPLES = 180
"""Half an hour: from fewer samples nobody knows what is usual."""
MEASURED = timedelta(seconds=60)
"""The rate is measured over this; what began a storm came within it before the storm was seen."""


def storms(actor: Actor) -> QuerySet[Storm]:
    """Return all storms, the newest first; none for who may not read alarms."""
    return Storm.objects.order_by("-began_at") if actor.may(Permission.READ_ALARMS) else Storm.objects.none()


def storm(actor: Actor, storm_id: int) -> Storm:
    """Return one storm. Raises NoSuchStorm."""
    found = storms(actor).filter(pk=storm_id).first()
    if found is None:
        raise NoSuchStorm(msgid("There is no storm {id} that you may see; check the address."), id=storm_id)
    return found


def newest() -> Storm | None:
    """Return the storm that rages, else the last one (1 query)."""
    return Storm.objects.order_by("-began_at").first()


def rule() -> StormRule:
    """Return what decides whether it storms (1 query); as shipped where nobody has changed it."""
    return StormRule.objects.order_by("pk").first() or StormRule()


def thresholds() -> Thresholds:
    """Return the rule as the domain wants it (1 query)."""
    kept = rule()
    return Thresholds(
        rate_least=kept.rate_least, rate_times=kept.rate_times, backlog=kept.backlog, behind_s=kept.behind_s,
        causes=kept.causes, calm_share=kept.calm_percent / 100, calm_s=kept.calm_s,
    )  # fmt: skip


def facts(*, at: datetime) -> Facts:
    """Return what speaks for or against a storm (5 queries)."""
    return Facts(
        per_minute=per_minute(at=at) or 0,
        usual_per_minute=usual_per_minute(at=at),
        waiting=AlarmReport.objects.filter(outcome=Outcome.WAITING).count(),
        behind_s=oldest_waiting_s(at=at),
        causes=Incident.objects.filter(status__in=(IncidentStatus.OPEN, IncidentStatus.CLAIMED), planned=False).count(),
    )


def per_minute(*, at: datetime) -> int | None:
    """Return the reports of the last minute as sampled (1 query); None when nobody takes samples."""
    found = StreamSample.objects.filter(at__gt=at - MEASURED - timedelta(seconds=SAMPLE_S)).aggregate(
        taken=Count("pk"), reports=Sum("reports", filter=Q(at__gt=at - MEASURED), default=0)
    )
    return int(found["reports"]) if found["taken"] else None


def usual_per_minute(*, at: datetime) -> float:
    """Return the usual rate: the mean of a day without storms (1 query); 0 while it is not known."""
    calm = StreamSample.objects.filter(at__gt=at - USUAL_OVER, stormy=False)
    found = calm.aggregate(taken=Count("pk"), mean=Avg("reports"))
    known = found["taken"] >= FEWEST_SAMPLES
    return float(found["mean"]) * 60 / SAMPLE_S if known else 0.0


@dataclass(frozen=True)
class Toll:
    """What a storm was for this actor: causes that opened in it, with and without customers, circuits, customers."""

    causes: int
    with_customers: int
    circuits: int
    customers: int


def incidents_of(actor: Actor, found: Storm) -> QuerySet[Incident]:
    """Return the incidents that opened in a storm, the oldest first; merged ones not."""
    opened = Q(detected_at__gte=found.began_at - MEASURED)
    if found.ended_at is not None:
        opened &= Q(detected_at__lte=found.ended_at)
    return visible_to(actor).filter(opened, merged_into__isnull=True).order_by("opened_at", "id")


def toll(actor: Actor, found: Storm) -> Toll:
    """Count what a storm was for the actor (2 queries)."""
    opened = incidents_of(actor, found)
    hit = _hit(actor).filter(incident__in=opened.order_by().values("pk"))
    counted = hit.aggregate(
        incidents=Count("incident", distinct=True),
        circuits=Count("circuit", distinct=True),
        customers=Count("customer", distinct=True),
    )
    return Toll(opened.count(), counted["incidents"], counted["circuits"], counted["customers"])


def report_incidents(actor: Actor, found: Storm, *, only_hit: bool, page: int, size: int = 50) -> Page[Incident]:
    """Return a page of the incidents of a storm, with `circuits_hit` and `customers_hit` ever (3 queries)."""
    rows = incidents_of(actor, found).select_related("claimed_by")
    if only_hit:
        rows = rows.filter(pk__in=_hit(actor).values("incident"))
    shown = Paginator(rows, size).get_page(page)
    hit = Count("circuit", distinct=True), Count("customer", distinct=True)
    counted = _hit(actor).filter(incident__in=[incident.pk for incident in shown.object_list])
    counts = {pk: given for pk, *given in counted.order_by().values_list("incident").annotate(c=hit[0], k=hit[1])}
    shown.object_list = list(shown.object_list)
    for incident in shown.object_list:
        circuits, customers = counts.get(incident.pk, (0, 0))
        incident.circuits_hit, incident.customers_hit = circuits, customers  # type: ignore[attr-defined]
    return shown


def report_circuits(actor: Actor, found: Storm, *, page: int, size: int = 50) -> Page[Circuit]:
    """Return a page of the circuits that a storm interrupted or degraded, with their customers (2 queries)."""
    hit = _hit(actor).filter(incident__in=incidents_of(actor, found).order_by().values("pk"))
    rows = Circuit.objects.filter(scope(actor), pk__in=hit.values("circuit")).select_related("customer")
    return Paginator(rows.order_by("grade", "number"), size).get_page(page)


def report_customers(actor: Actor, found: Storm, *, page: int, size: int = 50) -> Page[Any]:
    """Return a page of the customers that a storm hit: `customer_id`, name and how many circuits (2 queries)."""
    hit = _hit(actor).filter(incident__in=incidents_of(actor, found).order_by().values("pk"))
    rows = hit.values("customer_id", "customer__name").annotate(circuits=Count("circuit", distinct=True))
    return Paginator(rows.order_by("-circuits", "customer__name"), size).get_page(page)


def _hit(actor: Actor) -> QuerySet[Impact]:
    return Impact.objects.filter(scope(actor), state__gte=LiveState.DEGRADED)
