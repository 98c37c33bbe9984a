"""Add and change a customer's people; one who leaves stays in the archive (A1, A2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from mainstay.accounts.customers.choices import ContactRole
from mainstay.accounts.customers.errors import BadCustomer
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Contact, Customer, HeldRole
from mainstay.accounts.customers.queries import visible_contact, visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.masking import is_masked
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.addresses import addresses_from, check_addresses, check_channels, masked

CHANGEABLE = frozenset(
    {
        "name", "role", "title", "phone", "email", "language", "birthday_on", "notify", "notify_by", "wecom",
        "dingtalk", "webhook", "since_on", "identity_number", "deputy_id",
    }
)  # fmt: skip


@dataclass(frozen=True)
class NewContact:
    """A person at a customer. `customer` is a code; `username` is the portal user this person signs in as, if any.

    `role` is the first, `roles` are further ones.
    """

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
    since_on: date | None = None
    identity_number: str = ""
    roles: Sequence[str] = ()


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
    give_roles(zip(rows, (item.roles for item in new), strict=True))
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
    former = contact.role
    written = _write(contact, dict(changed), "contact.change", at=at, by=by)
    if written.role != former:
        HeldRole.objects.create(contact=written, role=former, until_on=timezone.localdate(at))
    return written


@transaction.atomic
def take_on(new: NewContact, *, deputy_id: int | None, at: datetime, by: Actor) -> Contact:
    """Add one person, with who deputises. Raises BadCustomer."""
    made = add_contacts([new], at=at, by=by)[0]
    return change_contact(made.pk, {"deputy_id": deputy_id}, at=at, by=by) if deputy_id else made


@transaction.atomic
def revise(contact_id: int, given: Mapping[str, object], *, at: datetime, by: Actor) -> Contact:
    """Change a person and, with "roles" given, their further roles, all or none. Raises NoSuchContact, BadCustomer."""
    changed = {name: value for name, value in given.items() if name != "roles"}
    written = change_contact(contact_id, changed, at=at, by=by)
    if "roles" in given:
        set_roles(contact_id, list(given["roles"]), at=at, by=by)  # type: ignore[call-overload]  # a list of words
    return written


def give_roles(people: Iterable[tuple[Contact, Sequence[str]]]) -> None:
    """Write the further roles of new contacts; the caller audits."""
    HeldRole.objects.bulk_create(
        HeldRole(contact=contact, role=role, from_on=contact.since_on) for contact, roles in people for role in roles
    )


@transaction.atomic
def set_roles(contact_id: int, roles: Sequence[str], *, at: datetime, by: Actor) -> None:
    """Set a person's further roles: new ones begin today, dropped ones end today and stay on record (A1).

    Raises NoSuchContact, BadCustomer for a role that does not exist.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    contact = visible_contact(by, contact_id)
    wanted = [role for role in dict.fromkeys(roles) if role != contact.role]
    for role in wanted:
        check_role(contact.name, role)
    held = {row.role: row for row in contact.held_roles.filter(until_on=None)}
    today = timezone.localdate(at)
    if set(held) == set(wanted):
        return
    HeldRole.objects.filter(pk__in=[row.pk for role, row in held.items() if role not in wanted]).update(until_on=today)
    HeldRole.objects.bulk_create(
        HeldRole(contact=contact, role=role, from_on=today) for role in wanted if role not in held
    )
    change = _change(contact, {"roles": sorted(held)}, {"roles": sorted(wanted)})
    journal.record("contact.change", [change], at=at, by=by)


def check_role(name: str, role: str) -> None:
    """Refuse a role that does not exist."""
    if role not in ContactRole.values:
        raise BadCustomer(
            msgid("Contact {name}: “{value}” is not a role; use one of {known}."),
            name=name, value=role, known=", ".join(ContactRole.values),
        )  # fmt: skip


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
    given = {name: value for name, value in asdict(item).items() if name not in ("customer", "username", "roles")}
    given["notify_by"] = list(item.notify_by)
    contact = Contact(customer=customer, user=user, **given)
    check_contact(contact)
    return contact


def check_contact(contact: Contact) -> None:
    """Refuse a contact that is wrong in itself."""
    if not contact.name.strip():
        raise BadCustomer(msgid("A contact of {customer} has no name; give one."), customer=contact.customer.name)
    check_role(contact.name, contact.role)
    if any(is_masked(value) for value in (contact.phone, contact.email, contact.identity_number)):
        raise BadCustomer(
            msgid("Contact {name}: a value is masked; give the whole of it, or leave it out."), name=contact.name
        )
    if contact.deputy_id is not None:
        _check_deputy(contact)
    check_channels(contact.name, contact.notify_by)
    check_addresses(contact.name, wecom=contact.wecom, dingtalk=contact.dingtalk, webhook=contact.webhook)
    if contact.notify and not (contact.phone or contact.email or addresses_from(contact, user_id=contact.user_id)):
        raise BadCustomer(
            msgid("{name} is to be told of outages but has neither telephone nor e-mail; give one of them."),
            name=contact.name,
        )


def _check_deputy(contact: Contact) -> None:
    others = Contact.objects.filter(customer=contact.customer_id, left_on=None).exclude(pk=contact.pk)
    if contact.deputy_id not in others.values_list("pk", flat=True):
        raise BadCustomer(
            msgid("{name} can be deputised for only by another person of the customer; choose one of them."),
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
