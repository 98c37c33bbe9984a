"""Lays customers and contacts into an empty house, in the hundred thousands (see `platform.bulk.laying`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mainstay.accounts.customers.finding import item_of
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.platform.bulk.laying import lay
from mainstay.platform.search.actions import SearchItem, lay_index

TABLES = (Customer, Contact)
CUSTOMER = (
    "id", "code", "name", "short_name", "kind", "parent_id", "region_id", "industry_id", "ownership", "service_grade",
    "grade_reason", "is_special", "account_manager_id", "customer_engineer_id", "address", "phone", "since_on",
    "created_at", "created_by", "changed_at",
)  # fmt: skip
CONTACT = (
    "id", "customer_id", "name", "role", "title", "phone", "email", "birthday_on", "notify", "user_id",
)  # fmt: skip

Row = Sequence[Any]


def lay_customers(rows: Iterable[Row]) -> int:
    """Write customers (columns CUSTOMER); return how many."""
    return lay(Customer, CUSTOMER, rows)


def lay_contacts(rows: Iterable[Row]) -> int:
    """Write contacts (columns CONTACT); return how many."""
    return lay(Contact, CONTACT, rows)


def lay_findings(rows: Iterable[Row], people: Mapping[int, Sequence[str]]) -> int:
    """Make laid customers findable; `people`: names and telephones of contacts by customer id."""
    return lay_index(_items(rows, people))


def _items(rows: Iterable[Row], people: Mapping[int, Sequence[str]]) -> Iterator[SearchItem]:
    for row in rows:
        customer = Customer(**dict(zip(CUSTOMER, row, strict=True)))
        yield item_of(customer, people.get(customer.pk, ()))
