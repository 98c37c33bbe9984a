"""How many points do customers have, and what expires next? Balances are kept, not summed (B4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import F, Sum
from numpy.typing import NDArray

from mainstay.accounts.points.models import Lot, Purse


@dataclass(frozen=True, slots=True)
class PointsBalance:
    """A customer's points. `expiring_soon` are those that can be used until `expires_on`, frozen or not."""

    available: int = 0
    frozen: int = 0
    expiring_soon: int = 0
    expires_on: date | None = None

    @property
    def held(self) -> int:
        """Return all points of the customer."""
        return self.available + self.frozen


SOON = timedelta(days=60)


def balance_of(
    customer_ids: Collection[int], on: date | None = None, within: timedelta = SOON
) -> dict[int, PointsBalance]:
    """Return the balances of customers; who never had points has no entry (2 queries). No scope: the caller checked.

    `on`: what expires within the time from that day on counts as soon; without it, whatever expires next.
    """
    purses = {
        pk: (available, frozen)
        for pk, available, frozen in Purse.objects.filter(pk__in=customer_ids).values_list("pk", "available", "frozen")
    }
    lots = Lot.objects.filter(customer__in=purses, used__lt=F("amount"), expires_on__isnull=False)
    if on is not None:
        lots = lots.filter(expires_on__gte=on, expires_on__lte=on + within)
    sums = lots.values_list("customer_id", "expires_on").annotate(left=Sum(F("amount") - F("used")))
    soon = {pk: (left, until) for pk, until, left in sums.order_by("-expires_on")}
    return {pk: PointsBalance(*own, *soon.get(pk, (0, None))) for pk, own in purses.items()}


def available(customer_ids: NDArray[np.int64], on: date) -> NDArray[np.int64]:
    """Return what each customer can spend now, 0 where nobody ever had points; ids ascending. For tier rules.

    The ledger's balances are today's: a rule that is judged for a past day sees them, too.
    """
    found = np.zeros(len(customer_ids), np.int64)
    if len(customer_ids):
        rows = Purse.objects.filter(pk__gte=int(customer_ids[0]), pk__lte=int(customer_ids[-1]))
        for pk, points in rows.values_list("pk", "available"):
            place = int(np.searchsorted(customer_ids, pk))
            if place < len(customer_ids) and customer_ids[place] == pk:
                found[place] = points
    return found
