"""How do balances move by day and by month, in bands and by kind; of one customer or of all one sees (B6)?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, Count, Max, Q, QuerySet, Sum, Value, When

from mainstay.accounts.nominations.arrays import day_columns, holders, of_customers, window_begin
from mainstay.accounts.nominations.cells import month_of, next_month
from mainstay.accounts.nominations.choices import BANDS, DEPOSITS, AccountKind, Figure
from mainstay.accounts.nominations.measuring import DAYS_CARRIED, daily_totals
from mainstay.accounts.nominations.models import Account, RegionDay
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope

MOST_LIVE = 5_000
"""Of so many customers of a portfolio the wave is reckoned from the accounts themselves."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A day or month (its first day) and the deposits then, in fen; None where nothing is known."""

    on: date
    fen: int | None


@dataclass(frozen=True, slots=True)
class Wave:
    """Daily deposits, and their averages by month (over the days known), oldest first."""

    days: tuple[Point, ...]
    months: tuple[Point, ...]

    @property
    def last(self) -> int | None:
        """Return the latest figure."""
        return self.days[-1].fen if self.days else None

    @property
    def change_fen(self) -> int | None:
        """Return by how much the last day differs from the first known one."""
        known = [point.fen for point in self.days if point.fen is not None]
        return known[-1] - known[0] if len(known) > 1 else None


@dataclass(frozen=True, slots=True)
class Band:
    """Customers whose deposits lie in [from_fen, to_fen); to_fen None: no upper end."""

    from_fen: int
    to_fen: int | None
    customers: int
    fen: int


@dataclass(frozen=True, slots=True)
class Share:
    """What accounts of a kind hold together, in fen."""

    kind: str
    accounts: int
    fen: int


def newest_day(actor: Actor) -> date | None:
    """Return the newest day of which a balance is known, within what the actor may see (1 query)."""
    found: date | None = visible_accounts(actor).aggregate(last=Max("latest_on"))["last"]
    return found


def visible_accounts(actor: Actor) -> QuerySet[Account]:
    """Return the accounts the actor may see; none for customers' own people."""
    if not actor.is_staff:
        return Account.objects.none()
    return Account.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def of_customer(actor: Actor, customer_id: int, *, on: date, days: int = 90) -> Wave:
    """Return the wave of a customer's deposits (2 queries); empty for one the actor may not see."""
    return _live(visible_accounts(actor).filter(customer=customer_id), [customer_id], on=on, days=days)


def of_all(actor: Actor, *, on: date, days: int = 90, region: str = "") -> Wave:
    """Return the wave of all deposits the actor sees, of one region (prefix) if asked.

    By region from the sums the intake keeps (1 query); of a portfolio from its accounts (2).
    """
    if not actor.is_staff:
        return Wave((), ())
    if actor.customer_ids is not None:
        ids = sorted(actor.customer_ids)[:MOST_LIVE]
        within = visible_accounts(actor).filter(customer__in=ids, customer__region__code__startswith=region)
        return _live(within, ids, on=on, days=days)
    begin = _first_of_year(on)
    rows = RegionDay.objects.filter(scope(actor, customer="", region="region_code"), kind__in=DEPOSITS)
    rows = rows.filter(on__gte=min(begin, window_begin(on, days)), on__lte=on, region_code__startswith=region)
    sums = dict(rows.filter(accounts__gt=0).values_list("on").annotate(fen=Sum("balance_fen")).order_by())
    return _wave(sums, on, days)


def _live(accounts: "QuerySet[Account]", customer_ids: Iterable[int], *, on: date, days: int) -> Wave:
    held = holders(accounts.filter(kind__in=DEPOSITS))
    if not len(held.accounts):
        return Wave((), ())
    first = min(_first_of_year(on), window_begin(on, days + DAYS_CARRIED))
    _own, months = of_customers(list(customer_ids))
    within = months & Q(account__in=[int(pk) for pk in held.accounts])
    found = day_columns(held, Figure.BALANCE, first, on, within)
    totals, known = daily_totals(held, found, found.shape[1])
    begin = on - timedelta(days=found.shape[1] - 1)
    sums = {begin + timedelta(days=n): int(totals[n]) for n in range(found.shape[1]) if known[n]}
    return _wave(sums, on, days)


def _first_of_year(on: date) -> date:
    month = month_of(on)
    return month.replace(year=month.year - 1) if month.month == 12 else _months_back(month, MONTHS - 1)


def _months_back(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _wave(sums: dict[date, int], on: date, days: int) -> Wave:
    daily = (window_begin(on, days) + timedelta(days=n) for n in range(days))
    month, monthly = _months_back(month_of(on), MONTHS - 1), []
    for _ in range(MONTHS):
        inside = [fen for day, fen in sums.items() if month <= day < next_month(month)]
        monthly.append(Point(month, sum(inside) // len(inside) if inside else None))
        month = next_month(month)
    return Wave(tuple(Point(day, sums.get(day)) for day in daily), tuple(monthly))


def structure(accounts: "QuerySet[Account]") -> list[Share]:
    """Return what accounts hold by kind, in the order of kinds, by the balances last delivered (1 query)."""
    rows = accounts.filter(latest_fen__isnull=False).values_list("kind").annotate(n=Count("pk"), fen=Sum("latest_fen"))
    found = {kind: Share(kind, n, fen) for kind, n, fen in rows.order_by()}
    return [found[kind] for kind in AccountKind.values if kind in found]


def distribution(accounts: "QuerySet[Account]") -> list[Band]:
    """Return how many customers hold how much, in the bands of BANDS, by the balances last delivered (1 query)."""
    owned = accounts.filter(kind__in=DEPOSITS, latest_fen__isnull=False).order_by()
    by_customer = owned.values("customer_id").annotate(fen=Sum("latest_fen"))
    band = Case(
        *(When(fen__gte=lower, then=Value(n)) for n, lower in reversed(list(enumerate(BANDS)))), default=Value(0)
    )
    found = dict.fromkeys(range(len(BANDS)), (0, 0))
    for row in _by_band(by_customer.annotate(band=band)):
        found[row["band"]] = (row["customers"], row["total"])
    ends = (*BANDS[1:], None)
    return [Band(BANDS[n], ends[n], *found[n]) for n in range(len(BANDS))]


def _by_band(rows: Any) -> list[dict[str, int]]:
    """Count and add up rows by band in the database: a group of groups, which the ORM does not say."""
    sql, parameters = rows.values("band", "fen").query.sql_with_params()
    statement = f"SELECT g.band, COUNT(*), SUM(g.fen) FROM ({sql}) g GROUP BY g.band"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [{"band": int(b), "customers": int(n), "total": int(fen)} for b, n, fen in cursor.fetchall()]


def accounts_of(actor: Actor, customer_id: int) -> list[Account]:
    """Return a customer's accounts, deposits first, the largest first (1 query)."""
    rows = visible_accounts(actor).filter(customer=customer_id)
    last = Case(When(kind=AccountKind.LOAN, then=Value(1)), default=Value(0), output_field=BigIntegerField())
    return list(rows.annotate(last=last).order_by("last", "-latest_fen", "number"))


def masked(number: str) -> str:
    """Return an account's number as people may read it: the last four characters."""
    return f"····{number[-4:]}" if len(number) > 4 else "····"
