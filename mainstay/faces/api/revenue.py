"""The batch doors for billing: bills, payments, usage, totals of a month (P6). Any batch may be sent again.

Attributes have the names of TMF678 Customer Bill Management and TMF676 Payment where these have one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Body, Router

from mainstay.accounts.revenue.actions import intake, reconciling
from mainstay.accounts.revenue.errors import BadRevenue
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Given, Written

revenue = Router(tags=["Bills, payments, usage"])

MOST = 5_000
CURRENCY = "CNY"
AT_ONCE = 150
"""Rows in one transaction."""
Values = dict[str, Any]
Take = Callable[[Sequence[Given], datetime, Actor], list[Written]]


@revenue.post("/revenue/bills")
def create_bills(request: HttpRequest, source: str, payload: Body[list[Any]]) -> dict[str, Any]:
    """Take bills in; good ones are kept, bad ones answered by position. A known `billNo` is corrected.

    Each: `billNo`, `billDate`, `paymentDueDate`, `billingPeriod.startDateTime`, `amountDue` (`unit` CNY, `value`),
    `relatedParty` (one with the role customer; its id is the customer code), and optionally
    `appliedCustomerBillingRate`, its lines: `name`, `product.id`, `circuit`, `taxIncludedAmount`.
    """
    lines: dict[int, list[Values]] = {}

    def read(given: Mapping[str, Any], line: int) -> Values:
        own = given.get("appliedCustomerBillingRate")
        if own is not None:
            lines[line] = [_line(each) for each in own]
        return {
            "number": _text(given, "billNo"), "customer": _customer(given), "amount": _money(given, "amountDue"),
            "month": _day(given.get("billingPeriod"), "startDateTime"), "issued_on": _day(given, "billDate"),
            "due_on": _day(given, "paymentDueDate"),
        }  # fmt: skip

    def take(rows: Sequence[Given], at: datetime, by: Actor) -> list[Written]:
        done = intake.take(intake.BILL, rows, source=source, at=at, by=by)
        kept = [row for row, each in zip(rows, done, strict=True) if each.error is None]
        _check_sums(kept, lines)
        below = intake.with_lines(kept, lines)
        for each in intake.take(intake.LINE, below, source=source, at=at, by=by) if below else ():
            if each.error is not None:
                raise each.error
        return done

    return _answer(request, payload, read, take)


@revenue.post("/revenue/payments")
def create_payments(request: HttpRequest, source: str, payload: Body[list[Any]]) -> dict[str, Any]:
    """Take payments in. Each: `id`, `paymentDate`, `totalAmount`, `relatedParty`, optionally `bill.id` (its number) and
    `paymentMethod.name`. A known `id` is corrected."""

    def read(given: Mapping[str, Any], _line_number: int) -> Values:
        return {
            "number": _text(given, "id"), "customer": _customer(given), "amount": _money(given, "totalAmount"),
            "paid_on": _day(given, "paymentDate"), "bill": _text(given.get("bill") or {}, "id", needed=False),
            "way": _text(given.get("paymentMethod") or {}, "name", needed=False, longest=40),
        }  # fmt: skip

    return _answer(request, payload, read, lambda rows, at, by: intake.take(intake.PAYMENT, rows, source=source, at=at,
                                                                            by=by))  # fmt: skip


@revenue.post("/revenue/usage")
def create_usage(request: HttpRequest, source: str, payload: Body[list[Any]]) -> dict[str, Any]:
    """Take usage in. Each: `relatedParty`, `month` (a day of it), `service`, `quantity`, `unit`, optionally `circuit`.

    The same customer, month, service and circuit again is corrected.
    """

    def read(given: Mapping[str, Any], _line_number: int) -> Values:
        return {
            "customer": _customer(given), "month": _day(given, "month"), "service": _text(given, "service", longest=40),
            "circuit": _text(given, "circuit", needed=False), "quantity": _number(given.get("quantity"), "quantity"),
            "unit": _text(given, "unit", longest=16),
        }  # fmt: skip

    return _answer(request, payload, read, lambda rows, at, by: intake.take(intake.USAGE, rows, source=source, at=at,
                                                                            by=by))  # fmt: skip


@revenue.post("/revenue/totals")
def create_totals(request: HttpRequest, source: str, payload: Body[list[Any]]) -> dict[str, Any]:
    """Take billing's totals of a month in, for reconciliation.

    Each: `month` (a day of it), `what` (bills or payments), `count`, `amount` (`unit`, `value`), and either `region` or
    `customer` (code), with `number` for a single bill or payment.
    """

    def read(given: Mapping[str, Any], _line_number: int) -> Values:
        count = given.get("count")
        if count is not None and (not isinstance(count, int) or count < 0):
            raise BadRevenue(msgid("“{name}” is missing or not what it should be; see the description."), name="count")
        return {
            "month": _day(given, "month"), "what": _text(given, "what"), "count": count,
            "amount": _money(given, "amount"), "region": _text(given, "region", needed=False, longest=12),
            "customer": _text(given, "customer", needed=False, longest=32),
            "number": _text(given, "number", needed=False),
        }  # fmt: skip

    return _answer(request, payload, read, lambda rows, at, by: reconciling.take_totals(rows, source=source, at=at,
                                                                                        by=by))  # fmt: skip


def _answer(
    request: HttpRequest, payload: Sequence[Any], read: Callable[[Mapping[str, Any], int], Values], take: Take
) -> dict[str, Any]:
    if len(payload) > MOST:
        raise BadRevenue(msgid("A batch of {count} is too large; send at most {most} at once."),
                         count=len(payload), most=MOST)  # fmt: skip
    at, by = timezone.now(), request.actor  # type: ignore[attr-defined]
    errors: dict[int, MainstayError] = {}
    rows: list[Given] = []
    for position, given in enumerate(payload):
        try:
            rows.append(Given(position, read(_object(given), position)))
        except BadRevenue as error:
            errors[position] = error
    done: list[Written] = []
    for part in (rows[n : n + AT_ONCE] for n in range(0, len(rows), AT_ONCE)):
        done += _taken(part, take, at, by)
    errors |= {row.line: each.error for row, each in zip(rows, done, strict=True) if each.error is not None}
    counts = {outcome: sum(each.outcome == outcome for each in done)
              for outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)}  # fmt: skip
    refused = [{"position": place, "reason": error.explain(gettext)} for place, error in sorted(errors.items())]
    return {"accepted": sum(counts.values()), **{str(name): n for name, n in counts.items()}, "refused": refused}


def _taken(rows: Sequence[Given], take: Take, at: datetime, by: Actor) -> list[Written]:
    """Take rows in one transaction; where one spoils it, in one each."""
    try:
        with transaction.atomic():
            return take(rows, at, by)
    except BadRevenue as error:
        if len(rows) == 1:
            return [Written(Outcome.REFUSED, error=error)]
    return [each for row in rows for each in _taken([row], take, at, by)]


def _check_sums(rows: Sequence[Given], lines: Mapping[int, Sequence[Values]]) -> None:
    for row in rows:
        own = lines.get(row.line)
        if own and sum(each["amount"] for each in own) != row.values["amount"]:
            raise BadRevenue(msgid("The lines of bill {number} do not add up to its amount; correct them."),
                             number=row.values["number"])  # fmt: skip


def _object(given: object) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadRevenue(msgid("Each entry of the batch is an object."))
    return given


def _line(given: object) -> Values:
    read = _object(given)
    return {"words": _text(read, "name", needed=False, longest=120), "amount": _money(read, "taxIncludedAmount"),
            "product": _text(read.get("product") or {}, "id", needed=False, longest=32),
            "circuit": _text(read, "circuit", needed=False)}  # fmt: skip


def _wrong(name: str) -> BadRevenue:
    return BadRevenue(msgid("“{name}” is missing or not what it should be; see the description."), name=name)


def _text(given: object, name: str, *, needed: bool = True, longest: int = 48) -> str:
    found = given.get(name) if isinstance(given, dict) else None
    if found is None and not needed:
        return ""
    if not isinstance(found, str) or (needed and not found.strip()) or "\0" in found or len(found) > longest:
        raise _wrong(name)
    return found.strip()


def _customer(given: Mapping[str, Any]) -> str:
    parties = given.get("relatedParty")
    for each in parties if isinstance(parties, list) else ():
        if isinstance(each, dict) and each.get("role", "customer") == "customer":
            return _text(each, "id", longest=32)
    raise _wrong("relatedParty")


def _number(value: object, name: str) -> Decimal:
    try:
        found = Decimal(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found) >= 10**13:
        raise _wrong(name)
    return found


def _money(given: Mapping[str, Any], name: str) -> Decimal:
    found = given.get(name)
    if not isinstance(found, dict) or found.get("unit", CURRENCY) != CURRENCY:
        raise _wrong(name)
    return _number(found.get("value"), name)


def _day(given: object, name: str) -> date:
    """Read an instant or a day; an instant with an offset is a day of the house's own time zone."""
    text = given.get(name) if isinstance(given, dict) else None
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None:
        raise _wrong(name)
    return timezone.localdate(found) if found.tzinfo else found.date()
