"""Look at everybody for duplicates, as a job: three steps over windows of customers and slices of keys (A8).

The objects of the job are numbers: first each window of WINDOW customers is keyed, then each slice of keys is rid of
those that say nothing, then each window is compared with the customers before it. Any number of customers; a step reads
outside of a transaction and writes in a short one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.duplicates.following import COLUMNS, keep_pairs
from mainstay.accounts.duplicates.matching import BLOCK, facts_of, key_rows, pairs_among
from mainstay.accounts.duplicates.models import CommonKey, MatchKey
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.models import Job
from mainstay.platform.jobs.registry import Kind

SCAN = "duplicates.scan"
WINDOW, SLICES, STEP = 1_000, 64, 1_000_000_000
"""Customers (by id) in a window, slices of the keys, and the distance between the numbers of steps."""
KEYS = 1 << 63


def ask_for_scan(*, at: datetime, by: Actor, language: str = "") -> Job:
    """Look at all customers for duplicates; return the job. Raises NotAllowed."""
    last = Customer.objects.aggregate(last=Max("pk"))["last"] or 1
    windows = range(last // WINDOW + 1)
    ids = [*(n + 1 for n in windows), *(STEP + n for n in range(SLICES)), *(2 * STEP + n for n in windows)]
    return jobs.ask(SCAN, ids, {}, at=at, by=by, title=str(SCAN_TITLE), language=language)


def _numbers(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    return {number: str(number) for number in ids}


def _make(
    ids: Sequence[int], arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> Mapping[int, object]:
    return {number: _read(number) for number in ids}


def _read(number: int) -> list[Any]:
    if number >= 2 * STEP:
        return pairs_among(list(_window(number - 2 * STEP)), lower_only=True)
    if number >= STEP:
        low, high = _slice(number - STEP)
        keys = MatchKey.objects.filter(key__gte=low, key__lt=high).order_by().values_list("key")
        return [key for key, _n in keys.annotate(n=Count("pk")).filter(n__gt=BLOCK)]
    return key_rows(facts_of(list(_window(number - 1))).values())


def _keep(object_id: int, made: Any, arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor) -> None:
    if object_id >= 2 * STEP:
        keep_pairs(made, at=at)
    elif object_id >= STEP:
        insert_many(CommonKey, ("key",), [(key,) for key in made], unique=("key",), update=("key",))
        for start in range(0, len(made), 500):
            MatchKey.objects.filter(key__in=made[start : start + 500]).delete()
    else:
        window = _window(object_id - 1)
        MatchKey.objects.filter(customer_id__gte=window.start, customer_id__lt=window.stop).delete()
        insert_many(MatchKey, COLUMNS, made)


def _window(number: int) -> range:
    return range(number * WINDOW, (number + 1) * WINDOW)


def _slice(number: int) -> tuple[int, int]:
    width = KEYS // SLICES
    return number * width, min((number + 1) * width, KEYS - 1)


SCAN_TITLE = _("Look for duplicates among all customers")
KINDS = (
    Kind(SCAN, SCAN_TITLE, "duplicates", Permission.MERGE_CUSTOMERS, _numbers, make=_make, keep=_keep, most=4),
)  # fmt: skip
