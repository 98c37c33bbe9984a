"""Who would be told of planned work, by when they must be, and what they would read: before anything goes out (I3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.duty.queries import desk_phones
from mainstay.service.announcements.choices import Said
from mainstay.service.announcements.letters import About, Letter, Writer
from mainstay.service.announcements.models import Announcement
from mainstay.service.announcements.recipients import Recipient, recipients
from mainstay.service.announcements.texts import EN, ZH
from mainstay.service.tickets.audience import Audience, audiences_for


@dataclass(frozen=True)
class Sample:
    """How a letter reads in one language, and how many read it so."""

    language: str
    letter: Letter
    readers: int


@dataclass(frozen=True)
class Preview:
    """Who would be told if the work were announced at an instant; `late`: customers it would be too late for."""

    rows: tuple[tuple[Recipient, Audience, bool], ...]
    samples: tuple[Sample, ...]
    due_at: datetime | None

    @property
    def late(self) -> int:
        """Count the customers who would be told later than promised."""
        return sum(late for _who, _audience, late in self.rows)

    @property
    def untold(self) -> int:
        """Count the customers where nobody can be told."""
        return sum(not audience.receivers for _who, audience, _late in self.rows)


def preview(work: PlannedWork, states: Iterable[tuple[int, int]], *, at: datetime) -> Preview:
    """Return who would be told of work (circuit id, expected state) and what they would read; nothing is written."""
    wanted = recipients(states, before_at=work.from_at, at=at)
    audiences = audiences_for({each.customer.pk: each.customer.parent_id for each in wanted})
    rows = tuple((who, audiences[who.customer.pk], who.due_at is not None and at > who.due_at) for who in wanted)
    due = min((who.due_at for who in wanted if who.due_at is not None), default=None)
    return Preview(rows, _samples(work, rows, at=at), due)


def _samples(
    work: PlannedWork, rows: tuple[tuple[Recipient, Audience, bool], ...], *, at: datetime
) -> tuple[Sample, ...]:
    """Write the letter of the best customer in both languages."""
    if not rows:
        return ()
    first = Announcement.objects.filter(work=work, told_at__isnull=False).order_by("pk").first()
    before = (first.from_at, first.to_at) if first and work.announced_at is None else None
    writer, what = Writer(work, desk_phones(), at), Said.MOVED if before else Said.FIRST
    who, audience, _late = rows[0]
    name = audience.receivers[0].contact.name if audience.receivers else str(who.customer)
    about = About(who.circuits, who.state, str(who.customer), before)
    people = [receiver.contact.language for _who, each, _late in rows for receiver in each.receivers]
    return tuple(
        Sample(
            language, writer.letter(what, name, language, about), sum((one == ZH) == (language == ZH) for one in people)
        )
        for language in (ZH, EN)
    )
