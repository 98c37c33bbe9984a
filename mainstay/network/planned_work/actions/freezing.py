"""Lay down when work is refused or needs a mandate, and hold work against it (I1)."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.network.planned_work.choices import FreezeEffect, FreezeKind, OverriddenBy
from mainstay.network.planned_work.errors import BadRule, Frozen
from mainstay.network.planned_work.models import FreezeRule, Override, PlannedWork
from mainstay.network.planned_work.queries.freezing import may_override, own_rule, rules_hit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal


@dataclass(frozen=True)
class NewRule:
    """A rule wanted for [from_at, to_at), aware; empty `region_code` or `grades` mean all of them."""

    name: str
    from_at: datetime
    to_at: datetime
    kind: str = FreezeKind.FREEZE
    effect: str = FreezeEffect.REFUSE
    overridden_by: str = OverriddenBy.LEADER
    region_code: str = ""
    grades: tuple[str, ...] = field(default_factory=tuple)
    why: str = ""


@transaction.atomic
def add_rule(new: NewRule, *, at: datetime, by: Actor) -> FreezeRule:
    """Lay a rule down (I1). Raises NotAllowed, BadRule: no name, naive or empty period, one gone by, unknown grades."""
    require(by, Permission.APPROVE)
    _check(new, at=at)
    if not may_see(by, customer_id=None, region_code=new.region_code):
        raise NotAllowed(msgid("The rule “{name}” reaches beyond your regions; name one of yours."), name=new.name)
    row = FreezeRule.objects.create(**{**asdict(new), "grades": list(new.grades)}, made_by=by.name)
    _record("freeze.add", row, None, asdict(new), at=at, by=by)
    return row


@transaction.atomic
def retire_rule(rule_id: int, *, at: datetime, by: Actor) -> FreezeRule:
    """Take a rule out of force before its end; `by.why` says why. Raises NoSuchRule, NotAllowed, BadRule."""
    require(by, Permission.APPROVE)
    row = own_rule(by, rule_id)
    if row.retired_at is not None or row.to_at <= at:
        raise BadRule(msgid("The rule “{name}” is not in force any more; there is nothing to end."), name=row.name)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    _record("freeze.end", row, {"retired_at": None}, {"retired_at": at}, at=at, by=by)
    return row


def hold_against(
    work: PlannedWork, regions: Collection[str], grades: Collection[str], *, approving: bool, at: datetime, by: Actor
) -> list[FreezeRule]:
    """Refuse work that a rule freezes, unless who acts may set it aside and says why; return the rules set aside.

    The reason is `by.why`. A refusal holds from the planning on; a mandate is due when the work is approved. Raises
    Frozen, naming the rule and who may override it. The caller keeps what is returned by `keep_overrides`.
    """
    known = set(work.overrides.values_list("rule_id", flat=True)) if work.pk else set()
    hit = rules_hit(work.from_at, work.to_at, regions=regions, grades=grades)
    set_aside = []
    for row in hit:
        if row.pk in known or (row.effect == FreezeEffect.MANDATE and not approving):
            continue
        if not (may_override(by, row) and by.why.strip()):
            raise _frozen(work, row)
        set_aside.append(row)
    return set_aside


def keep_overrides(work: PlannedWork, rules: Iterable[FreezeRule], *, at: datetime, by: Actor) -> None:
    """Keep which rules were set aside for the work, by whom and why; each is an entry of its own in the audit trail."""
    for row in rules:
        Override.objects.create(work=work, rule=row, why=by.why[:400], by=by.name, at=at)
        after = {"rule": row.name, "why": by.why}
        label = f"{work.number} {work.title}"
        change = journal.Change("work", work.pk, label, None, after, region_code=work.region_code)
        journal.record("work.override", [change], at=at, by=by)


def _frozen(work: PlannedWork, row: FreezeRule) -> Frozen:
    said = {
        OverriddenBy.LEADER: msgid(
            "Work {number} falls into “{rule}” ({begin} – {end}): {effect}. {why} A leader may set the rule aside, "
            "giving the reason; else choose another window."
        ),
        OverriddenBy.ADMINISTRATOR: msgid(
            "Work {number} falls into “{rule}” ({begin} – {end}): {effect}. {why} An administrator may set the rule "
            "aside, giving the reason; else choose another window."
        ),
        OverriddenBy.NOBODY: msgid(
            "Work {number} falls into “{rule}” ({begin} – {end}): {effect}. {why} Nobody may set the rule aside; "
            "choose another window."
        ),
    }
    return Frozen(
        said[OverriddenBy(row.overridden_by)],
        number=work.number,
        rule=row.name,
        begin=f"{timezone.localtime(row.from_at):%Y-%m-%d %H:%M}",
        end=f"{timezone.localtime(row.to_at):%Y-%m-%d %H:%M}",
        effect=FreezeEffect(row.effect).label,
        why=row.why,
    )


def _check(new: NewRule, *, at: datetime) -> None:
    if not new.name.strip():
        raise BadRule(msgid("The rule has no name; name what it protects."))
    if new.from_at.tzinfo is None or new.to_at.tzinfo is None or new.to_at <= new.from_at or new.to_at <= at:
        raise BadRule(
            msgid("The period {begin} – {end} of “{name}” is empty, has gone by or lacks a zone; correct it."),
            name=new.name,
            begin=new.from_at,
            end=new.to_at,
        )
    odd = [grade for grade in new.grades if grade not in CircuitGrade.values]
    known = (new.kind in FreezeKind.values, new.effect in FreezeEffect.values, new.overridden_by in OverriddenBy.values)
    if odd or not all(known):
        raise BadRule(
            msgid("“{name}” names a grade, kind or effect that is not known: {odd}; choose from the lists."),
            name=new.name,
            odd=", ".join(odd) or "—",
        )


def _record(
    action: str, row: FreezeRule, before: dict[str, object] | None, after: dict[str, object], *, at: datetime, by: Actor
) -> None:
    change = journal.Change("freeze", row.pk, row.name, before, after, region_code=row.region_code)
    journal.record(action, [change], at=at, by=by)
