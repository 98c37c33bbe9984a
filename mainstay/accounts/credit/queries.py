"""Read scores, why they are so, their history, and the rules (B3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Window
from django.db.models.functions import Lag

from mainstay.accounts.credit import scoring, shipped
from mainstay.accounts.credit.errors import NoSuchEdition
from mainstay.accounts.credit.models import CreditEdition, HandCredit, ScoreChange
from mainstay.accounts.credit.models import CreditScore as Row
from mainstay.accounts.credit.scoring import Edition, Scored
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid


@dataclass(frozen=True)
class CreditScore:
    """A customer's credit: 0..1000, its band, and why: (words, points), the base first. `by_hand`: somebody set it."""

    score: int
    band: str
    reasons: tuple[tuple[str, int], ...]
    on: date
    by_hand: bool = False
    edition: int = 0


@dataclass(frozen=True)
class Step:
    """A change of a score; `before` is None for the first."""

    on: date
    score: int
    band: str
    before: int | None
    edition: int
    by_hand: bool


def score_of(actor: Actor, customer_id: int) -> CreditScore | None:
    """Return a customer's score as last reckoned, None when it never was (2 to 3 queries).

    Raises NoSuchCustomer, also when the customer may not be seen. As of this very day: `explained`.
    """
    visible_customer(actor, customer_id)
    row = Row.objects.filter(pk=customer_id).select_related("edition").first()
    if row is None:
        return None
    found = Scored(row.pk, row.score, row.band, tuple((a, b, c) for a, b, c in row.lines), row.by_hand, row.until_on)
    return _told(found, row.edition, on=row.on)


def explained(actor: Actor, customer_id: int, *, on: date, draft: CreditEdition | None = None) -> CreditScore | None:
    """Reckon a customer's score anew, by the rules in force or by a draft; None when there are no rules (6 queries).

    Nothing is kept. Raises NoSuchCustomer.
    """
    visible_customer(actor, customer_id)
    edition = draft or scoring.in_force(on)
    if edition is None:
        return None
    (found,) = scoring.score_customers([customer_id], Edition.of(edition), on=on)
    return _told(found, edition, on=on)


def _told(found: Scored, edition: CreditEdition, *, on: date) -> CreditScore:
    rules = Edition.of(edition).rules
    lines = [(scoring.reason(rules[place], value), given) for place, value, given in found.lines]
    reasons = [("", edition.base), *lines]
    hand = hand_credit(found.customer_id, on) if found.by_hand else None
    if hand is not None:
        reasons = [(scoring.by_hand_words(hand), hand.score)]
    return CreditScore(found.score, found.band, tuple(reasons), on, found.by_hand, edition.number)


def scores(customer_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return (score, band) as last reckoned by customer (1 query); for lists and workers, no scope."""
    rows = Row.objects.filter(pk__in=customer_ids).values_list("pk", "score", "band")
    return {pk: (score, band) for pk, score, band in rows}


def history(actor: Actor, customer_id: int, *, most: int = 24) -> list[Step]:
    """Return how a customer's score changed, the newest first (2 queries). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    before = Window(Lag("score"), partition_by=F("customer_id"), order_by=F("on").asc())
    rows = ScoreChange.objects.filter(customer=customer_id).annotate(before=before).order_by("-on")
    told = rows.values_list("on", "score", "band", "before", "edition__number", "by_hand")[:most]
    return [Step(*row) for row in told]


def hand_credit(customer_id: int, on: date) -> HandCredit | None:
    """Return the credit that was set by hand and holds on a day (1 query); the caller has seen the customer."""
    rows = HandCredit.objects.filter(customer=customer_id, withdrawn_at=None, from_on__lte=on, until_on__gt=on)
    return rows.order_by("-pk").first()


def editions() -> list[CreditEdition]:
    """Return all editions of the rules, the newest first (1 query)."""
    return list(CreditEdition.objects.order_by("-valid_from", "-number"))


def edition(edition_id: int) -> CreditEdition:
    """Return one edition. Raises NoSuchEdition."""
    found = CreditEdition.objects.filter(pk=edition_id).first()
    if found is None:
        raise NoSuchEdition(msgid("There is no edition {id} of the credit rules; look in the list."), id=edition_id)
    return found


def in_force(on: date) -> CreditEdition | None:
    """Return the edition that holds on a day."""
    return scoring.in_force(on)


def first_draft(on: date) -> CreditEdition:
    """Return what a new edition begins from: a copy of what holds, or what is shipped; not kept."""
    holds = scoring.in_force(on)
    if holds is None:
        return CreditEdition(number=1, name=shipped.NAME, valid_from=on, base=shipped.BASE, rules=list(shipped.RULES),
                             bands=list(shipped.BANDS))  # fmt: skip
    return CreditEdition(number=holds.number + 1, name="", valid_from=on + timedelta(days=1), base=holds.base,
                         rules=holds.rules, bands=holds.bands)  # fmt: skip
