"""Read rule sets, their versions, cities' groups and mandates; rules are no secret among staff."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from mainstay.accounts.tiers.choices import OPEN, Standing, VersionStatus
from mainstay.accounts.tiers.errors import NoSuchRules
from mainstay.accounts.tiers.grades import Grade, grades_of, reaches, table_of
from mainstay.accounts.tiers.models import CityGroup, HeldGrade, Mandate, Proposal, RuleSet, RuleVersion
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.tiering.tables import Table
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.places.models import Region


@dataclass(frozen=True)
class RuleSetRow:
    """A rule set with what a list shows: version in force, version pending, how many hold each grade, what waits."""

    rule_set: RuleSet
    in_force: RuleVersion | None
    pending: RuleVersion | None
    held: list[tuple[Grade, int]]
    waiting: int

    @property
    def held_in_all(self) -> int:
        """Return how many grades are held."""
        return sum(count for _grade, count in self.held)


def rule_sets(actor: Actor) -> list[RuleSetRow]:
    """Return all rule sets with figures of what the actor may see (4 queries)."""
    if not actor.is_staff:
        return []
    owners = list(RuleSet.objects.all())
    live = RuleVersion.objects.filter(status__in=(*OPEN, VersionStatus.IN_FORCE)).order_by("number")
    versions = {(row.rule_set_id, row.status == VersionStatus.IN_FORCE): row for row in live}
    seen = scope(actor, customer="customer_id", region="customer__region__code")
    held = HeldGrade.objects.filter(seen, until_on__isnull=True).values_list("rule_set_id", "grade")
    counts = {(owner, grade): n for owner, grade, n in held.annotate(n=Count("pk")).order_by()}
    waiting = Proposal.objects.filter(seen, standing=Standing.WAITING).values_list("rule_set_id")
    proposed = dict(waiting.annotate(n=Count("pk")).order_by())
    return [
        RuleSetRow(
            owner, versions.get((owner.pk, True)), versions.get((owner.pk, False)),
            [(grade, counts.get((owner.pk, grade.code), 0)) for grade in grades_of(owner)], proposed.get(owner.pk, 0),
        )
        for owner in owners
    ]  # fmt: skip


def rule_set(actor: Actor, code: str) -> RuleSet:
    """Return a rule set by its code. Raises NoSuchRules."""
    found = RuleSet.objects.filter(code=code).first() if actor.is_staff else None
    if found is None:
        raise NoSuchRules(msgid("There are no rules “{code}”; look in the list of rule sets."), code=code)
    return found


def versions(owner: RuleSet) -> list[RuleVersion]:
    """Return a rule set's versions, the newest first."""
    return list(RuleVersion.objects.filter(rule_set=owner).select_related("rule_set").order_by("-number"))


def version(actor: Actor, version_id: int, *, lock: bool = False) -> RuleVersion:
    """Return a version with its rule set fetched. Raises NoSuchRules."""
    rows = RuleVersion.objects.select_related("rule_set")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(pk=version_id).first() if actor.is_staff else None
    if found is None:
        raise NoSuchRules(msgid("There is no version {id} of any rules; check the address."), id=version_id)
    return found


def in_force(owner: RuleSet) -> RuleVersion | None:
    """Return the version in force."""
    return owner.versions.filter(status=VersionStatus.IN_FORCE).select_related("rule_set").first()


def table(found: RuleVersion) -> Table:
    """Return a version's table."""
    return table_of(found)


def to_approve(actor: Actor) -> list[RuleVersion]:
    """Return the versions that wait for this actor's approval, the longest waiting first (1 query)."""
    if not actor.may(Permission.APPROVE_TIERS):
        return []
    rows = RuleVersion.objects.filter(status=VersionStatus.PROPOSED).exclude(proposed_by_id=actor.user_id)
    found = rows.select_related("rule_set").order_by("proposed_at")
    return [row for row in found if may_approve(actor, row)]


def may_approve(actor: Actor, found: RuleVersion) -> bool:
    """Say whether the actor may decide on a version: permission, level, and not their own proposal."""
    level = found.rule_set.approved_by
    return (
        actor.may(Permission.APPROVE_TIERS)
        and found.status == VersionStatus.PROPOSED
        and (found.proposed_by_id is None or found.proposed_by_id != actor.user_id)
        and any(reaches([prefix], level, prefix) for prefix in actor.regions)
    )


def mandates(actor: Actor, owner: RuleSet, *, on: date) -> list[Mandate]:
    """Return the mandates of the actor's regions that hold on a day or later."""
    rows = Mandate.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), rule_set=owner)
    return [
        row for row in rows.order_by("region_code")
        if actor.sees_everything or any(row.region_code.startswith(prefix) for prefix in actor.regions)
    ]  # fmt: skip


def cities(actor: Actor) -> list[tuple[Any, int]]:
    """Return the cities of the actor's regions, each with its revenue group (2 queries)."""
    groups = dict(CityGroup.objects.values_list("region_code", "number"))
    rows = Region.objects.filter(scope(actor, customer="", region="code")) if not actor.sees_everything else (
        Region.objects.all()
    )  # fmt: skip
    return [(row, groups.get(row.code, 1)) for row in rows if len(row.code) == 4]
