"""Read target groups, and how they compare with today."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as visible_customers
from mainstay.accounts.target_groups.choices import GroupState
from mainstay.accounts.target_groups.errors import NoSuchGroup
from mainstay.accounts.target_groups.models import TargetGroup, TargetGroupMember
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope

NAMED = 20
"""Customers of a comparison that are named."""


@dataclass(frozen=True)
class Comparison:
    """Who would enter and who would leave if the same list were locked now: how many, and the first by name."""

    entering: int
    leaving: int
    enter: list[Customer]
    leave: list[Customer]


def visible_to(actor: Actor) -> QuerySet[TargetGroup]:
    """Return the groups the actor may see: their own, and those within divisions they see as a whole."""
    if not actor.is_staff:
        return TargetGroup.objects.none()
    if actor.sees_everything:
        return TargetGroup.objects.all()
    return TargetGroup.objects.filter(scope(actor, customer="") | Q(locked_by=actor.user_id, locked_by__isnull=False))


def visible_group(actor: Actor, group_id: int, *, lock: bool = False) -> TargetGroup:
    """Return one group. Raises NoSuchGroup, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor)
    found = rows.filter(pk=group_id).first()
    if found is None:
        raise NoSuchGroup(msgid("There is no target group {id} that you may see; check the address."), id=group_id)
    return found


def newest(actor: Actor, *, limit: int = 100) -> list[TargetGroup]:
    """Return the groups in force, the newest first (1 query)."""
    return list(visible_to(actor).exclude(state=GroupState.RETIRED).order_by("-locked_at", "-pk")[:limit])


def groups(actor: Actor, *, retired: bool = False) -> QuerySet[TargetGroup]:
    """Return the groups in force, or those retired, the newest first."""
    rows = visible_to(actor)
    rows = rows.filter(state=GroupState.RETIRED) if retired else rows.exclude(state=GroupState.RETIRED)
    return rows.order_by("-locked_at", "-pk")


def is_member(group_id: int) -> Exists:
    """Return the condition that a customer is in a group; who may see the group is checked elsewhere."""
    return Exists(TargetGroupMember.objects.filter(group=group_id, customer=OuterRef("pk")))


def members(actor: Actor, group_id: int) -> QuerySet[Customer]:
    """Return a group's customers that the actor may see today, unordered. Raises NoSuchGroup."""
    return visible_customers(actor).filter(is_member(visible_group(actor, group_id).pk))


def compared(actor: Actor, group_id: int, now: "QuerySet[Customer]") -> Comparison:
    """Compare a group with the list it was locked from as it is `now`, both as far as the actor sees (4 queries)."""
    inside = members(actor, group_id)
    entering = visible_customers(actor).filter(pk__in=now.order_by().values("pk")).exclude(is_member(group_id))
    leaving = inside.exclude(pk__in=now.order_by().values("pk"))
    return Comparison(
        entering.order_by().count(), leaving.order_by().count(), list(entering.order_by("name", "pk")[:NAMED]),
        list(leaving.order_by("name", "pk")[:NAMED]),
    )  # fmt: skip
