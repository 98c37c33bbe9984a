"""The maintenance note that network operators exchange: an iCalendar event with X-MAINTNOTE properties, both ways.

The format is the public one of the operators' group (properties X-MAINTNOTE-PROVIDER, -ACCOUNT, -MAINTENANCE-ID,
-IMPACT, -OBJECT-ID with the parameter X-MAINTNOTE-OBJECT-IMPACT, -STATUS) on top of RFC 5545. No database here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.choices import NoteImpact, NoteStatus
from mainstay.network.planned_work.errors import BadNote

LARGEST = 2_000_000
"""Bytes of a file of notes that are read."""
IMPACTS = {
    LiveState.UP: NoteImpact.NO_IMPACT,
    LiveState.UNPROTECTED: NoteImpact.REDUCED_REDUNDANCY,
    LiveState.DEGRADED: NoteImpact.DEGRADED,
    LiveState.DOWN: NoteImpact.OUTAGE,
}
_EVENT_STATUS = {
    NoteStatus.TENTATIVE: "TENTATIVE",
    NoteStatus.CONFIRMED: "CONFIRMED",
    NoteStatus.IN_PROCESS: "CONFIRMED",
    NoteStatus.COMPLETED: "CONFIRMED",
    NoteStatus.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True)
class Note:
    """One note: what `provider` does to services of `account` in [from_at, to_at), UTC.

    `objects`: (the service's name, its impact); `sequence` grows with every change; `stamp_at`: when it was written.
    """

    provider: str
    account: str
    ref: str
    summary: str
    from_at: datetime
    to_at: datetime
    stamp_at: datetime
    status: str
    impact: str
    objects: tuple[tuple[str, str], ...]
    sequence: int = 0
    description: str = ""
    organizer: str = ""
    uid: str = ""


def written(notes: Sequence[Note]) -> bytes:
    """Write notes as one iCalendar file."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Mainstay//Maintenance notes//EN")
    calendar.add("method", "PUBLISH")
    for note in notes:
        calendar.add_component(_event(note))
    return bytes(calendar.to_ical())


def read(content: bytes) -> list[Note]:
    """Read all notes of a file. Raises BadNote: no calendar, too large, no note in it, a note that lacks a part."""
    if len(content) > LARGEST:
        raise BadNote(msgid("The file is larger than {most} bytes; notes are far smaller."), most=LARGEST)
    try:
        calendar = Calendar.from_ical(content)
        events = list(calendar.walk("VEVENT"))
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise BadNote(
            msgid("This is no iCalendar file ({error}); ask the supplier for the .ics."), error=str(error)[:200]
        ) from error
    found = [_note(event) for event in events if event.get("X-MAINTNOTE-MAINTENANCE-ID") is not None]
    if not found:
        raise BadNote(msgid("The file holds no maintenance note: no event has X-MAINTNOTE-MAINTENANCE-ID."))
    return found


def _event(note: Note) -> Event:
    event = Event()
    event.add("uid", note.uid or f"{note.ref}@{note.provider}")
    event.add("summary", note.summary)
    event.add("dtstart", note.from_at.astimezone(UTC))
    event.add("dtend", note.to_at.astimezone(UTC))
    event.add("dtstamp", note.stamp_at.astimezone(UTC))
    event.add("sequence", note.sequence)
    event.add("status", _EVENT_STATUS[NoteStatus(note.status)])
    if note.description:
        event.add("description", note.description)
    if note.organizer:
        organizer = vCalAddress(f"mailto:{note.organizer}")
        organizer.params["cn"] = vText(note.provider)
        event["organizer"] = organizer
    event.add("x-maintnote-provider", note.provider)
    event.add("x-maintnote-account", note.account)
    event.add("x-maintnote-maintenance-id", note.ref)
    event.add("x-maintnote-impact", note.impact)
    for name, impact in note.objects:
        event.add("x-maintnote-object-id", name, parameters={"X-MAINTNOTE-OBJECT-IMPACT": impact})
    event.add("x-maintnote-status", note.status)
    return event


def _note(event: Any) -> Note:
    ref = str(event["X-MAINTNOTE-MAINTENANCE-ID"])
    status = str(event.get("X-MAINTNOTE-STATUS", NoteStatus.TENTATIVE)).upper()
    impact = str(event.get("X-MAINTNOTE-IMPACT", NoteImpact.OUTAGE)).upper()
    if status not in NoteStatus.values or impact not in NoteImpact.values:
        raise BadNote(
            msgid("Note {ref} says the status “{status}” or the impact “{impact}”, which the format does not know."),
            ref=ref,
            status=status,
            impact=impact,
        )
    return Note(
        provider=_said(event, "X-MAINTNOTE-PROVIDER", ref),
        account=str(event.get("X-MAINTNOTE-ACCOUNT", "")),
        ref=ref,
        summary=str(event.get("SUMMARY", ref)),
        from_at=_instant(event, "DTSTART", ref),
        to_at=_instant(event, "DTEND", ref),
        stamp_at=_instant(event, "DTSTAMP", ref),
        status=status,
        impact=impact,
        objects=tuple(_objects(event, impact)),
        sequence=int(event.get("SEQUENCE", 0)),
        description=str(event.get("DESCRIPTION", "")),
        organizer=str(event.get("ORGANIZER", "")).removeprefix("mailto:").removeprefix("MAILTO:"),
        uid=str(event.get("UID", "")),
    )


def _objects(event: Any, otherwise: str) -> Iterator[tuple[str, str]]:
    """Give the objects named; one that says nothing of its impact has the note's."""
    given = event.get("X-MAINTNOTE-OBJECT-ID", [])
    for each in given if isinstance(given, list) else [given]:
        impact = str(each.params.get("X-MAINTNOTE-OBJECT-IMPACT", otherwise)).upper()
        yield str(each), impact if impact in NoteImpact.values else otherwise


def _said(event: Any, name: str, ref: str) -> str:
    value = str(event.get(name, "")).strip()
    if not value:
        raise BadNote(msgid("Note {ref} lacks {name}; ask the supplier for a whole one."), ref=ref, name=name)
    return value


def _instant(event: Any, name: str, ref: str) -> datetime:
    value = event.get(name)
    at = getattr(value, "dt", None)
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise BadNote(
            msgid("Note {ref}: {name} is missing or has no time zone; ask the supplier for instants in UTC."),
            ref=ref,
            name=name,
        )
    return at.astimezone(UTC)
