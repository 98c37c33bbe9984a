"""Revenue facts of customers on a day: what tier and credit rules, and the customer's page, go by (B1, B3, M9)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.revenue.figures import Figures, PaidOn, RawBill, read, reckon, reckoned, settled
from mainstay.accounts.revenue.models import Standing, Touched
from mainstay.accounts.revenue.rolling import summed
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.domain.actor import Actor

AT_ONCE = 1_000
"""Customers asked for in one query."""
PAGE = 5_000
"""Standings read in one query."""

_READ = (
    "customer_id", "on", "until_on", "billed_month_fen", "billed_quarter_fen", "billed_year_fen", "paid_year_fen",
    "arrears_fen", "oldest_due_on", "late_payments_year", "purchases_2m", "last_purchase_on", "months_known",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RevenueFacts:
    """What a customer was billed, paid and owes on a day; money in fen.

    `billed_month_fen`: the last closed month (see `windows`). `billed_quarter_avg_fen`: the mean of the last three.
    `billed_year_fen`, `paid_year_fen`: the last twelve. `arrears_fen`: due before the day and unpaid on it.
    `late_payments_year`: bills due since the first of those twelve months that were paid late or are overdue.
    `purchases_2m`: bills above zero of the last two closed months. `months_known`: closed months since the first bill.
    """

    customer_id: int
    billed_month_fen: int
    billed_quarter_avg_fen: int
    billed_year_fen: int
    paid_year_fen: int
    arrears_fen: int
    oldest_due_on: date | None
    late_payments_year: int
    purchases_2m: int
    last_purchase_on: date | None
    months_known: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month's sums in fen; `arrears_fen` at its end. None: nothing is known of it, which is not zero."""

    month: date
    billed_fen: int | None
    paid_fen: int | None
    arrears_fen: int | None


def facts_of(customer_ids: Collection[int], on: date) -> dict[int, RevenueFacts]:
    """Return the facts of customers on a day; who was never billed and never paid has no entry.

    2 queries for 1,000 customers, 4 to 6 where roll-ups do not hold. For workers and pages that checked: no scope.
    """
    found: dict[int, RevenueFacts] = {}
    left = iter(customer_ids)
    while part := list(islice(left, AT_ONCE)):
        touched = set(Touched.objects.filter(customer__in=part).values_list("customer_id", flat=True))
        rows = Standing.objects.filter(customer__in=part).values_list(*_READ)
        found |= {facts.customer_id: facts for facts in _as_of(rows, touched, on)}
    return found


def facts_between(first_id: int, last_id: int, on: date) -> Iterator[RevenueFacts]:
    """Give the facts of all customers of [first_id, last_id] by ascending id: for dry runs over everyone, no scope.

    Reads one roll-up row for each customer, PAGE at a time; those that do not hold on the day are reckoned.
    """
    after = first_id - 1
    while after < last_id:
        rows = list(Standing.objects.filter(pk__gt=after, pk__lte=last_id).order_by("pk").values_list(*_READ)[:PAGE])
        upto = rows[-1][0] if len(rows) == PAGE else last_id
        touched = Touched.objects.filter(pk__gt=after, pk__lte=upto).values_list("customer_id", flat=True)
        yield from _as_of(rows, set(touched), on)
        after = upto


def _as_of(rows: Iterable[Sequence], touched: set[int], on: date) -> list[RevenueFacts]:
    """Return facts by ascending id: of the rows that hold, and reckoned of the others and of the touched."""
    kept, late = [], []
    for row in rows:
        if row[0] in touched:
            continue
        if row[1] <= on < row[2]:
            kept.append(RevenueFacts(row[0], row[3], round(row[4] / 3), *row[5:]))
        else:
            late.append(row[0])
    if not touched and not late:
        return kept
    for part in (late[n : n + AT_ONCE] for n in range(0, len(late), AT_ONCE)):
        kept += [facts(pk, each) for pk, each in summed(part, on).items()]
    changed = sorted(touched)
    for part in (changed[n : n + AT_ONCE] for n in range(0, len(changed), AT_ONCE)):
        kept += [facts(pk, each) for pk, each in reckoned(part, on).items()]
    return sorted(kept, key=lambda each: each.customer_id)


def facts(customer_id: int, found: Figures) -> RevenueFacts:
    """Return a customer's figures as facts."""
    return RevenueFacts(
        customer_id, found.billed_month_fen, round(found.billed_quarter_fen / 3), found.billed_year_fen,
        found.paid_year_fen, found.arrears_fen, found.oldest_due_on, found.late_payments_year, found.purchases_2m,
        found.last_purchase_on, found.months_known,
    )  # fmt: skip


def trend(actor: Actor, customer_id: int, months: int = 12, *, on: date | None = None) -> list[MonthFigures]:
    """Return a customer's months until that of the day `on` (or the newest bill's or payment's), oldest first.

    3 queries. Raises NoSuchCustomer, also when the customer may not be seen.
    """
    visible_customer(actor, customer_id)
    bills, payments = read([customer_id])
    own = [bill for bill in bills.get(customer_id, ()) if on is None or bill.issued_on <= on]
    paid = [each for each in payments.get(customer_id, ()) if on is None or each.paid_on <= on]
    days = [bill.month for bill in own] + [first_of(each.paid_on) for each in paid]
    if not days:
        return []
    newest = first_of(on) if on else max(days)
    wanted = [add_months(newest, -back) for back in range(months - 1, -1, -1)]
    return [_month(month, own, paid, known_from=min(days)) for month in wanted]


def panel(customer_id: int, on: date, months: int = 12) -> tuple[RevenueFacts | None, list[MonthFigures]]:
    """Return the facts of a customer the reader has seen, and the closed months, oldest first (2 queries).

    Reckoned from bills and payments alone. (None, []) for who was never billed and never paid.
    """
    bills, payments = read([customer_id])
    own, paid = bills.get(customer_id, []), payments.get(customer_id, [])
    known = [bill for bill in own if bill.issued_on <= on]
    received = [each for each in paid if each.paid_on <= on]
    days = [bill.month for bill in known] + [first_of(each.paid_on) for each in received]
    if not days:
        return None, []
    wanted = [add_months(first_of(on), -back) for back in range(months, 0, -1)]
    told = [_month(month, known, received, known_from=min(days)) for month in wanted]
    return facts(customer_id, reckon(own, paid, on)), told


def _month(month: date, bills: Sequence[RawBill], paid: Sequence[PaidOn], *, known_from: date) -> MonthFigures:
    after = add_months(month, 1)
    billed = [bill.amount_fen for bill in bills if bill.month == month]
    received = sum(each.amount_fen for each in paid if first_of(each.paid_on) == month)
    if month < known_from:
        return MonthFigures(month, None, None, None)
    then = settled([bill for bill in bills if bill.issued_on < after], [each for each in paid if each.paid_on < after])
    arrears = sum(bill.open_fen for bill in then if bill.due_on < after - timedelta(days=1))
    return MonthFigures(month, sum(billed) if billed else None, received, arrears)
