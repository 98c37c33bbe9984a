"""What would an offer save a customer, month by month; what became of the revenue of those who got it? (B5)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from mainstay.accounts.customers.queries import visible_customer, visible_to
from mainstay.accounts.offers.choices import GrantStatus
from mainstay.accounts.offers.conditions import Condition
from mainstay.accounts.offers.facts import facts_on
from mainstay.accounts.offers.models import Grant, Offer
from mainstay.accounts.offers.queries.offers import grants, offer
from mainstay.accounts.revenue.models import Bill
from mainstay.accounts.revenue.windows import add_months, window
from mainstay.domain.actor import Actor
from mainstay.domain.offers import Benefit, savings
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission

MONTHS = 12
BESIDE = 6
"""So many months before and after count at most."""
SAMPLE = 400
"""At most so many customers without the offer are compared with."""


@dataclass(frozen=True)
class Month:
    """A month: billed (None: not known), saved, points; in fen. Ahead, `billed_fen` is assumed."""

    month: date
    billed_fen: int | None
    saved_fen: int
    points: int


@dataclass(frozen=True)
class Simulation:
    """What an offer would save a customer. `ahead`: over the next months, assumed billed as the last three were."""

    offer: Offer
    customer: object
    ahead: bool
    months: list[Month]

    @property
    def billed_fen(self) -> int:
        """Return what is billed without it."""
        return sum(month.billed_fen or 0 for month in self.months)

    @property
    def saved_fen(self) -> int:
        """Return what it saves."""
        return sum(month.saved_fen for month in self.months)

    @property
    def points(self) -> int:
        """Return the points it gives."""
        return sum(month.points for month in self.months)


def simulate(actor: Actor, offer_id: int, customer_id: int, on: date, *, ahead: bool = False) -> Simulation:
    """Reckon an offer on a customer's last twelve closed months, or on the next ones (3 queries).

    Raises NoSuchCustomer, NoSuchOffer, NotAllowed.
    """
    customer, row = visible_customer(actor, customer_id), offer(offer_id)
    require(actor, Permission.READ_REVENUE)
    last = window(on).closed
    known = billed([customer_id], add_months(last, 1 - MONTHS), last).get(customer_id, {})
    if not ahead:
        months = [add_months(last, back) for back in range(1 - MONTHS, 1)]
        return Simulation(row, customer, False, _months(row, months, [known.get(month) for month in months]))
    mean = _mean([known[month] for month in (add_months(last, back) for back in (-2, -1, 0)) if month in known])
    months = [add_months(last, ahead_by) for ahead_by in range(1, MONTHS + 1)]
    told = _months(row, months, [mean] * MONTHS)
    told = [m if n < row.months else Month(m.month, m.billed_fen, 0, 0) for n, m in enumerate(told)]
    return Simulation(row, customer, True, told)


def _months(row: Offer, months: Sequence[date], fen: Sequence[int | None]) -> list[Month]:
    given = savings(Benefit(row.benefit), float(row.value), [each or 0 for each in fen])
    return [
        Month(month, each, 0 if each is None else one.saved_fen, one.points)
        for month, each, one in zip(months, fen, given, strict=True)
    ]


def _mean(figures: Sequence[int]) -> int | None:
    return sum(figures) // len(figures) if figures else None


def billed(customer_ids: Sequence[int], first: date, last: date) -> dict[int, dict[date, int]]:
    """Return fen billed by customer and month (1 query). No scope: the caller checked."""
    rows = Bill.objects.filter(customer__in=customer_ids, month__gte=first, month__lte=last)
    found: dict[int, dict[date, int]] = {}
    for customer_id, month, fen in rows.values_list("customer_id", "month").annotate(fen=Sum("amount_fen")):
        found.setdefault(customer_id, {})[month] = fen
    return found


@dataclass(frozen=True)
class Group:
    """Some customers and the means of their monthly bills, in fen: before, and after; None: no closed month."""

    customers: int
    before_fen: int | None
    after_fen: int | None

    @property
    def change(self) -> float | None:
        """Return the change as a share, 0.1 is ten per cent more."""
        if not self.before_fen or self.after_fen is None:
            return None
        return (self.after_fen - self.before_fen) / self.before_fen


@dataclass(frozen=True)
class Effect:
    """Those who got an offer beside those eligible today without it. No experiment: who got it was chosen by people."""

    granted: Group
    others: Group
    since: date | None


def effect(actor: Actor, offer_id: int, on: date) -> Effect:
    """Compare bills before and after for those who got an offer and for others, within scope (about 12 queries).

    Others are those eligible today, at most SAMPLE of them, before and after the middle one of the grants' beginnings.
    """
    require(actor, Permission.READ_REVENUE)
    row, last = offer(offer_id), window(on).closed
    given = list(grants(actor).filter(offer=row, status__in=(GrantStatus.APPROVED, GrantStatus.ENDED)))
    begun = [one for one in given if one.from_on.replace(day=1) <= last]
    if not begun:
        return Effect(Group(0, None, None), Group(0, None, None), None)
    middle = sorted(one.from_on.replace(day=1) for one in begun)[len(begun) // 2]
    starts = {one.customer_id: one.from_on.replace(day=1) for one in begun}
    others = dict.fromkeys(_others(actor, row, {one.customer_id for one in given}, on), middle)
    return Effect(_group(starts, last, _ends(begun)), _group(others, last, {}), middle)


def _ends(begun: Sequence[Grant]) -> dict[int, date]:
    return {one.customer_id: one.to_on for one in begun}


def _others(actor: Actor, row: Offer, without: set[int], on: date) -> list[int]:
    ids = list(visible_to(actor).exclude(pk__in=without).order_by("pk").values_list("pk", flat=True)[: SAMPLE * 5])
    condition, known = Condition(row.condition), facts_on(ids, on)
    return [pk for pk in ids if condition.holds(known.get(pk, {}))][:SAMPLE]


def _group(starts: dict[int, date], last: date, ends: dict[int, date]) -> Group:
    """Return the means of the months before and after each customer's beginning, each customer counting once."""
    if not starts:
        return Group(0, None, None)
    known = billed(list(starts), add_months(min(starts.values()), -BESIDE), last)
    before, after, counted = list[int](), list[int](), 0
    for customer_id, start in starts.items():
        own, end = known.get(customer_id, {}), ends.get(customer_id, last + timedelta(days=31))
        earlier = [fen for month, fen in own.items() if add_months(start, -BESIDE) <= month < start]
        later = [fen for month, fen in own.items() if start <= month < add_months(start, BESIDE) and month <= end]
        if earlier and later:
            before.append(sum(earlier) // len(earlier))
            after.append(sum(later) // len(later))
            counted += 1
    return Group(counted, _mean(before), _mean(after))
