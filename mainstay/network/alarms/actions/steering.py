"""Steer incidents: claim, promise an instant, say what is not affected, close; acknowledge alarms (G2, G6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms import events
from mainstay.network.alarms.choices import LIVE_INCIDENTS, IncidentStatus
from mainstay.network.alarms.errors import BadStep
from mainstay.network.alarms.models import Alarm, Impact, Incident
from mainstay.network.alarms.queries.alarms import visible_to
from mainstay.network.alarms.queries.incidents import visible_incident
from mainstay.network.alarms.queries.incidents import visible_to as visible_to_incidents
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, News, announce, publish, record


@transaction.atomic
def claim(incident_id: int, *, at: datetime, by: Actor) -> Incident:
    """Take an incident in hand; one that someone else holds must be handed over by saying so: claim it again."""
    incident = _find(incident_id, by)
    if incident.status not in (IncidentStatus.OPEN, IncidentStatus.CLAIMED):
        raise BadStep(
            msgid("Incident {number} is {status}; only an open one can be claimed."),
            number=incident.number,
            status=incident.get_status_display(),
        )
    before = {"claimed_by": incident.claimed_by_id, "status": incident.status}
    incident.status, incident.claimed_by_id, incident.claimed_at = IncidentStatus.CLAIMED, by.user_id, at
    _write(incident, ["status", "claimed_by_id", "claimed_at"], "incident.claim", before, at=at, by=by)
    return incident


CLAIMED_AT_ONCE = 100
"""Incidents claimed in one transaction, so that it does not hold up the worker."""


def claim_many(incident_ids: Iterable[int], *, at: datetime, by: Actor) -> int:
    """Take in hand those of these incidents that are open and that nobody holds; return how many.

    In transactions of CLAIMED_AT_ONCE: what is done stays done when a later one fails.
    """
    require(by, Permission.WORK_INCIDENTS)
    wanted = sorted(set(incident_ids))
    starts = range(0, len(wanted), CLAIMED_AT_ONCE)
    return sum(_claim_free(wanted[start : start + CLAIMED_AT_ONCE], at=at, by=by) for start in starts)


@transaction.atomic
def _claim_free(incident_ids: list[int], *, at: datetime, by: Actor) -> int:
    seen = visible_to_incidents(by).filter(pk__in=incident_ids).values_list("pk", flat=True)
    free = list(
        Incident.objects.select_for_update()
        .filter(pk__in=list(seen), status=IncidentStatus.OPEN, claimed_by__isnull=True)
        .order_by("pk")
    )
    Incident.objects.filter(pk__in=[incident.pk for incident in free]).update(
        status=IncidentStatus.CLAIMED, claimed_by_id=by.user_id, claimed_at=at
    )
    before = {"claimed_by": None, "status": IncidentStatus.OPEN}
    after = {"status": IncidentStatus.CLAIMED, "claimed_by_id": by.user_id, "claimed_at": at}
    changes = [Change("incident", i.pk, i.cause_label, before, after, None, i.region_code) for i in free]
    record("incident.claim", changes, at=at, by=by)
    for incident in free:
        announce(events.IncidentSteered(incident.pk, incident.region_code, at), by=by)
    publish((News("incident", "incident", i.pk, None, i.region_code) for i in free), at=at)
    return len(free)


@transaction.atomic
def promise(
    incident_id: int, *, eta_at: datetime | None, next_update_at: datetime | None, at: datetime, by: Actor
) -> Incident:
    """Say when service is expected back and when the next word comes; neither may lie in the past."""
    incident = _find(incident_id, by)
    for instant in (eta_at, next_update_at):
        if instant is not None and instant <= at:
            raise BadStep(
                msgid("{instant} has already passed; give an instant to come for incident {number}."),
                instant=f"{timezone.localtime(instant):%Y-%m-%d %H:%M}",
                number=incident.number,
            )
    before = {"eta_at": incident.eta_at, "next_update_at": incident.next_update_at}
    incident.eta_at, incident.next_update_at = eta_at, next_update_at
    _write(incident, ["eta_at", "next_update_at"], "incident.promise", before, at=at, by=by)
    return incident


@transaction.atomic
def mark_not_affected(incident_id: int, circuit_ids: Iterable[int], why: str, *, at: datetime, by: Actor) -> int:
    """Override the model for circuits that work although the incident should have hit them; returns how many."""
    incident = _find(incident_id, by)
    if not why.strip():
        raise BadStep(msgid("Say why the circuits of incident {number} are not affected."), number=incident.number)
    impacts = list(
        Impact.objects.filter(
            incident=incident, circuit_id__in=list(circuit_ids), to_at__isnull=True, not_affected_at__isnull=True
        ).select_related("circuit")
    )
    Impact.objects.filter(pk__in=[impact.pk for impact in impacts]).update(
        not_affected_at=at, not_affected_by=by.name, not_affected_why=why[:200]
    )
    record(
        "impact.not_affected",
        [
            Change(
                "circuit", i.circuit_id, i.circuit.number, {"affected": True}, {"affected": False},
                i.customer_id, i.region_code,
            )
            for i in impacts
        ],
        at=at,
        by=by.because(why),
    )  # fmt: skip
    for impact in impacts:
        announce(events.CircuitNotAffected(incident.pk, impact.circuit_id, impact.customer_id, at), by=by)
    publish([News("incident", "incident", incident.pk, None, incident.region_code)], at=at)
    return len(impacts)


@transaction.atomic
def close(incident_id: int, why: str, *, at: datetime, by: Actor) -> Incident:
    """Close a restored incident before it closes by itself."""
    incident = _find(incident_id, by)
    if incident.status != IncidentStatus.RESTORED:
        raise BadStep(
            msgid("Incident {number} is {status}; only a restored one can be closed. Its alarms must clear first."),
            number=incident.number,
            status=incident.get_status_display(),
        )
    incident.status, incident.closed_at = IncidentStatus.CLOSED, at
    before = {"status": IncidentStatus.RESTORED}
    _write(incident, ["status", "closed_at"], "incident.close", before, at=at, by=by.because(why))
    return incident


@transaction.atomic
def acknowledge(alarm_ids: Iterable[int], *, at: datetime, by: Actor) -> int:
    """Say that someone has seen these standing alarms; returns how many."""
    require(by, Permission.WORK_INCIDENTS)
    seen = list(visible_to(by).filter(pk__in=list(alarm_ids), acknowledged_at__isnull=True).select_related("resource"))
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in seen]).update(acknowledged_by=by.name, acknowledged_at=at)
    record(
        "alarm.acknowledge",
        [Change("alarm", a.pk, a.resource.name, None, {"by": by.name}, None, a.resource.region_code) for a in seen],
        at=at,
        by=by,
    )
    publish([News("alarm", "alarm", alarm.pk, None, alarm.resource.region_code) for alarm in seen], at=at)
    return len(seen)


def _find(incident_id: int, by: Actor) -> Incident:
    require(by, Permission.WORK_INCIDENTS)
    Incident.objects.select_for_update().filter(pk=incident_id).first()  # the worker may be about to restore it
    incident = visible_incident(by, incident_id)
    if incident.status not in LIVE_INCIDENTS:
        raise BadStep(
            msgid("Incident {number} is {status}; nothing more can be done to it."),
            number=incident.number,
            status=incident.get_status_display(),
        )
    return incident


def _write(
    incident: Incident, fields: list[str], action: str, before: Mapping[str, object], *, at: datetime, by: Actor
) -> None:
    Incident.objects.filter(pk=incident.pk).update(**{name: getattr(incident, name) for name in fields})
    after = {name: getattr(incident, name) for name in fields}
    change = Change("incident", incident.pk, incident.cause_label, dict(before), after, None, incident.region_code)
    record(action, [change], at=at, by=by)
    announce(events.IncidentSteered(incident.pk, incident.region_code, at), by=by)
    publish([News("incident", "incident", incident.pk, None, incident.region_code)], at=at)
