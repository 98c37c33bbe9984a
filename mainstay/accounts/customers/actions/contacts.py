"""Add and change a customer's people; one who leaves stays in the archive (A1, A2)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from mainstay.accounts.customers.choices import ContactRole
from mainstay.accounts.customers.errors import BadCustomer
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.customers.queries import visible_contact, visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.addresses import addresses_from, check_addresses, check_channels, masked

CHANGEABLE = frozenset(
    {
        "name", "role", "title", "phone", "email", "language", "birthday_on", "notify", "notify_by", "wecom",
        "dingtalk", "webhook",
    }
)  # fmt: skip


@dataclass(frozen=True)
class NewContact:
    """A person at a customer. `customer` is a code; `username` is the portal user this person signs in as, if any."""

    customer: str
    name: str
    role: str = ContactRole.KEY_CONTACT
    title: str = ""
    phone: str = ""
    email: str = ""
    language: str = "zh-hans"
    birthday_on: date | None = None
    notify: bool = False
    notify_by: Sequence[str] = ()
    wecom: str = ""
    dingtalk: str = ""
    webhook: str = ""
    username: str = ""


@transaction.atomic
def add_contacts(new: Sequence[NewContact], *, at: datetime, by: Actor) -> list[Contact]:
    """Add people, all or none; return them in the order given.

    Raises BadCustomer: an unknown customer (or one the actor may not see), a role or user that does not exist, a
    person to be told of outages who has neither telephone nor e-mail.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    codes = {item.customer for item in new}
    known = {row.code: row for part in _chunks(codes) for row in visible_to(by).filter(code__in=part)}
    names = {item.username for item in new if item.username}
    users = {user.get_username(): user for user in get_user_model().objects.filter(username__in=names)}
    rows = [new_contact(item, known, users) for item in new]
    Contact.objects.bulk_create(rows, batch_size=500)
    changes = [_change(row, None, asdict(item)) for row, item in zip(rows, new, strict=True)]
    journal.record("contact.add", changes, at=at, by=by)
    index_customers(known.values())
    return rows


@transaction.atomic
def change_contact(contact_id: int, changed: Mapping[str, object], *, at: datetime, by: Actor) -> Contact:
    """Change fields of CHANGEABLE. Raises NoSuchContact, BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    contact = visible_contact(by, contact_id)
    unknown = sorted(changed.keys() - CHANGEABLE)
    if unknown:
        raise BadCustomer(
            msgid("{fields} cannot be changed here; change one of {known}."),
            fields=", ".join(unknown),
            known=", ".join(sorted(CHANGEABLE)),
        )
    return _write(contact, dict(changed), "contact.change", at=at, by=by)


@transaction.atomic
def let_contact_leave(contact_id: int, *, on: date, at: datetime, by: Actor) -> Contact:
    """Note that a person left: no more notices, and the archive keeps them. Refused when they left already."""
    require(by, Permission.WRITE_CUSTOMERS)
    contact = visible_contact(by, contact_id)
    if contact.left_on is not None:
        raise BadCustomer(
            msgid("{name} left already on {day}; nothing was changed."), name=contact.name, day=contact.left_on
        )
    return _write(contact, {"left_on": on, "notify": False}, "contact.leave", at=at, by=by)


def _write(contact: Contact, changed: dict[str, Any], action: str, *, at: datetime, by: Actor) -> Contact:
    before, after = journal.differences({name: getattr(contact, name) for name in changed}, changed)
    if not after:
        return contact
    for name, value in after.items():
        setattr(contact, name, value)
    check_contact(contact)
    contact.save(update_fields=list(after))
    journal.record(action, [_change(contact, before, after)], at=at, by=by)
    index_customers([contact.customer])
    return contact


def new_contact(item: NewContact, known: Mapping[str, Customer], users: Mapping[str, Any]) -> Contact:
    """Return the unsaved contact; `known` are customers by code, `users` portal users by name. Raises BadCustomer."""
    customer = known.get(item.customer)
    if customer is None:
        raise BadCustomer(
            msgid("Contact {name}: there is no customer {code} that you may see; correct the code."),
            name=item.name,
            code=item.customer,
        )
    user = users.get(item.username)
    if item.username and (user is None or user.customer_id != customer.pk):
        raise BadCustomer(
            msgid("Contact {name}: “{user}” is not a user of customer {code}; make that user first."),
            name=item.name,
            user=item.username,
            code=item.customer,
        )
    given = {name: value for name, value in asdict(item).items() if name not in ("customer", "username")}
    given["notify_by"] = list(item.notify_by)
    contact = Contact(customer=customer, user=user, **given)
    check_contact(contact)
    return contact


def check_contact(contact: Contact) -> None:
    """Refuse a contact that is wrong in itself."""
    if not contact.name.strip():
        raise BadCustomer(msgid("A contact of {customer} has no name; give one."), customer=contact.customer.name)
    if contact.role not in ContactRole.values:
        raise BadCustomer(
            msgid("Contact {name}: “{value}” is not a role; use one of {known}."),
            name=contact.name,
            value=contact.role,
            known=", ".join(ContactRole.values),
        )
    check_channels(contact.name, contact.notify_by)
    check_addresses(contact.name, wecom=contact.wecom, dingtalk=contact.dingtalk, webhook=contact.webhook)
    if contact.notify and not (contact.phone or contact.email or addresses_from(contact, user_id=contact.user_id)):
        raise BadCustomer(
            msgid("{name} is to be told of outages but has neither telephone nor e-mail; give one of them."),
            name=contact.name,
        )


def _change(row: Contact, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    customer = row.customer
    before = None if before is None else masked(before)
    return Change(
        "contact", row.pk, row.name, before, masked(after), customer_id=customer.pk, region_code=customer.region_id
    )


def _chunks(values: set[str]) -> list[list[str]]:
    wanted = sorted(values)
    return [wanted[start : start + 900] for start in range(0, len(wanted), 900)]
