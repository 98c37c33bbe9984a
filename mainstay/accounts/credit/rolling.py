"""Keep scores current: whose revenue changed, whose score time made old, and everybody when rules change (B3)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from mainstay.accounts.credit.models import CreditEdition, CreditScore, Rescoring, ScoreChange
from mainstay.accounts.credit.scoring import Edition, Scored, in_force, score_customers
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.revenue.models import Touched
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many

PART = 120
"""Customers scored in one transaction while others work: the lock is held for some 40 ms."""
AT_ONCE = 2_000
"""Customers scored in one transaction when all are."""
_COLUMNS = ("customer_id", "edition_id", "score", "band", "lines", "by_hand", "on", "until_on")
_CHANGE = ("customer_id", "on", "score", "band", "edition_id", "by_hand")


def note(customer_ids: Iterable[int], *, at: datetime) -> None:
    """Note that customers are to be scored again, in the caller's transaction."""
    rows = [(pk, at) for pk in sorted(set(customer_ids))]
    insert_many(Rescoring, ("customer_id", "at"), rows, unique=("customer_id",), update=("at",))


def score_some(*, on: date, at: datetime, most: int = PART) -> int:
    """Score some customers whose revenue changed, or whose score no longer holds; return how many.

    Whose roll-ups wait to be made waits, too: their facts would be reckoned twice.
    """
    edition = in_force(on)
    if edition is None:
        return 0
    return _noted(edition, on=on, most=most) or _old(edition, on=on, most=most)


@transaction.atomic
def _noted(edition: CreditEdition, *, on: date, most: int) -> int:
    rows = Rescoring.objects.select_for_update(skip_locked=True).exclude(pk__in=Touched.objects.values("pk"))
    ids = list(rows.order_by("at", "pk").values_list("pk", flat=True)[:most])
    if ids:
        write(score_customers(ids, Edition.of(edition), on=on), edition, on=on)
        Rescoring.objects.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def _old(edition: CreditEdition, *, on: date, most: int) -> int:
    old = list(CreditScore.objects.filter(until_on__lte=on).order_by("until_on").values_list("pk", flat=True)[:most])
    if not old:
        other = Q(edition__lt=edition.pk) | Q(edition__gt=edition.pk)
        old = list(CreditScore.objects.filter(other).values_list("pk", flat=True)[:most])
    if old:
        write(score_customers(old, Edition.of(edition), on=on), edition, on=on)
    return len(old)


def score_everyone(*, on: date, told: Callable[[int], object] = lambda _done: None) -> int:
    """Score every customer, ids ascending, part by part; return how many. `told` hears how many are done."""
    edition, after, total = in_force(on), 0, 0
    while edition is not None:
        ids = list(Customer.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            break
        with transaction.atomic():
            write(score_customers(ids, Edition.of(edition), on=on), edition, on=on)
        after, total = ids[-1], total + len(ids)
        told(total)
    return total


def write(found: Sequence[Scored], edition: CreditEdition, *, on: date) -> None:
    """Keep scores, and those that differ from the last in the history, in the caller's transaction (3 queries)."""
    before = _before([each.customer_id for each in found])
    rows = [
        (each.customer_id, edition.pk, each.score, each.band, [list(line) for line in each.lines], each.by_hand, on,
         each.until_on)
        for each in found
    ]  # fmt: skip
    insert_many(CreditScore, _COLUMNS, rows, unique=("customer_id",), update=_COLUMNS[1:])
    changed = [
        (each.customer_id, on, each.score, each.band, edition.pk, each.by_hand)
        for each in found
        if before.get(each.customer_id) != (each.score, each.band, each.by_hand)
    ]
    insert_many(ScoreChange, _CHANGE, changed, unique=("customer_id", "on"), update=_CHANGE[2:])


def _before(ids: Collection[int]) -> dict[int, tuple[int, str, bool]]:
    rows = CreditScore.objects.filter(pk__in=ids).values_list("pk", "score", "band", "by_hand")
    return {pk: (score, band, by_hand) for pk, score, band, by_hand in rows}


def on_revenue_changed(event: RevenueChanged, by: Actor) -> None:
    """Note whose revenue changed, in the transaction that changed it."""
    touched = dict(Touched.objects.filter(pk__in=event.customer_ids).values_list("pk", "at"))
    if touched:
        note(touched, at=max(touched.values()))
