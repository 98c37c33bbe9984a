"""Hand-overs of portfolios: which there are, what stands in one, what waits for whom? (C4)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.choices import ItemState
from mainstay.accounts.portfolios.errors import NoSuchHandover
from mainstay.accounts.portfolios.models import Handover, HandoverItem
from mainstay.accounts.portfolios.registry import Check, Finding, checks
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import may_see, scope

CHUNK = 900


@dataclass(frozen=True)
class Leaver:
    """Somebody who may no longer sign in and still has customers."""

    user: User
    customers: int


def visible_to(actor: Actor) -> QuerySet[Handover]:
    """Return the hand-overs one gives, receives or began, and, for who assigns customers, those of their regions."""
    if not actor.is_staff:
        return Handover.objects.none()
    if actor.sees_everything:
        return Handover.objects.all()  # an empty condition would vanish beside others
    own = Q(giver=actor.user_id) | Q(started_user_id=actor.user_id)
    received = HandoverItem.objects.filter(to=actor.user_id).exclude(state=ItemState.DRAFT).values("handover_id")
    seen = own | Q(pk__in=received)
    if actor.may(Permission.ASSIGN_CUSTOMERS):
        seen |= scope(actor, customer="", region="region_code")
    return Handover.objects.filter(seen)


def visible_handover(actor: Actor, handover_id: int, *, lock: bool = False) -> Handover:
    """Return one hand-over, giver fetched unless locked. Raises NoSuchHandover, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor).select_related("giver")
    found = rows.filter(pk=handover_id).first()
    if found is None:
        raise NoSuchHandover(msgid("There is no hand-over {id} that you may see; look in the list."), id=handover_id)
    return found


def handovers(actor: Actor) -> QuerySet[Handover]:
    """Return hand-overs, the newest first, each with `planned`, `going`, `confirmed`, `refused` and giver fetched."""
    counted = {
        "planned": (ItemState.DRAFT,), "going": (ItemState.SIGNED, ItemState.MOVED),
        "confirmed": (ItemState.CONFIRMED,), "refused": (ItemState.REFUSED,),
    }  # fmt: skip
    counts = {name: Count("items", filter=Q(items__state__in=states)) for name, states in counted.items()}
    return visible_to(actor).select_related("giver").annotate(**counts).order_by("-pk")


def steers(actor: Actor, row: Handover) -> bool:
    """Say whether the actor plans and signs a hand-over: its giver, who began it, who assigns customers there."""
    own = actor.user_id is not None and actor.user_id in (row.giver_id, row.started_user_id)
    near = may_see(actor, customer_id=None, region_code=row.region_code) if actor.customer_ids is None else False
    return own or (actor.may(Permission.ASSIGN_CUSTOMERS) and near)


def items(actor: Actor, row: Handover) -> QuerySet[HandoverItem]:
    """Return the customers of a hand-over with region and receiver fetched; a receiver sees those signed to them."""
    found = HandoverItem.objects.filter(handover=row.pk)
    if not steers(actor, row):
        found = found.filter(to=actor.user_id).exclude(state=ItemState.DRAFT)
    return found.select_related("customer", "customer__region", "to").order_by("customer__name", "pk")


def findings(customer_ids: Sequence[int], *, at: datetime) -> dict[int, list[tuple[Check, list[Finding]]]]:
    """Return what every check finds for customers the caller has seen; those without findings have empty lists."""
    found: dict[int, list[tuple[Check, list[Finding]]]] = {pk: [] for pk in customer_ids}
    for start in range(0, len(customer_ids), CHUNK):
        part = customer_ids[start : start + CHUNK]
        for check in checks():
            read = check.read(part, at)
            for pk in part:
                found[pk].append((check, read.get(pk, [])))
    return found


def told(found: Sequence[tuple[Check, list[Finding]]]) -> list[dict[str, Any]]:
    """Return what checks found as a hand-over keeps it; checks that found nothing are left out."""
    return [
        {
            "check": check.name, "count": len(lines),
            "lines": [{"words": f.words, "kind": f.object_kind, "id": f.object_id} for f in lines[:20]],
        }
        for check, lines in found
        if lines
    ]  # fmt: skip


def waiting_for(actor: Actor) -> list[tuple[Handover, int]]:
    """Return the hand-overs whose customers wait for one's tick, with how many (2 queries)."""
    if actor.user_id is None or not actor.is_staff:
        return []
    mine = HandoverItem.objects.filter(to=actor.user_id, state=ItemState.MOVED).order_by().values_list("handover_id")
    counts: dict[int, int] = dict(mine.annotate(n=Count("pk")))
    rows = Handover.objects.filter(pk__in=counts).select_related("giver").order_by("pk")
    return [(row, counts[row.pk]) for row in rows]


def leavers(actor: Actor) -> list[Leaver]:
    """Return who may no longer sign in and still has customers the actor sees that nobody hands over (2 queries)."""
    owned = Customer.objects.filter(
        scope(actor, customer="pk", region="region__code"), account_manager__is_active=False, merged_into__isnull=True
    )
    planned = HandoverItem.objects.filter(state__in=(ItemState.DRAFT, ItemState.SIGNED)).values("customer_id")
    rows = owned.exclude(pk__in=planned).order_by().values_list("account_manager").annotate(n=Count("pk"))
    counts = dict(rows)
    return [Leaver(user, counts[user.pk]) for user in User.objects.filter(pk__in=counts).order_by("display_name")]
