"""Who is named a VIP, since when and why; who waits for approval (B6). Limited by what an actor may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from mainstay.accounts.nominations.choices import Status
from mainstay.accounts.nominations.errors import NoSuchNomination
from mainstay.accounts.nominations.models import Nomination
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found

HELD = (Status.NAMED, Status.ENDED)


@dataclass(frozen=True, slots=True)
class Named:
    """A nomination that holds: how it came about, by which filter, on [since, until), why (words, or figures)."""

    source: str
    filter_name: str
    since: date
    until: date | None
    why: str
    score: int
    figures: tuple[dict[str, Any], ...]


def visible_to(actor: Actor) -> QuerySet[Nomination]:
    """Return the nominations the actor may see; none for customers' own people."""
    if not actor.is_staff:
        return Nomination.objects.none()
    return Nomination.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def _on(day: date) -> Q:
    return Q(status__in=HELD, from_on__lte=day) & (Q(until_on__isnull=True) | Q(until_on__gt=day))


def named(customer_ids: Collection[int], on: date) -> dict[int, tuple[Named, ...]]:
    """Return by customer the nominations that hold on a day, the earliest first; nobody else has an entry.

    For tiers and other rooms: no scope. 1 query for each 1,000 ids.
    """
    ids = list(customer_ids)
    found: dict[int, tuple[Named, ...]] = {}
    for start in range(0, len(ids), 1_000):
        rows = Nomination.objects.filter(_on(on), customer__in=ids[start : start + 1_000])
        for row in rows.select_related("vip_filter").order_by("from_on", "pk"):
            found[row.customer_id] = (*found.get(row.customer_id, ()), _told(row))
    return found


def named_ids(on: date) -> "QuerySet[Any, Any]":
    """Return the ids of the customers named on a day, as a subquery for lists and target groups; no scope."""
    return Nomination.objects.filter(_on(on)).values("customer_id")


def _told(row: Nomination) -> Named:
    name = row.vip_filter.name if row.vip_filter else ""
    return Named(row.source, name, row.from_on, row.until_on, row.why, row.score, tuple(row.figures))


@dataclass(frozen=True)
class NominationFilter:
    """What a list is limited to; empty means any."""

    text: str = ""
    status: str = ""
    source: str = ""
    filter_id: int | None = None
    region: str = ""
    customer_id: int | None = None


def filtered(actor: Actor, wanted: NominationFilter) -> QuerySet[Nomination]:
    """Return nominations with customer and filter fetched, unordered."""
    rows = visible_to(actor).select_related("customer", "vip_filter")
    exact = {
        "status": wanted.status, "source": wanted.source, "vip_filter": wanted.filter_id,
        "customer": wanted.customer_id, "customer__region__code__startswith": wanted.region,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return rows.filter(is_found(wanted.text, "customer", column="customer_id")) if wanted.text.strip() else rows


def nomination(actor: Actor, nomination_id: int) -> Nomination:
    """Return one nomination, customer and filter fetched. Raises NoSuchNomination."""
    rows = visible_to(actor).select_related("customer__region", "vip_filter")
    found = rows.filter(pk=nomination_id).first()
    if found is None:
        raise NoSuchNomination(
            msgid("There is no nomination {id} that you may see; check the address."), id=nomination_id
        )
    return found
