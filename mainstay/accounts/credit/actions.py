"""Lay down editions of the credit rules; set a customer's credit by hand, and withdraw that (B3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mainstay.accounts.credit import shipped
from mainstay.accounts.credit.choices import FACTS
from mainstay.accounts.credit.errors import BadCredit
from mainstay.accounts.credit.models import CreditEdition, HandCredit
from mainstay.accounts.credit.queries import hand_credit
from mainstay.accounts.credit.rolling import note
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.credit_score import MOST, Band, Rule
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

MOST_RULES = 60


@dataclass(frozen=True)
class NewEdition:
    """Rules wanted from a day on."""

    name: str
    valid_from: date
    base: int
    rules: tuple[Rule, ...]
    bands: tuple[Band, ...]


def draft(new: NewEdition) -> CreditEdition:
    """Check rules and return them as an edition that is not kept, for a preview. Raises BadCredit."""
    _check(new)
    rules = [{name: value for name, value in vars(rule).items() if value or name in ("fact", "points")}
             for rule in new.rules]  # fmt: skip
    return CreditEdition(number=0, name=new.name.strip()[:120], valid_from=new.valid_from, base=new.base, rules=rules,
                         bands=[vars(band) for band in new.bands])  # fmt: skip


@transaction.atomic
def lay_down(new: NewEdition, *, at: datetime, by: Actor) -> CreditEdition:
    """Keep a new edition, in force from its day on; everybody is scored by it then (B3).

    Raises BadCredit: no name, a day in the past, unknown facts, bounds out of order, no band from 0.
    """
    require(by, Permission.SETTINGS)
    made = draft(new)
    if new.valid_from < timezone.localdate(at):
        raise BadCredit(msgid("Rules cannot hold from {day}, a day in the past: scores given stay as they were."),
                        day=new.valid_from)  # fmt: skip
    made.number = (CreditEdition.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    made.made_at, made.made_by = at, by.name[:80]
    made.save(force_insert=True)
    after = {"name": made.name, "valid_from": made.valid_from, "base": made.base, "rules": made.rules,
             "bands": made.bands}  # fmt: skip
    journal.record("credit.rules", [Change("credit_edition", made.pk, f"{made.number} {made.name}", None, after)],
                   at=at, by=by)  # fmt: skip
    return made


def ship(*, at: datetime, by: Actor) -> CreditEdition | None:
    """Lay the shipped rules down where there are none; return them, or None."""
    if CreditEdition.objects.exists():
        return None
    rules, bands = (Rule(**each) for each in shipped.RULES), (Band(**each) for each in shipped.BANDS)
    new = NewEdition(shipped.NAME, timezone.localdate(at), shipped.BASE, tuple(rules), tuple(bands))
    return lay_down(new, at=at, by=by)


def _check(new: NewEdition) -> None:
    if not new.name.strip():
        raise BadCredit(msgid("Say what the new rules are called, or why they change."))
    if not 0 <= new.base <= MOST:
        raise BadCredit(msgid("The points to begin with lie between 0 and {most}."), most=MOST)
    if not 0 < len(new.rules) <= MOST_RULES:
        raise BadCredit(msgid("Give at least one rule and at most {most}."), most=MOST_RULES)
    for place, rule in enumerate(new.rules, start=1):
        _check_rule(place, rule)
    _check_bands(new.bands)


def _check_rule(place: int, rule: Rule) -> None:
    if rule.fact not in FACTS:
        raise BadCredit(msgid("Rule {place} looks at no known fact; choose one of the list."), place=place)
    if rule.at_least is not None and rule.below is not None and rule.below <= rule.at_least:
        raise BadCredit(msgid("Rule {place} never applies: its upper bound is not above the lower one."), place=place)
    if not -MOST <= rule.points <= MOST or rule.points == 0 or rule.per < 0 or not 0 <= rule.most <= MOST:
        raise BadCredit(msgid("Rule {place}: points lie between −{most} and {most} and are not 0."),
                        place=place, most=MOST)  # fmt: skip


def _check_bands(bands: Sequence[Band]) -> None:
    bounds = [band.from_score for band in bands]
    names = [band.name.strip() for band in bands]
    if not all(names) or len(set(names)) < len(names) or max(map(len, names), default=9) > 8:
        raise BadCredit(msgid("Bands need different names of at most eight characters."))
    if len(set(bounds)) < len(bounds) or min(bounds, default=1) != 0 or max(bounds) > MOST:
        raise BadCredit(msgid("Bands begin at different scores, the lowest at 0."))


@transaction.atomic
def set_by_hand(
    customer_id: int, score: int, why: str, *, until_on: date, at: datetime, by: Actor
) -> HandCredit:  # fmt: skip
    """Set a customer's credit by hand until a day, with the reason; the rules hold again from then on (B3).

    Raises NoSuchCustomer, BadCredit.
    """
    require(by, Permission.SET_CREDIT)
    customer, today = visible_customer(by, customer_id, lock=True), timezone.localdate(at)
    if not 0 <= score <= MOST or not why.strip() or until_on <= today:
        raise BadCredit(msgid("Give a score between 0 and {most}, the reason, and a day to come until which it holds."),
                        most=MOST)  # fmt: skip
    before = _withdraw(customer_id, today, at=at)
    made = HandCredit.objects.create(customer=customer, score=score, why=why.strip()[:400], from_on=today,
                                     until_on=until_on, set_at=at, set_by=by.name[:80])  # fmt: skip
    after = {"score": score, "until_on": until_on}
    change = Change("customer", customer.pk, customer.name, before, after, customer.pk, customer.region_id)
    journal.record("credit.set", [change], at=at, by=by.because(made.why))
    note([customer.pk], at=at)
    return made


@transaction.atomic
def withdraw_by_hand(customer_id: int, *, at: datetime, by: Actor) -> None:
    """Let the rules decide again. Raises NoSuchCustomer, BadCredit when nothing was set by hand."""
    require(by, Permission.SET_CREDIT)
    customer = visible_customer(by, customer_id, lock=True)
    before = _withdraw(customer_id, timezone.localdate(at), at=at)
    if before is None:
        raise BadCredit(msgid("The credit of {name} is not set by hand; nothing was changed."), name=customer.name)
    change = Change("customer", customer.pk, customer.name, before, {"score": None}, customer.pk, customer.region_id)
    journal.record("credit.withdraw", [change], at=at, by=by)
    note([customer.pk], at=at)


def _withdraw(customer_id: int, on: date, *, at: datetime) -> dict[str, Any] | None:
    held = hand_credit(customer_id, on)
    if held is None:
        return None
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    return {"score": held.score, "until_on": held.until_on}
