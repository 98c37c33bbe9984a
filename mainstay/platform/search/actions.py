"""Make things findable, and forget them; called by the rooms that own the things, in their transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from mainstay.platform.bulk.laying import lay
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.search.models import SearchEntry
from mainstay.platform.search.terms import starts_of, terms_of

_KEY = ("object_kind", "object_id")
_COPIED = ("label", "detail", "rank", "customer_id", "region_code", "terms")


@dataclass(frozen=True)
class SearchItem:
    """A findable thing: found by its label and words, shown with its detail; the lower `rank` the nearer the top.

    `customer_id` and `region_code` say who may find it.
    """

    kind: str
    id: int | str
    label: str
    detail: str = ""
    words: tuple[str, ...] = ()
    rank: int = 100
    customer_id: int | None = None
    region_code: str = ""


@transaction.atomic
def index(items: Iterable[SearchItem]) -> int:
    """Make things findable or bring them up to date, and return how many; of a thing named twice the last counts."""
    wanted = {(item.kind, str(item.id)): item for item in items}
    insert_many(
        SearchEntry,
        (*_KEY, *_COPIED),
        [
            (*key, *_copied(item))
            for key, item in wanted.items()
        ],
        unique=_KEY,
        update=_COPIED,
    )  # fmt: skip
    return len(wanted)


def lay_index(items: Iterable[SearchItem]) -> int:
    """Make things findable of which none is yet, a million as well as one (see `bulk.laying`); return how many."""
    return lay(SearchEntry, (*_KEY, *_COPIED), ((item.kind, str(item.id), *_copied(item)) for item in items))


def _copied(item: SearchItem) -> tuple[object, ...]:
    terms = " ".join((*starts_of(item.label), *terms_of((item.label, *item.words))))
    return item.label[:200], item.detail[:240], item.rank, item.customer_id, item.region_code, terms


@transaction.atomic
def forget(kind: str, ids: Iterable[int | str]) -> None:
    """Make things no longer findable."""
    SearchEntry.objects.filter(object_kind=kind, object_id__in=[str(pk) for pk in ids]).delete()
