"""Make things findable, and forget them; called by the rooms that own the things, in their transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.db import transaction
from django.db.models import F

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.laying import lay
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.models import SearchEntry, SearchUse, Tier
from mainstay.platform.search.terms import regions_of, starts_of, terms_of

PROMOTED = 3
"""Openings after which a thing is looked through among the first."""
SAMPLE = 8
"""Every so many of all other things are looked through before the rest."""
KEPT_USES = 300
"""Things opened last that are remembered of each person."""
_KEY = ("object_kind", "object_id")
_COPIED = ("label", "detail", "rank", "customer_id", "region_code", "terms", "tier")


@dataclass(frozen=True)
class SearchItem:
    """A findable thing: found by its label and words, shown with its detail; the lower `rank` the nearer the top.

    `customer_id` and `region_code` say who may find it. `prominence`: 0 for the few that matter most of their kind,
    1 for those after them; more than one in twenty would make common words slow.
    """

    kind: str
    id: int | str
    label: str
    detail: str = ""
    words: tuple[str, ...] = ()
    rank: int = 100
    customer_id: int | None = None
    region_code: str = ""
    prominence: int | None = None


@transaction.atomic
def index(items: Iterable[SearchItem]) -> int:
    """Make things findable or bring them up to date, and return how many; of a thing named twice the last counts."""
    wanted = {(item.kind, str(item.id)): item for item in items}
    rows = [(*key, *_copied(item)) for key, item in wanted.items()]
    insert_many(SearchEntry, (*_KEY, *_COPIED), rows, unique=_KEY, update=_COPIED)
    _promote(wanted)
    return len(wanted)


def _promote(wanted: Collection[tuple[str, str]]) -> None:
    """Leave what is often opened among the first."""
    ids = [object_id for _kind, object_id in wanted]
    kinds = {kind for kind, _object_id in wanted}
    for start in range(0, len(ids), 900):
        SearchEntry.objects.filter(
            object_kind__in=kinds, object_id__in=ids[start : start + 900], uses__gte=PROMOTED, tier__gt=Tier.SECOND
        ).update(tier=Tier.SECOND)


def lay_index(items: Iterable[SearchItem]) -> int:
    """Make things findable of which none is yet, a million as well as one (see `bulk.laying`); return how many."""
    return lay(SearchEntry, (*_KEY, *_COPIED), ((item.kind, str(item.id), *_copied(item)) for item in items))


def _copied(item: SearchItem) -> tuple[object, ...]:
    regions = regions_of(item.region_code)
    terms = " ".join((*starts_of(item.label), *regions, *terms_of((item.label, *item.words))))
    return item.label[:200], item.detail[:240], item.rank, item.customer_id, item.region_code, terms, _tier(item)


def _tier(item: SearchItem) -> Tier:
    """Return where a thing is looked through: the prominent first, then a sample that is the same for good."""
    if item.prominence is not None:
        return (Tier.FIRST, Tier.SECOND)[item.prominence]
    return Tier.REST if crc32(f"{item.kind}{item.id}".encode()) % SAMPLE else Tier.SAMPLE


@transaction.atomic
def forget(kind: str, ids: Iterable[int | str]) -> None:
    """Make things no longer findable."""
    SearchEntry.objects.filter(object_kind=kind, object_id__in=[str(pk) for pk in ids]).delete()


@transaction.atomic
def note_use(kind: str, object_id: str, *, at: datetime, by: Actor) -> bool:
    """Note that somebody opened what they had looked for; say whether they may see it at all."""
    entry = SearchEntry.objects.filter(scope(by), object_kind=kind, object_id=object_id).first()
    if entry is None or by.user_id is None:
        return False
    used, new = SearchUse.objects.get_or_create(user_id=by.user_id, entry=entry, defaults={"last_at": at})
    if new:
        _forget_old_uses(by.user_id)
    else:
        SearchUse.objects.filter(pk=used.pk).update(times=F("times") + 1, last_at=at)
    SearchEntry.objects.filter(pk=entry.pk).update(uses=F("uses") + 1)
    if entry.uses + 1 >= PROMOTED and entry.tier > Tier.SECOND:
        SearchEntry.objects.filter(pk=entry.pk).update(tier=Tier.SECOND)
    return True


def _forget_old_uses(user_id: int) -> None:
    """Forget what a person opened longest ago."""
    kept = SearchUse.objects.filter(user=user_id).order_by("-last_at").values_list("last_at", flat=True)
    if last := kept[KEPT_USES : KEPT_USES + 1]:
        SearchUse.objects.filter(user=user_id, last_at__lte=last[0]).delete()
