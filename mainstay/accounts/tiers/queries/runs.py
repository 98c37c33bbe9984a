"""Read runs over everybody and whose grade they change, within what an actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from mainstay.accounts.tiers.choices import MOVE_NAMES, MOVES, RunState
from mainstay.accounts.tiers.errors import NoSuchRules
from mainstay.accounts.tiers.facts.reading import facts_of
from mainstay.accounts.tiers.facts.selection import some
from mainstay.accounts.tiers.grades import grades_of, label_of, names_in, table_of
from mainstay.accounts.tiers.models import RuleVersion, Run, RunChange
from mainstay.accounts.tiers.wording import because_words
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.tiering.moving import Move
from mainstay.platform.identity.queries import scope

SORTS = {"customer": ("customer__name", "pk"), "move": ("move", "pk"), "after": ("after", "pk"),
         "before": ("before", "pk")}  # fmt: skip


@dataclass(frozen=True)
class RunFigures:
    """How far a run is, and how many customers the actor may see make which move: (Move, words, count)."""

    run: Run
    moves: list[tuple[str, str, int]]
    seconds: float | None
    fresh: bool

    @property
    def changed(self) -> int:
        """Return how many change in all."""
        return sum(count for _name, _words, count in self.moves)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.run.state in (RunState.DONE, RunState.FAILED)

    @property
    def percent(self) -> int:
        """Return how far it is, 0 to 100."""
        return 100 * self.run.done // max(1, self.run.chunks)


def run(actor: Actor, run_id: int) -> Run:
    """Return a run with its version and rule set. Raises NoSuchRules."""
    rows = Run.objects.select_related("version__rule_set")
    found = rows.filter(pk=run_id).first() if actor.is_staff else None
    if found is None:
        raise NoSuchRules(msgid("There is no run {id}; try the rules again."), id=run_id)
    return found


def last_run(actor: Actor, found: RuleVersion, *, trial: bool | None = None) -> Run | None:
    """Return the newest run of a version."""
    rows = Run.objects.filter(version=found).select_related("version__rule_set").order_by("-pk")
    return (rows if trial is None else rows.filter(trial=trial)).first() if actor.is_staff else None


def figures(actor: Actor, found: Run, *, at: datetime) -> RunFigures:
    """Return a run's figures for an actor (1 query unless they see everything)."""
    if actor.sees_everything:
        counts = {int(move): found.counts.get(name, 0) for move, name in MOVE_NAMES.items()}
    else:
        seen = visible_changes(actor, found).values_list("move").annotate(n=Count("pk")).order_by()
        counts = dict(seen)
    moves = [(MOVE_NAMES[move], str(words), counts.get(int(move), 0)) for move, words in MOVES.items()]
    shown = [one for one in moves if one[2] or one[0] != "other"]
    seconds = (found.ended_at or at) - found.asked_at
    fresh = table_of(found.version).digest() == found.digest
    return RunFigures(found, shown, seconds.total_seconds(), fresh)


def visible_to(actor: Actor) -> QuerySet[RunChange]:
    """Return the changes of runs the actor may see: by customer."""
    if not actor.is_staff:
        return RunChange.objects.none()
    return RunChange.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def visible_changes(actor: Actor, found: Run) -> QuerySet[RunChange]:
    """Return whose grade a run changes, of those the actor may see."""
    return visible_to(actor).filter(run=found)


@dataclass(frozen=True)
class ChangeFilter:
    """What a list of a run's changes is limited to; empty means any. `row` counts from 1."""

    move: str = ""
    after: str = ""
    region: str = ""
    text: str = ""
    row: int | None = None


def matching(actor: Actor, found: Run, wanted: ChangeFilter) -> QuerySet[RunChange]:
    """Return the changes that match."""
    rows = visible_changes(actor, found)
    by_name = {name: move for move, name in MOVE_NAMES.items()}
    if wanted.move in by_name:
        rows = rows.filter(move=int(by_name[wanted.move]))
    places = {grade.code: place for place, grade in enumerate(grades_of(found.version.rule_set))}
    if wanted.after in places:
        bit = 1 << places[wanted.after]
        rows = rows.extra(where=["(after & %s) <> 0"], params=[bit])
    if wanted.region:
        rows = rows.filter(customer__region__code__startswith=wanted.region)
    if wanted.row is not None:
        rows = rows.filter(row=wanted.row - 1)
    return rows.filter(customer__name__icontains=wanted.text.strip()) if wanted.text.strip() else rows


@dataclass(frozen=True)
class ChangeRow:
    """Whose grade changes, from what to what, by which row and figures."""

    id: int
    customer_id: int
    customer: str
    code: str
    region: str
    manager: str
    move: str
    move_words: str
    before: str
    after: str
    row: int
    figures: str


def rows_of(found: Run, changes: Sequence[RunChange]) -> list[ChangeRow]:
    """Return rows in the reader's language, with the figures of the run's day (a few queries, however many rows)."""
    if not changes:
        return []
    owner, table = found.version.rule_set, table_of(found.version, found.table)
    given = facts_of(table.facts, some([one.customer_id for one in changes]), on=found.on)
    labels = {grade.code: grade.label() for grade in grades_of(owner)}
    rows = []
    for one in changes:
        person: Any = one.customer
        move = Move(one.move)
        rows.append(ChangeRow(
            one.pk, person.pk, person.name, person.code, person.region.name, str(person.account_manager or ""),
            MOVE_NAMES[move], str(MOVES[move]), names_in(owner, one.before), names_in(owner, one.after), one.row + 1,
            because_words(table, labels, one.row, (one.before, one.after), given.get(person.pk, {})),
        ))  # fmt: skip
    return rows


def fetched(rows: QuerySet[RunChange]) -> QuerySet[RunChange]:
    """Fetch what rows of a list show."""
    return rows.select_related("customer__region", "customer__account_manager")


def title_of(found: Run) -> str:
    """Name a run: its rules and version."""
    return f"{label_of(found.version.rule_set)} {found.version.number}"
