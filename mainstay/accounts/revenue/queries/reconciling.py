"""Read what billing counts against what is kept here (P6)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.revenue.choices import DifferenceState, Level
from mainstay.accounts.revenue.errors import NoSuchRevenue
from mainstay.accounts.revenue.models import Control, Difference
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class MonthTold:
    """A month of reconciliation: how many totals billing gave, how many differ, how many of these are open."""

    month: date
    totals: int
    differ: int
    open: int


def _mine(actor: Actor) -> Q:
    """Limit to what the actor may see; a region's totals are not for those who see single customers only."""
    seen = scope(actor, customer="customer_id", region="region_code")
    return seen if actor.customer_ids is None else seen & Q(customer__isnull=False)


def months(actor: Actor, *, most: int = 24) -> list[MonthTold]:
    """Return the months billing gave totals of, the newest first (2 queries)."""
    totals = Control.objects.filter(_mine(actor)).order_by("-month").values("month").annotate(n=Count("pk"))[:most]
    is_open = Count("pk", filter=Q(state=DifferenceState.OPEN))
    differ = Difference.objects.filter(_mine(actor)).exclude(state=DifferenceState.GONE).order_by().values("month")
    found = {row["month"]: (row["n"], row["open"]) for row in differ.annotate(n=Count("pk"), open=is_open)}
    return [MonthTold(row["month"], row["n"], *found.get(row["month"], (0, 0))) for row in totals]


def controls(actor: Actor, month: date) -> list[Control]:
    """Return billing's totals of regions for a month, bills before payments (1 query)."""
    rows = Control.objects.filter(_mine(actor), month=month, level=Level.REGION)
    return list(rows.order_by("region_code", "what"))


def differences(actor: Actor, month: date | None = None, *, state: str = "") -> QuerySet[Difference]:
    """Return differences with their customer, the open ones and the greatest regions first."""
    rows = Difference.objects.filter(_mine(actor)).select_related("customer")
    rows = rows.filter(month=month) if month else rows
    rows = rows.filter(state=state) if state else rows
    return rows.order_by("-state", "level", "customer__name", "number", "pk")


def visible_difference(actor: Actor, difference_id: int, *, lock: bool = False) -> Difference:
    """Return one difference. Raises NoSuchRevenue, also when it may not be seen."""
    rows = Difference.objects.select_for_update() if lock else Difference.objects.select_related("customer")
    found = rows.filter(_mine(actor), pk=difference_id).first()
    if found is None:
        raise NoSuchRevenue(msgid("There is no difference {id} that you may see; look in the list."), id=difference_id)
    return found
