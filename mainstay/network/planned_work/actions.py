"""Plan, approve, announce, finish and cancel work on the network (I3, promise-clocks 19)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.network.inventory.queries import places
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.errors import BadWork
from mainstay.network.planned_work.events import WorkAnnounced, WorkEnded
from mainstay.network.planned_work.models import PlannedWork
from mainstay.network.planned_work.queries import visible_work
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News


@dataclass(frozen=True)
class NewWork:
    """Work wanted in [from_at, to_at), aware instants, on resources by code.

    `details`: what is done technically; `preparation`: what customers should prepare. An empty `region_code` is the
    first resource's.
    """

    number: str
    title: str
    from_at: datetime
    to_at: datetime
    resources: tuple[str, ...]
    region_code: str = ""
    details: str = ""
    preparation: str = ""


@transaction.atomic
def plan_work(new: NewWork, *, at: datetime, by: Actor) -> PlannedWork:
    """Plan work; it excuses nothing before it is approved and announced.

    Raises BadWork (number taken, naive times, an end not after the begin, an end gone by, no or unknown resources),
    NotAllowed.
    """
    require(by, Permission.PLAN_WORK)
    _check(new, at=at)
    ids = places.ids_by_code(new.resources)
    unknown = [code for code in new.resources if code not in ids]
    if unknown or not ids:
        raise BadWork(
            msgid("Work {number} is on no known resource ({unknown}); name resources of the inventory."),
            number=new.number,
            unknown=", ".join(unknown) or "—",
        )
    regions = [name.region_code for name in places.names(ids.values()).values()]
    if not all(may_see(by, customer_id=None, region_code=region) for region in regions):
        raise NotAllowed(
            msgid("Work {number} touches resources outside your regions; have a colleague there plan that part."),
            number=new.number,
        )
    work = PlannedWork.objects.create(
        number=new.number,
        title=new.title,
        from_at=new.from_at,
        to_at=new.to_at,
        region_code=new.region_code or regions[0],
        details=new.details,
        preparation=new.preparation,
        planned_by=by.name,
        planned_by_id=by.user_id,
    )
    work.resources.set(ids.values())
    _tell(work, "work.plan", None, asdict(new), at=at, by=by)
    return work


@transaction.atomic
def approve_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Approve planned work; a second person does it (P1). Raises NoSuchWork, NotAllowed, BadWork."""
    require(by, Permission.APPROVE)
    work = _standing(work_id, (WorkStatus.PLANNED,), by=by)
    if by.user_id is None or by.user_id == work.planned_by_id:
        raise NotAllowed(msgid("You planned {number} yourself; a second person approves it."), number=work.number)
    work.status, work.approved_by = WorkStatus.APPROVED, by.name
    work.save(update_fields=["status", "approved_by"])
    after = {"status": work.status, "approved_by": by.name}
    _tell(work, "work.approve", {"status": WorkStatus.PLANNED}, after, at=at, by=by)
    return work


@transaction.atomic
def announce_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Announce approved work, so that the affected key accounts are told; from now on its window excuses (I3).

    Raises NoSuchWork, BadWork when it is not approved, was announced before, or its window has gone by.
    """
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.APPROVED,), by=by)
    if work.announced_at is not None or at >= work.to_at:
        raise BadWork(
            msgid(
                "Work {number} was announced already, or its window has gone by; plan new work if it is still needed."
            ),
            number=work.number,
        )
    work.announced_at = at
    work.save(update_fields=["announced_at"])
    _tell(work, "work.announce", {"announced_at": None}, {"announced_at": at}, at=at, by=by)
    journal.announce(WorkAnnounced(work.pk, work.number, work.from_at, work.to_at, at), by=by)
    return work


@transaction.atomic
def finish_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Note that approved work is done; what fails afterwards is not excused, even inside the window."""
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.APPROVED,), by=by)
    if at < work.from_at:
        raise BadWork(
            msgid("Work {number} begins only at {begin}; cancel it instead of finishing it."),
            number=work.number,
            begin=work.from_at,
        )
    return _end(work, WorkStatus.DONE, "work.finish", at=at, by=by)


@transaction.atomic
def cancel_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Call planned or approved work off; `by.why` says why. From now on it excuses nothing."""
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.PLANNED, WorkStatus.APPROVED), by=by)
    return _end(work, WorkStatus.CANCELLED, "work.cancel", at=at, by=by)


def _end(work: PlannedWork, status: WorkStatus, action: str, *, at: datetime, by: Actor) -> PlannedWork:
    before = {"status": work.status, "ended_at": None}
    work.status, work.ended_at = status, at
    work.save(update_fields=["status", "ended_at"])
    _tell(work, action, before, {"status": status, "ended_at": at}, at=at, by=by)
    cancelled, announced = status == WorkStatus.CANCELLED, work.announced_at is not None
    journal.announce(WorkEnded(work.pk, work.number, cancelled, announced, at), by=by)
    return work


def _standing(work_id: int, allowed: Sequence[WorkStatus], *, by: Actor) -> PlannedWork:
    work = visible_work(by, work_id, lock=True)
    if work.status not in allowed:
        raise BadWork(
            msgid("Work {number} is {status}; this step needs it to be: {allowed}."),
            number=work.number,
            status=WorkStatus(work.status).label,
            allowed=", ".join(str(status.label) for status in allowed),
        )
    return work


def _check(new: NewWork, *, at: datetime) -> None:
    if not new.number.strip() or not new.title.strip():
        raise BadWork(msgid("Work “{number}” lacks a number or a title; give both."), number=new.number)
    if new.from_at.tzinfo is None or new.to_at.tzinfo is None:
        raise BadWork(
            msgid("Work {number}: the window {begin} – {end} has no time zone; give both times with their zone."),
            number=new.number,
            begin=new.from_at,
            end=new.to_at,
        )
    if new.to_at <= new.from_at or new.to_at <= at:
        raise BadWork(
            msgid("Work {number}: the window {begin} – {end} is empty or has gone by; correct the times."),
            number=new.number,
            begin=new.from_at,
            end=new.to_at,
        )
    if PlannedWork.objects.filter(number=new.number).exists():
        raise BadWork(msgid("Work {number} exists already; choose another number."), number=new.number)


def _tell(
    work: PlannedWork, action: str, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    label = f"{work.number} {work.title}"
    journal.record(action, [Change("work", work.pk, label, before, after, region_code=work.region_code)], at=at, by=by)
    journal.publish([News("work", "work", work.pk, region_code=work.region_code, body={"what": action})], at=at)
