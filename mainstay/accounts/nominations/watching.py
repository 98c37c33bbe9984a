"""Whose deposits moved beyond a rule? Looked at as newer figures come in; the manager is told, once a day (B6)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, override

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.nominations.arrays import day_columns, holders, of_customers
from mainstay.accounts.nominations.choices import DEPOSITS, Figure
from mainstay.accounts.nominations.measuring import DAYS_CARRIED
from mainstay.accounts.nominations.models import Account, WaveRule
from mainstay.domain.balance_factors import by_owner, carried
from mainstay.platform.messages.actions.sending import NewMessage, send
from mainstay.platform.messages.models import Message

AT_ONCE = 2_000


def look(customer_ids: Collection[int], on: date, *, at: datetime) -> int:
    """Compare the deposits of customers on a day with those so many days before; tell their managers of what moved.

    In the caller's transaction. Returns how many were told anew. 3 queries for each 2,000 customers, none without a
    rule in use.
    """
    rules = list(WaveRule.objects.filter(active=True).order_by("pk"))
    ids = sorted(customer_ids)
    if not rules:
        return 0
    return sum(_look(ids[start : start + AT_ONCE], on, rules, at=at) for start in range(0, len(ids), AT_ONCE))


def moved(before: int, now: int, rule: WaveRule) -> bool:
    """Say whether a change is beyond a rule: by amount, and by per cent of what was there before (from 0: any)."""
    change = abs(now - before)
    return change > 0 and change >= rule.least_fen and change * 100 >= rule.percent * abs(before)


def _look(ids: list[int], on: date, rules: list[WaveRule], *, at: datetime) -> int:
    own, months = of_customers(ids)
    held = holders(Account.objects.filter(own, kind__in=DEPOSITS))
    if not len(held.accounts):
        return 0
    longest = max(rule.days for rule in rules)
    found = day_columns(held, Figure.BALANCE, on - timedelta(days=longest + DAYS_CARRIED), on, months)
    days = carried(found)
    now = dict(zip(*(part.tolist() for part in by_owner(days[:, -1], held.customers)), strict=True))
    customers = Customer.objects.filter(pk__in=list(now)).select_related("account_manager")
    by_pk = {row.pk: row for row in customers if row.account_manager_id is not None}
    messages = []
    for rule in rules:
        former = by_owner(days[:, -1 - rule.days], held.customers)
        for customer_id, before in zip(*(part.tolist() for part in former), strict=True):
            if customer_id in by_pk and moved(before, now[customer_id], rule):
                messages.append(_message(by_pk[customer_id], rule, before, now[customer_id], on))
    return send(messages, at=at)


def _message(customer: Customer, rule: WaveRule, before: int, now: int, on: date) -> NewMessage:
    manager = customer.account_manager
    assert manager is not None
    with override(manager.language or None):
        words = {
            "name": customer.name, "before": _yuan(before), "now": _yuan(now), "days": rule.days, "rule": rule.name,
            "change": _yuan(now - before), "day": f"{on:%Y-%m-%d}",
        }  # fmt: skip
        if now >= before:
            subject = gettext("Deposits of %(name)s rose by %(change)s") % words
        else:
            subject = gettext("Deposits of %(name)s fell by %(change)s") % words
        body = gettext(
            "%(day)s: %(now)s, %(days)s days before: %(before)s. Told by the rule “%(rule)s”."
        ) % words  # fmt: skip
    return NewMessage(
        kind=Message.Kind.INFORMATION, to_name=manager.display_name, subject=subject, body=body, user_id=manager.pk,
        dedupe_key=f"wave:{customer.pk}:{rule.pk}:{on}", object_kind="customer", object_id=customer.pk,
        customer_id=customer.pk, region_code=customer.region_id,
    )  # fmt: skip


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}¥\u202f{abs(fen) / 100:,.2f}"
