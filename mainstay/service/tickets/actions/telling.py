"""Tell everybody an incident hits in one go: each what is theirs, in their language, by their channels (H1, K8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.actions import steering
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.service.tickets import outcome
from mainstay.service.tickets.actions.texts import check_text
from mainstay.service.tickets.audience import NOTICE, UPDATE, Audience, Receiver, audiences_of, told_receivers
from mainstay.service.tickets.casework import CaseFile, Casework, load_files
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.errors import WrongValue
from mainstay.service.tickets.finding import AT_WORK
from mainstay.service.tickets.making import circuit_facts, next_word_at
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.telling import TROUBLE, about_outage, note_silence, tell, was_said
from mainstay.service.tickets.texts import Key, texts_in_force


@dataclass(frozen=True)
class Word:
    """What a person says to all customers of an incident.

    `doing` by language ("zh-hans", "en"). `bodies`: other wordings for this sending, by (kind, language, length).
    `once` names the sending: the same one given twice tells once. `next_update_at` None: by each ticket's grade.
    """

    doing: Mapping[str, str] = field(default_factory=dict)
    eta_at: datetime | None = None
    next_update_at: datetime | None = None
    bodies: Mapping[Key, str] = field(default_factory=dict)
    once: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a sending did: customers and people told, by channel; customers where nobody can be; told by it before."""

    customers: int
    people: int
    channels: Mapping[str, int]
    untold: Sequence[str]
    before: int


Share = tuple[str, list[Receiver]]
"""What is said, and to whom."""


def plan_of(files: Sequence[CaseFile], audiences: Mapping[int, Audience]) -> list[list[Share]]:
    """Return for each ticket who gets what: an update for those told already, the opening message for the others.

    Those told who no longer want notices still get updates: they are owed them until the all-clear (1 query).
    """
    plans = []
    for file, told in zip(files, told_receivers(file.story for file in files), strict=True):
        known = {receiver.contact.pk for receiver in told}
        now = {receiver.contact.pk: receiver for receiver in audiences[file.ticket.customer_id].receivers}
        again = [now.get(receiver.contact.pk, receiver) for receiver in told]
        fresh = [receiver for pk, receiver in now.items() if pk not in known]
        plans.append([(what, people) for what, people in ((UPDATE, again), (NOTICE, fresh)) if people])
    return plans


@transaction.atomic
def tell_incident(incident_id: int, word: Word, *, at: datetime, by: Actor) -> Outcome:
    """Send word to everybody hit by an incident and not yet restored, and promise the next (a flat number of queries).

    Refused: an instant in the past, an unknown gap in a wording, nothing said to those who were told already.
    """
    require(by, Permission.WORK_TICKETS)
    for key, body in word.bodies.items():
        check_text(key[0], body)
    incident = steering.promise(incident_id, eta_at=word.eta_at, next_update_at=word.next_update_at, at=at, by=by)
    files = load_files(Q(incident_id=incident_id, status__in=AT_WORK) & scope(by))
    known = [file for file in files if was_said(file.story, word.once)]
    open_files = [file for file in files if file not in known and set(standing_of(file.story).values()) & set(TROUBLE)]
    work = Casework(open_files, action="ticket.tell", at=at, by=by)
    told = _tell_each(work, word) if open_files else []
    work.files = [file for file in open_files if file.fresh]
    work.save()
    result = _outcome(told, open_files, before=len(known))
    after = {"customers": result.customers, "people": result.people, "channels": dict(result.channels)}
    change = journal.Change("incident", incident.pk, incident.cause_label, None, after, None, incident.region_code)
    journal.record("incident.tell", [change], at=at, by=by)
    return result


def _tell_each(work: Casework, word: Word) -> list[tuple[CaseFile, Receiver]]:
    tickets = [file.ticket for file in work.files]
    audiences, facts = audiences_of(tickets), circuit_facts({c for f in work.files for c in standing_of(f.story)})
    writer = writer_for(tickets, texts=texts_in_force().with_bodies(word.bodies))
    plan = plan_of(work.files, audiences)
    said = next(iter(filter(None, word.doing.values())), "").strip()
    if not said and not word.bodies and any(what == UPDATE for shares in plan for what, _ in shares):
        raise WrongValue(msgid("Say what is being done: those who were told already expect news."))
    told: list[tuple[CaseFile, Receiver]] = []
    for file, shares in zip(work.files, plan, strict=True):
        if not shares:
            note_silence(work, file, audiences[file.ticket.customer_id])
            continue
        _promise(work, file, word)
        about = about_outage(file, facts, at=work.at, doing=word.doing, eta_at=word.eta_at)
        for what, receivers in shares:
            tell(work, writer, file, receivers, what=what, about=about, text=said, once=word.once)
            told += [(file, receiver) for receiver in receivers]
    return told


def _promise(work: Casework, file: CaseFile, word: Word) -> None:
    by_grade = next_word_at(work, file)
    file.ticket.next_update_at = word.next_update_at or by_grade
    outcome.remind_of_update(work, file)


def _outcome(told: Sequence[tuple[CaseFile, Receiver]], files: Sequence[CaseFile], *, before: int) -> Outcome:
    channels: dict[str, int] = {}
    for _file, receiver in told:
        for address in receiver.open_ways:
            channels[address.channel] = channels.get(address.channel, 0) + 1
    reached = {file.ticket.pk for file, _ in told}
    untold = [str(file.ticket.customer) for file in files if file.ticket.pk not in reached]
    return Outcome(len({f.ticket.customer_id for f, _ in told}), len(told), channels, untold, before)
