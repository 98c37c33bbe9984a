"""Planned work, and suppliers' circuits, from and to files (A7, I3). Lists are short: rows are written one by one."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.network.planned_work.actions.suppliers import forget_object, map_object
from mainstay.network.planned_work.actions.works import NewWork, cancel_work, move_work, plan_work
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.errors import BadWork
from mainstay.network.planned_work.models import PlannedWork
from mainstay.network.planned_work.queries import visible_to
from mainstay.network.planned_work.queries.suppliers import supplier_circuits
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused

COLUMNS = (
    Column("number", _("Number"), _("What the work is called; it is not planned twice."), "GJ-20261201-01",
           required=True, longest=40, aliases=("割接编号", "工单号", "work_number")),
    Column("title", _("Title"), "", "武汉–黄石 2# 光缆割接", required=True, longest=160, aliases=("标题", "割接名称")),
    Column("from_at", _("From"), "", "2026-12-01 00:00", required=True, reads="instant", aliases=("开始时间", "begin")),
    Column("to_at", _("To"), "", "2026-12-01 04:00", required=True, reads="instant", aliases=("结束时间", "end")),
    Column("resources", _("Resources"), _("Codes of what is worked on."), "cable-WH-HS-2", required=True, reads="list",
           aliases=("网络资源", "资源编码")),
    Column("details", _("What is done"), "", "断开原光路，接入新光缆", aliases=("技术实现",)),
    Column("preparation", _("What customers should prepare"), "", "请避免批量业务", aliases=("客户准备",)),
    Column("details_en", _("What is done (English)"), "", ""),
    Column("preparation_en", _("What customers should prepare (English)"), "", ""),
)  # fmt: skip


def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Plan what is new and move what has another window; all else of work that is there stays."""
    require(by, Permission.PLAN_WORK)
    known = {row.number: row for row in visible_to(by).filter(number__in=[row.values["number"] for row in rows])}
    return [_write(row, known.get(row.values["number"]), at=at, by=by) for row in rows]


def _write(row: Given, known: PlannedWork | None, *, at: datetime, by: Actor) -> Written:
    values = row.values
    try:
        with transaction.atomic():
            if known is None:
                given: dict[str, Any] = {name: value or "" for name, value in values.items()}
                given["resources"] = tuple(values["resources"])
                work = plan_work(NewWork(**given), at=at, by=by)
                return Written(Outcome.CREATED, "work", work.pk, work.number)
            if (known.from_at, known.to_at) == (values["from_at"], values["to_at"]):
                return Written(Outcome.UNCHANGED, "work", known.pk, known.number)
            before = {"from_at": known.from_at, "to_at": known.to_at}
            why = by if by.why else by.because(str(_("Moved by an import.")))
            work = move_work(known.pk, values["from_at"], values["to_at"], at=at, by=why)
            after = {"from_at": work.from_at, "to_at": work.to_at}
            return Written(Outcome.UPDATED, "work", work.pk, work.number, None, before, after)
    except MainstayError as error:
        return refused(error)


def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Call off what an import planned and nobody approved yet; what it moved stays moved."""
    require(by, Permission.PLAN_WORK)
    return [_take_back(row, at=at, by=by) for row in rows]


def _take_back(row: Taken, *, at: datetime, by: Actor) -> MainstayError | None:
    found = visible_to(by).filter(pk=row.object_id).first()
    if found is None or not row.created or found.status != WorkStatus.PLANNED:
        return BadWork(
            msgid("Work {number} was moved or approved meanwhile; change it by hand on its page."), number=row.label
        )
    try:
        with transaction.atomic():
            cancel_work(found.pk, at=at, by=by if by.why else by.because(str(_("Its import was taken back."))))
    except MainstayError as error:
        return error
    return None


def give(by: Actor) -> Iterator[dict[str, Any]]:
    """Give the work the actor may see, the latest first."""
    names = ("number", "title", "from_at", "to_at", "details", "preparation", "details_en", "preparation_en")
    rows = visible_to(by).order_by("-from_at", "pk").prefetch_related("resources")
    for work in rows.iterator(chunk_size=500):
        codes = " ".join(sorted(resource.code for resource in work.resources.all()))
        yield {name: getattr(work, name) for name in names} | {"resources": codes}


WORKS = Kind(
    "works", _("Planned work"), COLUMNS, ("number",), Permission.PLAN_WORK, write, take_back, give,
    about=_("Work on the network in windows; it is approved and announced afterwards."),
)  # fmt: skip

SUPPLIER_COLUMNS = (
    Column("supplier", _("Supplier"), _("As its notes name it (X-MAINTNOTE-PROVIDER)."), "carrier.example",
           required=True, longest=120, aliases=("供应商", "provider")),
    Column("object_id", _("Supplier’s circuit"), _("As its notes name it (X-MAINTNOTE-OBJECT-ID)."), "CN-WUH-0042",
           required=True, longest=160, aliases=("供应商电路号", "circuit_id")),
    Column("resource", _("Our resource"), _("Its code."), "link-WH-GZ-1", required=True, longest=80,
           aliases=("资源编码", "resource_code")),
)  # fmt: skip


def write_circuits(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Map what rows name onto our resources."""
    require(by, Permission.PLAN_WORK)
    return [_write_circuit(row, at=at, by=by) for row in rows]


def _write_circuit(row: Given, *, at: datetime, by: Actor) -> Written:
    supplier, name, code = (row.values[key] for key in ("supplier", "object_id", "resource"))
    known = supplier_circuits(by).filter(supplier=supplier, object_id=name).first()
    if known is not None and known.resource.code == code:
        return Written(Outcome.UNCHANGED, "supplier_circuit", known.pk, f"{supplier} {name}")
    try:
        with transaction.atomic():
            made = map_object(supplier, name, code, at=at, by=by)
    except MainstayError as error:
        return refused(error)
    outcome = Outcome.UPDATED if known is not None else Outcome.CREATED
    before = {"resource": known.resource.code} if known is not None else None
    return Written(outcome, "supplier_circuit", made.pk, f"{supplier} {name}", None, before, {"resource": code})


def take_back_circuits(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Forget what an import mapped first; give what it changed the resource it had."""
    require(by, Permission.PLAN_WORK)
    return [_take_back_circuit(row, at=at, by=by) for row in rows]


def _take_back_circuit(row: Taken, *, at: datetime, by: Actor) -> MainstayError | None:
    found = supplier_circuits(by).filter(pk=row.object_id).first()
    try:
        with transaction.atomic():
            if row.created or found is None or not row.before:
                forget_object(row.object_id, at=at, by=by)
            else:
                map_object(found.supplier, found.object_id, row.before["resource"], at=at, by=by)
    except MainstayError as error:
        return error
    return None


def give_circuits(by: Actor) -> Iterator[dict[str, Any]]:
    """Give what is mapped onto resources the actor may see."""
    for row in supplier_circuits(by).iterator(chunk_size=2_000):
        yield {"supplier": row.supplier, "object_id": row.object_id, "resource": row.resource.code}


SUPPLIER_CIRCUITS = Kind(
    "supplier-circuits", _("Suppliers’ circuits"), SUPPLIER_COLUMNS, ("supplier", "object_id"), Permission.PLAN_WORK,
    write_circuits, take_back_circuits, give_circuits,
    about=_("Which of our resources rests on which circuit of a supplier; their maintenance notes are read by it."),
)  # fmt: skip
