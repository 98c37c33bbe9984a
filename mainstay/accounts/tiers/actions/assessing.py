"""Judge everybody by a version: as a trial, or for real, part by part by ranges of ids (B1, B2)."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.tiers.actions.settling import Judgement, settle, tell_of_run, withdraw_others
from mainstay.accounts.tiers.choices import MOVE_NAMES, RunState
from mainstay.accounts.tiers.errors import BadRules
from mainstay.accounts.tiers.facts.reading import Columns, read
from mainstay.accounts.tiers.facts.register import kinds
from mainstay.accounts.tiers.facts.selection import Selection, between
from mainstay.accounts.tiers.grades import bare_table
from mainstay.accounts.tiers.holding import held_masks, named_masks
from mainstay.accounts.tiers.models import RuleSet, RuleVersion, Run, RunChange
from mainstay.accounts.tiers.timing import next_part
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.tiering.judging import Outcome
from mainstay.domain.tiering.moving import Move, masks_of, moves
from mainstay.domain.tiering.segments import FastJudge
from mainstay.domain.tiering.tables import Table, contents_into
from mainstay.platform.bulk.rows import insert_many

log = logging.getLogger(__name__)

TRIAL_PART = {"postgresql": 25_000, "sqlite": 5_000}
REAL_PART = {"postgresql": 5_000, "sqlite": 500}
"""Ids of one part: nobody may wait long for SQLite's lock."""
CHECKED = 8
"""Customers of each part that zen judges once more, one by one."""


@dataclass(frozen=True)
class Part:
    """What came of a part of a run: changed customers by place in `ids`, and what became of how many."""

    run_id: int
    number: int
    ids: Any
    before: Any
    after: Any
    moves: Any
    which: Any
    outcomes: tuple[Outcome, ...]
    columns: Columns
    named: Any
    judged: int
    checked: int
    bounds: tuple[int, int] = (0, 0)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many customers made which move."""
        found, counted = np.unique(self.moves, return_counts=True)
        return {MOVE_NAMES[Move(int(m))]: int(n) for m, n in zip(found, counted, strict=True) if m}


def begin(version: RuleVersion, *, trial: bool = False, granted: bool = False, at: datetime, by: Actor) -> Run:
    """Note a run over all customers by ids; a real one begins by a timer. In the caller's transaction."""
    bounds = Customer.objects.aggregate(first=Min("pk"), last=Max("pk"))
    chunk = (TRIAL_PART if trial else REAL_PART)[connection.vendor]
    last, first = bounds["last"] or 0, (bounds["first"] or 1) - 1
    table = contents_into(bare_table(version.rule_set), version.table)
    run = Run.objects.create(
        version=version, trial=trial, granted=granted, table=version.table, digest=table.digest(),
        on=timezone.localdate(at), chunk=chunk, chunks=max(1, -(-(last - first) // chunk)), asked_by=by.name,
        asked_at=at, counts={"first": first},
    )  # fmt: skip
    if not trial:
        next_part(run.pk, 0, at=at)
    return run


def advance(run_id: int, *, at: datetime, by: Actor) -> bool:
    """Do the next part of a run: judge outside of a transaction, keep in a short one; say whether there is more.

    Two may do the same part; the second finds it done and throws its own away.
    """
    run = Run.objects.select_related("version__rule_set").get(pk=run_id)
    if run.state in (RunState.DONE, RunState.FAILED):
        return False
    try:
        part = judge_part(run, run.done)
    except MainstayError as error:
        fail(run.pk, str(error), at=at)
        return False
    with transaction.atomic():
        return keep(part, at=at, by=by)


def judge_part(run: Run, number: int) -> Part:
    """Judge the customers of a part; writes nothing. Raises BadRules where the fast way differs from zen."""
    first = run.counts["first"] + number * run.chunk + 1
    return judged(run.version.rule_set, run.table, between(first, first + run.chunk - 1), on=run.on, run=run.pk,
                  number=number)  # fmt: skip


def judged(
    owner: RuleSet, contents: dict[str, Any], chosen: Selection, *, on: date, run: int = 0, number: int = 0
) -> Part:
    """Judge some customers of a rule set by a table, and compare with what they hold."""
    judge = _judge(orjson.dumps([owner.code, owner.grades, owner.policy, owner.overlap, owner.lapsed]), owner.pk,
                   orjson.dumps(contents))  # fmt: skip
    table, count = judge.table, len(chosen.ids)
    columns = read(table.facts, chosen, on=on)
    found = judge.judged(columns, count)
    checked = _check(judge, columns, found.outcomes, found.which, number)
    after = masks_of(table, found.outcomes)[found.which] if count else np.empty(0, np.int64)
    named = named_masks(owner, table, chosen, on)
    after = np.where(named, named, after)
    before = held_masks(owner, table, chosen)
    moved = moves(table, before, after)
    hit = np.flatnonzero(moved)
    picked = {name: column[hit] for name, column in columns.items()}
    return Part(run, number, chosen.ids[hit], before[hit], after[hit], moved[hit], found.which[hit], found.outcomes,
                picked, named[hit], count, checked, (chosen.first, chosen.last))  # fmt: skip


@lru_cache(maxsize=32)
def _judge(_shape: bytes, rule_set_id: int, contents: bytes) -> FastJudge:
    table: Table = contents_into(bare_table(RuleSet.objects.get(pk=rule_set_id)), orjson.loads(contents))
    return FastJudge(table, kinds())


def _check(judge: FastJudge, columns: Columns, outcomes: tuple[Outcome, ...], which: Any, number: int) -> int:
    """Let zen judge some customers by themselves; the fast way must say the same."""
    picked = np.random.default_rng(number).choice(len(which), min(CHECKED, len(which)), replace=False)
    known = kinds()
    for place in picked:
        facts = {name: known[name].value(int(column[place])) for name, column in columns.items()}
        if judge.judge.outcome(facts) != outcomes[which[place]]:
            raise BadRules(msgid("The fast way of judging differs from zen for these facts: {facts}. Tell a "
                                 "developer; nothing was changed."), facts=facts)  # fmt: skip
    return len(picked)


def keep(part: Part, *, at: datetime, by: Actor) -> bool:
    """Keep what came of a part, once; say whether the run goes on. In a transaction."""
    run = Run.objects.select_for_update().select_related("version__rule_set").get(pk=part.run_id)
    if run.state in (RunState.DONE, RunState.FAILED) or run.done != part.number:
        return run.state not in (RunState.DONE, RunState.FAILED)
    _lay_down(run, part)
    if not run.trial:
        withdraw_others(run.version.rule_set, *part.bounds, part.ids.tolist(), at=at)
        settle(run.version, judgements(part), granted=run.granted, on=run.on, at=at, by=by)
    for name, count in part.counts.items():
        run.counts[name] = run.counts.get(name, 0) + count
    run.done, run.customers, run.checked = run.done + 1, run.customers + part.judged, run.checked + part.checked
    over = run.done >= run.chunks
    run.state, run.ended_at = (RunState.DONE, at) if over else (RunState.RUNNING, None)
    run.save(update_fields=["done", "customers", "checked", "counts", "state", "ended_at"])
    if over and not run.trial:
        tell_of_run(run, at=at)
    elif not run.trial:
        next_part(run.pk, run.done, at=at)
    return not over


def _lay_down(run: Run, part: Part) -> None:
    rows = zip(part.ids.tolist(), part.moves.tolist(), part.before.tolist(), part.after.tolist(),
               _rows_of(part).tolist(), strict=True)  # fmt: skip
    insert_many(
        RunChange, ("run_id", "customer_id", "move", "before", "after", "row"), ((run.pk, *row) for row in rows)
    )


def _rows_of(part: Part) -> Any:
    """Return the place of the row that decided, for each changed customer; -1 where none or a hand did."""
    first = np.array([o.grades[0][1] if o.grades else -1 for o in part.outcomes] or [-1], np.int64)
    return np.where(part.named != 0, -1, first[part.which]) if len(part.ids) else np.empty(0, np.int64)


def judgements(part: Part) -> list[Judgement]:
    """Return the changed customers with their figures, one by one."""
    known, rows = kinds(), _rows_of(part)
    return [
        Judgement(
            int(part.ids[n]), int(part.before[n]), int(part.after[n]), int(part.moves[n]), int(rows[n]),
            -1 if part.named[n] else part.outcomes[part.which[n]].decay,
            {name: known[name].value(int(column[n])) for name, column in part.columns.items()},
            bool(part.named[n]),
            {} if part.named[n] else dict(part.outcomes[part.which[n]].grades),
        )
        for n in range(len(part.ids))
    ]  # fmt: skip


@transaction.atomic
def fail(run_id: int, why: str, *, at: datetime) -> None:
    """End a run that cannot go on."""
    log.error("Run %s of the tiers stopped: %s", run_id, why)
    Run.objects.filter(pk=run_id).update(state=RunState.FAILED, problem=why[:300], ended_at=at)
