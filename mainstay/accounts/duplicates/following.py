"""Follow the archive: keys of new and renamed customers at once, comparing them soon after (A8)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from mainstay.accounts.customers.events import CustomersMade, CustomersRenamed
from mainstay.accounts.duplicates.likeness import Likeness
from mainstay.accounts.duplicates.matching import facts_of, key_rows, pairs_among
from mainstay.accounts.duplicates.models import MatchKey, Pair, Waiting
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.models import Timer

PURPOSE = "duplicates.look"
SOON = timedelta(minutes=1)
AT_ONCE = 200
COLUMNS = ("customer_id", "key")


def on_customers_made(event: CustomersMade, by: Actor) -> None:
    """Key new customers, in the caller's transaction, and have them compared soon."""
    lay_keys(event.customer_ids)
    _wait(event.customer_ids)
    _set_timer(event.at + SOON)


def on_customers_renamed(event: CustomersRenamed, by: Actor) -> None:
    """Key renamed customers anew; the next look compares them."""
    lay_keys(event.customer_ids)
    _wait(event.customer_ids)


def lay_keys(customer_ids: Sequence[int]) -> None:
    """Write the keys of customers anew, in the caller's transaction."""
    MatchKey.objects.filter(customer_id__in=customer_ids).delete()
    insert_many(MatchKey, COLUMNS, key_rows(facts_of(customer_ids).values()))


def look(due: list[Timer], at: datetime, by: Actor) -> None:
    """Compare those that wait, in the timers' transaction; the rest a minute later."""
    ids = list(Waiting.objects.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    keep_pairs(pairs_among(ids), at=at)
    Waiting.objects.filter(pk__in=ids).delete()
    if len(ids) == AT_ONCE:
        _set_timer(at + SOON)


def keep_pairs(found: Iterable[tuple[int, int, Likeness]], *, at: datetime) -> int:
    """Write suspected pairs, in the caller's transaction; what was decided of a pair stays. Returns how many."""
    rows: list[tuple[Any, ...]] = [(one, other, like.score, like.evidence, at) for one, other, like in found]
    columns = ("one_id", "other_id", "score", "evidence", "found_at")
    insert_many(Pair, columns, rows, unique=("one_id", "other_id"), update=("score", "evidence"))
    return len(rows)


def register() -> None:
    """Tell the timers what a due look does."""
    timers.register(PURPOSE, look)


def _wait(customer_ids: Collection[int]) -> None:
    known = set(Waiting.objects.filter(pk__in=customer_ids).values_list("pk", flat=True))
    insert_many(Waiting, ("customer_id",), [(pk,) for pk in dict.fromkeys(customer_ids) if pk not in known])


def _set_timer(due_at: datetime) -> None:
    timers.set_timers([timers.Due(PURPOSE, "duplicates", 1, f"{due_at:%Y%m%dT%H%M}", due_at)])
