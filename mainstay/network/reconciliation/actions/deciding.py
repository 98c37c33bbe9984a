"""Decide differences by hand: take the source's, keep ours, link, make a rule; undo what was applied (E3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.reconciling import Kind, Value, same
from mainstay.network.inventory.queries import values
from mainstay.network.reconciliation import applying
from mainstay.network.reconciliation.actions import sources
from mainstay.network.reconciliation.applying import Wanted
from mainstay.network.reconciliation.choices import Covers, Decision, DifferenceState, Rule, Verdict
from mainstay.network.reconciliation.errors import BadDecision
from mainstay.network.reconciliation.models import Delivered, Difference
from mainstay.network.reconciliation.queries.differences import visible_difference, visible_to
from mainstay.network.reconciliation.reading import kept
from mainstay.network.reconciliation.writing import APPLIED_AT_ONCE, parts
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

MOST_AT_ONCE = 1_000
DECIDABLE = (DifferenceState.OPEN, DifferenceState.KEPT)


@dataclass(frozen=True)
class Decided:
    """What came of a decision: how many differences were settled, and what was refused, by code."""

    settled: int
    refused: list[tuple[str, MainstayError]]


def decide(ids: Sequence[int], decision: str, why: str = "", *, code: str = "", at: datetime, by: Actor) -> Decided:
    """Decide differences, part by part; what the inventory refuses stays open with the reason.

    `code`: our object, for a link. What was settled meanwhile is left alone. Raises BadDecision, NoSuchDifference.
    """
    require(by, Permission.WRITE_INVENTORY)
    if decision not in Decision.values:
        raise BadDecision(msgid("“{decision}” cannot be decided; use one of {known}."), decision=decision,
                          known=", ".join(Decision.values))  # fmt: skip
    if len(ids) > MOST_AT_ONCE:
        raise BadDecision(msgid("At most {most} differences are decided at once."), most=MOST_AT_ONCE)
    rows = list(visible_to(by).filter(pk__in=list(ids), state__in=DECIDABLE).select_related("source").order_by("pk"))
    if not rows:
        raise BadDecision(msgid("Nothing of this waits for a decision any more; load the page again."))
    by = by.because(why) if why else by
    if decision == Decision.LINK:
        return _link(rows, code, at=at, by=by)
    if decision in (Decision.ALWAYS_SOURCE, Decision.ALWAYS_OURS):
        _make_rules(rows, decision, at=at, by=by)
    if decision in (Decision.APPLY, Decision.ALWAYS_SOURCE):
        return apply(rows, at=at, by=by)
    state = DifferenceState.IGNORED if decision == Decision.IGNORE else DifferenceState.KEPT
    with transaction.atomic():
        rows = [row for group in _still_open([rows]) for row in group]
        _settle(rows, state, "sync.ignore" if decision == Decision.IGNORE else "sync.keep", at=at, by=by)
    return Decided(len(rows), [])


def apply(rows: Sequence[Difference], *, at: datetime, by: Actor) -> Decided:
    """Take the source's values over, grouped by object, through the inventory's own actions."""
    groups: dict[tuple[int, str], list[Difference]] = {}
    for row in rows:
        groups.setdefault((row.source_id, row.key), []).append(row)
    settled, refused = 0, []
    by = replace(by, why=by.why or "reconciliation")
    for covers in Covers.values:
        mine = [group for group in groups.values() if group[0].source.covers == covers]
        for asked in parts(mine, APPLIED_AT_ONCE):
            with transaction.atomic():
                part = _still_open(asked)
                results = applying.apply(covers, [_wanted(group) for group in part], at=at, by=by) if part else []
                for group, result in zip(part, results, strict=True):
                    if result.error is None:
                        _took(group, result.object_id, at=at, by=by)
                        settled += len(group)
                    else:
                        refused.append((group[0].code, result.error))
                        _keep_refusal(group, result.error)
    return Decided(settled, refused)


def _still_open(groups: Sequence[Sequence[Difference]]) -> list[Sequence[Difference]]:
    """Lock differences and leave out what somebody decided a moment ago: nothing is applied and kept at once."""
    wanted = {row.pk for group in groups for row in group}
    rows = Difference.objects.select_for_update().filter(pk__in=wanted, state__in=DECIDABLE).order_by("pk")
    still = set(rows.values_list("pk", flat=True))
    left = ([row for row in group if row.pk in still] for group in groups)
    return [group for group in left if group]


def _wanted(group: Sequence[Difference]) -> Wanted:
    whole = next((row for row in group if not row.field), None)
    if whole is not None:
        said = whole.theirs if isinstance(whole.theirs, dict) else {}
        return Wanted(whole.code, Kind(whole.kind), {name: kept(v) for name, v in said.items()}, whole.object_id)
    first = group[0]
    return Wanted(first.code, Kind(first.kind), {row.field: kept(row.theirs) for row in group}, first.object_id)


def _took(group: Sequence[Difference], object_id: int | None, *, at: datetime, by: Actor) -> None:
    first = group[0]
    for row in group:
        row.object_id = object_id
    _settle(group, DifferenceState.APPLIED, "sync.apply", at=at, by=by)
    said = {
        name: value
        for row in group
        for name, value in (
            row.theirs.items() if isinstance(row.theirs, dict) else [(row.field, row.theirs)] if row.field else []
        )
    }
    kept_row = Delivered.objects.filter(source=first.source_id, key=first.key).first()
    if kept_row is None:
        if first.kind == Kind.NEW:
            Delivered.objects.create(source=first.source, key=first.key, code=first.code, agreed=said)
        return
    if first.kind == Kind.VANISHED:
        return
    kept_row.agreed = {**kept_row.agreed, **said}
    kept_row.differing = {name: value for name, value in kept_row.differing.items() if name not in said}
    kept_row.save(update_fields=["agreed", "differing"])


def _settle(rows: Sequence[Difference], state: DifferenceState, action: str, *, at: datetime, by: Actor) -> None:
    """Write a decision and its audit entries, in the caller's transaction."""
    for row in rows:
        row.state, row.verdict = state, Verdict.PERSON
        row.decided_at, row.decided_by, row.why, row.problem = at, by.name[:80], by.why[:400], ""
    columns = ["state", "verdict", "decided_at", "decided_by", "why", "problem", "object_id", "code"]
    Difference.objects.bulk_update(rows, columns, batch_size=200)
    journal.record(action, [_change(row) for row in rows], at=at, by=by)


def _change(row: Difference) -> Change:
    name = row.field or row.kind
    return Change("difference", row.pk, f"{row.code} {name}", {name: row.ours}, {name: row.theirs}, row.customer_id,
                  row.region_code)  # fmt: skip


def _keep_refusal(group: Sequence[Difference], error: MainstayError) -> None:
    for row in group:
        row.problem, row.problem_values = error.template[:400], journal.plain(error.values)
    Difference.objects.bulk_update(group, ["problem", "problem_values"])


def _make_rules(rows: Sequence[Difference], decision: str, *, at: datetime, by: Actor) -> None:
    rule = Rule.SOURCE if decision == Decision.ALWAYS_SOURCE else Rule.OURS
    for source_id, name in sorted({(row.source_id, row.field) for row in rows}):
        if not name:
            raise BadDecision(msgid("A rule is about a field; for whole objects set the source's own rules."))
        sources.add_rule(source_id, name, rule, at=at, by=by)


def _link(rows: Sequence[Difference], code: str, *, at: datetime, by: Actor) -> Decided:
    """Say that what is new in the source is one of ours under another code; the next run compares its fields."""
    if len(rows) != 1 or rows[0].kind != Kind.NEW:
        raise BadDecision(msgid("Only one object that is new in a source can be linked at a time."))
    row = rows[0]
    if not row.source.native_column:
        raise BadDecision(
            msgid("Source {name} names objects by our codes; set the column with its own ids first, then link."),
            name=row.source.name,
        )  # fmt: skip
    read = values.circuits if row.source.covers == Covers.CIRCUITS else values.resources
    found = read((), codes=[code]).get(code)
    if found is None or not found.region_code.startswith(row.source.region_code):
        raise BadDecision(msgid("There is no {code} within the area of {name}; correct the code."), code=code,
                          name=row.source.name)  # fmt: skip
    taken = Delivered.objects.filter(source=row.source, code=code).exclude(key=row.key).first()
    if taken is not None:
        raise BadDecision(msgid("{code} is {key} in this source already."), code=code, key=taken.key)
    with transaction.atomic():
        Delivered.objects.update_or_create(source=row.source, key=row.key, defaults={"code": code})
        row.object_id, row.code = found.id, code
        _settle([row], DifferenceState.APPLIED, "sync.link", at=at, by=by)
    return Decided(1, [])


@transaction.atomic
def undo(difference_id: int, why: str, *, at: datetime, by: Actor) -> Difference:
    """Take an applied difference back: our former value, or the object as it was. The source's is kept as ours later.

    Raises NoSuchDifference, and BadDecision when it was not applied or somebody changed the same since.
    """
    require(by, Permission.WRITE_INVENTORY)
    Difference.objects.select_for_update().filter(pk=difference_id).first()
    row = visible_difference(by, difference_id)
    if row.state != DifferenceState.APPLIED:
        raise BadDecision(msgid("This difference of {code} is not applied (any more)."), code=row.code)
    by = by.because(why) if why else by
    _take_back(row, at=at, by=by)
    row.state, row.decided_at, row.decided_by, row.why = DifferenceState.UNDONE, at, by.name[:80], by.why[:400]
    row.save(update_fields=["state", "decided_at", "decided_by", "why"])
    journal.record("sync.undo", [_change(row)], at=at, by=by)
    _remember(row, at=at, by=by)
    return row


def _take_back(row: Difference, *, at: datetime, by: Actor) -> None:
    covers = row.source.covers
    if row.kind == Kind.NEW:
        applying.take_out(covers, row.object_id or 0, row.code, at=at, by=by)
        Delivered.objects.filter(source=row.source, key=row.key).delete()
        return
    if row.field:
        if not same(_value_now(row), kept(row.theirs)):
            raise BadDecision(msgid("{field} of {code} was changed since; it is left as it is now."), field=row.field,
                              code=row.code)  # fmt: skip
        wanted = Wanted(row.code, Kind(row.kind), {row.field: kept(row.ours)}, row.object_id)
    else:
        opposite = Kind.GONE_HERE if row.kind == Kind.VANISHED else Kind.VANISHED
        wanted = Wanted(row.code, opposite, {}, row.object_id)
    (result,) = applying.apply(covers, [wanted], at=at, by=by)
    if result.error is not None:
        raise result.error


def _value_now(row: Difference) -> Value:
    read = values.circuits if row.source.covers == Covers.CIRCUITS else values.resources
    found = read((row.field,), codes=[row.code]).get(row.code)
    if found is None:
        raise BadDecision(msgid("{code} is not in the inventory any more."), code=row.code)
    return found.row[0]


def _remember(row: Difference, *, at: datetime, by: Actor) -> None:
    """Keep ours from now on, until the source says something else: else the next run would apply it again."""
    known = {"source": row.source, "key": row.key, "field": row.field}
    if Difference.objects.filter(**known, state__in=(*DECIDABLE, DifferenceState.IGNORED)).exists():
        return
    row.pk, row.state, row.verdict, row.since = None, DifferenceState.KEPT, Verdict.PERSON, at
    row.save(force_insert=True)
