"""How did a circuit carry over the last day, week, month or year (G5)? Points in time order, gaps as gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mainstay.domain.actor import Actor
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.network.performance.choices import SPANS, UNITS, Level, Metric, Span, Unit
from mainstay.network.performance.models import Crossing, DayRoll, HourRoll, Sample, Series
from mainstay.network.performance.periods import day_of, hour_of, instant_of, minute_of
from mainstay.network.performance.rules import RuleBook


@dataclass(frozen=True, slots=True)
class Point:
    """One stretch: mean (rounded), least, most, the day's 95th percentile; how many samples of how many expected."""

    at: datetime
    mean: int
    least: int
    most: int
    p95: int | None
    count: int
    expected: int


@dataclass(frozen=True)
class Trend:
    """One series. `points` has an entry for each stretch, None where there is no sample.

    `grid`: when each begins; `each`: how many samples a stretch should have.
    """

    series_id: int
    metric: str
    side: str
    source: str
    unit: Unit
    limit: int | None
    standing_since: datetime | None
    alarmed: bool
    grid: Sequence[datetime]
    each: int
    points: Sequence[Point | None] = field(default_factory=list)

    @property
    def known(self) -> list[Point]:
        """Return the stretches that are known."""
        return [point for point in self.points if point is not None]

    @property
    def coverage_ppm(self) -> int | None:
        """Return how many of the expected samples there are, in parts per million; None where none is expected."""
        wanted = sum(self.each if point is None else point.expected for point in self.points)
        return sum(point.count for point in self.known) * 1_000_000 // wanted if wanted else None


@dataclass(frozen=True)
class Trends:
    """All series of a circuit over a span, and how fine they are."""

    circuit: Circuit
    span: str
    level: Level
    lines: list[Trend]


def trends(actor: Actor, circuit_id: int, span: str, *, at: datetime) -> Trends:
    """Return all series of a visible circuit over a span (5 queries). Raises NoSuchCircuit."""
    circuit = visible_circuit(actor, circuit_id)
    reach, level = SPANS.get(span, SPANS[Span.DAY])
    rows = list(Series.objects.filter(circuit=circuit).select_related("source"))
    rows.sort(key=lambda each: (list(Metric).index(Metric(each.metric)), each.side, each.source.name))
    begin = minute_of(at - reach)
    found = _points([row.pk for row in rows], level, begin, {row.pk: row.source.period_minutes for row in rows})
    book = RuleBook.read() if rows else RuleBook()
    standing = {each.series_id: each for each in Crossing.objects.filter(series__in=rows, standing=True)}
    lines = []
    for row in rows:
        grid = list(_grid(level, begin, minute_of(at), row.source.period_minutes))
        rule = book.holding(row.metric, circuit_id=circuit.pk, product_id=circuit.product_id, grade=circuit.grade)
        crossing = standing.get(row.pk)
        lines.append(
            Trend(
                row.pk, row.metric, row.side, row.source.name, UNITS[row.metric], rule.raise_at if rule else None,
                instant_of(crossing.since_minute or 0) if crossing else None,
                bool(crossing and crossing.resource),
                [instant_of(minute) for minute in grid], _each(level, row.source.period_minutes),
                [found.get((row.pk, minute)) for minute in grid],
            )
        )  # fmt: skip
    return Trends(circuit, span if span in SPANS else Span.DAY, level, lines)


def _each(level: Level, period: int) -> int:
    return {Level.SAMPLE: 1, Level.HOUR: 60 // period}.get(level, 24 * 60 // period)


def _grid(level: Level, begin: int, end: int, period: int) -> Iterator[int]:
    """Give the beginnings of the whole stretches of [begin, end) that are over."""
    if level == Level.SAMPLE:
        yield from range(-(-begin // period) * period, end - period + 1, period)
        return
    stretch = hour_of if level == Level.HOUR else day_of
    start, after = stretch(begin)
    while after <= end:
        yield start
        start, after = stretch(after)


def _points(ids: list[int], level: Level, begin: int, periods: dict[int, int]) -> dict[tuple[int, int], Point]:
    if level == Level.SAMPLE:
        samples = Sample.objects.filter(series__in=ids, minute__gte=begin).values_list("series_id", "minute", "value")
        return {(s, m): Point(instant_of(m), v, v, v, None, 1, 1) for s, m, v in samples}
    model = HourRoll if level == Level.HOUR else DayRoll
    columns = ["series_id", "minute", "least", "most", "total", "count", "expected"]
    rows = model._default_manager.filter(series__in=ids, minute__gte=hour_of(begin)[0] - 24 * 60)
    more = ["p95"] if model is DayRoll else []
    return {
        (s, m): Point(instant_of(m), (2 * total + n) // (2 * n), least, most, p95[0] if p95 else None, n, expected)
        for s, m, least, most, total, n, expected, *p95 in rows.values_list(*columns, *more)
    }
