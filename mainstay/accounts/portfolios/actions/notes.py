"""Note a talk with a customer, and that its next step was done (K1)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.portfolios.choices import NoteChannel, Outcome
from mainstay.accounts.portfolios.errors import BadPortfolio
from mainstay.accounts.portfolios.models import ContactNote
from mainstay.accounts.portfolios.queries.notes import visible_note
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewNote:
    """A talk: `contact_id` names the customer's person, `person` somebody not recorded; `next_on` needs a step."""

    customer_id: int
    channel: str
    outcome: str
    at: datetime
    contact_id: int | None = None
    person: str = ""
    text: str = ""
    next_step: str = ""
    next_on: date | None = None


@transaction.atomic
def note_contact(new: NewNote, *, at: datetime, by: Actor) -> ContactNote:
    """Keep a note; its next step is the writer's to do. Raises NoSuchCustomer, BadPortfolio."""
    require(by, Permission.READ_CONSOLE)
    customer = visible_customer(by, new.customer_id)
    contact = _checked(new, customer, at=at)
    row = ContactNote.objects.create(
        customer=customer, at=new.at, contact=contact, person=contact.name if contact else new.person.strip(),
        channel=new.channel, outcome=new.outcome, text=new.text.strip(), next_step=new.next_step.strip(),
        next_on=new.next_on, next_user_id=by.user_id if new.next_on else None, user_id=by.user_id,
        by_name=by.name[:80], made_at=at,
    )  # fmt: skip
    told: dict[str, object] = {
        "person": row.person, "channel": row.channel, "outcome": row.outcome, "text": row.text[:400],
        "next_step": row.next_step, "next_on": row.next_on,
    }  # fmt: skip
    _record("contact_note.add", row, customer, None, told, at=at, by=by)
    return row


@transaction.atomic
def finish_step(note_id: int, *, at: datetime, by: Actor) -> ContactNote:
    """Note that a next step was done; doing it twice changes nothing. Raises NoSuchNote, BadPortfolio (no step)."""
    require(by, Permission.READ_CONSOLE)
    row = visible_note(by, note_id, lock=True)
    if row.next_on is None:
        raise BadPortfolio(msgid("This contact note names no next step; there is nothing to finish."))
    if row.done_at is None:
        row.done_at = at
        row.save(update_fields=["done_at"])
        _record("contact_note.finish", row, row.customer, {"done_at": None}, {"done_at": at}, at=at, by=by)
    return row


def _checked(new: NewNote, customer: Customer, *, at: datetime) -> Contact | None:
    if customer.merged_into_id is not None:
        raise BadPortfolio(msgid("Customer {name} was merged into another; note it there."), name=customer.name)
    if new.channel not in NoteChannel.values or new.outcome not in Outcome.values:
        raise BadPortfolio(msgid("Say how you talked to {name} and what came of it."), name=customer.name)
    if new.at > at:
        raise BadPortfolio(msgid("A talk with {name} cannot be noted before it happened; correct the time."),
                           name=customer.name)  # fmt: skip
    if bool(new.next_on) != bool(new.next_step.strip()):
        raise BadPortfolio(msgid("A next step needs both what is to be done and the day; give both or none."))
    if new.contact_id is None:
        return None
    contact = Contact.objects.filter(pk=new.contact_id, customer=customer).first()
    if contact is None:
        raise BadPortfolio(msgid("{name} has no such contact; choose one of its people."), name=customer.name)
    return contact


def _record(
    action: str, row: ContactNote, customer: Customer, before: dict[str, object] | None, after: dict[str, object], *,
    at: datetime, by: Actor,
) -> None:  # fmt: skip
    change = Change("contact_note", row.pk, customer.name[:160], before, after, customer_id=customer.pk,
                    region_code=customer.region_id)  # fmt: skip
    journal.record(action, [change], at=at, by=by)
