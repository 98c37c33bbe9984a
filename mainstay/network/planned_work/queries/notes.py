"""Planned work as files: a maintenance note for a customer, and calendars to subscribe to (I3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from mainstay.accounts.customers.models import Customer
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.choices import NoteStatus, WorkStatus
from mainstay.network.planned_work.maintnotes import IMPACTS, Note, written
from mainstay.network.planned_work.models import ForecastCircuit, PlannedWork

REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Publisher:
    """Who publishes: the operator's domain, its mail address, and where pages begin ("https://host")."""

    domain: str
    base_url: str = ""

    @property
    def mail(self) -> str:
        """Return the address notes name as their organizer."""
        return f"noc@{self.domain.split(':')[0]}"


def status_of(work: PlannedWork, *, at: datetime) -> NoteStatus:
    """Return where work stands, in the words of maintenance notes."""
    if work.status == WorkStatus.CANCELLED:
        return NoteStatus.CANCELLED
    if work.status == WorkStatus.DONE:
        return NoteStatus.COMPLETED
    if work.status == WorkStatus.PLANNED or work.announced_at is None:
        return NoteStatus.TENTATIVE
    return NoteStatus.IN_PROCESS if work.from_at <= at else NoteStatus.CONFIRMED


def note_for(work: PlannedWork, customer: Customer, publisher: Publisher, *, at: datetime) -> bytes:
    """Return the maintenance note of work for one customer, with its circuits (1 query); the caller has seen both."""
    rows = ForecastCircuit.objects.filter(work=work, customer=customer).order_by("circuit__number")
    objects = [(number, LiveState(state)) for number, state in rows.values_list("circuit__number", "state")]
    worst = max((state for _number, state in objects), default=LiveState.UP)
    note = Note(
        provider=publisher.domain,
        account=customer.code,
        ref=work.number,
        summary=work.title,
        from_at=work.from_at,
        to_at=work.to_at,
        stamp_at=at,
        status=status_of(work, at=at),
        impact=IMPACTS[worst],
        objects=tuple((number, IMPACTS[state].value) for number, state in objects),
        sequence=work.revision,
        description="\n".join(filter(None, (work.details, work.preparation))),
        organizer=publisher.mail,
    )
    return written([note])


def calendar(
    name: str,
    works: Iterable[PlannedWork],
    publisher: Publisher,
    *,
    at: datetime,
    own: dict[int, Sequence[str]] | None = None,
) -> bytes:
    """Return works as an iCalendar file; `own`: the circuits of a customer by work, named in the description."""
    found = Calendar()
    found.add("version", "2.0")
    found.add("prodid", "-//Mainstay//Planned work//EN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")
    for work in works:
        found.add_component(_event(work, publisher, at=at, own=own))
    return bytes(found.to_ical())


def _event(work: PlannedWork, publisher: Publisher, *, at: datetime, own: dict[int, Sequence[str]] | None) -> Event:
    status = status_of(work, at=at)
    event = Event()
    event.add("uid", f"{work.number}@{publisher.domain}")
    event.add("summary", f"{work.number} {work.title}")
    event.add("dtstart", work.from_at.astimezone(UTC))
    event.add("dtend", work.to_at.astimezone(UTC))
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", work.revision)
    event.add("status", {NoteStatus.CANCELLED: "CANCELLED", NoteStatus.TENTATIVE: "TENTATIVE"}.get(status, "CONFIRMED"))
    event.add("categories", [str(status.label)])
    said = [f"{_('What is done')}: {work.details}"] if work.details else []
    said += [f"{_('What customers should prepare')}: {work.preparation}"] if work.preparation else []
    if own is not None and own.get(work.pk):
        said.append(f"{_('Circuits')}: {', '.join(own[work.pk])}")
    event.add("description", "\n".join(said))
    if publisher.base_url and own is None:
        event.add("url", f"{publisher.base_url}/works/{work.pk}")
    return event
