"""Let a judgement become a grade: at once where it needs no approval or has it, else as a proposal (B1, B2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.actions.customers import update_customer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.tiers.choices import Axis, Level, Standing
from mainstay.accounts.tiers.events import GradesChanged
from mainstay.accounts.tiers.grades import Approvals, bare_table, grades_of, names_in, picked, reaches, table_of
from mainstay.accounts.tiers.models import HeldGrade, Proposal, RuleSet, RuleVersion
from mainstay.accounts.tiers.notices import tell_managers, tell_of_run
from mainstay.accounts.tiers.wording import row_words
from mainstay.domain.actor import Actor, system
from mainstay.domain.tiering.facts import Value
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

__all__ = ["Judgement", "apply", "settle", "tell_of_run", "withdraw"]

MANY = 900


@dataclass(frozen=True)
class Judgement:
    """A customer's grades as bits before and after, what kind of move that is, and by which row and figures.

    `rows`: the place of the row for each grade; `row` that of the highest, -1 where a hand decided (`by_hand`).
    """

    customer_id: int
    before: int
    after: int
    move: int
    row: int
    decay: int
    facts: Mapping[str, Value]
    by_hand: bool = False
    rows: Mapping[str, int] = field(default_factory=dict)
    why: str = ""
    approved_by: str = ""


def settle(
    version: RuleVersion, found: Sequence[Judgement], *, granted: bool, on: date, at: datetime, by: Actor,
    alone: bool = False,
) -> None:  # fmt: skip
    """Apply what needs no further approval, propose the rest; `alone`: tell the managers of each by itself."""
    owner = version.rule_set
    approvals = Approvals(owner, on=on)
    for start in range(0, len(found), MANY):
        part = found[start : start + MANY]
        people = customers_of([one.customer_id for one in part])
        levels = {
            one.customer_id: approvals.level(one.before ^ one.after, people[one.customer_id].region_id) for one in part
        }
        direct: list[Judgement] = []
        waiting: list[Judgement] = []
        for one in part:
            region, level = people[one.customer_id].region_id, levels[one.customer_id]
            has_it = level == Level.NONE or one.by_hand or (granted and reaches(version.covers, level, region))
            (direct if has_it else waiting).append(one)
        withdraw(owner, [one.customer_id for one in direct], at=at)
        who = version.decided_by if granted else ""
        apply(version, direct, people, on=on, at=at, by=by, approved_by=who, alone=alone)
        _propose(version, waiting, levels, at=at, by=by)


def customers_of(customer_ids: Collection[int]) -> dict[int, Customer]:
    """Return customers by id (1 query for 900)."""
    return {row.pk: row for row in Customer.objects.filter(pk__in=customer_ids)}


def withdraw(owner: RuleSet, customer_ids: Collection[int], *, at: datetime) -> int:
    """Withdraw what waits for these customers: it is settled, or the facts changed."""
    if not customer_ids:
        return 0
    waiting = Proposal.objects.filter(rule_set=owner, standing=Standing.WAITING, customer__in=customer_ids)
    return waiting.update(standing=Standing.WITHDRAWN, decided_at=at)


def withdraw_others(owner: RuleSet, first: int, last: int, kept: Collection[int], *, at: datetime) -> None:
    """Withdraw what waits for customers of a range who by now hold what the table says."""
    waiting = Proposal.objects.filter(
        rule_set=owner, standing=Standing.WAITING, by_hand=False, customer__gte=first, customer__lte=last
    )
    gone = set(waiting.values_list("customer_id", flat=True)) - set(kept)
    withdraw(owner, gone, at=at)


def apply(
    version: RuleVersion, found: Sequence[Judgement], people: Mapping[int, Customer], *, on: date, at: datetime,
    by: Actor, approved_by: str = "", alone: bool = False,
) -> None:  # fmt: skip
    """Write grades held, the history of those no longer held, the customer's archive; tell who must know."""
    if not found:
        return
    owner = version.rule_set
    _write_held(version, found, on=on, at=at, approved_by=approved_by)
    _write_archive(version, found, people, at=at)
    changes = [
        Change(
            "customer", one.customer_id, people[one.customer_id].name,
            {"tier": owner.code, "grades": _codes(owner, one.before)},
            {"tier": owner.code, "grades": _codes(owner, one.after), "version": version.number, "row": one.row + 1},
            one.customer_id, people[one.customer_id].region_id,
        )
        for one in found
    ]  # fmt: skip
    journal.record("customer.tier", changes, at=at, by=by)
    journal.announce(GradesChanged(owner.code, tuple(one.customer_id for one in found)), by=by)
    if alone:
        tell_managers(version, found, people, at=at)


def _write_held(
    version: RuleVersion, found: Sequence[Judgement], *, on: date, at: datetime, approved_by: str
) -> None:  # fmt: skip
    owner, grades = version.rule_set, grades_of(version.rule_set)
    gone = {(one.customer_id, grade.code) for one in found for grade in picked(grades, one.before & ~one.after)}
    standing = HeldGrade.objects.filter(
        rule_set=owner, until_on__isnull=True, customer__in={pk for pk, _grade in gone}
    ).values_list("pk", "customer_id", "grade")
    ended = [pk for pk, customer_id, grade in standing if (customer_id, grade) in gone]
    for start in range(0, len(ended), MANY):
        HeldGrade.objects.filter(pk__in=ended[start : start + MANY]).update(until_on=on)
    who = [(one, (one.approved_by or approved_by)[:80]) for one in found]
    rows = [
        (one.customer_id, owner.pk, grade.code, on, None if one.by_hand else version.pk,
         one.rows.get(grade.code, one.row), one.decay, dict(one.facts), one.by_hand, one.why[:400], approver, at)
        for one, approver in who for grade in picked(grades, one.after & ~one.before)
    ]  # fmt: skip
    columns = ("customer_id", "rule_set_id", "grade", "since_on", "version_id", "row", "decay", "facts", "by_hand",
               "why", "approved_by", "at")  # fmt: skip
    insert_many(HeldGrade, columns, rows)


def _write_archive(
    version: RuleVersion, found: Iterable[Judgement], people: Mapping[int, Customer], *, at: datetime
) -> None:
    """Write what the rule set's axis says, by the customers' own verb."""
    owner = version.rule_set
    if owner.axis == Axis.NOTHING:
        return
    by = system("tiers").because(f"{owner.name} {version.number}")
    for one in found:
        person = people[one.customer_id]
        with translation.override(settings.LANGUAGE_CODE):
            changed = _archive_says(version, one, person)
        if any(getattr(person, name) != value for name, value in changed.items()):
            update_customer(person.pk, changed, revision=person.revision, at=at, by=by)


def _archive_says(version: RuleVersion, one: Judgement, person: Customer) -> dict[str, object]:
    owner = version.rule_set
    held = picked(grades_of(owner), one.after)
    if owner.axis == Axis.SPECIAL:
        return {"is_special": any(grade.code == owner.overlap for grade in held)}
    grade = next((grade for grade in held if grade.code in ServiceGrade.values), None)
    if grade is None:
        return {}
    table = table_of(version)
    row = table.rows[one.row] if 0 <= one.row < len(table.rows) else None
    reason = one.why or (row_words(row) if row else "") or owner.name
    return {"service_grade": grade.code, "grade_reason": reason[:200]}


def _propose(
    version: RuleVersion, found: Sequence[Judgement], levels: Mapping[int, str], *, at: datetime, by: Actor
) -> None:
    """Propose changes; one that waits already keeps the day it was asked, unless it is another change."""
    if not found:
        return
    owner = version.rule_set
    ids = [one.customer_id for one in found]
    standing = Proposal.objects.filter(rule_set=owner, standing=Standing.WAITING, customer__in=ids)
    asked = {row.customer_id: (row.before, row.after) for row in standing}
    new = [one for one in found if asked.get(one.customer_id) != (one.before, one.after)]
    withdraw(owner, [one.customer_id for one in new], at=at)
    due = timezone.localdate(at) + timedelta(days=owner.overdue_days)
    Proposal.objects.bulk_create(
        Proposal(
            customer_id=one.customer_id, rule_set=owner, version=version, move=one.move, before=one.before,
            after=one.after, row=one.row, decay=one.decay, facts={**one.facts, "_rows": dict(one.rows)},
            by_hand=one.by_hand, why=one.why, level=levels[one.customer_id], asked_by=by.name, asked_by_id=by.user_id,
            asked_at=at, due_on=due,
        )
        for one in new
    )  # fmt: skip


def waiting_for(owner: RuleSet) -> Q:
    """Return the condition of what waits in a rule set."""
    return Q(rule_set=owner, standing=Standing.WAITING)


def _codes(owner: RuleSet, mask: int) -> list[str]:
    table = bare_table(owner)
    return [grade for place, grade in enumerate(table.grades) if mask >> place & 1]


def words(owner: RuleSet, one: Judgement) -> str:
    """Say a change: "Gold → Platinum"."""
    return f"{names_in(owner, one.before)} → {names_in(owner, one.after)}"
