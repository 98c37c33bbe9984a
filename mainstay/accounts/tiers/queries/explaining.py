"""Why this grade, what is missing to the next, what was held before; and the test bench (B1, B2)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.tiers.choices import OPEN, Standing, VersionStatus
from mainstay.accounts.tiers.errors import NoSuchRules
from mainstay.accounts.tiers.facts.reading import facts_of
from mainstay.accounts.tiers.facts.register import facts
from mainstay.accounts.tiers.facts.selection import some
from mainstay.accounts.tiers.grades import Grade, grades_of, label_of, source_of, table_of
from mainstay.accounts.tiers.models import HandFact, HeldGrade, Naming, Proposal, RuleSet, RuleVersion
from mainstay.accounts.tiers.queries.proposals import ProposalRow, fetched, row_of
from mainstay.accounts.tiers.wording import Asked, asked_of, effect_words, row_words
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.tiering.facts import Value
from mainstay.domain.tiering.judging import Judge, Outcome
from mainstay.domain.tiering.tables import Row, Table


@dataclass(frozen=True)
class Reason:
    """Why a grade is held: the row (from 1), what it asks beside the figures; `decay`: what time did."""

    row: int | None
    note: str
    asked: list[Asked]
    decay: str = ""
    decay_asked: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Held:
    """A grade held now or before; `by_hand` with `why` where somebody set it, `version` is the rules' number."""

    grade: Grade
    since: date
    until: date | None
    reason: Reason
    by_hand: bool
    why: str
    approved_by: str
    version: int | None
    version_id: int | None


@dataclass(frozen=True)
class Next:
    """What is missing to a higher grade: the conditions of its nearest row that do not hold."""

    grade: Grade
    row: int
    missing: list[Asked]


@dataclass(frozen=True)
class Explained:
    """Everything about one customer in one rule set."""

    rule_set: RuleSet
    name: str
    source: str
    held: list[Held]
    past: list[Held]
    waiting: ProposalRow | None
    says_now: list[Grade]
    next: Next | None
    grades: list[Grade]


def explain(actor: Actor, customer_id: int, *, on: date) -> list[Explained]:
    """Return every rule set that is on or that the customer holds a grade of, explained (8 to 15 queries).

    Raises NoSuchCustomer.
    """
    visible_customer(actor, customer_id)
    held = _held_by(customer_id)
    owners = [owner for owner in RuleSet.objects.all() if owner.is_on or owner.pk in held]
    versions = {
        row.rule_set_id: row
        for row in RuleVersion.objects.filter(status=VersionStatus.IN_FORCE, rule_set__in=owners).select_related(
            "rule_set"
        )
    }
    waiting = {
        row.rule_set_id: row_of(row)
        for row in fetched(Proposal.objects.filter(customer=customer_id, standing=Standing.WAITING))
    }
    tables = {owner.pk: table_of(versions[owner.pk]) for owner in owners if owner.pk in versions}
    names = {name for table in tables.values() for name in table.facts}
    given = facts_of(names, some([customer_id]), on=on).get(customer_id, {})
    return [
        _explained(owner, tables.get(owner.pk), held.get(owner.pk, []), waiting.get(owner.pk), given)
        for owner in owners
    ]


def _held_by(customer_id: int) -> dict[int, list[HeldGrade]]:
    found: dict[int, list[HeldGrade]] = defaultdict(list)
    rows = HeldGrade.objects.filter(customer=customer_id).select_related("version__rule_set", "rule_set")
    for row in rows.order_by("-since_on", "-pk"):
        found[row.rule_set_id].append(row)
    return found


def _explained(
    owner: RuleSet, table: Table | None, rows: list[HeldGrade], waiting: ProposalRow | None, given: Mapping[str, Value]
) -> Explained:
    grades = grades_of(owner)
    known = {grade.code: grade for grade in grades}
    told = [_told(row, known) for row in rows if row.grade in known]
    now = sorted((one for one in told if one.until is None), key=lambda one: grades.index(one.grade))
    outcome = Judge(table).outcome(given) if table else Outcome()
    says = [known[code] for code in outcome.codes]
    held = now[0].grade if now else None
    nearest = next_of(table, grades, held or (says[0] if says else None), given) if table else None
    past = [one for one in told if one.until is not None]
    return Explained(owner, label_of(owner), source_of(owner), now, past, waiting, says, nearest, grades)


def _told(row: HeldGrade, known: Mapping[str, Grade]) -> Held:
    reason = Reason(None, "", [])
    if row.version is not None and not row.by_hand:
        reason = reason_of(table_of(row.version), row.row, row.decay, row.facts)
    number = row.version.number if row.version else None
    return Held(known[row.grade], row.since_on, row.until_on, reason, row.by_hand, row.why, row.approved_by, number,
                row.version_id)  # fmt: skip


def reason_of(table: Table, place: int, decay: int, given: Mapping[str, Value]) -> Reason:
    """Say why a row gave its grade, and what time did to it."""
    row = table.rows[place] if 0 <= place < len(table.rows) else None
    taken = table.decays[decay] if 0 <= decay < len(table.decays) else None
    return Reason(
        place + 1 if row else None, row.note if row else "", asked_of(row, table, given) if row else [],
        effect_words(taken) if taken else "", asked_of(taken, table, given) if taken else [],
    )  # fmt: skip


def next_of(table: Table, grades: list[Grade], held: Grade | None, given: Mapping[str, Value]) -> Next | None:
    """Return what is missing to the next higher grade: of its rows the one with the fewest open conditions."""
    upper = grades.index(held) if held else len(grades)
    for place in range(upper - 1, -1, -1):
        rows = [(n, row) for n, row in enumerate(table.rows) if row.grade == grades[place].code]
        lacking = [(n, [one for one in asked_of(row, table, given) if not one.holds]) for n, row in rows]
        lacking = [(n, asked) for n, asked in lacking if asked]
        if lacking:
            best, asked = min(lacking, key=lambda one: (len(one[1]), not any(a.short for a in one[1]), one[0]))
            return Next(grades[place], best + 1, asked)
    return None


@dataclass(frozen=True)
class BenchRow:
    """A row of a table beside a customer's figures; `hit`: it gives a grade."""

    number: int
    grade: Grade
    asked: list[Asked]
    hit: bool
    note: str


@dataclass(frozen=True)
class Trial:
    """What a table gives a customer: by which row; `changed` are the facts that were changed by hand."""

    customer: Any
    version: RuleVersion
    grades: list[Grade]
    outcome: Outcome
    rows: list[BenchRow]
    decay: str
    decay_asked: list[Asked]
    facts: list[tuple[Any, Value, bool]]


def try_out(
    actor: Actor, found: RuleVersion, customer_code: str, changed: Mapping[str, Value], *, on: date
) -> Trial:  # fmt: skip
    """Judge one customer (by code, or the beginning of the name) by a version, with some facts changed by hand.

    Raises NoSuchRules when there is no such customer the actor may see.
    """
    from mainstay.accounts.customers.queries import visible_to

    rows = visible_to(actor)
    person = rows.filter(code=customer_code).first() or rows.filter(name__startswith=customer_code).first()
    if person is None:
        raise NoSuchRules(msgid("There is no customer “{code}” that you may see; give a code or a name."),
                          code=customer_code)  # fmt: skip
    table = table_of(found)
    given = facts_of(table.facts, some([person.pk]), on=on).get(person.pk, {}) | dict(changed)
    outcome = Judge(table).outcome(given)
    known, register = {grade.code: grade for grade in grades_of(found.rule_set)}, facts()
    bench = [
        BenchRow(n + 1, known[row.grade], asked_of(row, table, given), n in outcome.fits, row.note)
        for n, row in enumerate(table.rows)
    ]
    taken = table.decays[outcome.decay] if outcome.decay >= 0 else None
    return Trial(
        person, found, [known[code] for code in outcome.codes], outcome, bench, effect_words(taken) if taken else "",
        asked_of(taken, table, given) if taken else [],
        [(register[name], given.get(name), name in changed) for name in table.facts],
    )  # fmt: skip


def versions_to_try(owner: RuleSet) -> list[RuleVersion]:
    """Return the versions the bench offers: pending first, then the one in force."""
    rows = owner.versions.filter(status__in=(*OPEN, VersionStatus.IN_FORCE)).select_related("rule_set")
    return list(rows.order_by("-number"))


def hand_facts(customer_id: int) -> list[HandFact]:
    """Return what people gave about a customer."""
    return list(HandFact.objects.filter(customer=customer_id).order_by("name"))


def namings(customer_id: int, *, on: date) -> list[Naming]:
    """Return the grades set by hand that hold on a day."""
    rows = Naming.objects.filter(customer=customer_id).select_related("rule_set").order_by("pk")
    return [row for row in rows if row.until_on is None or row.until_on > on]


def words_of(row: Row) -> str:
    """Say a row in one line."""
    return row_words(row)
