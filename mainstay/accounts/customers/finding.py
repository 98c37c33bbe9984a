"""What can be found of customers, and by which words (A6)."""

from collections.abc import Iterable, Sequence

from mainstay.accounts.catalog.choices import SERVICE_GRADE_RANK
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.platform.search.actions import SearchItem, index

RANK = 10
PROMINENCE = {"gold": 0, "silver": 1}
"""Whose customers are looked through first, by grade."""


def index_customers(customers: Iterable[Customer]) -> None:
    """Make customers findable by name, code, telephone, address and their people, in the caller's transaction."""
    rows = list(customers)
    people: dict[int, list[str]] = {}
    for start in range(0, len(rows), 900):
        part = [row.pk for row in rows[start : start + 900]]
        found = Contact.objects.filter(customer__in=part, left_on__isnull=True)
        for customer_id, name, phone in found.values_list("customer", "name", "phone"):
            people.setdefault(customer_id, []).extend(word for word in (name, phone) if word)
    index(item_of(row, people.get(row.pk, [])) for row in rows)


def item_of(row: Customer, people: Sequence[str]) -> SearchItem:
    """Say how a customer is found; `people`: names and telephones of its contacts."""
    rank = SERVICE_GRADE_RANK.get(row.service_grade, len(SERVICE_GRADE_RANK))
    return SearchItem(
        kind="customer",
        id=row.pk,
        label=row.name,
        detail=" · ".join(word for word in (row.code, row.short_name, row.address) if word),
        words=tuple(word for word in (row.short_name, row.code, row.phone, row.address, *people) if word),
        rank=RANK + rank,
        customer_id=row.pk,
        region_code=row.region_id,
        prominence=PROMINENCE.get(row.service_grade),
    )
