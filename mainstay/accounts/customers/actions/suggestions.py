"""What customers propose on building, managing and improving service, and what we answer (S1 2.2.3)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.customers.choices import SuggestionAbout, SuggestionState
from mainstay.accounts.customers.errors import BadCustomer, NoSuchSuggestion
from mainstay.accounts.customers.models import Contact, Suggestion
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewSuggestion:
    """What was proposed, when, by whom (`contact_id`), and who answers by when (`due_on`)."""

    about: str
    text: str
    made_on: date
    contact_id: int | None = None
    owner_id: int | None = None
    due_on: date | None = None


@transaction.atomic
def note_suggestion(customer_id: int, new: NewSuggestion, *, at: datetime, by: Actor) -> Suggestion:
    """Write a customer's suggestion down. Raises NoSuchCustomer, BadCustomer."""
    require(by, Permission.WORK_TICKETS)
    customer = visible_customer(by, customer_id)
    if not new.text.strip() or new.about not in SuggestionAbout.values:
        raise BadCustomer(msgid("A suggestion needs words and what it is about; give both."))
    if new.made_on > timezone.localdate(at):
        raise BadCustomer(msgid("A suggestion cannot be made in the future; correct the day."))
    if new.contact_id and not Contact.objects.filter(pk=new.contact_id, customer=customer).exists():
        raise BadCustomer(msgid("Who proposes is a person of {customer}; choose one."), customer=customer.name)
    made = Suggestion.objects.create(customer=customer, noted_at=at, noted_by=by.name[:80], **vars(new))
    journal.record("suggestion.note", [_change(made, None, vars(new) | {"state": made.state})], at=at, by=by)
    return made


@transaction.atomic
def answer_suggestion(suggestion_id: int, state: str, answer: str, *, at: datetime, by: Actor) -> Suggestion:
    """Say what becomes of a suggestion; taken up or declined it needs an answer.

    Raises NoSuchSuggestion, BadCustomer.
    """
    require(by, Permission.WORK_TICKETS)
    found = visible_suggestion(by, suggestion_id)
    if state not in SuggestionState.values:
        raise BadCustomer(msgid("“{value}” is not a state of a suggestion; choose one of the list."), value=state)
    closing = state in (SuggestionState.DONE, SuggestionState.DECLINED)
    if closing and not answer.strip():
        raise BadCustomer(msgid("Say what the customer is answered."))
    before: dict[str, object] = {"state": found.state, "answer": found.answer}
    found.state, found.answer = state, answer.strip()
    found.answered_on = timezone.localdate(at) if closing else None
    found.answered_by = by.name[:80] if closing else ""
    found.save(update_fields=["state", "answer", "answered_on", "answered_by"])
    was, now = journal.differences(before, {"state": state, "answer": found.answer})
    if now:
        journal.record("suggestion.answer", [_change(found, was, now)], at=at, by=by)
    return found


def visible_suggestion(actor: Actor, suggestion_id: int) -> Suggestion:
    """Return one suggestion with its customer fetched. Raises NoSuchSuggestion."""
    rows = Suggestion.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))
    found = rows.filter(pk=suggestion_id).select_related("customer").first()
    if found is None:
        raise NoSuchSuggestion(
            msgid("There is no suggestion {id} that you may see; check the address."), id=suggestion_id
        )
    return found


def _change(row: Suggestion, before: dict[str, object] | None, after: dict[str, object]) -> Change:
    customer = row.customer
    label = row.text.strip().splitlines()[0][:60]
    return Change("suggestion", row.pk, label, before, after, customer.pk, customer.region_id)
