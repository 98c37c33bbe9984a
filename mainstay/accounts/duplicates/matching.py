"""Read what is compared of customers; find who shares keys with whom. Reads only; a few queries per 900 customers."""

from collections.abc import Collection, Iterable, Sequence

from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.duplicates.likeness import SUSPECTED, Facts, Likeness, chunks, keys_of, likeness
from mainstay.accounts.duplicates.models import CommonKey, MatchKey

BLOCK = 40
"""A key that more customers share says nothing."""
IDENTIFIERS = ("tax_number", "identity_number", "credit_code")
"""Columns of customers that name a legal or natural person; those the archive has."""
COLUMNS_OF_FACTS = ("name", "short_name", "region_code", "kind", "parent_id", "phone", "address")
COLUMNS = ("pk", "name", "short_name", "region_id", "kind", "parent_id", "phone", "address")


def facts_of(customer_ids: Collection[int]) -> dict[int, Facts]:
    """Return what is compared of customers that are not merged (2 queries per 900)."""
    found: dict[int, Facts] = {}
    for part in chunks(sorted(set(customer_ids))):
        people: dict[int, list[tuple[str, str]]] = {}
        rows = Contact.objects.filter(customer__in=part, left_on__isnull=True).order_by("pk")
        for customer_id, name, phone in rows.values_list("customer_id", "name", "phone"):
            people.setdefault(customer_id, []).append((name, phone))
        customers = Customer.objects.filter(pk__in=part, merged_into__isnull=True).values_list(*COLUMNS, *identifiers())
        for pk, *columns in customers:
            told, numbers = columns[: len(COLUMNS) - 1], columns[len(COLUMNS) - 1 :]
            known = tuple(number for number in numbers if number)
            named = dict(zip(COLUMNS_OF_FACTS, told, strict=True))
            found[pk] = Facts(pk, **named, identifiers=known, people=tuple(people.get(pk, ())))
    return found


def identifiers() -> tuple[str, ...]:
    """Return which of IDENTIFIERS customers have."""
    have = {field.name for field in Customer._meta.concrete_fields}
    return tuple(name for name in IDENTIFIERS if name in have)


def key_rows(facts: Iterable[Facts]) -> list[tuple[int, int]]:
    """Return (customer, key) of customers, without the keys that are too common (1 query per 900 keys)."""
    rows = [(each.id, key) for each in facts for key in keys_of(each)]
    common: set[int] = set()
    for part in chunks(sorted({key for _pk, key in rows})):
        common.update(CommonKey.objects.filter(pk__in=part).values_list("pk", flat=True))
    return [(pk, key) for pk, key in rows if key not in common]


def neighbours(keys: Collection[int]) -> dict[int, list[int]]:
    """Return who has each key, by key; keys of more than BLOCK customers are left out (1 query per 900 keys)."""
    found: dict[int, list[int]] = {}
    for part in chunks(sorted(set(keys))):
        for key, pk in MatchKey.objects.filter(key__in=part).values_list("key", "customer_id"):
            found.setdefault(key, []).append(pk)
    return {key: ids for key, ids in found.items() if len(ids) <= BLOCK}


def pairs_among(customer_ids: Sequence[int], *, lower_only: bool = False) -> list[tuple[int, int, Likeness]]:
    """Compare customers with all who share a key; return (lower id, higher id, likeness) of those suspected.

    `lower_only`: with those of lower ids only, so that a look at everybody compares each pair once.
    """
    keys = [key for part in chunks(sorted(set(customer_ids)))
            for key in MatchKey.objects.filter(customer_id__in=part).values_list("key", flat=True)]  # fmt: skip
    mine = set(customer_ids)
    wanted: set[tuple[int, int]] = set()
    for ids in neighbours(keys).values():
        for pk in ids:
            if pk in mine:
                wanted.update((min(pk, o), max(pk, o)) for o in ids if o != pk and (o < pk or not lower_only))
    facts = facts_of({pk for pair in wanted for pk in pair})
    found = []
    for one, other in sorted(wanted):
        if one in facts and other in facts:
            like = likeness(facts[one], facts[other])
            if like.score >= SUSPECTED:
                found.append((one, other, like))
    return found


def like(facts: Facts) -> list[tuple[int, Likeness]]:
    """Return customers like one that may not be there yet (id 0), the likest first (3 queries or so)."""
    near = {pk for ids in neighbours(keys_of(facts)).values() for pk in ids if pk != facts.id}
    found = [(pk, likeness(facts, each)) for pk, each in facts_of(near).items()]
    return sorted(((pk, how) for pk, how in found if how.score >= SUSPECTED), key=lambda x: (-x[1].score, x[0]))
