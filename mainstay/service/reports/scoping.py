"""Whose reports may an actor make and see? Customers and contracts within scope, and what they are called."""

from collections.abc import Iterable

from django.db.models import QuerySet

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.service.reports.choices import Subject


def customers(actor: Actor) -> QuerySet[Customer]:
    """Return the customers whose reports the actor may make."""
    return Customer.objects.filter(scope(actor, customer="pk", region="region__code")).order_by("pk")


def contracts(actor: Actor) -> QuerySet[Contract]:
    """Return the contracts whose reports the actor may make."""
    within = scope(actor, customer="customer_id", region="customer__region__code")
    return Contract.objects.filter(within).order_by("pk")


def visible_ids(actor: Actor, subject: str, ids: Iterable[int]) -> list[int]:
    """Return those of the ids that the actor may see, in order (1 query)."""
    rows: QuerySet[Customer] | QuerySet[Contract]
    rows = contracts(actor) if subject == Subject.CONTRACTS else customers(actor)
    return list(rows.filter(pk__in=list(ids)).values_list("pk", flat=True))


def customer_labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of customers the actor may see (1 query)."""
    return dict(customers(actor).filter(pk__in=list(ids)).values_list("pk", "name"))


def contract_labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of contracts the actor may see (1 query)."""
    return dict(contracts(actor).filter(pk__in=list(ids)).values_list("pk", "number"))
