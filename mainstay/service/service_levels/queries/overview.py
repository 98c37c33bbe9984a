"""Months at a glance: by province, city, customer, contract; each number of a set of circuits (H7)."""

from django.db.models import Count

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.service.service_levels.models import CircuitMonth
from mainstay.service.service_levels.queries.sums import MISSED


def counts(actor: Actor) -> dict[int, tuple[int, int]]:
    """Return, by the id of the month, how many circuits the actor sees in it and how many missed (1 query)."""
    rows = CircuitMonth.objects.filter(scope(actor), until_version__isnull=True).values("month")
    found = rows.annotate(circuits=Count("pk"), late=Count("pk", filter=MISSED)).order_by()
    return {row["month"]: (row["circuits"], row["late"]) for row in found}
