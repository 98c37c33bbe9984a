"""The demo's bills, payments and usage of fourteen months; totals of billing with a few differences; credit scored.

Most customers pay in time. Some pay late each month, a few have stopped paying; one grows, one shrinks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Sum
from django.utils import timezone

from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.credit import actions as credit
from mainstay.accounts.credit.rolling import score_everyone, score_some
from mainstay.accounts.revenue.actions import intake, reconciling
from mainstay.accounts.revenue.queries import bills
from mainstay.accounts.revenue.queries import reconciling as controls
from mainstay.accounts.revenue.rolling import roll_all
from mainstay.accounts.revenue.windows import add_months, first_of, last_day
from mainstay.domain.actor import Actor
from mainstay.faces.demo import cast
from mainstay.network.inventory.queries.circuits import CircuitFilters, circuit_list
from mainstay.platform.identity.queries import actor_named, users
from mainstay.platform.imports.registry import Given

MONTHS, DETAILED, SCORED = 14, 3, 6
"""Months that were billed; with lines and usage; on which scores were given."""
SOURCE, PROVINCE, LEADER = "billing", "42", "zhao.lei"
WAYS = ("银行托收", "转账", "转账", "支票")
LATE, STOPPED = 17, 41
"""One customer of so many pays late; has stopped paying."""


@dataclass(frozen=True)
class Payer:
    """A customer with what is usually billed a month, in yuan, and how it grows and pays."""

    pk: int
    code: str
    yuan: float
    growth: float
    late_days: int
    stopped_months: int
    circuits: tuple[tuple[str, str], ...]


def deliver(*, at: datetime, by: Actor, dice: Random) -> int:
    """Deliver fourteen months as billing would have, month by month; return how many bills there are."""
    newest = add_months(first_of(timezone.localdate(at)), -1)
    months = [add_months(newest, -back) for back in range(MONTHS - 1, -1, -1)]
    payers = _payers(by, dice)
    credit.ship(at=_at(months[1]), by=by)
    for place, month in enumerate(months):
        if _at(add_months(month, 1), 2) <= at:
            _deliver(month, place, payers, at=at, by=by, dice=dice)
    _score(months[-SCORED:], at=at)
    for month in months[-2:]:
        _control(month, at=at, by=by, dice=dice)
    return bills.bills_of(by).count()


def _at(month: date, day: int = 1) -> datetime:
    return timezone.make_aware(datetime.combine(month.replace(day=day), time(9))).astimezone(UTC)


def _payers(by: Actor, dice: Random) -> list[Payer]:
    rows = contracts.filtered(by, contracts.ContractFilter()).order_by().values("customer_id", "customer__code")
    priced = rows.annotate(fen=Sum("lines__monthly_price_fen")).order_by("customer_id")
    names = [name for name, _shown in cast.PORTAL]
    portal = sorted(user.customer_id for user in users().filter(username__in=names) if user.customer_id)
    return [
        _payer(place, row, portal, by, dice)
        for place, row in enumerate(priced.values_list("customer_id", "customer__code", "fen"))
        if row[2]
    ]


def _payer(place: int, row: tuple[int, str, int], portal: Sequence[int], by: Actor, dice: Random) -> Payer:
    pk, code, fen = row
    growth = 1.05 if pk in portal[:1] else 0.94 if pk in portal[1:2] else dice.uniform(0.992, 1.012)
    stopped = dice.choice((2, 4, 5)) if place % STOPPED == STOPPED // 2 else 0
    late = dice.randint(6, 40) if place % LATE == LATE // 2 or pk in portal[1:2] else 0
    found = circuit_list(by, CircuitFilters(customer_id=pk), size=25).object_list if pk in portal else ()
    circuits = tuple((circuit.number, "") for circuit in found)
    return Payer(pk, code, fen / 100, growth, late, stopped, circuits)


def _deliver(month: date, place: int, payers: Sequence[Payer], *, at: datetime, by: Actor, dice: Random) -> None:
    """Deliver a month's bills, with lines and usage where it is a late one, and what was paid for them until now."""
    issued = _at(add_months(month, 1), 2)
    day = timezone.localdate(issued)
    due = day.replace(day=25)
    rows = []
    for payer in payers:
        yuan = payer.yuan * payer.growth**place * dice.uniform(0.97, 1.03)
        rows.append((payer, f"ZD-{month:%Y%m}-{payer.code[3:]}", Decimal(round(yuan * 100)) / 100))
    given = [Given(n, {"number": number, "customer": payer.code, "month": month, "issued_on": day, "due_on": due,
                       "amount": amount}) for n, (payer, number, amount) in enumerate(rows)]  # fmt: skip
    intake.take(intake.BILL, given, source=SOURCE, at=issued, by=by)
    if place >= MONTHS - DETAILED:
        _details(month, rows, at=issued, by=by, dice=dice)
    _pay(place, rows, due, at=at, by=by, dice=dice)


def _details(month: date, rows: Sequence[tuple[Payer, str, Decimal]], *, at: datetime, by: Actor, dice: Random) -> None:
    lines, used = [], []
    for payer, number, amount in rows:
        parts = payer.circuits or (("", ""),)
        share = (amount / len(parts)).quantize(Decimal("0.01"))
        for position, (circuit, _name) in enumerate(parts, start=1):
            own = share if position < len(parts) else amount - share * (len(parts) - 1)
            lines.append({"bill": number, "position": position, "circuit": circuit, "words": "月租费", "amount": own})
        minutes = Decimal(round(dice.uniform(200, 9_000)))
        used.append({"customer": payer.code, "month": month, "service": "语音", "quantity": minutes, "unit": "min"})
    intake.take(intake.LINE, [Given(n, row) for n, row in enumerate(lines)], source=SOURCE, at=at, by=by)
    intake.take(intake.USAGE, [Given(n, row) for n, row in enumerate(used)], source=SOURCE, at=at, by=by)


def _pay(
    place: int, rows: Sequence[tuple[Payer, str, Decimal]], due: date, *, at: datetime, by: Actor, dice: Random
) -> None:
    today, given = timezone.localdate(at), []
    for payer, number, amount in rows:
        late = payer.late_days and max(1, payer.late_days + dice.randint(-5, 5))
        paid_on = due + timedelta(days=late) if late else due - timedelta(days=dice.randint(0, 18))
        if paid_on > today or (payer.stopped_months and place >= MONTHS - payer.stopped_months):
            continue
        given.append({"number": f"SK-{number[3:]}", "customer": payer.code, "paid_on": paid_on, "amount": amount,
                      "bill": number if dice.random() < 0.8 else "", "way": dice.choice(WAYS)})  # fmt: skip
    intake.take(intake.PAYMENT, [Given(n, row) for n, row in enumerate(given)], source=SOURCE, at=at, by=by)


def _score(months: Sequence[date], *, at: datetime) -> None:
    """Score everybody on the tenth of some months, and as of now."""
    today = timezone.localdate(at)
    for month in months:
        if month.replace(day=10) < today:
            score_everyone(on=month.replace(day=10))
    roll_all(on=today)
    score_everyone(on=today)
    while score_some(on=today, at=at):
        pass


def _control(month: date, *, at: datetime, by: Actor, dice: Random) -> None:
    """Let billing count the month: it knows one bill otherwise than we do, and one we do not have."""
    rows = list(bills.bills_visible_to(by).filter(month=month).select_related("customer").order_by("number"))
    paid = bills.payments_visible_to(by).filter(paid_on__gte=month, paid_on__lte=last_day(month))
    sums = paid.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if not rows:
        return
    wrong = rows[dice.randrange(len(rows))]
    theirs = sum(row.amount_fen for row in rows) + 120_000 + 36_000
    given = [
        {"what": "bills", "region": PROVINCE, "count": len(rows) + 1, "amount": Decimal(theirs) / 100},
        {"what": "payments", "region": PROVINCE, "count": paid.count(), "amount": Decimal(sums) / 100},
        {"what": "bills", "customer": wrong.customer.code, "number": wrong.number,
         "amount": Decimal(wrong.amount_fen + 120_000) / 100},
        {"what": "bills", "customer": wrong.customer.code, "number": f"ZD-{month:%Y%m}-补", "amount": Decimal(360)},
    ]  # fmt: skip
    reconciling.take_totals([Given(n, {"month": month, **row}) for n, row in enumerate(given)], source=SOURCE, at=at,
                            by=by)  # fmt: skip
    reconciling.compare(month, at=at, by=by)
    if month < add_months(first_of(timezone.localdate(at)), -1):
        leader = actor_named(LEADER) or by
        for difference in controls.differences(leader, month):
            reconciling.settle_difference(difference.pk, "billing", "计费误计一次安装费，已在次月账单冲回", at=at,
                                          by=leader)  # fmt: skip
