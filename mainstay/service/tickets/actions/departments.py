"""Hand a ticket to a department; say which departments there are, and how long each may take (H4, PC 13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade, Unit
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.calendars.models import Calendar
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.service.tickets.choices import ClockKind, EventKind
from mainstay.service.tickets.errors import WrongState, WrongValue
from mainstay.service.tickets.finding import AT_WORK, must_be, take
from mainstay.service.tickets.models import Clock, Department, DepartmentTarget, Ticket
from mainstay.service.tickets.policy import DEFAULT, frozen
from mainstay.service.tickets.promising import frozen_target


@dataclass(frozen=True)
class NewDepartment:
    """A department wanted; its code never changes. `takes_first`: tickets begin there."""

    code: str
    name: str
    name_en: str = ""
    takes_first: bool = False
    active: bool = True


@dataclass(frozen=True)
class Target:
    """How long a ticket of a grade ("" any) may be with a department; `calendar` is a code."""

    amount: int
    unit: str = "natural_minutes"
    calendar: str = "24x7"
    grade: str = ""
    pauses_help: bool = False


SHIPPED = (
    (NewDepartment("desk", "大客户值班台", "Key account desk", takes_first=True), ()),
    (NewDepartment("transmission", "传输专业", "Transmission"), (Target(30, grade="AAA"), Target(60))),
    (NewDepartment("access", "接入专业", "Access"), (Target(30, grade="AAA"), Target(60))),
    (NewDepartment("data", "数据专业", "Data network"), (Target(30, grade="AAA"), Target(60))),
    (NewDepartment("field", "现场维护", "Field maintenance"), (Target(60, grade="AAA", pauses_help=True),
                                                               Target(120, pauses_help=True))),
    (NewDepartment("vendor", "设备厂家", "Vendor"), (Target(240, pauses_help=True),)),
)  # fmt: skip
"""Departments of a new house with defaults of ours; the sources name departments, and no figures for them (H4)."""


@transaction.atomic
def hand_to(
    ticket_id: int, department_id: int, why: str = "", *, at: datetime, by: Actor, revision: int | None = None
) -> Ticket:
    """Hand a ticket to a department: its clock runs from now on, that of the one before stops (H4).

    A target is frozen when the ticket comes there first. Refused when it is there already, or is settled.
    """
    work, file = take(ticket_id, action="ticket.hand", at=at, by=by, revision=revision)
    must_be(file, *AT_WORK)
    found = Department.objects.filter(pk=department_id, active=True).first()
    if found is None:
        raise WrongValue(msgid("There is no such department any more; choose one of the list."))
    ticket = file.ticket
    held = ticket.department or Department.objects.filter(takes_first=True).first()
    if held is not None and held.pk == found.pk:
        raise WrongState(
            msgid("Ticket {ticket} is with {department} already."), ticket=ticket.number, department=str(found)
        )
    ticket.department = found
    body = {"department": found.pk, "code": found.code, "name": found.name, "name_en": found.name_en}
    work.tell(file, EventKind.HANDED, text=why.strip(), body=body)
    if file.clock_of(None, ClockKind.DEPARTMENT, department_id=found.pk) is None:
        target = _target_for(found, ticket.grade)
        if target is not None:
            policy = {**frozen(DEFAULT.department), "pauses_help": target.pauses_help}
            promise = {**frozen_target(target), "department": found.name, "department_en": found.name_en}
            file.clocks.append(Clock(kind=ClockKind.DEPARTMENT, department=found, promise=promise, policy=policy))
    work.save()
    return ticket


def _target_for(department: Department, grade: str) -> DepartmentTarget | None:
    targets = {target.grade: target for target in department.targets.select_related("calendar")}
    return targets.get(grade) or targets.get("")


@transaction.atomic
def set_department(
    new: NewDepartment, targets: Sequence[Target], *, at: datetime, by: Actor, pk: int | None = None
) -> Department:
    """Make a department (`pk` None) or change one, with all its targets; running clocks keep theirs.

    Refused: a code that is taken, a target that is no promise, two for one grade, nobody left to take tickets first.
    """
    require(by, Permission.SETTINGS)
    calendars = {row.code: row for row in Calendar.objects.filter(code__in={target.calendar for target in targets})}
    _check(new, targets, calendars, pk)
    row = Department.objects.filter(pk=pk).first() if pk is not None else Department(code=new.code)
    if row is None:
        raise WrongValue(msgid("There is no such department any more; choose one of the list."))
    before = _said(row) if pk is not None else None
    if row.takes_first and not new.takes_first:
        raise WrongValue(msgid("Tickets begin with {name}; let another department take them first."), name=row.name)
    if new.takes_first:
        Department.objects.exclude(pk=row.pk).update(takes_first=False)
    if pk is None:
        row.position = Department.objects.count()
    row.name, row.name_en, row.takes_first, row.active = new.name, new.name_en, new.takes_first, new.active
    row.save()
    row.targets.all().delete()
    DepartmentTarget.objects.bulk_create(
        DepartmentTarget(
            department=row, grade=target.grade, amount=target.amount, unit=target.unit,
            calendar=calendars[target.calendar], pauses_help=target.pauses_help,
        )
        for target in targets
    )  # fmt: skip
    change = journal.Change("department", row.pk, row.name, before, _said(row))
    journal.record("department.set", [change], at=at, by=by)
    return row


def load_departments(*, at: datetime, by: Actor) -> int:
    """Make the shipped departments that are missing; return how many. What was changed stays."""
    known = set(Department.objects.values_list("code", flat=True))
    missing = [(new, targets) for new, targets in SHIPPED if new.code not in known]
    for new, targets in missing:
        set_department(new, targets, at=at, by=by)
    return len(missing)


def _check(new: NewDepartment, targets: Sequence[Target], calendars: dict[str, Calendar], pk: int | None) -> None:
    if not new.name.strip():
        raise WrongValue(msgid("A department needs a name; give one."))
    if pk is None and Department.objects.filter(code=new.code).exists():
        raise WrongValue(msgid("The code “{code}” is taken; choose another."), code=new.code)
    if len({target.grade for target in targets}) < len(targets):
        raise WrongValue(msgid("{name}: two targets for one grade; leave one of them."), name=new.name)
    times = (Unit.NATURAL_MINUTES, Unit.WORKING_MINUTES, Unit.WORKING_DAYS)
    for target in targets:
        known = target.calendar in calendars and target.grade in ("", *CircuitGrade.values)
        if target.amount < 1 or target.unit not in times or not known:
            raise WrongValue(
                msgid("{name}: {amount} {unit} is no target; give at least 1 of a known unit, grade and calendar."),
                name=new.name, amount=target.amount, unit=target.unit,
            )  # fmt: skip


def _said(row: Department) -> dict[str, object]:
    targets = [
        [t.grade, t.amount, t.unit, t.calendar.code, t.pauses_help] for t in row.targets.select_related("calendar")
    ]
    return {"name": row.name, "takes_first": row.takes_first, "active": row.active, "targets": targets}
