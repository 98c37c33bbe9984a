"""Create, update, hand over and retain customers; nothing about a customer is ever deleted (A1, A2, A4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.customers.actions.owners import set_owner, tell_owners
from mainstay.accounts.customers.choices import Archive, ArchiveReason
from mainstay.accounts.customers.errors import BadCustomer, CustomerMoved
from mainstay.accounts.customers.events import CustomersChanged, CustomersMade, CustomersRenamed
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.making import (
    WORDS,
    Named,
    check_unmasked,
    check_word,
    levels,
    new_row,
    staff_named,
    unknown,
)
from mainstay.accounts.customers.making import NewCustomer as NewCustomer  # noqa: PLC0414 - given on
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.rows import insert_returning
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Industry, Region

CHANGEABLE = frozenset(
    {
        "name", "short_name", "kind", "parent_id", "region_id", "industry_id", "ownership", "service_grade",
        "grade_reason", "is_special", "customer_engineer_id", "address", "phone", "since_on", "sales_person_id",
        "identity_kind", "identity_number", "birthday_on", "employer", "taxpayer_kind", "tax_number", "invoice_title",
        "bank_name", "bank_account",
    }
)  # fmt: skip
"""What `update_customer` may change; the manager changes by `hand_over`, the archive by `move_to_archive`."""
GRADED_BY = frozenset({"kind", "parent_id", "industry_id", "ownership", "region_id", "since_on", "archive"})
"""What tier rules go by."""


@transaction.atomic
def create_customers(new: Sequence[NewCustomer], *, at: datetime, by: Actor) -> list[Customer]:
    """Create customers, all or none, parents before or after their subsidiaries; return them in the order given.

    Raises BadCustomer (code taken or given twice, unknown region, industry, parent or user, a parent in a ring),
    NotAllowed (no permission, or a region or portfolio that is not the actor's).
    """
    require(by, Permission.WRITE_CUSTOMERS)
    named = Named.read(new, by=by)
    rows = {item.code: new_row(item, named, at=at, by=by) for item in new}
    for level in levels(new, rows, named):
        _insert(level)
    made = list(rows.values())
    changes = [_change(row, None, dict(vars(item))) for row, item in zip(made, new, strict=True)]
    journal.record("customer.create", changes, at=at, by=by)
    index_customers(made)
    journal.announce(CustomersChanged(tuple(row.pk for row in made)), by=by)
    journal.announce(CustomersMade(tuple(row.pk for row in made), at), by=by)
    tell_owners(made, [None] * len(made), at=at, by=by)
    return made


@transaction.atomic
def update_customer(
    customer_id: int, changed: Mapping[str, object], *, revision: int, at: datetime, by: Actor
) -> Customer:
    """Change fields of CHANGEABLE; the journal keeps each with its value before and after, and `by.why` (A4).

    `revision`: what the form was filled from. Raises NoSuchCustomer, BadCustomer, and CustomerMoved when another
    change came between, so that it is not lost.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    customer = visible_customer(by, customer_id, lock=True)
    _check_revision(customer, revision)
    return write_checked(customer, changed, "customer.update", at=at, by=by)


def write_checked(
    customer: Customer, changed: Mapping[str, object], action: str, *, at: datetime, by: Actor
) -> Customer:
    """Check and write fields of CHANGEABLE of a locked customer, in the caller's transaction. Raises BadCustomer."""
    _check_fields(customer, changed)
    check_unmasked(customer.code, changed)
    return _write(customer, dict(changed), action, at=at, by=by)


@transaction.atomic
def hand_over(customer_ids: Sequence[int], to_username: str, *, at: datetime, by: Actor) -> int:
    """Give customers to another account manager; return how many changed hands (C4).

    Raises NoSuchCustomer, BadCustomer for an unknown or locked user.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    user = staff_named([to_username]).get(to_username)
    if user is None:
        raise BadCustomer(
            msgid("There is no active member of staff “{name}”; choose another account manager."), name=to_username
        )
    customers = [visible_customer(by, customer_id, lock=True) for customer_id in dict.fromkeys(customer_ids)]
    return set_owner(customers, user.pk, "customer.hand_over", at=at, by=by)


@transaction.atomic
def move_to_archive(
    customer_id: int, archive: str, *, at: datetime, by: Actor, reason: str = ArchiveReason.LEFT
) -> Customer:
    """Move a customer to the retained archive, with `reason` and `by.why`, or back; all history stays (A2).

    Raises NoSuchCustomer, BadCustomer: it is there already, no such archive or reason.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    if archive not in Archive.values:
        raise BadCustomer(
            msgid("“{value}” is not an archive; use one of {known}."), value=archive, known=", ".join(Archive.values)
        )
    if archive == Archive.RETAINED and reason not in ArchiveReason.values:
        raise BadCustomer(
            msgid("“{value}” is no reason for the retained archive; use one of {known}."),
            value=reason, known=", ".join(ArchiveReason.values),
        )  # fmt: skip
    customer = visible_customer(by, customer_id, lock=True)
    if customer.archive == archive:
        raise BadCustomer(
            msgid("Customer {name} is in the {archive} archive already; nothing was changed."),
            name=customer.name,
            archive=Archive(archive).label,
        )
    return _write(customer, kept_in(archive, reason, by.why, at=at), "customer.archive", at=at, by=by)


def kept_in(archive: str, reason: str, note: str, *, at: datetime) -> dict[str, Any]:
    """Return the columns of a customer that comes into an archive now; the active one needs no reason."""
    if archive == Archive.ACTIVE:
        return {"archive": archive, "archive_reason": "", "archive_note": "", "archived_at": None}
    return {"archive": archive, "archive_reason": reason, "archive_note": note[:400], "archived_at": at}


def _insert(rows: list[Customer]) -> None:
    """Insert rows and give them their keys."""
    for row in rows:
        row.parent_id = row.parent.pk if row.parent else None
    columns = [field.attname for field in Customer._meta.concrete_fields if not field.primary_key]
    keys = insert_returning(Customer, columns, ([getattr(row, name) for name in columns] for row in rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key


def _write(customer: Customer, changed: dict[str, Any], action: str, *, at: datetime, by: Actor) -> Customer:
    before, after = journal.differences({name: getattr(customer, name) for name in changed}, changed)
    if not after:
        return customer
    for name, value in after.items():
        setattr(customer, name, value)
    customer.revision += 1
    customer.changed_at = at
    customer.save(update_fields=[*after, "revision", "changed_at"])
    journal.record(action, [_change(customer, before, after)], at=at, by=by)
    index_customers([customer])
    if not {"name", "short_name"}.isdisjoint(after):
        journal.announce(CustomersRenamed((customer.pk,)), by=by)
    if not GRADED_BY.isdisjoint(after):
        journal.announce(CustomersChanged((customer.pk,)), by=by)
    return customer


def _check_revision(customer: Customer, revision: int) -> None:
    if customer.revision != revision:
        raise CustomerMoved(
            msgid("Customer {name} was changed by somebody else meanwhile; read it again, then repeat your change."),
            name=customer.name,
        )


def _check_fields(customer: Customer, changed: Mapping[str, object]) -> None:
    others = sorted(changed.keys() - CHANGEABLE)
    if others:
        raise BadCustomer(
            msgid("{fields} cannot be changed here; change one of {known}."),
            fields=", ".join(others),
            known=", ".join(sorted(CHANGEABLE)),
        )
    if "name" in changed and not str(changed["name"]).strip():
        raise BadCustomer(msgid("Customer {code} needs a name; give one."), code=customer.code)
    for field, known in WORDS.items():
        if field in changed:
            check_word(customer.code, field, changed[field], known)
    for field, model in (("region_id", Region), ("industry_id", Industry)):
        if changed.get(field) and not model.objects.filter(pk=changed[field]).exists():
            raise unknown(customer.code, field.removesuffix("_id"), changed[field])
    if not changed.get("region_id", "…"):
        raise unknown(customer.code, "region", "")
    _check_parent(customer, changed.get("parent_id"))


def _check_parent(customer: Customer, parent_id: Any) -> None:
    """Refuse a parent that does not exist or that stands below the customer."""
    above = parent_id
    while above is not None:
        if above == customer.pk:
            raise BadCustomer(
                msgid("Customer {code} would stand above itself in its group; choose another parent."),
                code=customer.code,
            )
        row = Customer.objects.filter(pk=above).values_list("parent_id", flat=True)
        if not row:
            raise unknown(customer.code, "parent", parent_id)
        above = row[0]


def _change(row: Customer, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    return Change("customer", row.pk, row.name, before, after, customer_id=row.pk, region_code=row.region_id)
