"""Incidents: lists, one incident's causes, symptoms and impacts; the wall's left column; why a circuit is down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import LIVE_INCIDENTS
from mainstay.network.alarms.errors import NoSuchIncident
from mainstay.network.alarms.models import Alarm, Impact, Incident
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Resource
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope

SORTS = {
    "opened": ("-opened_at", "-id"), "-opened": ("opened_at", "id"),
    "state": ("-worst_state", "-opened_at"), "-state": ("worst_state", "-opened_at"),
}  # fmt: skip


@dataclass(frozen=True)
class IncidentFilter:
    """What to list; `status` "live" is everything not closed or merged, empty is any."""

    status: str = "live"
    state: int | None = None
    text: str = ""
    mine: bool = False
    with_customers: bool = False


def visible_to(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents the actor may see: those in their regions, and those that touch circuits there."""
    if not actor.may(Permission.READ_ALARMS):
        return Incident.objects.none()
    if actor.sees_everything:
        return Incident.objects.all()
    touched = Impact.objects.filter(scope(actor), incident_id=OuterRef("pk"))
    return Incident.objects.filter(scope(actor, customer="") | Exists(touched))


def visible_incident(actor: Actor, incident_id: int) -> Incident:
    """Return one incident with its cause and who claimed it. Raises NoSuchIncident."""
    found = (
        visible_to(actor)
        .select_related("cause__parent", "claimed_by", "merged_into", "source")
        .filter(pk=incident_id)
        .first()
    )
    if found is None:
        raise NoSuchIncident(msgid("There is no incident {id} that you may see; check the address."), id=incident_id)
    return found


def incidents_matching(actor: Actor, wanted: IncidentFilter, *, sort: str = "opened") -> QuerySet[Incident]:
    """Return the incidents of a list in its order."""
    condition = Q()
    if wanted.status == "live":
        condition &= Q(status__in=LIVE_INCIDENTS)
    elif wanted.status:
        condition &= Q(status=wanted.status)
    if wanted.state is not None:
        condition &= Q(worst_state=wanted.state)
    if wanted.text:
        condition &= Q(cause_label__icontains=wanted.text)
    if wanted.mine:
        condition &= Q(claimed_by_id=actor.user_id)
    if wanted.with_customers:
        condition &= Q(worst_state__gte=LiveState.DEGRADED)
    return visible_to(actor).filter(condition).order_by(*SORTS.get(sort, SORTS["opened"]))


def count_impacts(incidents: list[Incident], actor: Actor) -> None:
    """Set on incidents their standing alarms, circuits by state, customers and grades, as attributes (2 queries)."""
    ids = [incident.pk for incident in incidents]
    alarms = dict(
        Alarm.objects.filter(incident_id__in=ids, cleared_at__isnull=True)
        .values_list("incident_id")
        .annotate(n=Count("id"))
    )
    rows = (
        Impact.objects.filter(scope(actor), incident_id__in=ids, to_at__isnull=True, not_affected_at__isnull=True)
        .values_list("incident_id", "state", "customer_id", "circuit__grade")
        .order_by()
    )
    found: dict[int, list[tuple[int, int, str]]] = {}
    for incident_id, state, customer, grade in rows:
        found.setdefault(incident_id, []).append((state, customer, grade))
    for incident in incidents:
        _set_counts(incident, alarms.get(incident.pk, 0), found.get(incident.pk, []))


def _set_counts(incident: Any, standing: int, hit: list[tuple[int, int, str]]) -> None:
    incident.standing = standing
    incident.circuits = len(hit)
    incident.down = sum(1 for state, _, _ in hit if state == LiveState.DOWN)
    incident.degraded = sum(1 for state, _, _ in hit if state == LiveState.DEGRADED)
    incident.unprotected = sum(1 for state, _, _ in hit if state == LiveState.UNPROTECTED)
    incident.customers = len({customer for state, customer, _ in hit if state >= LiveState.DEGRADED})
    grades: dict[str, int] = {}
    for state, _, grade in hit:
        if state >= LiveState.DEGRADED:
            grades[grade] = grades.get(grade, 0) + 1
    incident.grades = grades


@dataclass(frozen=True)
class Symptom:
    """An alarm in an incident's tree: the alarm, why it is there, and the resources the reason names."""

    alarm: Alarm
    code: str
    by: str
    via: str


def symptoms(incident: Incident, *, limit: int = 500) -> list[Symptom]:
    """Return the incident's alarms, the cause first, then in order of raising, each with its reason (2 queries)."""
    alarms = list(
        Alarm.objects.filter(incident=incident)
        .select_related("resource", "source")
        .order_by("-is_cause", "raised_at", "id")[:limit]
    )
    return symptoms_of(alarms)


def symptoms_of(alarms: Sequence[Alarm]) -> list[Symptom]:
    """Return alarms, read with their resources, each with its reason (1 query)."""
    named = {alarm.reason.get(word) for alarm in alarms for word in ("by", "via")} - {None}
    names = dict(Resource.objects.filter(pk__in=named).values_list("pk", "name"))
    return [
        Symptom(a, str(a.reason.get("code", "")), names.get(a.reason.get("by"), ""), names.get(a.reason.get("via"), ""))
        for a in alarms
    ]


def impacts_of(incident: Incident, actor: Actor, *, standing: bool = True) -> list[Impact]:
    """Return the circuits the incident touches, worst and best-graded first (1 query)."""
    rows = Impact.objects.filter(scope(actor), incident=incident).select_related("circuit", "customer")
    if standing:
        rows = rows.filter(to_at__isnull=True)
    return list(rows.order_by("-state", "circuit__grade", "customer__name", "from_at"))


def impacts_of_circuit(circuit_id: int, *, limit: int = 100) -> list[Impact]:
    """Return a circuit's stretches, newest first (1 query); the caller has found the circuit through its own door."""
    return list(Impact.objects.filter(circuit_id=circuit_id).select_related("incident").order_by("-from_at")[:limit])


@dataclass(frozen=True)
class Why:
    """Why a circuit is as it is: the stretch that stands and the alarms on or above its route."""

    impact: Impact | None
    alarms: list[Alarm]


def why_circuit(circuit_id: int) -> Why:
    """Return why a circuit is impaired (2 queries): the standing stretch, and its incident's alarms with effect."""
    impact = Impact.objects.filter(circuit_id=circuit_id, to_at__isnull=True).select_related("incident__cause").first()
    if impact is None:
        return Why(None, [])
    alarms = Alarm.objects.filter(incident_id=impact.incident_id, cleared_at__isnull=True).select_related("resource")
    return Why(impact, list(alarms.order_by("-is_cause", "-effect", "raised_at")[:50]))


def standing_on(resource_ids: list[int]) -> dict[int, int]:
    """Return the worst effect of the standing alarms on each of these resources, for drawing routes (1 query)."""
    rows = Alarm.objects.filter(resource_id__in=resource_ids, cleared_at__isnull=True)
    return dict(rows.values_list("resource_id").annotate(worst=Max("effect")))
