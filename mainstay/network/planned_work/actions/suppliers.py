"""Map suppliers' names onto our resources, and take their maintenance notes as planned work (I3)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, msgid
from mainstay.network.inventory.models import Resource
from mainstay.network.inventory.queries import places
from mainstay.network.planned_work.actions.works import NewWork, cancel_work, finish_work, move_work, plan_work
from mainstay.network.planned_work.choices import NoteStatus, WorkStatus
from mainstay.network.planned_work.errors import BadNote
from mainstay.network.planned_work.maintnotes import Note
from mainstay.network.planned_work.models import PlannedWork, SupplierCircuit
from mainstay.network.planned_work.queries.suppliers import codes_of, supplier_circuits
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal

PLANNED, MOVED, CANCELLED, FINISHED, KNOWN, REFUSED = (
    "planned", "moved", "cancelled", "finished", "known", "refused"
)  # fmt: skip
"""What became of a note."""


@dataclass(frozen=True)
class Taken:
    """What became of a note: the work, names nobody mapped, why it was refused."""

    note: Note
    outcome: str
    work: PlannedWork | None = None
    unknown: tuple[str, ...] = ()
    error: MainstayError | None = None


@transaction.atomic
def map_object(supplier: str, object_id: str, code: str, *, at: datetime, by: Actor) -> SupplierCircuit:
    """Say which resource of ours a supplier's name means. Raises NotAllowed, BadNote (empty, an unknown resource)."""
    require(by, Permission.PLAN_WORK)
    if not supplier.strip() or not object_id.strip():
        raise BadNote(msgid("Name the supplier and what it calls the circuit."))
    resource = places.visible_to(by).filter(code=code.strip()).first()
    if resource is None:
        raise BadNote(msgid("There is no resource {code} that you may see; give its code."), code=code)
    known = SupplierCircuit.objects.filter(supplier=supplier.strip(), object_id=object_id.strip())
    row = known.select_related("resource").first()
    _check_region(row.resource if row else resource, by)
    before = {"resource": row.resource.code} if row else None
    if row is None:
        row = SupplierCircuit(supplier=supplier.strip(), object_id=object_id.strip())
    row.resource = resource
    row.save()
    _record("supplier_circuit.map", row, before, {"resource": resource.code}, at=at, by=by)
    return row


@transaction.atomic
def forget_object(mapping_id: int, *, at: datetime, by: Actor) -> None:
    """Forget what a supplier's name means. Raises NotAllowed, BadNote."""
    require(by, Permission.PLAN_WORK)
    row = supplier_circuits(by).filter(pk=mapping_id).first()
    if row is None:
        raise BadNote(msgid("This name is not in the list any more; nothing is to be done."))
    _record("supplier_circuit.forget", row, {"resource": row.resource.code}, None, at=at, by=by)
    row.delete()


def take_notes(notes: Iterable[Note], *, at: datetime, by: Actor) -> list[Taken]:
    """Take notes as planned work, each by itself: plan, move, call off or finish; an older version changes nothing.

    What is planned so is approved and announced like any other work. Raises NotAllowed.
    """
    require(by, Permission.PLAN_WORK)
    return [_take(note, at=at, by=by) for note in notes]


def _take(note: Note, *, at: datetime, by: Actor) -> Taken:
    codes = codes_of(note.provider, [name for name, _impact in note.objects])
    unknown = tuple(name for name, _impact in note.objects if name not in codes)
    try:
        with transaction.atomic():
            return _taken(note, tuple(dict.fromkeys(codes.values())), unknown, at=at, by=by)
    except MainstayError as error:
        return Taken(note, REFUSED, None, unknown, error)


def _taken(note: Note, codes: Sequence[str], unknown: tuple[str, ...], *, at: datetime, by: Actor) -> Taken:
    known = PlannedWork.objects.select_for_update().filter(supplier=note.provider, supplier_ref=note.ref).first()
    if known is None:
        return Taken(note, *_first(note, codes, at=at, by=by), unknown)
    if not may_see(by, customer_id=None, region_code=known.region_code):
        raise NotAllowed(msgid("Work {number} is in another region; hand the note to them."), number=known.number)
    if note.sequence <= known.supplier_sequence or known.status in (WorkStatus.CANCELLED, WorkStatus.DONE):
        return Taken(note, KNOWN, known, unknown)
    PlannedWork.objects.filter(pk=known.pk).update(supplier_sequence=note.sequence)
    why = by.because(f"{note.provider} {note.ref} #{note.sequence}")
    if note.status == NoteStatus.CANCELLED:
        return Taken(note, CANCELLED, cancel_work(known.pk, at=at, by=why), unknown)
    if note.status == NoteStatus.COMPLETED and known.status == WorkStatus.APPROVED and at >= known.from_at:
        return Taken(note, FINISHED, finish_work(known.pk, at=at, by=why), unknown)
    if (note.from_at, note.to_at) != (known.from_at, known.to_at):
        return Taken(note, MOVED, move_work(known.pk, note.from_at, note.to_at, at=at, by=why), unknown)
    return Taken(note, KNOWN, known, unknown)


def _first(note: Note, codes: Sequence[str], *, at: datetime, by: Actor) -> tuple[str, PlannedWork | None]:
    if note.status in (NoteStatus.CANCELLED, NoteStatus.COMPLETED):
        return KNOWN, None
    if not codes:
        raise BadNote(
            msgid(
                "Note {ref} names nothing that is mapped here ({names}); say which resources these are, then take "
                "it again."
            ),
            ref=note.ref,
            names=", ".join(name for name, _impact in note.objects) or "—",
        )
    new = NewWork(
        number=_number(note), title=note.summary[:160], from_at=note.from_at, to_at=note.to_at, resources=tuple(codes),
        details=note.description, supplier=note.provider, supplier_ref=note.ref, supplier_sequence=note.sequence,
    )  # fmt: skip
    return PLANNED, plan_work(new, at=at, by=by)


def _number(note: Note) -> str:
    """Return a number that fits and is the note's alone."""
    plain = f"S-{note.ref}"
    if len(plain) <= 40 and not PlannedWork.objects.filter(number=plain).exists():
        return plain
    return f"{plain[:31]}-{hashlib.sha256(f'{note.provider} {note.ref}'.encode()).hexdigest()[:8]}"


def _check_region(resource: Resource, by: Actor) -> None:
    if not may_see(by, customer_id=None, region_code=resource.region_code):
        raise NotAllowed(msgid("This name is mapped in another region; ask a colleague there."))


def _record(
    action: str, row: SupplierCircuit, before: dict[str, str] | None, after: dict[str, str] | None, *,
    at: datetime, by: Actor,
) -> None:  # fmt: skip
    label = f"{row.supplier} {row.object_id}"
    region = row.resource.region_code
    change = journal.Change("supplier_circuit", row.pk, label, before, after, region_code=region)
    journal.record(action, [change], at=at, by=by)
