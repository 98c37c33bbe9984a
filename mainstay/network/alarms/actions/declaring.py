"""Declare an incident that customers report and no alarm tells of; end it by hand, or join it to another (H1).

Such an incident is its people's until alarms come in on the same resource: then the impact worker adopts it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms import events
from mainstay.network.alarms.choices import DECLARED_FROM, IncidentOrigin, IncidentStatus
from mainstay.network.alarms.errors import BadStep
from mainstay.network.alarms.models import Incident
from mainstay.network.alarms.queries.incidents import visible_incident
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Resource
from mainstay.network.inventory.queries import places
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, News, announce, publish, record

STANDING = (IncidentStatus.OPEN, IncidentStatus.CLAIMED)


@dataclass(frozen=True)
class Ending:
    """Since when all is well again, and what proves it."""

    restored_at: datetime
    proof: str


@transaction.atomic
def declare(resource_id: int, *, began_at: datetime, at: datetime, by: Actor) -> Incident:
    """Open an incident on a resource because customers say so; who declares it has claimed it.

    Refused: a beginning that is to come, a resource on which an incident stands already. Its worst state is taken as
    degraded until alarms know better. Raises NoSuchResource for one out of the actor's sight.
    """
    require(by, Permission.WORK_INCIDENTS)
    resource = places.resource(by, resource_id)
    if began_at > at:
        raise BadStep(msgid("An incident cannot begin in the future; give the instant of the first report."))
    number = _next_id()  # under its lock two hands at once are seen by each other
    _must_be_free(resource)
    incident = Incident.objects.create(
        pk=number, origin=IncidentOrigin.REPORTS, status=IncidentStatus.CLAIMED, cause=resource,
        cause_label=resource.name, region_code=resource.region_code, worst_state=LiveState.DEGRADED,
        opened_at=began_at, detected_at=at, claimed_by_id=by.user_id, claimed_at=at,
    )  # fmt: skip
    after = {"number": incident.number, "cause": resource.name, "opened_at": began_at}
    _record("incident.declare", incident, None, after, at=at, by=by)
    announce(events.IncidentOpened(incident.pk, incident.region_code, began_at), by=by)
    return incident


@transaction.atomic
def end_declared(incident_id: int, ending: Ending, *, at: datetime, by: Actor) -> Incident:
    """Call a declared incident over, with proof; the tickets tied to it are settled.

    Refused for an incident that alarms tell of (it ends when they clear), one that is over, an instant that is to come
    or lies before its beginning, and without proof.
    """
    require(by, Permission.WORK_INCIDENTS)
    incident = _declared(incident_id, by)
    proof = ending.proof.strip()
    if not proof:
        raise BadStep(msgid("Say what proves that incident {number} is over."), number=incident.number)
    if not incident.opened_at <= ending.restored_at <= at:
        raise BadStep(
            msgid("Incident {number} cannot be over before it began or in the future; correct the instant."),
            number=incident.number,
        )
    before = {"status": incident.status}
    incident.status, incident.restored_at = IncidentStatus.RESTORED, ending.restored_at
    incident.save(update_fields=["status", "restored_at"])
    after = {"status": incident.status, "restored_at": ending.restored_at}
    _record("incident.end", incident, before, after, at=at, by=by.because(proof))
    announce(events.DeclaredEnded(incident.pk, ending.restored_at, proof, at), by=by)
    over = events.IncidentRestored(incident.pk, incident.region_code, ending.restored_at)
    announce(events.IncidentsRestored((over,)), by=by)
    return incident


@transaction.atomic
def join(incident_id: int, into_id: int, *, at: datetime, by: Actor) -> Incident:
    """Say that a declared incident is another one, which takes over its tickets; returns the one that stays."""
    require(by, Permission.WORK_INCIDENTS)
    incident, into = _declared(incident_id, by), visible_incident(by, into_id)
    if into.pk == incident.pk or into.status not in STANDING:
        raise BadStep(
            msgid("Incident {number} cannot be joined to {into}; choose another one that still stands."),
            number=incident.number, into=into.number,
        )  # fmt: skip
    before = {"status": incident.status}
    incident.status, incident.merged_into = IncidentStatus.MERGED, into
    incident.save(update_fields=["status", "merged_into"])
    after = {"status": incident.status, "merged_into": into.number}
    _record("incident.join", incident, before, after, at=at, by=by)
    announce(events.IncidentMerged(incident.pk, into.pk, at), by=by)
    return into


def _declared(incident_id: int, by: Actor) -> Incident:
    Incident.objects.select_for_update().filter(pk=incident_id).first()  # the worker may be about to adopt it
    incident = visible_incident(by, incident_id)
    if not incident.is_declared or incident.status not in STANDING:
        raise BadStep(
            msgid("Incident {number} is {status}, or alarms tell of it; only a declared one that stands ends by hand."),
            number=incident.number, status=incident.get_status_display(),
        )  # fmt: skip
    return incident


def _must_be_free(resource: Resource) -> None:
    taken = Incident.objects.filter(cause=resource, status__in=STANDING).order_by("pk").first()
    if taken is not None:
        raise BadStep(
            msgid("Incident {number} stands on {resource} already; tie the reports to that one."),
            number=taken.number, resource=resource.name,
        )  # fmt: skip


def _next_id() -> int:
    """Number declared incidents apart from those of the impact worker; the lock makes two hands wait in turn."""
    Resource.objects.select_for_update().order_by("pk").first()
    last = Incident.objects.filter(pk__gte=DECLARED_FROM).aggregate(last=Max("pk"))["last"]
    return (last or DECLARED_FROM) + 1


def _record(
    action: str, incident: Incident, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    change = Change("incident", incident.pk, incident.cause_label, before, after, None, incident.region_code)
    record(action, [change], at=at, by=by)
    publish([News("incident", "incident", incident.pk, None, incident.region_code)], at=at)
