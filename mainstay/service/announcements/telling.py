"""How does word of planned work go out to many customers at once, and how is it written down (I3, K8)?

Customers told before hear of every change and of the end by the ways by which they were told; whom work touches no
longer hears that it is off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mainstay.accounts.customers.models import Contact
from mainstay.domain.actor import Actor
from mainstay.network.planned_work.models import ForecastCircuit, PlannedWork
from mainstay.platform.duty.queries import desk_phones
from mainstay.platform.journal import actions as journal
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.service.announcements.choices import Answer, Said
from mainstay.service.announcements.letters import About, Writer
from mainstay.service.announcements.models import Announcement, Telling
from mainstay.service.announcements.recipients import Recipient, recipients
from mainstay.service.tickets.audience import Audience, Receiver, Told, as_told, audiences_for

SHOWN = 200
"""Circuits whose numbers are read for letters."""


@dataclass
class Round:
    """Mutable: one sending about one work; collects letters and what is written down, then saves at once."""

    work: PlannedWork
    at: datetime
    by: Actor
    writer: Writer = field(init=False)
    letters: list[NewMessage] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    changes: list[journal.Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what all letters need (1 query)."""
        self.writer = Writer(self.work, desk_phones(), self.at)

    def tell(
        self, what: str, row: Announcement, receivers: Sequence[Receiver], about: About, *, number: int, text: str = ""
    ) -> None:
        """Write to receivers, and note who was told by which ways."""
        self.letters += [self.writer.message(what, row, receiver, about, number=number) for receiver in receivers]
        self.tellings.append(
            Telling(
                announcement=row, what=what, at=self.at, by=self.by.name, text=text,
                names=[receiver.contact.name for receiver in receivers],
                ways={str(r.contact.pk): [address.channel for address in r.open_ways] for r in receivers},
            )
        )  # fmt: skip
        self.note(what, row, [receiver.contact.name for receiver in receivers])

    def note(self, what: str, row: Announcement, names: Sequence[str]) -> None:
        """Keep in the audit trail what was said to whom."""
        after = {"what": what, "names": list(names)}
        label = f"{self.work.number} {self.work.title}"
        self.changes.append(
            journal.Change("announcement", row.pk, label, None, after, row.customer_id, row.region_code)
        )

    def save(self) -> int:
        """Write it all; return how many messages were new."""
        Telling.objects.bulk_create(self.tellings)
        journal.record("announcement.tell", self.changes, at=self.at, by=self.by)
        news = [
            journal.News("announcement", "announcement", change.object_id, change.customer_id, change.region_code or "")
            for change in self.changes
        ]
        journal.publish(news, at=self.at)
        return send(self.letters, at=self.at)


def announce(work: PlannedWork, *, at: datetime, by: Actor) -> None:
    """Tell whom the forecast touches: first of it, or that its window is another; whom it left: that it is off."""
    states = ForecastCircuit.objects.filter(work=work).values_list("circuit_id", "state")
    wanted = recipients(states, before_at=work.from_at, at=at)
    rows = {row.customer_id: row for row in _announcements(work)}
    touched = {each.customer.pk for each in wanted}
    audiences = audiences_for({each.customer.pk: each.customer.parent_id for each in wanted})
    sending = Round(work, at, by)
    told = told_by(rows.values())
    fresh = [_new(work, each, at=at) for each in wanted if each.customer.pk not in rows]
    Announcement.objects.bulk_create(fresh)
    made = {row.customer_id: row for row in fresh}
    for each in wanted:
        row = made.get(each.customer.pk) or rows[each.customer.pk]
        before = (row.from_at, row.to_at)
        known = told.get(row.pk, ([], 0))
        _tell_one(sending, row, each, audiences[each.customer.pk], known=known, before=before)
    for row in rows.values():
        if row.customer_id not in touched and row.told_at is not None and row.withdrawn_at is None:
            _tell_off(sending, row, told.get(row.pk, ([], 0)), why=work.changed_why)
    _save_rows([*made.values(), *rows.values()])
    sending.save()


def end(work: PlannedWork, *, at: datetime, by: Actor) -> None:
    """Tell exactly those told that the work was called off, or is over and how."""
    rows = [row for row in _announcements(work) if row.told_at is not None and row.withdrawn_at is None]
    told, sending = told_by(rows), Round(work, at, by)
    for row in rows:
        if work.result:
            receivers, number = told.get(row.pk, ([], 0))
            about = About((), row.state, str(row.customer), (row.from_at, row.to_at))
            sending.tell(Said.DONE, row, receivers, about, number=number)
        else:
            _tell_off(sending, row, told.get(row.pk, ([], 0)), why=work.changed_why)
    _save_rows(rows)
    sending.save()


def remind(work: PlannedWork, *, at: datetime, by: Actor) -> list[Announcement]:
    """Ask those told who have not answered once more; return their announcements."""
    rows = [
        row for row in _announcements(work)
        if row.told_at is not None and row.withdrawn_at is None and row.answer == Answer.NONE
    ]  # fmt: skip
    told, sending, numbers = told_by(rows), Round(work, at, by), circuit_numbers(work)
    for row in rows:
        receivers, number = told.get(row.pk, ([], 0))
        about = About(numbers.get(row.customer_id, ()), row.state, str(row.customer))
        sending.tell(Said.REMINDER, row, receivers, about, number=number)
    sending.save()
    return rows


def _tell_one(
    sending: Round, row: Announcement, who: Recipient, audience: Audience, *,
    known: tuple[list[Receiver], int], before: tuple[datetime, datetime],
) -> None:  # fmt: skip
    work, at = sending.work, sending.at
    earlier, number = known
    was_told = row.told_at is not None and row.withdrawn_at is None
    people = {receiver.contact.pk: receiver for receiver in (*(earlier if was_told else ()), *audience.receivers)}
    row.circuits, row.state, row.grade = len(who.circuits), who.state, who.grade
    row.from_at, row.to_at, row.revision, row.region_code = work.from_at, work.to_at, work.revision, work.region_code
    row.due_at, row.withdrawn_at = who.due_at, None
    row.answer, row.answered_at, row.answered_by, row.answered_via = Answer.NONE, None, "", ""
    row.wanted_at, row.answer_text = None, ""
    row.late = who.due_at is not None and at > who.due_at
    if not people:
        row.untold_since = row.untold_since or at
        sending.note("untold", row, audience.unreachable)
        return
    row.told_at, row.untold_since = at, None
    what = Said.MOVED if was_told else Said.FIRST
    reason = work.changed_why if was_told else ""
    about = About(who.circuits[:SHOWN], who.state, str(who.customer), before if was_told else None, reason)
    sending.tell(what, row, list(people.values()), about, number=number)


def _tell_off(sending: Round, row: Announcement, known: tuple[list[Receiver], int], *, why: str) -> None:
    receivers, number = known
    row.withdrawn_at = sending.at
    about = About((), row.state, str(row.customer), (row.from_at, row.to_at), why)
    sending.tell(Said.OFF, row, receivers, about, number=number, text=why)


def _new(work: PlannedWork, who: Recipient, *, at: datetime) -> Announcement:
    return Announcement(
        work=work, customer=who.customer, region_code=work.region_code, grade=who.grade, circuits=len(who.circuits),
        state=who.state, revision=work.revision, from_at=work.from_at, to_at=work.to_at, due_at=who.due_at,
        untold_since=at,
    )  # fmt: skip


def _announcements(work: PlannedWork) -> list[Announcement]:
    return list(Announcement.objects.filter(work=work).select_related("customer").order_by("pk"))


def _save_rows(rows: Sequence[Announcement]) -> None:
    names = [field.name for field in Announcement._meta.concrete_fields if field.name not in ("id", "work", "customer")]
    Announcement.objects.bulk_update(rows, names, batch_size=200)


def told_by(rows: Iterable[Announcement]) -> dict[int, tuple[list[Receiver], int]]:
    """Return by announcement who was told by which ways since it last was off, and how often word went out."""
    wanted = [row.pk for row in rows]
    told: dict[int, dict[int, Told]] = {pk: {} for pk in wanted}
    counts = dict.fromkeys(wanted, 0)
    for telling in Telling.objects.filter(announcement__in=wanted).order_by("at", "pk"):
        counts[telling.announcement_id] += 1
        known = told[telling.announcement_id]
        if telling.what == Said.OFF:
            known.clear()
            continue
        for contact, channels in telling.ways.items():
            earlier = known[int(contact)].channels if int(contact) in known else ()
            known[int(contact)] = Told(telling.at, tuple(sorted({*earlier, *channels})))
    people = Contact.objects.in_bulk({contact for known in told.values() for contact in known})
    return {
        pk: ([as_told(people[contact], how) for contact, how in known.items() if contact in people], counts[pk])
        for pk, known in told.items()
    }


def circuit_numbers(work: PlannedWork) -> Mapping[int, tuple[str, ...]]:
    """Return the numbers of the circuits touched, by customer (1 query)."""
    found: dict[int, list[str]] = {}
    rows = ForecastCircuit.objects.filter(work=work).order_by("-state", "circuit__number")
    for customer, number in rows.values_list("customer_id", "circuit__number"):
        found.setdefault(customer, []).append(number)
    return {customer: tuple(numbers[:SHOWN]) for customer, numbers in found.items()}
