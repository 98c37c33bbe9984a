"""What can be done to many incidents, alarms and quarantined names at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.actions import placing, steering
from mainstay.network.alarms.errors import BadStep
from mainstay.network.alarms.models import QuarantinedResource
from mainstay.network.alarms.queries import alarms, incidents
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind


def incident_labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return number and cause of those incidents the actor may see (1 query)."""
    rows = incidents.visible_to(actor).filter(pk__in=list(ids))
    return {row.pk: f"{row.number} {row.cause_label}" for row in rows}


def alarm_labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return resource and type of those alarms the actor may see (1 query)."""
    rows = alarms.visible_to(actor).filter(pk__in=list(ids)).values_list("pk", "resource__name", "alarm_type")
    return {pk: f"{resource} {alarm_type}" for pk, resource, alarm_type in rows}


def name_labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the quarantined names, for those who may see alarms (1 query)."""
    if not actor.may(Permission.READ_ALARMS):
        return {}
    return dict(QuarantinedResource.objects.filter(pk__in=list(ids)).values_list("pk", "resource_ref"))


def _claim(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return steering.claim(object_id, at=at, by=by)


def _close(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return steering.close(object_id, arguments["why"], at=at, by=by)


def _acknowledge(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    if not steering.acknowledge([object_id], at=at, by=by):
        raise BadStep(msgid("This alarm was acknowledged already, or is none that you may see; nothing was changed."))
    return None


def _ignore(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return placing.ignore(object_id, arguments["why"], at=at, by=by)


_WORK = Permission.WORK_INCIDENTS
KINDS = (
    Kind("incident.claim", _("Claim incidents"), "incident", _WORK, incident_labels, _claim),
    Kind("incident.close", _("Close restored incidents"), "incident", _WORK, incident_labels, _close, danger=True),
    Kind("alarm.acknowledge", _("Acknowledge alarms"), "alarm", _WORK, alarm_labels, _acknowledge),
    Kind("quarantine.ignore", _("Set names aside"), "quarantine", _WORK, name_labels, _ignore),
)
