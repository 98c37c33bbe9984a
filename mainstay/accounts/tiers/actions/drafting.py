"""Change the rules: draft, save, propose, take back, approve or reject; a proposer never approves (B1, P7)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.tiers.actions.assessing import begin
from mainstay.accounts.tiers.choices import OPEN, VersionStatus
from mainstay.accounts.tiers.errors import BadRules, NotYours, RulesMoved
from mainstay.accounts.tiers.facts.register import kinds
from mainstay.accounts.tiers.grades import reaches, table_of
from mainstay.accounts.tiers.models import RuleSet, RuleVersion, Run
from mainstay.accounts.tiers.queries.rules import rule_set, version
from mainstay.accounts.tiers.timing import force_on
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.tiering.tables import check
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def begin_draft(code: str, *, at: datetime, by: Actor) -> RuleVersion:
    """Begin a new version as a copy of the one in force; return the draft that is there already, if any.

    Raises NoSuchRules, and BadRules where a version waits for approval or for its day.
    """
    require(by, Permission.WRITE_TIERS)
    owner = RuleSet.objects.select_for_update().get(pk=rule_set(by, code).pk)
    pending = owner.versions.filter(status__in=OPEN).order_by("-number").first()
    if pending is not None and pending.status == VersionStatus.DRAFT:
        return pending
    if pending is not None:
        raise BadRules(
            msgid("Version {number} of {name} waits already; decide on it before another change."),
            number=pending.number, name=owner.name,
        )  # fmt: skip
    last = owner.versions.order_by("-number").first()
    standing = owner.versions.filter(status=VersionStatus.IN_FORCE).first() or last
    made = RuleVersion.objects.create(
        rule_set=owner, number=last.number + 1 if last else 1, table=standing.table if standing else {"rows": []},
        drafted_by=by.name, drafted_at=at,
    )  # fmt: skip
    _record("tier_rules.draft", made, None, {"number": made.number}, at=at, by=by)
    return made


@transaction.atomic
def save_draft(version_id: int, table: Mapping[str, Any], *, revision: int, at: datetime, by: Actor) -> RuleVersion:
    """Keep the table of a draft (`Table.contents`). Raises RulesMoved when another change came between, Refused."""
    require(by, Permission.WRITE_TIERS)
    found = version(by, version_id, lock=True)
    _refuse_unless(found, VersionStatus.DRAFT)
    if found.revision != revision:
        raise RulesMoved(msgid("Somebody else changed this draft meanwhile; read it again, then repeat your change."))
    before, found.table = found.table, dict(table)
    check(table_of(found), kinds())
    if before != found.table:
        found.revision += 1
        found.save(update_fields=["table", "revision"])
        _record("tier_rules.edit", found, before, found.table, at=at, by=by)
    return found


@transaction.atomic
def propose(version_id: int, *, on: date, why: str, at: datetime, by: Actor) -> RuleVersion:
    """Ask for approval of a draft, to be in force from a day on.

    Raises BadRules for a day gone by, no reason, or a table like the one in force.
    """
    require(by, Permission.WRITE_TIERS)
    found = version(by, version_id, lock=True)
    _refuse_unless(found, VersionStatus.DRAFT)
    if on < timezone.localdate(at):
        raise BadRules(msgid("{day} is over; let the rules be in force from today on or later."), day=on)
    if not why.strip():
        raise BadRules(msgid("Say in a few words why the rules shall change; the approver reads it."))
    standing = found.rule_set.versions.filter(status=VersionStatus.IN_FORCE).first()
    if standing is not None and standing.table == found.table:
        raise BadRules(msgid("Nothing differs from the version in force; change a row first."))
    check(table_of(found), kinds())
    found.status, found.in_force_on, found.why = VersionStatus.PROPOSED, on, why.strip()[:400]
    found.proposed_by, found.proposed_by_id, found.proposed_at = by.name, by.user_id, at
    found.due_on = timezone.localdate(at) + timedelta(days=found.rule_set.overdue_days)
    found.save()
    _record("tier_rules.propose", found, None, {"in_force_on": on, "why": found.why}, at=at, by=by)
    return found


@transaction.atomic
def take_back(version_id: int, *, at: datetime, by: Actor) -> RuleVersion:
    """Take a proposal back into the draft, or throw a draft away (it stays readable as rejected)."""
    require(by, Permission.WRITE_TIERS)
    found = version(by, version_id, lock=True)
    if found.status not in (VersionStatus.DRAFT, VersionStatus.PROPOSED):
        raise _decided(found)
    proposed = found.status == VersionStatus.PROPOSED
    found.status = VersionStatus.DRAFT if proposed else VersionStatus.REJECTED
    found.save(update_fields=["status"])
    _record("tier_rules.take_back", found, None, {"status": found.status}, at=at, by=by)
    return found


@transaction.atomic
def decide(version_id: int, approve: bool, *, why: str = "", at: datetime, by: Actor) -> Run | None:
    """Approve a proposal or reject it, by another person of the level the rule set names (two-person, B1).

    Approved for today: in force at once, and a run begins that gives everybody the grade the table says; where the
    approver's own level and region suffice, without a second asking. Approved for later: a timer does so on the day.
    Raises NotYours, BadRules.
    """
    require(by, Permission.APPROVE_TIERS)
    found = version(by, version_id, lock=True)
    _refuse_unless(found, VersionStatus.PROPOSED)
    _check_approver(found, by)
    if not approve and not why.strip():
        raise BadRules(msgid("Say why it is rejected; who proposed it reads it."))
    found.decided_by, found.decided_at, found.decided_why = by.name, at, why.strip()[:400]
    found.covers = list(by.regions) if approve else []
    found.status = VersionStatus.APPROVED if approve else VersionStatus.REJECTED
    found.save()
    action = "tier_rules.approve" if approve else "tier_rules.reject"
    _record(action, found, None, {"in_force_on": found.in_force_on, "why": found.decided_why}, at=at, by=by)
    if not approve or found.in_force_on is None:
        return None
    if found.in_force_on > timezone.localdate(at):
        force_on(found.pk, found.in_force_on)
        return None
    return put_in_force(found, at=at, by=by)


def put_in_force(found: RuleVersion, *, at: datetime, by: Actor) -> Run | None:
    """Let an approved version take the place of the one in force, and begin the run; in the caller's transaction."""
    if found.status != VersionStatus.APPROVED:
        return None
    today = timezone.localdate(at)
    standing = found.rule_set.versions.filter(status=VersionStatus.IN_FORCE)
    standing.update(status=VersionStatus.SUPERSEDED, ended_on=today)
    found.status, found.in_force_on = VersionStatus.IN_FORCE, today
    found.save(update_fields=["status", "in_force_on"])
    _record("tier_rules.in_force", found, None, {"in_force_on": today}, at=at, by=by)
    return begin(found, granted=True, at=at, by=by) if found.rule_set.is_on else None


@transaction.atomic
def switch(code: str, on: bool, *, at: datetime, by: Actor) -> Run | None:
    """Switch a rule set on (everybody is judged, changes wait for approval) or off (grades held stay as they are)."""
    require(by, Permission.APPROVE_TIERS)
    owner = RuleSet.objects.select_for_update().get(pk=rule_set(by, code).pk)
    if owner.is_on == on:
        return None
    owner.is_on = on
    owner.save(update_fields=["is_on"])
    change = Change("tier_rules", owner.pk, owner.name, {"is_on": not on}, {"is_on": on})
    journal.record("tier_rules.switch", [change], at=at, by=by)
    standing = owner.versions.filter(status=VersionStatus.IN_FORCE).select_related("rule_set").first()
    return begin(standing, granted=False, at=at, by=by) if on and standing else None


def _check_approver(found: RuleVersion, by: Actor) -> None:
    if found.proposed_by_id is not None and found.proposed_by_id == by.user_id:
        raise NotYours(msgid("You proposed this yourself; another person must approve it."))
    level, prefixes = found.rule_set.approved_by, by.regions
    if not any(reaches([prefix], level, prefix) for prefix in prefixes):
        raise NotYours(
            msgid("These rules are approved by the {level}; your duty is for a smaller region."), level=level
        )


def _refuse_unless(found: RuleVersion, status: str) -> None:
    if found.status != status:
        raise _decided(found)


def _decided(found: RuleVersion) -> BadRules:
    return BadRules(
        msgid("Version {number} of {name} is “{status}” by now; read it again."),
        number=found.number, name=found.rule_set.name, status=str(found.get_status_display()),
    )  # fmt: skip


def _record(
    action: str, found: RuleVersion, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    change = Change("tier_version", found.pk, f"{found.rule_set.name} {found.number}", before, after)
    journal.record(action, [change], at=at, by=by)
