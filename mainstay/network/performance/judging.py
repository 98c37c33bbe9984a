"""Compare samples with their thresholds, period after period, and announce what crosses or clears (G5).

A sample that comes after a later one of its series was judged changes no verdict; it is in the roll-ups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from mainstay.domain.actor import Actor
from mainstay.domain.threshold_watch import CALM, Step, Watch, judge
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.queries.own_parts import own_part
from mainstay.network.performance.choices import Work
from mainstay.network.performance.events import ThresholdCleared, ThresholdCrossed
from mainstay.network.performance.models import Crossing, Due, Sample, Series, Threshold
from mainstay.network.performance.periods import BUCKET, instant_of
from mainstay.network.performance.rolling import Piece
from mainstay.network.performance.rules import RuleBook, limit_of
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.journal.actions import announce

_COLUMNS = ("series_id", "period", "run", "standing", "since_minute", "value", "threshold_id", "severity", "resource")


@dataclass(frozen=True, slots=True)
class _Line:
    """A series with what its threshold depends on."""

    id: int
    metric: str
    side: str
    circuit_id: int
    circuit: str
    product_id: int
    grade: str
    status: str
    period_minutes: int


_LINE = ("pk", "metric", "side", "circuit_id", "circuit__number", "circuit__product_id", "circuit__grade",
         "circuit__status", "source__period_minutes")  # fmt: skip


@dataclass
class _Verdicts:
    """What one piece of work decided: rows to keep, series to forget, what to announce."""

    kept: list[tuple[object, ...]] = field(default_factory=list)
    calm: list[int] = field(default_factory=list)
    news: list[ThresholdCrossed | ThresholdCleared] = field(default_factory=list)


def judge_piece(piece: Piece, book: RuleBook, *, at: datetime, by: Actor) -> int:
    """Judge what came for one bucket and period; return how many crossings began or ended. Announces them."""
    lines = _lines(piece.bucket, book)
    samples = _newest_judged(piece, _samples_from(lines, piece.minute))
    known = {each.series_id: each for each in Crossing.objects.filter(series__in=list(samples))}
    verdicts = _Verdicts()
    for series, value in samples.items():
        rule = _rule(book, lines[series])
        if rule is not None:
            _judge_one(lines[series], rule, value, piece.minute, known.get(series), verdicts, at)
    _write(verdicts, by=by, piece=piece)
    return len(verdicts.news)


def settle(book: RuleBook, *, at: datetime, by: Actor) -> int:
    """End crossings that no threshold watches any more: removed, switched off, the circuit ceased; return how many."""
    standing = {each.series_id: each for each in Crossing.objects.filter(standing=True)}
    verdicts = _Verdicts()
    for line in _read_lines(Series.objects.filter(pk__in=list(standing))):
        if _rule(book, line) is None:
            verdicts.calm.append(line.id)
            verdicts.news.append(_cleared(line, standing[line.id], since=at, at=at))
    if verdicts.news:
        _write(verdicts, by=by)
    return len(verdicts.news)


def _lines(bucket: int, book: RuleBook) -> dict[int, _Line]:
    rows = Series.objects.filter(
        pk__gte=bucket * BUCKET, pk__lt=(bucket + 1) * BUCKET, metric__in=list(book.by_metric)
    )  # fmt: skip
    return {line.id: line for line in _read_lines(rows)} if book.by_metric else {}


def _read_lines(rows: "Iterable[Series]") -> list[_Line]:
    return [_Line(*row) for row in rows.values_list(*_LINE)]  # type: ignore[attr-defined]  # a query set


def _samples_from(lines: dict[int, _Line], minute: int) -> list[tuple[int, int, int]]:
    if not lines:
        return []
    table = connection.ops.quote_name(Sample._meta.db_table)
    ids = ", ".join(map(str, lines))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT series_id, minute, value FROM {table} WHERE series_id IN ({ids}) AND minute >= %s",  # noqa: S608
            [minute],
        )
        return list(cursor.fetchall())


def _newest_judged(piece: Piece, rows: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """Return the values of the piece's period, without series of which a later period was judged already."""
    later = {minute for _, minute, _ in rows if minute > piece.minute}
    if later:
        waits = Due.objects.filter(work=Work.JUDGE, bucket=piece.bucket, minute__gt=piece.minute)
        later -= set(waits.values_list("minute", flat=True))
    overtaken = {series for series, minute, _ in rows if minute in later}
    return {series: value for series, minute, value in rows if minute == piece.minute and series not in overtaken}


def _rule(book: RuleBook, line: _Line) -> Threshold | None:
    if line.status != CircuitStatus.ACTIVE:
        return None
    return book.holding(line.metric, circuit_id=line.circuit_id, product_id=line.product_id, grade=line.grade)


def _judge_one(
    line: _Line, rule: Threshold, value: int, minute: int, known: Crossing | None, verdicts: _Verdicts, at: datetime
) -> None:
    before = _watch(known, line) if known else CALM
    after, step = judge(before, limit_of(rule), minute // line.period_minutes, value)
    if after == before:
        return
    if after.is_calm:
        if known is not None:
            verdicts.calm.append(line.id)
        if step == Step.CLEARED and known is not None:
            verdicts.news.append(_cleared(line, known, since=instant_of(minute), at=at))
        return
    severity, resource = (known.severity, known.resource) if known and known.standing else (rule.severity, "")
    if step == Step.CROSSED:
        resource = own_part(line.circuit_id, line.side)
        verdicts.news.append(_crossed(line, rule, value, after, resource, at))
    since = None if after.since is None else after.since * line.period_minutes
    row = (line.id, after.period, after.run, after.standing, since, value, rule.pk, severity, resource)
    verdicts.kept.append(row)


def _watch(known: Crossing, line: _Line) -> Watch:
    since = None if known.since_minute is None else known.since_minute // line.period_minutes
    return Watch(known.period, known.run, known.standing, since)


def _crossed(line: _Line, rule: Threshold, value: int, watch: Watch, resource: str, at: datetime) -> ThresholdCrossed:
    since = instant_of((watch.since or 0) * line.period_minutes)
    return ThresholdCrossed(
        line.id, line.circuit_id, line.circuit, resource, line.metric, line.side, value, rule.raise_at, rule.severity,
        since, at,
    )  # fmt: skip


def _cleared(line: _Line, known: Crossing, *, since: datetime, at: datetime) -> ThresholdCleared:
    return ThresholdCleared(
        line.id, line.circuit_id, line.circuit, known.resource, line.metric, line.side, known.severity, since, at
    )


@transaction.atomic
def _write(verdicts: _Verdicts, *, by: Actor, piece: Piece | None = None) -> None:
    if verdicts.kept:
        insert_many(Crossing, _COLUMNS, verdicts.kept, unique=("series_id",), update=_COLUMNS[1:])
    if verdicts.calm:
        Crossing.objects.filter(pk__in=verdicts.calm).delete()
    for event in verdicts.news:
        announce(event, by=by)
    if piece is not None:
        piece.done()
