"""Set up desks, plan and end shifts, keep and take over the shift log (H3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotFound, Refused, msgid
from mainstay.platform.duty.models import Desk, HandoverNote, Shift
from mainstay.platform.duty.queries import TOP_LEVEL, desks
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.journal import actions as journal
from mainstay.platform.places.models import Region

LONGEST_SHIFT = timedelta(days=31)


@dataclass(frozen=True)
class PlannedShift:
    """A person on duty over [from_at, to_at); level 1 is the desk, 2 the supervisor, 3 the leader."""

    user_id: int
    from_at: datetime
    to_at: datetime
    level: int = 1


@transaction.atomic
def create_desk(code: str, name: str, region_code: str, *, at: datetime, by: Actor) -> Desk:
    """Create a desk for a region and all below it ("" is everywhere); Refused: a taken code, an unknown region."""
    require(by, Permission.SETTINGS)
    if Desk.objects.filter(code=code).exists():
        raise Refused(msgid("The desk code “{code}” is taken; choose another."), code=code)
    if region_code and not Region.objects.filter(code=region_code).exists():
        raise Refused(msgid("There is no region with the code “{code}”; choose one from the list."), code=region_code)
    desk = Desk.objects.create(code=code, name=name, region_code=region_code)
    after = {"code": code, "name": name, "region_code": region_code}
    journal.record("desk.create", [_change(desk, after=after)], at=at, by=by)
    return desk


@transaction.atomic
def set_desk_phone(desk_id: int, phone: str, *, at: datetime, by: Actor) -> Desk:
    """Set the phone that customers are given for a desk; empty: none is named."""
    require(by, Permission.SETTINGS)
    desk = visible_desk(desk_id, by)
    before, desk.phone = desk.phone, phone.strip()[:32]
    desk.save(update_fields=["phone"])
    change = journal.Change(
        "desk", desk.pk, desk.name, {"phone": before}, {"phone": desk.phone}, None, desk.region_code
    )
    journal.record("desk.change", [change], at=at, by=by)
    return desk


@transaction.atomic
def plan_shifts(desk: Desk, wanted: Sequence[PlannedShift], *, at: datetime, by: Actor) -> list[Shift]:
    """Put people on the roster, all or none.

    Refused: a naive instant, an end before its start, a shift over a month, a level outside 1 to 3, someone who is not
    active staff, someone on this desk and level twice at a time.
    """
    require(by, Permission.SETTINGS)
    staff = {user.pk: user for user in User.objects.filter(is_active=True, customer_id__isnull=True)}
    for shift in wanted:
        _check(shift, staff)
    _check_overlaps(desk, wanted, staff)
    shifts = Shift.objects.bulk_create(
        Shift(desk=desk, user=staff[s.user_id], level=s.level, from_at=s.from_at, to_at=s.to_at) for s in wanted
    )
    journal.record("shift.plan", [_shift_change(desk, shift, after=_said(shift)) for shift in shifts], at=at, by=by)
    return shifts


@transaction.atomic
def end_shift(shift_id: int, *, at: datetime, by: Actor) -> None:
    """End a shift: one that runs ends at `at`, one that has not begun is taken off the roster."""
    require(by, Permission.SETTINGS)
    shift = Shift.objects.select_related("desk", "user").filter(pk=shift_id).first()
    if shift is None:
        raise NotFound(msgid("This shift is not on the roster any more."))
    if shift.to_at <= at:
        raise Refused(msgid("The shift of {name} has ended already; plan a new one."), name=shift.user.display_name)
    before = _said(shift)
    change = _shift_change(shift.desk, shift, before=before)
    if shift.from_at >= at:
        shift.delete()
    else:
        shift.to_at = at
        shift.save(update_fields=["to_at"])
        change = _shift_change(shift.desk, shift, before=before, after=_said(shift))
    journal.record("shift.end", [change], at=at, by=by)


@transaction.atomic
def write_note(desk_id: int, text: str, *, at: datetime, by: Actor) -> HandoverNote:
    """Write a line into the log of a desk the actor may see."""
    require(by, Permission.WORK_INCIDENTS)
    desk = visible_desk(desk_id, by)
    text = text.strip()
    if not text:
        raise Refused(msgid("The note is empty; write what the next shift must know."))
    if len(text) > 4000:
        raise Refused(msgid("The note has {count} characters; at most 4000 fit."), count=len(text))
    note = HandoverNote.objects.create(desk=desk, at=at, by_name=by.name, user_id=by.user_id, text=text)
    journal.record("desk.note", [_change(desk, after={"note": text})], at=at, by=by)
    return note


@transaction.atomic
def take_over(desk_id: int, *, at: datetime, by: Actor) -> int:
    """Confirm that the actor has read the open notes of a desk written up to `at`; return how many."""
    require(by, Permission.WORK_INCIDENTS)
    desk = visible_desk(desk_id, by)
    open_notes = HandoverNote.objects.filter(desk=desk, taken_over_at__isnull=True, at__lte=at)
    notes = list(open_notes.values_list("pk", flat=True))
    HandoverNote.objects.filter(pk__in=notes).update(taken_over_at=at, taken_over_by=by.name[:80])
    if notes:
        journal.record("desk.take_over", [_change(desk, after={"notes": notes})], at=at, by=by)
    return len(notes)


def _check(shift: PlannedShift, staff: dict[int, User]) -> None:
    if shift.from_at.tzinfo is None or shift.to_at.tzinfo is None:
        raise Refused(msgid("{at} has no time zone; give one."), at=shift.from_at)
    if shift.to_at <= shift.from_at:
        raise Refused(
            msgid("The shift ends at {to_at}, before it begins at {from_at}; correct one of the two."),
            from_at=shift.from_at,
            to_at=shift.to_at,
        )
    if shift.to_at - shift.from_at > LONGEST_SHIFT:
        raise Refused(msgid("A shift lasts {days} days at most; plan several."), days=LONGEST_SHIFT.days)
    if not 1 <= shift.level <= TOP_LEVEL:
        raise Refused(msgid("{level} is not a level; choose 1 to {top}."), level=shift.level, top=TOP_LEVEL)
    if shift.user_id not in staff:
        raise Refused(msgid("Only active staff can be on duty; choose someone from the list."))


def _check_overlaps(desk: Desk, wanted: Sequence[PlannedShift], staff: dict[int, User]) -> None:
    if not wanted:
        return
    first, last = min(s.from_at for s in wanted), max(s.to_at for s in wanted)
    spans: dict[tuple[int, int], list[tuple[datetime, datetime]]] = {}
    for shift in Shift.objects.filter(desk=desk, from_at__lt=last, to_at__gt=first):
        spans.setdefault((shift.user_id, shift.level), []).append((shift.from_at, shift.to_at))
    for new in wanted:
        taken = spans.setdefault((new.user_id, new.level), [])
        if any(new.from_at < to_at and from_at < new.to_at for from_at, to_at in taken):
            raise Refused(
                msgid("{name} would be on duty twice at {at} on the desk {desk}; change one of the shifts."),
                name=staff[new.user_id].display_name,
                at=new.from_at,
                desk=desk.name,
            )
        taken.append((new.from_at, new.to_at))


def visible_desk(desk_id: int, by: Actor) -> Desk:
    """Return a desk of the actor's regions; NotFound for any other."""
    desk = desks(by).filter(pk=desk_id).first()
    if desk is None:
        raise NotFound(msgid("There is no such desk, or it is outside your region."))
    return desk


def _said(shift: Shift) -> dict[str, Any]:
    return {
        "user": shift.user.display_name,
        "level": shift.level,
        "from_at": shift.from_at.isoformat(),
        "to_at": shift.to_at.isoformat(),
    }


def _change(desk: Desk, *, after: dict[str, Any]) -> journal.Change:
    return journal.Change("desk", desk.pk, desk.name, None, after, region_code=desk.region_code)


def _shift_change(
    desk: Desk, shift: Shift, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> journal.Change:
    return journal.Change("shift", shift.pk, desk.name, before, after, region_code=desk.region_code)
