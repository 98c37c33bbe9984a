"""Plan, approve, announce, move, finish and cancel work on the network (I3, promise-clocks 19)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.network.inventory.queries import places
from mainstay.network.planned_work import watching
from mainstay.network.planned_work.actions.freezing import hold_against, keep_overrides
from mainstay.network.planned_work.choices import WorkResult, WorkStatus
from mainstay.network.planned_work.errors import BadWork
from mainstay.network.planned_work.events import WorkAnnounced, WorkEnded, WorkMoved
from mainstay.network.planned_work.models import ForecastCircuit, PlannedWork
from mainstay.network.planned_work.queries.what_if import Hit, what_if
from mainstay.network.planned_work.queries.works import visible_work
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News

_HOUSE = system("planned_work")
"""Judges for the network, not for who plans: a circuit of another region is hit all the same."""


@dataclass(frozen=True)
class Wording:
    """What people read of work: `details` what is done technically, `preparation` what customers should prepare.

    In Chinese, and in English for those who read that; who has no English text reads the Chinese one.
    """

    title: str
    details: str = ""
    preparation: str = ""
    details_en: str = ""
    preparation_en: str = ""


@dataclass(frozen=True)
class NewWork:
    """Work wanted in [from_at, to_at), aware instants, on resources by code; texts as in Wording.

    An empty `region_code` is the first resource's. `supplier`, `supplier_ref`: of the maintenance note it comes from.
    """

    number: str
    title: str
    from_at: datetime
    to_at: datetime
    resources: tuple[str, ...]
    region_code: str = ""
    details: str = ""
    preparation: str = ""
    details_en: str = ""
    preparation_en: str = ""
    supplier: str = ""
    supplier_ref: str = ""
    supplier_sequence: int = -1


@transaction.atomic
def plan_work(new: NewWork, *, at: datetime, by: Actor) -> PlannedWork:
    """Plan work; it excuses nothing before it is approved and announced.

    In a freeze `by.why` is the reason of who may set it aside. Raises BadWork (number taken, naive times, an end not
    after the begin, an end gone by, no or unknown resources), Frozen, NotAllowed.
    """
    require(by, Permission.PLAN_WORK)
    _check(new, at=at)
    ids = _known_resources(new)
    names = places.names(ids.values())
    regions = [names[pk].region_code for pk in ids.values()]
    if not all(may_see(by, customer_id=None, region_code=region) for region in regions):
        raise NotAllowed(
            msgid("Work {number} touches resources outside your regions; have a colleague there plan that part."),
            number=new.number,
        )
    said = {name: value for name, value in asdict(new).items() if name != "resources"}
    work = PlannedWork(**said | {"region_code": new.region_code or regions[0]})
    work.planned_by, work.planned_by_id = by.name, by.user_id
    aside = hold_against(work, regions, _grades_over(ids.values()), approving=False, at=at, by=by)
    work.save(force_insert=True)
    work.resources.set(ids.values())
    keep_overrides(work, aside, at=at, by=by)
    kept = {name: value for name, value in asdict(new).items() if value not in ("", -1)}
    _tell(work, "work.plan", None, kept, at=at, by=by)
    return work


def approve_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Approve planned work; a second person does it (P1). What it will do is kept from now on.

    Where a freeze asks for a mandate, `by.why` is its reason. Raises NoSuchWork, NotAllowed, BadWork, Frozen.
    """
    require(by, Permission.APPROVE)
    hits = _judged(work_id, by=by)
    with transaction.atomic():
        work = _standing(work_id, (WorkStatus.PLANNED,), by=by)
        if by.user_id is None or by.user_id == work.planned_by_id:
            raise NotAllowed(msgid("You planned {number} yourself; a second person approves it."), number=work.number)
        if work.to_at <= at:
            raise BadWork(msgid("The window of work {number} has gone by; give it another one."), number=work.number)
        regions, ids = _where(work)
        aside = hold_against(work, regions, _grades_over(ids), approving=True, at=at, by=by)
        keep_overrides(work, aside, at=at, by=by)
        work.status, work.approved_by, work.approved_at = WorkStatus.APPROVED, by.name, at
        work.save(update_fields=["status", "approved_by", "approved_at"])
        _keep_forecast(work, hits)
        after = {"status": work.status, "approved_by": by.name}
        _tell(work, "work.approve", {"status": WorkStatus.PLANNED}, after, at=at, by=by)
    return work


def announce_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Announce approved work, so that the affected key accounts are told; from now on its window excuses (I3).

    Raises NoSuchWork, BadWork when it is not approved, was announced before, or its window has gone by.
    """
    require(by, Permission.PLAN_WORK)
    hits = _judged(work_id, by=by)
    with transaction.atomic():
        work = _standing(work_id, (WorkStatus.APPROVED,), by=by)
        if work.announced_at is not None or at >= work.to_at:
            raise BadWork(
                msgid(
                    "Work {number} was announced already, or its window has gone by; plan new work if it is still "
                    "needed."
                ),
                number=work.number,
            )
        work.announced_at = at
        work.save(update_fields=["announced_at"])
        _keep_forecast(work, hits)
        watching.watch(work)
        _tell(work, "work.announce", {"announced_at": None}, {"announced_at": at}, at=at, by=by)
        again = work.revision > 0
        journal.announce(WorkAnnounced(work.pk, work.number, work.from_at, work.to_at, at, again), by=by)
    return work


@transaction.atomic
def move_work(work_id: int, from_at: datetime, to_at: datetime, *, at: datetime, by: Actor) -> PlannedWork:
    """Give work another window before it begins; `by.why` says why. It is to be approved and announced anew.

    Raises NoSuchWork, NotAllowed, BadWork (begun or over, a bad window, no reason), Frozen.
    """
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.PLANNED, WorkStatus.APPROVED), by=by)
    if work.announced_at is not None and at >= work.from_at:
        raise BadWork(
            msgid("Work {number} has begun; finish it or call it off instead of moving it."), number=work.number
        )
    if not by.why.strip():
        raise BadWork(msgid("Say why work {number} is moved; those who were told will read it."), number=work.number)
    _check_window(work.number, from_at, to_at, at=at)
    before = {"from_at": work.from_at, "to_at": work.to_at, "status": work.status}
    announced = work.announced_at is not None
    work.from_at, work.to_at, work.status = from_at, to_at, WorkStatus.PLANNED
    work.announced_at = work.approved_at = None
    work.approved_by, work.revision, work.changed_why = "", work.revision + 1, by.why[:400]
    work.overrides.all().delete()
    regions, ids = _where(work)
    keep_overrides(work, hold_against(work, regions, _grades_over(ids), approving=False, at=at, by=by), at=at, by=by)
    # Who moves it plans it anew: the second person must be another one.
    work.planned_by, work.planned_by_id = by.name, by.user_id
    work.save()
    watching.watch_no_more(work, at=at)
    after = {"from_at": from_at, "to_at": to_at, "status": work.status}
    _tell(work, "work.move", before, after, at=at, by=by)
    if announced:
        journal.announce(WorkMoved(work.pk, work.number, from_at, to_at, at), by=by)
    return work


@transaction.atomic
def reword_work(work_id: int, wording: Wording, *, at: datetime, by: Actor) -> PlannedWork:
    """Word work differently before it is announced. Raises NoSuchWork, NotAllowed, BadWork."""
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.PLANNED, WorkStatus.APPROVED), by=by)
    if work.announced_at is not None:
        raise BadWork(
            msgid("Customers were told of work {number}; move it or call it off, its words stay."), number=work.number
        )
    if not wording.title.strip():
        raise BadWork(msgid("Work “{number}” lacks a number or a title; give both."), number=work.number)
    now = asdict(wording)
    before, after = journal.differences({name: getattr(work, name) for name in now}, now)
    for name, value in now.items():
        setattr(work, name, value)
    work.save(update_fields=list(now))
    if after:
        _tell(work, "work.reword", before, after, at=at, by=by)
    return work


@transaction.atomic
def finish_work(work_id: int, *, at: datetime, by: Actor, result: str = WorkResult.DONE, note: str = "") -> PlannedWork:
    """Note that approved work is over and how it ended; what fails afterwards is not excused, even inside the window.

    Raises NoSuchWork, NotAllowed, BadWork (not approved, not begun, an unknown result).
    """
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.APPROVED,), by=by)
    if at < work.from_at:
        raise BadWork(
            msgid("Work {number} begins only at {begin}; cancel it instead of finishing it."),
            number=work.number,
            begin=work.from_at,
        )
    if result not in WorkResult.values:
        raise BadWork(msgid("Work {number} cannot end “{result}”; choose a result."), number=work.number, result=result)
    work.result, work.result_note = result, note
    return _end(work, WorkStatus.DONE, "work.finish", at=at, by=by)


@transaction.atomic
def cancel_work(work_id: int, *, at: datetime, by: Actor) -> PlannedWork:
    """Call planned or approved work off; `by.why` says why. From now on it excuses nothing."""
    require(by, Permission.PLAN_WORK)
    work = _standing(work_id, (WorkStatus.PLANNED, WorkStatus.APPROVED), by=by)
    work.revision, work.changed_why = work.revision + 1, by.why[:400]
    return _end(work, WorkStatus.CANCELLED, "work.cancel", at=at, by=by)


def _end(work: PlannedWork, status: WorkStatus, action: str, *, at: datetime, by: Actor) -> PlannedWork:
    before = {"status": work.status, "ended_at": None}
    work.status, work.ended_at = status, at
    work.save(update_fields=["status", "ended_at", "result", "result_note", "revision", "changed_why"])
    watching.watch_no_more(work, at=at)
    after: dict[str, Any] = {"status": status, "ended_at": at}
    if work.result:
        after |= {"result": work.result, "overrun_minutes": work.overrun_s // 60}
    _tell(work, action, before, after, at=at, by=by)
    cancelled, moved = status == WorkStatus.CANCELLED, work.revision > int(status == WorkStatus.CANCELLED)
    announced = work.announced_at is not None or moved
    journal.announce(WorkEnded(work.pk, work.number, cancelled, announced, at), by=by)
    return work


def _judged(work_id: int, *, by: Actor) -> tuple[Hit, ...]:
    """Judge what work will do, outside the transaction that keeps it."""
    work = visible_work(by, work_id)
    return what_if(_HOUSE, list(work.resources.values_list("pk", flat=True))).hits


def _keep_forecast(work: PlannedWork, hits: Iterable[Hit]) -> None:
    ForecastCircuit.objects.filter(work=work).delete()
    rows = [(work.pk, hit.circuit_id, hit.customer_id, int(hit.after)) for hit in hits]
    insert_many(ForecastCircuit, ("work_id", "circuit_id", "customer_id", "state"), rows)


def _where(work: PlannedWork) -> tuple[list[str], list[int]]:
    rows = list(work.resources.values_list("pk", "region_code"))
    return [region for _pk, region in rows], [pk for pk, _region in rows]


def _grades_over(resource_ids: Iterable[int]) -> set[str]:
    return set(places.circuits_over(resource_ids).order_by().values_list("grade", flat=True).distinct())


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


def _known_resources(new: NewWork) -> dict[str, int]:
    ids = places.ids_by_code(new.resources)
    unknown = [code for code in new.resources if code not in ids]
    if unknown or not ids:
        raise BadWork(
            msgid("Work {number} is on no known resource ({unknown}); name resources of the inventory."),
            number=new.number,
            unknown=", ".join(unknown) or "—",
        )
    return ids


def _check(new: NewWork, *, at: datetime) -> None:
    if not new.number.strip() or not new.title.strip():
        raise BadWork(msgid("Work “{number}” lacks a number or a title; give both."), number=new.number)
    _check_window(new.number, new.from_at, new.to_at, at=at)
    if PlannedWork.objects.filter(number=new.number).exists():
        raise BadWork(msgid("Work {number} exists already; choose another number."), number=new.number)


def _check_window(number: str, from_at: datetime, to_at: datetime, *, at: datetime) -> None:
    if from_at.tzinfo is None or to_at.tzinfo is None:
        raise BadWork(
            msgid("Work {number}: the window {begin} – {end} has no time zone; give both times with their zone."),
            number=number,
            begin=from_at,
            end=to_at,
        )
    if to_at <= from_at or to_at <= at:
        raise BadWork(
            msgid("Work {number}: the window {begin} – {end} is empty or has gone by; correct the times."),
            number=number,
            begin=from_at,
            end=to_at,
        )


def _tell(
    work: PlannedWork, action: str, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    label = f"{work.number} {work.title}"
    journal.record(action, [Change("work", work.pk, label, before, after, region_code=work.region_code)], at=at, by=by)
    journal.publish([News("work", "work", work.pk, region_code=work.region_code, body={"what": action})], at=at)
