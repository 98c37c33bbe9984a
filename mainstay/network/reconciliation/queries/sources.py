"""Read sources and their runs; a source is seen by those who see its whole area."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.reconciliation.choices import DifferenceState, RunState
from mainstay.network.reconciliation.errors import NoSuchRun, NoSuchSource
from mainstay.network.reconciliation.models import BadLine, FieldRule, SyncRun, SyncSource
from mainstay.network.reconciliation.reading import KINDS
from mainstay.platform.identity.queries import scope

TREND = 30


def visible_to(actor: Actor) -> QuerySet[SyncSource]:
    """Return the sources whose area the actor sees."""
    return SyncSource.objects.filter(scope(actor, customer=""))


def visible_source(actor: Actor, source_id: int) -> SyncSource:
    """Return one source. Raises NoSuchSource."""
    found = visible_to(actor).filter(pk=source_id).first()
    if found is None:
        raise NoSuchSource(msgid("There is no source {id} that you may see; check the address."), id=source_id)
    return found


def source_named(actor: Actor, code: str) -> SyncSource:
    """Return a source by its code. Raises NoSuchSource naming those there are."""
    found = visible_to(actor).filter(code=code).first()
    if found is None:
        known = ", ".join(visible_to(actor).values_list("code", flat=True)) or "—"
        raise NoSuchSource(msgid("There is no source “{code}”; choose one of {known}."), code=code, known=known)
    return found


@dataclass(frozen=True)
class SourceState:
    """A source as it stands: its newest run, what waits, how old its data is."""

    source: SyncSource
    last: SyncRun | None
    open: int
    held: int
    late: bool
    age: timedelta | None


def states(actor: Actor, *, at: datetime) -> list[SourceState]:
    """Return the sources the actor may see, with what waits in each (3 queries)."""
    waiting = Count("differences", filter=Q(differences__state=DifferenceState.OPEN))
    rows = list(visible_to(actor).annotate(waiting=waiting))
    runs = SyncRun.objects.filter(source__in=rows, dry_run=False)
    held = dict(runs.filter(state=RunState.HELD).values_list("source").annotate(n=Count("pk")).order_by())
    newest = _newest(rows)
    return [
        SourceState(row, newest.get(row.pk), row.waiting, held.get(row.pk, 0), is_late(row, at), _age(row, at))
        for row in rows
    ]


def _newest(rows: Sequence[SyncSource]) -> dict[int, SyncRun]:
    ids = SyncRun.objects.filter(source__in=rows, dry_run=False).values("source").annotate(n=Max("pk")).values("n")
    found = SyncRun.objects.filter(pk__in=ids).defer("sample")
    return {run.source_id: run for run in found}


def is_late(source: SyncSource, at: datetime) -> bool:
    """Say whether no export came for longer than the source allows."""
    if not source.active or not source.late_after_minutes:
        return False
    return at - (source.last_file_at or source.made_at) > timedelta(minutes=source.late_after_minutes)


def _age(source: SyncSource, at: datetime) -> timedelta | None:
    return max(at - source.last_file_at, timedelta()) if source.last_file_at else None


def late_sources(actor: Actor, *, at: datetime) -> list[SyncSource]:
    """Return the sources that should have delivered by now (1 query)."""
    rows = visible_to(actor).filter(active=True, late_after_minutes__gt=0)
    return [row for row in rows if is_late(row, at)]


def held_runs(actor: Actor) -> list[SyncRun]:
    """Return the runs that wait for somebody to confirm them (1 query)."""
    rows = SyncRun.objects.filter(state=RunState.HELD, source__in=visible_to(actor)).select_related("source")
    return list(rows.defer("sample").order_by("-id")[:20])


def runs(source: SyncSource) -> QuerySet[SyncRun]:
    """Return the runs of a source, newest first."""
    return SyncRun.objects.filter(source=source).defer("sample").order_by("-id")


def trend(source: SyncSource) -> list[SyncRun]:
    """Return the last runs that were taken over, oldest first, for a drawing (1 query)."""
    return list(runs(source).filter(state=RunState.DONE)[:TREND])[::-1]


def visible_run(actor: Actor, run_id: int) -> SyncRun:
    """Return one run with its source fetched. Raises NoSuchRun."""
    rows = SyncRun.objects.filter(source__in=visible_to(actor)).select_related("source")
    found = rows.filter(pk=run_id).first()
    if found is None:
        raise NoSuchRun(msgid("There is no run {id} that you may see; check the address."), id=run_id)
    return found


def bad_lines(run: SyncRun) -> QuerySet[BadLine]:
    """Return the bad rows of a run in the order of the file."""
    return BadLine.objects.filter(run=run).order_by("line")


def bad_rows(run: SyncRun) -> Iterator[tuple[list[str], str, dict[str, object]]]:
    """Give bad rows as the file gave them, each with its error (English template, values)."""
    for row in bad_lines(run).iterator(chunk_size=500):
        yield row.cells, row.error, row.error_values or {}


def rules(source: SyncSource) -> list[FieldRule]:
    """Return the rules of fields that are not the default."""
    return list(source.rules.all())


def has_ended(run_id: int) -> bool:
    """Say whether nothing goes on with a run by itself."""
    return not SyncRun.objects.filter(pk=run_id, state__in=(RunState.WAITING, RunState.RUNNING)).exists()


def fields_of(covers: str) -> dict[str, str | Promise]:
    """Return the fields that objects may differ in, with their titles."""
    kind = KINDS[covers]
    return {column.name: column.title for column in kind.columns if column.name not in kind.key}


def choices_of(covers: str, field: str) -> dict[str, str]:
    """Return how the values of a field are said, where it has a fixed few."""
    column = KINDS[covers].by_name.get(field)
    return {str(value): str(label) for value, label in column.choices} if column else {}


def named_sources(actor: Actor) -> list[tuple[int, str]]:
    """Return (id, name) of the sources whose differences the actor may see, for filters (1 query)."""
    rows = SyncSource.objects.all() if actor.is_staff and actor.customer_ids is None else visible_to(actor)
    return list(rows.values_list("pk", "name"))
