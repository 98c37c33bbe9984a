"""Read customers and their people, within what an actor may see."""

from django.db.models import QuerySet

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope


def visible_to(actor: Actor) -> QuerySet[Customer]:
    """Return the customers the actor may see."""
    return Customer.objects.filter(scope(actor, customer="pk", region="region_id"))


def portfolio_ids(user_id: int) -> frozenset[int]:
    """Return the customers an account manager owns."""
    return frozenset(Customer.objects.filter(account_manager_id=user_id).values_list("pk", flat=True))


def family_ids(customer_id: int) -> frozenset[int]:
    """Return a customer and everything below it in the group, level by level."""
    family = {customer_id}
    level = {customer_id}
    while level:
        level = set(Customer.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - family
        family |= level
    return frozenset(family)
