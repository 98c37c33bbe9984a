"""Approve or reject proposed grades at the level the rules name; name grades and facts by hand; mandates (B1, B2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.tiers.actions.settling import Judgement, apply, customers_of
from mainstay.accounts.tiers.choices import Level, Standing, VersionStatus
from mainstay.accounts.tiers.effects import judge_some
from mainstay.accounts.tiers.errors import BadRules, NotYours
from mainstay.accounts.tiers.facts.register import facts
from mainstay.accounts.tiers.grades import Approvals, grades_of, reaches
from mainstay.accounts.tiers.models import CityGroup, HandFact, Mandate, Naming, Proposal, RuleVersion
from mainstay.accounts.tiers.queries.proposals import visible_proposal, waiting_for
from mainstay.accounts.tiers.queries.rules import rule_set
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.tiering.facts import Unit, number_from
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def decide(proposal_id: int, approve: bool, *, why: str = "", at: datetime, by: Actor) -> Proposal:
    """Approve a proposed change of grade, which takes effect at once, or reject it with a reason.

    Raises NotYours where the level is higher than the actor's duty, or who named it by hand would approve it.
    """
    require(by, Permission.APPROVE_TIERS)
    found = visible_proposal(by, proposal_id, lock=True)
    if found.standing != Standing.WAITING:
        raise BadRules(msgid("This change is decided already; read it again."))
    if found.asked_by_id is not None and found.asked_by_id == by.user_id:
        raise NotYours(msgid("You proposed this yourself; another person must approve it."))
    if not reaches(by.regions, found.level, found.customer.region_id):
        raise NotYours(
            msgid("This grade is approved by the {level}; your duty is for a smaller region."), level=found.level
        )
    if not approve and not why.strip():
        raise BadRules(msgid("Say why it is rejected; the account manager reads it."))
    found.standing = Standing.APPROVED if approve else Standing.REJECTED
    found.decided_by, found.decided_at, found.decided_why = by.name, at, why.strip()[:400]
    found.save(update_fields=["standing", "decided_by", "decided_at", "decided_why"])
    action = "tier_proposal.approve" if approve else "tier_proposal.reject"
    customer = found.customer
    change = Change("customer", customer.pk, customer.name, None, {"tier": found.rule_set.code, "why": why},
                    customer.pk, customer.region_id)  # fmt: skip
    journal.record(action, [change], at=at, by=by)
    if approve:
        _take_effect(found, at=at, by=by)
    return found


@transaction.atomic
def approve_together(proposal_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Approve many changes in one go, each checked as `decide` does; return how many."""
    require(by, Permission.APPROVE_TIERS)
    wanted = waiting_for(by).filter(pk__in=proposal_ids).select_related("customer", "version__rule_set")
    found = [row for row in wanted if reaches(by.regions, row.level, row.customer.region_id)]
    ids = [row.pk for row in found]
    Proposal.objects.filter(pk__in=ids).update(standing=Standing.APPROVED, decided_by=by.name, decided_at=at)
    by_version: dict[int, list[Proposal]] = {}
    for row in found:
        by_version.setdefault(row.version_id or 0, []).append(row)
    for rows in by_version.values():
        version = rows[0].version or _in_force(rows[0].rule_set_id)
        people = customers_of([row.customer_id for row in rows])
        judgements = [_judgement(row, by) for row in rows]
        apply(version, judgements, people, on=timezone.localdate(at), at=at, by=by, approved_by=by.name, alone=True)
    return len(found)


def _take_effect(found: Proposal, *, at: datetime, by: Actor) -> None:
    version = found.version or _in_force(found.rule_set_id)
    people = customers_of([found.customer_id])
    one = _judgement(found, by)
    apply(version, [one], people, on=timezone.localdate(at), at=at, by=by, approved_by=by.name, alone=True)


def _judgement(found: Proposal, by: Actor) -> Judgement:
    given = dict(found.facts)
    rows = {str(grade): int(row) for grade, row in given.pop("_rows", {}).items()}
    return Judgement(
        found.customer_id, found.before, found.after, found.move, found.row, found.decay, given, found.by_hand, rows,
        found.why, by.name,
    )  # fmt: skip


def _in_force(rule_set_id: int) -> RuleVersion:
    return RuleVersion.objects.select_related("rule_set").get(rule_set=rule_set_id, status=VersionStatus.IN_FORCE)


@transaction.atomic
def name_grade(
    customer_id: int, code: str, grade: str, *, why: str, until: date | None = None, at: datetime, by: Actor
) -> Naming:
    """Set a grade by hand, above the table, from today until a day; `grade` "" gives the customer back to the table.

    Who does so must be able to approve the grade there. Raises BadRules, NotYours, NoSuchCustomer.
    """
    require(by, Permission.APPROVE_TIERS)
    customer, owner, today = visible_customer(by, customer_id), rule_set(by, code), timezone.localdate(at)
    known = {one.code: place for place, one in enumerate(grades_of(owner))}
    if grade and grade not in known:
        raise BadRules(msgid("“{grade}” is no grade of {name}; choose one."), grade=grade, name=owner.name)
    if not why.strip() or (until is not None and until <= today):
        raise BadRules(msgid("Say why, and choose a day after today as the last, or none."))
    level = Approvals(owner, on=today).level(1 << known[grade], customer.region_id) if grade else Level.NONE
    if not reaches(by.regions, level, customer.region_id):
        raise NotYours(msgid("This grade is approved by the {level}; your duty is for a smaller region."), level=level)
    Naming.objects.filter(rule_set=owner, customer=customer, until_on__isnull=True).update(until_on=today)
    Naming.objects.filter(rule_set=owner, customer=customer, until_on__gt=today).update(until_on=today)
    made = Naming(
        customer=customer, rule_set=owner, grade=grade, from_on=today, until_on=until, why=why.strip()[:400],
        named_by=by.name, at=at,
    )  # fmt: skip
    if grade:
        made.save()
    change = Change("customer", customer.pk, customer.name, None, {"tier": owner.code, "grade": grade, "until": until},
                    customer.pk, customer.region_id)  # fmt: skip
    journal.record("customer.tier_named", [change], at=at, by=by.because(why))
    judge_some([customer.pk], on=today, at=at, by=by)
    return made


@transaction.atomic
def give_fact(customer_id: int, name: str, text: str, *, why: str, at: datetime, by: Actor) -> HandFact | None:
    """Give a fact no system delivers, as people write it ("" forgets it); the customer is judged anew at once.

    Days as 2026-09-01. Raises BadRules, Refused, NoSuchCustomer.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    customer = visible_customer(by, customer_id)
    fact = facts().get(name)
    if fact is None or not fact.by_hand:
        raise BadRules(msgid("“{name}” is not a fact people give; choose one of the list."), name=name)
    if not why.strip():
        raise BadRules(msgid("Say how you know; others read it."))
    before = HandFact.objects.filter(customer=customer, name=name).first()
    was = before.value if before else None
    if not text.strip():
        HandFact.objects.filter(customer=customer, name=name).delete()
        made = None
    else:
        value = _value(name, text)
        made, _new = HandFact.objects.update_or_create(
            customer=customer, name=name,
            defaults={"value": value, "why": why.strip()[:400], "named_by": by.name, "at": at},
        )  # fmt: skip
    change = Change("customer", customer.pk, customer.name, {name: was}, {name: made.value if made else None},
                    customer.pk, customer.region_id)  # fmt: skip
    journal.record("customer.tier_fact", [change], at=at, by=by.because(why))
    judge_some([customer.pk], on=timezone.localdate(at), at=at, by=by)
    return made


def _value(name: str, text: str) -> int:
    fact = facts()[name]
    if fact.is_day:
        try:
            day = date.fromisoformat(text.strip())
        except ValueError as error:
            raise BadRules(msgid("“{text}” is not a day; write it like 2026-09-01."), text=text) from error
        return day.year * 10_000 + day.month * 100 + day.day
    if fact.kind.unit == Unit.FLAG:
        return int(text.strip().lower() in ("1", "true", "yes", "是"))
    return number_from(text, fact.kind.unit)


@dataclass(frozen=True)
class NewMandate:
    """A written mandate wanted: which grade of which rule set a city (region code) approves, by which document."""

    rule_set: str
    grade: str
    region_code: str
    document: str
    from_on: date
    until_on: date | None = None


@transaction.atomic
def give_mandate(new: NewMandate, *, at: datetime, by: Actor) -> Mandate:
    """Delegate a grade to a city by a written mandate (B1: Diamond). Only who may approve it in the province may."""
    require(by, Permission.APPROVE_TIERS)
    owner = rule_set(by, new.rule_set)
    grade = next((one for one in grades_of(owner) if one.code == new.grade), None)
    if grade is None or not grade.may_delegate:
        raise BadRules(msgid("This grade cannot be delegated; the rules name those that can."))
    if len(new.region_code) != 4 or not new.document.strip() or (new.until_on and new.until_on <= new.from_on):
        raise BadRules(msgid("A mandate needs a city, the number of its document, and days in order."))
    if not reaches(by.regions, Level.PROVINCE, new.region_code):
        raise NotYours(msgid("Only the province can delegate this grade."))
    made = Mandate.objects.create(
        rule_set=owner, grade=new.grade, region_code=new.region_code, document=new.document.strip()[:80],
        from_on=new.from_on, until_on=new.until_on, given_by=by.name, at=at,
    )  # fmt: skip
    _record_rules("tier_rules.mandate", owner.pk, owner.name, vars(new), at=at, by=by)
    return made


@transaction.atomic
def end_mandate(mandate_id: int, *, at: datetime, by: Actor) -> None:
    """End a mandate today."""
    require(by, Permission.APPROVE_TIERS)
    found = Mandate.objects.select_related("rule_set").filter(pk=mandate_id).first()
    if found is None or not reaches(by.regions, Level.PROVINCE, found.region_code):
        raise BadRules(msgid("There is no such mandate that you may end."))
    found.until_on = timezone.localdate(at)
    found.save(update_fields=["until_on"])
    _record_rules("tier_rules.mandate_end", found.rule_set_id, found.rule_set.name, {"document": found.document},
                  at=at, by=by)  # fmt: skip


@transaction.atomic
def group_cities(groups: Sequence[tuple[str, int]], *, at: datetime, by: Actor) -> None:
    """Say which revenue group each city is in; the first needs no row (B1)."""
    require(by, Permission.APPROVE_TIERS)
    for code, number in groups:
        if not 1 <= number <= 9 or len(code) != 4:
            raise BadRules(msgid("A city's group is a number from 1 to 9."))
        if not reaches(by.regions, Level.PROVINCE, code):
            raise NotYours(msgid("Only the province can say this."))
    before = dict(CityGroup.objects.values_list("region_code", "number"))
    for code, number in groups:
        CityGroup.objects.update_or_create(region_code=code, defaults={"number": number})
    journal.record("tier_rules.cities", [Change("tier_rules", 0, "", before, dict(groups))], at=at, by=by)


def _record_rules(action: str, pk: int, label: str, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    journal.record(action, [Change("tier_rules", pk, label, None, dict(after))], at=at, by=by)
