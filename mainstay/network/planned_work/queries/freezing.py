"""Which rules of the freeze does planned work run into, and who may set them aside (I1)?"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.planned_work.choices import OverriddenBy
from mainstay.network.planned_work.errors import NoSuchRule
from mainstay.network.planned_work.models import FreezeRule
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see

MAY_OVERRIDE = {OverriddenBy.LEADER: Permission.APPROVE, OverriddenBy.ADMINISTRATOR: Permission.SETTINGS}


def rules(*, at: datetime, past: bool = False) -> QuerySet[FreezeRule]:
    """Return the rules in force now or later, by begin; with `past` all that there ever were, newest first."""
    if past:
        return FreezeRule.objects.order_by("-from_at", "pk")
    return FreezeRule.objects.filter(retired_at__isnull=True, to_at__gt=at).order_by("from_at", "pk")


def rule(rule_id: int) -> FreezeRule:
    """Return one rule. Raises NoSuchRule."""
    found = FreezeRule.objects.filter(pk=rule_id).first()
    if found is None:
        raise NoSuchRule(msgid("There is no freeze rule {id}; choose one from the list."), id=rule_id)
    return found


def own_rule(actor: Actor, rule_id: int) -> FreezeRule:
    """Return a rule of the actor's regions, which they may end. Raises NoSuchRule."""
    found = rule(rule_id)
    if not may_see(actor, customer_id=None, region_code=found.region_code):
        raise NoSuchRule(msgid("There is no freeze rule {id}; choose one from the list."), id=rule_id)
    return found


def rules_between(from_at: datetime, to_at: datetime) -> QuerySet[FreezeRule]:
    """Return the rules in force that touch [from_at, to_at), by begin; for calendars."""
    return FreezeRule.objects.filter(retired_at__isnull=True, from_at__lt=to_at, to_at__gt=from_at).order_by("from_at")


def rules_hit(
    from_at: datetime, to_at: datetime, *, regions: Collection[str], grades: Collection[str]
) -> list[FreezeRule]:
    """Return the rules in force that a window on these regions and circuits' grades runs into (1 query).

    A rule of a region holds for all within it, and for work on a wider region that takes it in.
    """
    return [row for row in rules_between(from_at, to_at) if _is_hit(row, regions, grades)]


def _is_hit(row: FreezeRule, regions: Collection[str], grades: Collection[str]) -> bool:
    code = row.region_code
    in_region = any(region.startswith(code) or code.startswith(region) for region in regions)
    return in_region and (not row.grades or not set(row.grades).isdisjoint(grades))


def may_override(actor: Actor, row: FreezeRule) -> bool:
    """Say whether the actor may set a rule aside, giving the reason."""
    needed = MAY_OVERRIDE.get(OverriddenBy(row.overridden_by))
    return needed is not None and actor.may(needed)
