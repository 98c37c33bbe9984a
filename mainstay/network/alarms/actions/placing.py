"""Work off the quarantine: say what a source means by a name, or set the name aside (G1)."""

from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import Outcome, QuarantineStatus
from mainstay.network.alarms.errors import BadStep, NoSuchAlarm
from mainstay.network.alarms.models import AlarmReport, QuarantinedResource
from mainstay.network.inventory.models import Resource
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal.actions import Change, News, publish, record


@transaction.atomic
def place(quarantine_id: int, resource_code: str, *, at: datetime, by: Actor) -> int:
    """Say that the name means this resource, one the actor may see; reports held back are taken in again.

    Returns how many. They keep the instant of their receipt: that they were placed late is no fault of the source's
    clock.
    """
    row = _find(quarantine_id, by)
    resource = Resource.objects.filter(scope(by, customer=""), code=resource_code).first()
    if resource is None:
        raise BadStep(
            msgid("There is no resource with the code “{code}”; import it first or choose another."), code=resource_code
        )
    row.resource, row.status = resource, QuarantineStatus.PLACED
    again = _reports(row)
    for report in again:
        report.pk, report.outcome = None, Outcome.WAITING
    AlarmReport.objects.bulk_create(again)
    _decide(row, {"resource": resource_code, "reports": len(again)}, at=at, by=by)
    return len(again)


@transaction.atomic
def ignore(quarantine_id: int, why: str, *, at: datetime, by: Actor) -> None:
    """Set the name aside: its reports stay stored, and later ones are counted but not shown as open."""
    row = _find(quarantine_id, by)
    row.status = QuarantineStatus.IGNORED
    _decide(row, {"ignored": True}, at=at, by=by.because(why))


def _find(quarantine_id: int, by: Actor) -> QuarantinedResource:
    require(by, Permission.WORK_INCIDENTS)
    rows = QuarantinedResource.objects.select_related("source").select_for_update(of=("self",))
    row = rows.filter(pk=quarantine_id).first()
    if row is None:
        raise NoSuchAlarm(msgid("There is no quarantined name {id}; reload the list."), id=quarantine_id)
    if row.status != QuarantineStatus.OPEN:
        raise BadStep(
            msgid("“{ref}” was already decided by {name}; reload the list."), ref=row.resource_ref, name=row.decided_by
        )
    return row


def _reports(row: QuarantinedResource) -> list[AlarmReport]:
    return list(
        AlarmReport.objects.filter(
            source=row.source, resource_ref=row.resource_ref, outcome=Outcome.QUARANTINED
        ).order_by("id")
    )


def _decide(row: QuarantinedResource, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    row.decided_by, row.decided_at = by.name, at
    row.save(update_fields=["resource", "status", "decided_by", "decided_at"])
    record("quarantine.decide", [Change("quarantine", row.pk, row.resource_ref, None, after)], at=at, by=by)
    publish([News("alarm", "quarantine", row.pk)], at=at)
