"""Does a customer about to be taken on resemble one that is there? A warning, never a lock (A8)."""

from typing import Any

from mainstay.accounts.customers.actions.customers import NewCustomer
from mainstay.accounts.duplicates import queries
from mainstay.accounts.duplicates.likeness import Facts
from mainstay.domain.actor import Actor
from mainstay.faces.web.duplicates.words import evidence_told

SHOWN = 5


def resembling(actor: Actor, wanted: NewCustomer) -> list[dict[str, Any]]:
    """Return the customers the actor sees that a new one resembles, the likest first, with why."""
    facts = Facts(0, wanted.name, wanted.short_name, wanted.region, wanted.kind, phone=wanted.phone,
                  address=wanted.address)  # fmt: skip
    return [
        {"customer": each.customer, "score": each.likeness.score, "evidence": evidence_told(each.likeness.evidence)}
        for each in queries.like(actor, facts)[:SHOWN]
    ]
