"""Load the shipped rule sets (B1); what is there already stays as the operator left it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.tiers.choices import VersionStatus
from mainstay.accounts.tiers.models import RuleSet, RuleVersion
from mainstay.accounts.tiers.shipped import SHIPPED, ShippedSet
from mainstay.accounts.tiers.timing import next_night
from mainstay.domain.actor import Actor
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def load_shipped(*, at: datetime, by: Actor) -> int:
    """Load the rule sets that are missing, each with its table in force from today; return how many."""
    require(by, Permission.WRITE_TIERS)
    known = set(RuleSet.objects.values_list("code", flat=True))
    made = [_load(one, place, at=at, by=by) for place, one in enumerate(SHIPPED) if one.code not in known]
    changes = [Change("tier_rules", row.pk, row.name, None, {"code": row.code, "is_on": row.is_on}) for row in made]
    journal.record("tier_rules.load", changes, at=at, by=by)
    next_night(at=at)
    return len(made)


def _load(one: ShippedSet, place: int, *, at: datetime, by: Actor) -> RuleSet:
    row = RuleSet.objects.create(
        code=one.code, name=one.name, name_en=one.name_en, source=one.source, source_en=one.source_en,
        policy=one.policy, grades=[grade.as_json() for grade in one.grades], overlap=one.overlap, lapsed=one.lapsed,
        axis=one.axis, approved_by=one.approved_by, rhythm=one.rhythm, is_on=one.is_on, position=place,
    )  # fmt: skip
    RuleVersion.objects.create(
        rule_set=row, number=1, status=VersionStatus.IN_FORCE, table=one.table.contents(), why=one.source,
        in_force_on=timezone.localdate(at), drafted_by=by.name, drafted_at=at, decided_by=by.name, decided_at=at,
    )  # fmt: skip
    return row
