"""Who looked after a customer, on which day, and why did it change? (C1)"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.portfolios.models import OwnerSpell
from mainstay.domain.actor import Actor


@dataclass(frozen=True)
class Spell:
    """Somebody looked after a customer on [from_at, until_at); nobody (`user_id` None) while it was in the pool."""

    user_id: int | None
    name: str
    from_at: datetime
    until_at: datetime | None
    why: str = ""
    by_name: str = ""


def owner_on(customer_id: int, on: date) -> int | None:
    """Return the id of the user who looked after a customer at the end of a day (operator's zone), None for nobody."""
    return owners_on([customer_id], on).get(customer_id)


def owners_on(customer_ids: Collection[int], on: date) -> dict[int, int]:
    """Return who looked after customers at the end of a day, for workers (3 queries); those in the pool are missing."""
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    at_end = Q(until_at__isnull=True) | Q(until_at__gte=end)
    spells = OwnerSpell.objects.filter(at_end, customer__in=customer_ids, from_at__lt=end)
    found: dict[int, int] = dict(spells.order_by("-from_at").values_list("customer_id", "user_id"))
    unnoted = [pk for pk in customer_ids if pk not in found]
    noted = set(OwnerSpell.objects.filter(customer__in=unnoted).values_list("customer_id", flat=True))
    rest = Customer.objects.filter(pk__in=set(unnoted) - noted, created_at__lt=end, account_manager__isnull=False)
    return found | dict(rest.values_list("pk", "account_manager_id"))


def owner_history(actor: Actor, customer_id: int) -> list[Spell]:
    """Return who looked after a customer, the present first, times in the pool between (3 queries).

    Raises NoSuchCustomer.
    """
    customer = visible_customer(actor, customer_id)
    rows = list(OwnerSpell.objects.filter(customer=customer_id).select_related("user").order_by("-from_at", "-pk"))
    if not rows:
        return _without_notes(customer)
    told: list[Spell] = []
    if customer.account_manager_id is None and rows[0].until_at is not None:
        told.append(Spell(None, "", rows[0].until_at, None, rows[0].ended_why, rows[0].ended_by))
    for place, row in enumerate(rows):
        told.append(Spell(row.user_id, str(row.user), row.from_at, row.until_at, row.why, row.by_name))
        before = rows[place + 1] if place + 1 < len(rows) else None
        if before is not None and before.until_at is not None and before.until_at < row.from_at:
            told.append(Spell(None, "", before.until_at, row.from_at, before.ended_why, before.ended_by))
    return told


def _without_notes(customer: Customer) -> list[Spell]:
    owner = Customer.objects.filter(pk=customer.pk).values_list("account_manager_id", "account_manager__display_name")
    ((user_id, name),) = owner
    return [Spell(user_id, name or "", customer.created_at, None)]
