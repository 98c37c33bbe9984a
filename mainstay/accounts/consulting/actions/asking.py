"""Ask to read sensitive fields of a customer; who may be trusted reads at once, others when a leader approves (A3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.consulting import registry
from mainstay.accounts.consulting.choices import ConsultationState, Reason, Sensitive, Standing
from mainstay.accounts.consulting.errors import BadConsultation, NoSuchConsultation, NotGranted
from mainstay.accounts.consulting.events import ConsultationAsked, ConsultationDecided
from mainstay.accounts.consulting.models import Consultation, Reading
from mainstay.accounts.consulting.queries.records import visible_to
from mainstay.accounts.consulting.queries.rules import rules
from mainstay.accounts.consulting.queries.sight import Sight, customer_key
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.customers.queries import visible_contact, visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

SHORTEST = 4
"""So many characters at least say why, where a reason of the list does not."""


@dataclass(frozen=True)
class Question:
    """What somebody wants to read of a customer: keys of fields, a reason of the list, words."""

    customer_id: int
    fields: tuple[str, ...]
    reason: str
    words: str = ""


@transaction.atomic
def ask(question: Question, *, at: datetime, by: Actor) -> list[Consultation]:
    """Ask to read fields; return one consultation for what is granted at once and one for what waits for approval.

    Raises NoSuchCustomer, BadConsultation: no known field, no reason.
    """
    require(by, Permission.READ_CONSOLE)
    customer = visible_customer(by, question.customer_id)
    known = rules()
    wanted = _checked(question, known)
    standing = standing_of(by, customer)
    now = [key for key in wanted if not standing.isdisjoint(known[key].at_once)]
    later = [key for key in wanted if key not in now]
    made = []
    for minutes in sorted({known[key].minutes for key in now}):
        keys = [key for key in now if known[key].minutes == minutes]
        made.append(_grant_at_once(customer, question, keys, until=_until(minutes, at), at=at, by=by))
    if later:
        made.append(_wait(customer, question, later, at=at, by=by))
    return made


def _checked(question: Question, known: Mapping[str, Sensitive]) -> list[str]:
    wanted = [key for key in dict.fromkeys(question.fields) if key in known and known[key].guarded]
    if not wanted:
        raise BadConsultation(msgid("Say which of the sensitive fields you need to read."))
    if question.reason not in Reason.values:
        raise BadConsultation(msgid("Choose a reason why you need to read it."))
    if question.reason == Reason.OTHER and len(question.words.strip()) < SHORTEST:
        raise BadConsultation(msgid("Say in a few words why you need to read it."))
    return wanted


def standing_of(by: Actor, customer: Customer) -> frozenset[str]:
    """Return what the actor is to a customer (at most 1 query)."""
    found = set()
    if by.user_id is not None and by.user_id == customer.account_manager_id:
        found.add(Standing.MANAGER.value)
    if by.user_id is not None and by.user_id == customer.customer_engineer_id:
        found.add(Standing.ENGINEER.value)
    if Duty.LEADER in by.duties:
        found.add(Standing.LEADER.value)
    if Duty.ADMINISTRATOR in by.duties:
        found.add(Standing.ADMINISTRATOR.value)
    if by.may(Permission.WORK_TICKETS) and registry.has_live_ticket(customer.pk):
        found.add(Standing.LIVE_TICKET.value)
    return frozenset(found)


def _until(minutes: int, at: datetime) -> datetime:
    if minutes:
        return at + timedelta(minutes=minutes)
    today = timezone.localtime(at)
    return datetime.combine(today.date() + timedelta(days=1), time(), today.tzinfo)


def _grant_at_once(
    customer: Customer, question: Question, keys: Sequence[str], *, until: datetime, at: datetime, by: Actor
) -> Consultation:
    made = _made(customer, question, keys, at=at, by=by)
    made.state, made.at_once, made.decided_at, made.until_at = ConsultationState.GRANTED, True, at, until
    made.save()
    _record("consultation.grant", made, {"fields": list(keys), "until_at": until}, at=at, by=by)
    return made


def _wait(customer: Customer, question: Question, keys: Sequence[str], *, at: datetime, by: Actor) -> Consultation:
    mine = Consultation.objects.filter(customer=customer, asked_by=by.user_id, state=ConsultationState.ASKED)
    for waiting in mine:
        if set(keys) <= set(waiting.fields):
            raise BadConsultation(msgid("You asked for this already; a leader has to approve it."))
    made = _made(customer, question, keys, at=at, by=by)
    made.save()
    _record("consultation.ask", made, {"fields": list(keys)}, at=at, by=by)
    journal.announce(ConsultationAsked(made.pk), by=by)
    return made


def _made(customer: Customer, question: Question, keys: Sequence[str], *, at: datetime, by: Actor) -> Consultation:
    if by.user_id is None:
        raise BadConsultation(msgid("Only a person who is signed in can consult the archive."))
    return Consultation(
        customer=customer, fields=list(keys), reason=question.reason, words=question.words.strip()[:400],
        asked_by_id=by.user_id, asked_at=at,
    )  # fmt: skip


@transaction.atomic
def decide(consultation_id: int, *, grant: bool, note: str = "", at: datetime, by: Actor) -> Consultation:
    """Grant or refuse what waits; nobody decides their own (two persons). A refusal says why.

    The asker sees the fields from now on, as long as the shortest of their rules says. Raises NoSuchConsultation,
    BadConsultation.
    """
    require(by, Permission.APPROVE_CONSULTING)
    found = _waiting(consultation_id, by)
    if found.asked_by_id == by.user_id:
        raise BadConsultation(msgid("You asked for this yourself; somebody else must decide."))
    if not grant and not note.strip():
        raise BadConsultation(msgid("Say why it is refused."))
    known = rules()
    found.state = ConsultationState.GRANTED if grant else ConsultationState.REFUSED
    found.decided_by_id, found.decided_at, found.note = by.user_id, at, note.strip()[:400]
    if grant:
        found.until_at = min(_until(known[key].minutes, at) for key in found.fields)
    found.save(update_fields=["state", "decided_by", "decided_at", "note", "until_at"])
    told = {"fields": found.fields, "until_at": found.until_at, "user": found.asked_by.display_name}
    _record("consultation.approve" if grant else "consultation.refuse", found, told, at=at, by=by.because(note))
    journal.announce(ConsultationDecided(found.pk), by=by)
    return found


@transaction.atomic
def withdraw(consultation_id: int, *, at: datetime, by: Actor) -> Consultation:
    """Take one's own question back, or close what one was granted before its time. Raises NoSuchConsultation."""
    open_states = (ConsultationState.ASKED, ConsultationState.GRANTED)
    mine = Consultation.objects.filter(pk=consultation_id, asked_by=by.user_id, state__in=open_states)
    found = mine.select_related("customer").first() if by.user_id else None
    if found is None:
        raise _no_such(consultation_id)
    if found.state == ConsultationState.ASKED:
        found.state = ConsultationState.WITHDRAWN
    found.until_at = at if found.until_at else None
    found.save(update_fields=["state", "until_at"])
    _record("consultation.withdraw", found, {"fields": found.fields}, at=at, by=by)
    return found


def _waiting(consultation_id: int, by: Actor) -> Consultation:
    rows = visible_to(by).select_for_update(of=("self",)).select_related("customer", "asked_by")
    found = rows.filter(pk=consultation_id).first()
    if found is None:
        raise _no_such(consultation_id)
    if found.state != ConsultationState.ASKED:
        raise BadConsultation(msgid("This question is answered already; nothing was changed."))
    return found


def _no_such(consultation_id: int) -> NoSuchConsultation:
    return NoSuchConsultation(
        msgid("There is no consultation {id} that you may see; check the address."), id=consultation_id
    )


def note_readings(sight: Sight, *, at: datetime) -> int:
    """Write down what a reader was shown in clear for the first time under a consultation (A3); return how many.

    Costs 1 query where it was all read before.
    """
    if not sight.seen:
        return 0
    ids = {consultation_id for consultation_id, _key, _object_id in sight.seen}
    known = set(Reading.objects.filter(consultation__in=ids).values_list("consultation_id", "key", "object_id"))
    fresh = {what: label for what, label in sight.seen.items() if what not in known}
    if fresh:
        _keep_readings(fresh, at=at, by=sight.actor)
    return len(fresh)


@transaction.atomic
def _keep_readings(fresh: Mapping[tuple[int, str, int], str], *, at: datetime, by: Actor) -> None:
    Reading.objects.bulk_create(
        (Reading(consultation_id=pk, key=key, object_id=object_id, label=label[:120], at=at)
         for (pk, key, object_id), label in fresh.items()),
        ignore_conflicts=True,
    )  # fmt: skip
    told: dict[int, set[str]] = {}
    for (pk, key, _object_id), label in fresh.items():
        told.setdefault(pk, set()).add(f"{key}: {label}" if label else key)
    for found in Consultation.objects.filter(pk__in=told).select_related("customer"):
        _record("consultation.read", found, {"fields": sorted(told[found.pk])}, at=at, by=by.because(found.words))


@transaction.atomic
def consult(actor: Actor, object_kind: str, object_id: int, field: str, why: str, at: datetime) -> str:
    """Ask for one field with a reason, and return its clear value; the asking and the reading are kept (A3).

    `why` is a reason of the list, or words. Raises NotGranted where a leader must approve first, NoSuchCustomer,
    NoSuchContact.
    """
    customer_id, key, value = _value(actor, object_kind, object_id, field)
    reason, words = (why, "") if why in Reason.values else (Reason.OTHER.value, why)
    made = ask(Question(customer_id, (key,), reason, words), at=at, by=actor)[0]
    if made.state != ConsultationState.GRANTED:
        raise NotGranted(msgid("A leader must approve this first; you are told when it is decided."))
    _keep_readings({(made.pk, key, object_id): ""}, at=at, by=actor)
    return value


def _value(actor: Actor, object_kind: str, object_id: int, field: str) -> tuple[int, str, str]:
    found: Customer | Contact
    if object_kind == "contact":
        found = visible_contact(actor, object_id)
        customer_id, key = found.customer_id, f"contact.{field}"
    else:
        found = visible_customer(actor, object_id)
        customer_id, key = found.pk, customer_key(field, found.kind)
    if key not in rules():
        raise BadConsultation(msgid("Say which of the sensitive fields you need to read."))
    value = getattr(found, field)
    return customer_id, key, "" if value is None else str(value)


def _record(action: str, found: Consultation, told: Mapping[str, object], *, at: datetime, by: Actor) -> None:
    customer = found.customer
    told = {"reason": found.reason, "words": found.words, **told}
    change = Change("consultation", found.pk, customer.name, None, dict(told), customer.pk, customer.region_id)
    journal.record(action, [change], at=at, by=by)


def keys_of(fields: Iterable[str]) -> tuple[str, ...]:
    """Return those of the given keys that are known."""
    known = rules()
    return tuple(key for key in fields if key in known)
