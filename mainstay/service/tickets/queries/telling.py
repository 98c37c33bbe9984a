"""Who gets what when an incident's customers are told, and how does it read? Before anything is sent (H1, K8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from mainstay.domain.actor import Actor
from mainstay.domain.short_message import ShortMessage, measured
from mainstay.platform.messages.addresses import shown
from mainstay.platform.messages.choices import INBOXES, Channel
from mainstay.platform.messages.queries import quiet_book
from mainstay.platform.messages.quiet import QuietBook
from mainstay.service.tickets.actions.telling import Share, Word, plan_of
from mainstay.service.tickets.audience import (
    ALL_CLEAR,
    NOTICE,
    UPDATE,
    Audience,
    Receiver,
    audiences_of,
    last_clear_at,
    told_of,
)
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import LIVE_TICKETS, EventKind, TicketStatus
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.clocks import Judge
from mainstay.service.tickets.making import circuit_facts, word_due_at
from mainstay.service.tickets.notices import TEXTS, Letter, Writer, writer_for
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, files_of
from mainstay.service.tickets.telling import TROUBLE, about_outage
from mainstay.service.tickets.texts import EN, LONG, SHORT, ZH, texts_in_force

WHAT_LABELS = {
    NOTICE: pgettext_lazy("what goes out", "opening message"),
    UPDATE: pgettext_lazy("what goes out", "update"),
    ALL_CLEAR: pgettext_lazy("what goes out", "all-clear"),
    "": _("nothing"),
}


@dataclass(frozen=True)
class Way:
    """One address: what may be shown of it, and until when it waits. `silent`: the channel has no sender."""

    channel: str
    label: str
    to: str
    held_until: datetime | None
    silent: bool


@dataclass(frozen=True)
class PreviewRow:
    """One person of one customer. `state`: now, held, silent (nobody can be told) or clear (all-clear given)."""

    ticket_id: int
    ticket_number: str
    customer_id: int
    customer_name: str
    grade: str
    contact_name: str
    through_group: bool
    language: str
    what: str
    what_label: str
    ways: tuple[Way, ...]
    told_at: datetime | None
    state: str


@dataclass(frozen=True)
class Sample:
    """How what goes out reads in a language, for the customer named; `readers`: how many people read it so."""

    what: str
    what_label: str
    language: str
    customer_name: str
    readers: int
    letter: Letter
    measure: ShortMessage
    bodies: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TellPreview:
    """What a sending would do. `channels`: (label, messages, of them held). `untold`: customers nobody can tell."""

    rows: Sequence[PreviewRow]
    samples: Sequence[Sample]
    customers: int
    people: int
    held: int
    channels: Sequence[tuple[str, int, int]]
    untold: int
    cleared: int
    next_update_at: datetime
    languages: frozenset[str]
    has_updates: bool


def tell_preview(actor: Actor, incident_id: int, word: Word, *, at: datetime) -> TellPreview:
    """Return who would get what, best grade first, and how it reads; whoever may see the tickets (about 12 queries)."""
    tickets = visible_to(actor).filter(incident_id=incident_id, status__in=LIVE_TICKETS)
    files = files_of(tickets.select_related(*ROW_RELATIONS).order_by("grade_rank", "opened_at", "id"))
    at_work = [f for f in files if f.ticket.status != TicketStatus.RESOLVED and _in_trouble(f)]
    audiences = audiences_of(file.ticket for file in files)
    plan = list(zip(at_work, plan_of(at_work, audiences), strict=True))
    quiet, rows = quiet_book(), []
    for file, shares in plan:
        rows += [_row(file, what, r, quiet, at) for what, people in shares for r in people]
        if not shares:
            rows.append(_nobody(file, audiences[file.ticket.customer_id]))
    rows += [row for file in files if file not in at_work for row in _cleared(file)]
    going = [row for row in rows if row.state in ("now", "held")]
    return TellPreview(
        rows=rows, samples=_samples(plan, word, at=at), customers=len({row.customer_id for row in going}),
        people=len(going), held=sum(row.state == "held" for row in going), channels=_by_channel(going),
        untold=sum(row.state == "silent" for row in rows),
        cleared=len({row.ticket_id for row in rows if row.state == "clear"}),
        next_update_at=_next(at_work, at), languages=frozenset(row.language for row in going),
        has_updates=any(row.what == UPDATE for row in going),
    )  # fmt: skip


def _in_trouble(file: CaseFile) -> bool:
    return bool(set(standing_of(file.story).values()) & set(TROUBLE))


def _next(files: Iterable[CaseFile], at: datetime) -> datetime:
    """Return when the most impatient of the customers hears from us again."""
    judge = Judge(at)
    return min((word_due_at(file, judge) for file in files), default=at + timedelta(minutes=DEFAULT.update_after("")))


def _row(file: CaseFile, what: str, receiver: Receiver, quiet: QuietBook, at: datetime) -> PreviewRow:
    ticket, contact = file.ticket, receiver.contact
    served = {(way.channel, way.to) for way in receiver.open_ways}
    ways = tuple(
        Way(
            way.channel, str(Channel(way.channel).label), hidden(way.channel, way.to),
            quiet.until(ticket.grade, way.channel, at), (way.channel, way.to) not in served,
        )
        for way in receiver.addresses
    )  # fmt: skip
    told = told_of(file.story).get(contact.pk)
    waits = [way.held_until for way in ways if not way.silent]
    return PreviewRow(
        ticket.pk, ticket.number, ticket.customer_id, str(ticket.customer), ticket.grade, contact.name,
        receiver.through_group, contact.language, what, str(WHAT_LABELS[what]), ways, told.at if told else None,
        "held" if waits and all(waits) else "now",
    )  # fmt: skip


def _nobody(file: CaseFile, audience: Audience) -> PreviewRow:
    ticket = file.ticket
    names = pgettext("between names", ", ").join(audience.unreachable)
    return PreviewRow(
        ticket.pk, ticket.number, ticket.customer_id, str(ticket.customer), ticket.grade, names, False, "", "",
        str(WHAT_LABELS[""]), (), None, "silent",
    )  # fmt: skip


def _cleared(file: CaseFile) -> list[PreviewRow]:
    """Return those who got the all-clear on a ticket that is settled."""
    at = last_clear_at(file.story)
    if at is None:
        return []
    said = [event for event in file.story if event.kind == EventKind.CUSTOMER_TOLD][-1]
    ticket = file.ticket
    return [
        PreviewRow(
            ticket.pk, ticket.number, ticket.customer_id, str(ticket.customer), ticket.grade, name, False, "",
            ALL_CLEAR, str(WHAT_LABELS[ALL_CLEAR]), (), at, "clear",
        )
        for name in said.body.get("names", ())
    ]  # fmt: skip


def _by_channel(rows: Iterable[PreviewRow]) -> list[tuple[str, int, int]]:
    counted: dict[str, list[int]] = {}
    for way in [way for row in rows for way in row.ways if not way.silent]:
        both = counted.setdefault(way.channel, [0, 0])
        both[0] += 1
        both[1] += way.held_until is not None
    return [(str(channel.label), *counted[channel]) for channel in Channel if channel in counted]  # type: ignore[misc]


def _samples(plan: Sequence[tuple[CaseFile, list[Share]]], word: Word, *, at: datetime) -> list[Sample]:
    """Write what goes out once per kind and language, as the most important customer would read it."""
    first: dict[str, CaseFile] = {}
    readers: dict[tuple[str, str], list[str]] = {}
    for file, shares in plan:
        for what, people in shares:
            first.setdefault(what, file)
            for receiver in people:
                tongue = ZH if receiver.contact.language == ZH else EN
                readers.setdefault((what, tongue), []).append(receiver.contact.name)
    if not first:
        return []
    facts = circuit_facts({c for file in first.values() for c in standing_of(file.story)})
    writer = writer_for([file.ticket for file in first.values()], texts=texts_in_force().with_bodies(word.bodies))
    made, next_at = [], word.next_update_at or _next([file for file, _ in plan], at)
    for what, file in first.items():
        about = about_outage(file, facts, at=at, doing=word.doing, eta_at=word.eta_at, next_at=next_at)
        for tongue in (ZH, EN):
            names = readers.get((what, tongue), [])
            letter = writer.letter(what, file.ticket, names[0] if names else "", tongue, about)
            made.append(_sample(what, tongue, file, len(names), letter, writer))
    return made


def _sample(what: str, tongue: str, file: CaseFile, readers: int, letter: Letter, writer: Writer) -> Sample:
    bodies = tuple(
        (f"{what}-{tongue}-{length}", length, writer.texts.get(TEXTS[what], tongue, length).body)
        for length in (LONG, SHORT)
    )
    return Sample(
        what, str(WHAT_LABELS[what]), tongue, str(file.ticket.customer), readers, letter, measured(letter.short), bodies
    )


def hidden(channel: str, to: str) -> str:
    """Return as much of an address as helps to recognise it: 138****0001, z***@example.com."""
    if channel in INBOXES:
        return ""
    if channel == Channel.EMAIL and "@" in to:
        name, _at, host = to.partition("@")
        return f"{name[:1]}***@{host}"
    if channel == Channel.SMS:
        digits = to.replace(" ", "").replace("-", "")
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else f"****{digits[-2:]}"
    return shown(channel, to)


def wordings_of(given: Mapping[str, str]) -> dict[tuple[str, str, str], str]:
    """Read wordings for one sending from a form's fields, named as `Sample.bodies` names them."""
    found = {}
    for what in (NOTICE, UPDATE):
        for tongue in (ZH, EN):
            for length in (LONG, SHORT):
                body = given.get(f"{what}-{tongue}-{length}", "").replace("\r\n", "\n").strip()
                if body:
                    found[TEXTS[what].value, tongue, length] = body
    return found
