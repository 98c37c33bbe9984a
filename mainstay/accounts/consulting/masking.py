"""Mask one value by the rules in force; many values of a page go through `queries.sight`, which reads rules once."""

from mainstay.accounts.consulting.queries.rules import rules
from mainstay.domain import masking


def masked(field: str, value: object) -> str:
    """Return a value as who has not asked sees it; `field` is a key such as "contact.phone" (1 query)."""
    rule = rules().get(field)
    if rule is None or not rule.guarded:
        return "" if value is None else str(value)
    return masking.masked(rule.mask, value)
