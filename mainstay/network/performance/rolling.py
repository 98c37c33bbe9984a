"""Roll samples up to hours and days, whenever something came for one; again gives the same (G5).

Always from the samples themselves, never from coarser rows: so least, most, sum, count and percentile are exact, and
what comes late is in them. What is noted (`Due`) goes only if nothing came while it was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from mainstay.network.performance.choices import Level, Work
from mainstay.network.performance.models import DayRoll, Due, HourRoll, Sample, Series
from mainstay.network.performance.periods import BUCKET, stretch_of
from mainstay.network.performance.storing import hold
from mainstay.platform.bulk.rows import insert_many

ROLLS: dict[str, type[HourRoll] | type[DayRoll]] = {Work.HOUR: HourRoll, Work.DAY: DayRoll}
LEVELS: dict[str, str] = {Work.HOUR: Level.HOUR, Work.DAY: Level.DAY}
AT_ONCE = 20
"""Pieces of work that are looked up together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work, as it was noted."""

    pk: int
    work: str
    minute: int
    bucket: int
    version: int

    def done(self) -> bool:
        """Take the note away, in the caller's transaction, unless something came meanwhile; say whether it went."""
        return bool(Due.objects.filter(pk=self.pk, version=self.version).delete()[0])


def waiting(works: Sequence[str], *, at: datetime, limit: int = AT_ONCE) -> list[Piece]:
    """Return what is due, the oldest stretch first (1 query)."""
    rows = Due.objects.filter(work__in=works, due_at__lte=at).order_by("minute", "bucket")[:limit]
    return [Piece(*row) for row in rows.values_list("pk", "work", "minute", "bucket", "version")]


def roll(piece: Piece) -> int:
    """Roll one stretch of one bucket up; return how many rows that gave. Reading locks nobody out."""
    begin, end = stretch_of(LEVELS[piece.work], piece.minute)
    periods = series_in(piece.bucket)
    model = ROLLS[piece.work]
    rows = [
        (series, begin, least, most, total, count, max(count, (end - begin) // periods[series]), *more)
        for series, least, most, total, count, *more in summed(list(periods), begin, end, percentile=model is DayRoll)
    ]
    named = ["least", "most", "total", "count", "expected", *(["p95"] if model is DayRoll else [])]
    with transaction.atomic():
        insert_many(model, ("series_id", "minute", *named), rows, unique=("series_id", "minute"), update=named)
        hold(LEVELS[piece.work], [(piece.bucket, begin)] if rows else [])
        piece.done()
    return len(rows)


def series_in(bucket: int) -> dict[int, int]:
    """Return the series of a bucket with the minutes of their period (1 query)."""
    rows = Series.objects.filter(pk__gte=bucket * BUCKET, pk__lt=(bucket + 1) * BUCKET).order_by("pk")
    return dict(rows.values_list("pk", "source__period_minutes"))


def summed(series: Sequence[int], begin: int, end: int, *, percentile: bool) -> list[tuple[int, ...]]:
    """Return (series, least, most, sum, count) and, if asked, the 95th percentile, of [begin, end) (1 query).

    The percentile is the smallest sample that 95 in a hundred do not exceed (nearest rank).
    """
    if not series:
        return []
    table = connection.ops.quote_name(Sample._meta.db_table)
    within = f"FROM {table} WHERE series_id IN ({', '.join(map(str, series))}) AND minute >= %s AND minute < %s"
    figures = "series_id, MIN(value), MAX(value), SUM(value), COUNT(*)"
    statement = f"SELECT {figures} {within} GROUP BY series_id ORDER BY series_id"
    if percentile:
        ranked = (
            "SELECT series_id, value, ROW_NUMBER() OVER (PARTITION BY series_id ORDER BY value) AS place,"
            f" COUNT(*) OVER (PARTITION BY series_id) AS n {within}"
        )
        statement = (
            f"SELECT {figures}, MAX(CASE WHEN place = (95 * n + 99) / 100 THEN value END)"  # noqa: S608
            f" FROM ({ranked}) AS ranked GROUP BY series_id ORDER BY series_id"
        )
    with connection.cursor() as cursor:
        cursor.execute(statement, [begin, end])
        return [tuple(int(each) for each in row) for row in cursor.fetchall()]
