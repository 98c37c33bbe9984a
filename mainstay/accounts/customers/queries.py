"""Read customers and their people, within what an actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page
from django.db import connection
from django.db.models import QuerySet

from mainstay.accounts.customers.choices import Archive
from mainstay.accounts.customers.errors import NoSuchContact, NoSuchCustomer
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.addresses import Address, addresses_from
from mainstay.platform.search.queries import is_found

SORTS = {
    "name": ("name",),
    "code": ("code",),
    "grade": ("service_grade", "name"),
    "manager": ("account_manager__display_name", "name"),
    "region": ("region", "name"),
    "since": ("since_on", "name"),
}
"""What lists can be sorted by, ascending; "-" before a name turns it round."""


@dataclass(frozen=True)
class CustomerFilters:
    """What a list is limited to; empty means any. `region` is a code prefix, `parent_id` the group."""

    text: str = ""
    kind: str = ""
    grade: str = ""
    region: str = ""
    industry: str = ""
    manager_id: int | None = None
    parent_id: int | None = None
    special: bool | None = None
    archive: str = Archive.ACTIVE


def visible_to(actor: Actor) -> QuerySet[Customer]:
    """Return the customers the actor may see."""
    return Customer.objects.filter(scope(actor, customer="pk", region="region__code"))


def visible_customer(actor: Actor, customer_id: int, *, lock: bool = False) -> Customer:
    """Return one customer, locked for a change if asked. Raises NoSuchCustomer, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor)
    found = rows.filter(pk=customer_id).first()
    if found is None:
        raise _no_such_customer(customer_id)
    return found


def customer(actor: Actor, customer_id: int) -> Customer:
    """Return one customer with region, industry, parent, manager and engineer fetched (1 query).

    Raises NoSuchCustomer.
    """
    found = (
        visible_to(actor)
        .select_related("region", "industry", "parent", "account_manager", "customer_engineer")
        .filter(pk=customer_id)
        .first()
    )
    if found is None:
        raise _no_such_customer(customer_id)
    return found


def _no_such_customer(customer_id: int) -> NoSuchCustomer:
    return NoSuchCustomer(msgid("There is no customer {id} that you may see; check the address."), id=customer_id)


def filtered(actor: Actor, filters: CustomerFilters) -> QuerySet[Customer]:
    """Return the customers the actor may see within the filters, unordered; for lists, counts and export."""
    exact = {
        "kind": filters.kind,
        "service_grade": filters.grade,
        "region__code__startswith": filters.region,
        "industry__code__startswith": filters.industry,
        "account_manager_id": filters.manager_id,
        "parent_id": filters.parent_id,
        "archive": filters.archive,
    }
    rows = visible_to(actor).filter(**{name: value for name, value in exact.items() if value})
    if filters.special is not None:
        rows = rows.filter(is_special=filters.special)
    if filters.text.strip():
        rows = rows.filter(is_found(filters.text, "customer"))
    return rows


def customer_list(
    actor: Actor, filters: CustomerFilters | None = None, *, sort: str = "name", page: int = 1, size: int = 50
) -> Page[Customer]:
    """Return a page of customers with manager, region and parent fetched (2 queries).

    With the counts of their circuits: `network.inventory.queries.customers.customer_list`.
    """
    rows = filtered(actor, filters or CustomerFilters()).select_related("account_manager", "region", "parent")
    columns = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    first = f"-{columns[0]}" if sort.startswith("-") else columns[0]
    return LongPaginator(rows.order_by(first, *columns[1:], "pk"), size).get_page(page)


def subsidiaries(actor: Actor, customer_id: int) -> list[Customer]:
    """Return the visible customers directly below one, by name, with region and manager fetched (1 query)."""
    rows = visible_to(actor).filter(parent=customer_id).select_related("region", "account_manager")
    return list(rows.order_by("name"))


def contacts(customer_id: int, *, left: bool = False) -> list[Contact]:
    """Return a customer's people, decision makers first; `left` adds those who left.

    The caller has seen the customer.
    """
    rows = Contact.objects.filter(customer=customer_id).select_related("customer", "deputy")
    rows = rows if left else rows.filter(left_on__isnull=True)
    return list(rows.order_by("left_on", "role", "name"))


def visible_contact(actor: Actor, contact_id: int) -> Contact:
    """Return one contact with the customer fetched. Raises NoSuchContact, also when the customer may not be seen."""
    rows = Contact.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"), pk=contact_id)
    found = rows.select_related("customer").first()
    if found is None:
        raise NoSuchContact(msgid("There is no contact {id} that you may see; check the address."), id=contact_id)
    return found


def to_notify(customer_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """Return the people to be told of outages, by customer id (1 query); customers without any are left out."""
    found: dict[int, list[Contact]] = {}
    rows = Contact.objects.filter(customer__in=list(customer_ids), notify=True, left_on__isnull=True)
    for contact in rows.order_by("customer", "role", "name"):
        found.setdefault(contact.customer_id, []).append(contact)
    return found


def addresses_of(contact: Contact) -> tuple[Address, ...]:
    """Return where a contact is told: the channels they chose, else all that are known; empty: nobody reaches them."""
    return addresses_from(contact, name=contact.name, user_id=contact.user_id)


def history(actor: Actor, customer_id: int) -> QuerySet[Entry]:
    """Return what was done to a customer and its people, newest first (A4). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    rows = Entry.objects.filter(customer_id=customer_id, object_kind__in=("customer", "contact"))
    return rows.order_by("-id")


def by_ids(customer_ids: Iterable[int]) -> dict[int, Customer]:
    """Return customers by id, for workers; no scope: never show it unfiltered."""
    return {row.pk: row for row in Customer.objects.filter(pk__in=list(customer_ids)).select_related("account_manager")}


def portfolio_ids(user_id: int) -> frozenset[int]:
    """Return the customers an account manager owns."""
    return frozenset(Customer.objects.filter(account_manager_id=user_id).values_list("pk", flat=True))


def family_ids(customer_id: int) -> frozenset[int]:
    """Return a customer and everything below it in the group (1 query, however deep; UNION ends circles)."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [customer_id])
        return frozenset(row[0] for row in cursor.fetchall())


FAMILY = """
    WITH RECURSIVE family(id) AS (
        SELECT id FROM customers_customer WHERE id = %s
        UNION SELECT below.id FROM customers_customer AS below JOIN family ON below.parent_id = family.id
    )
    SELECT id FROM family"""
