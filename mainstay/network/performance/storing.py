"""Write samples, and note what is to be judged and rolled up because of them; all in the caller's transaction.

Rows go in the order of their keys, and so do notes: two writers wait for each other instead of locking each other out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection

from mainstay.network.performance.choices import Level, Work
from mainstay.network.performance.models import Due, Holding, Sample
from mainstay.network.performance.periods import bucket_of, day_of, hour_of, instant_of
from mainstay.platform.bulk.rows import insert_many

Row = tuple[int, int, int]
"""Series, minute, value."""
GRACE = timedelta(seconds=90)
"""How long after the end of an hour or day its last samples are waited for."""
SOON = timedelta(seconds=60)
"""What came late waits so long, so that what comes with it is rolled up at once."""


def store(rows: Sequence[Row], *, at: datetime) -> None:
    """Write samples, sorted by series and minute, each once; what is there already is replaced."""
    if not rows:
        return
    insert_many(Sample, ("series_id", "minute", "value"), rows, unique=("series_id", "minute"), update=("value",))
    touched = sorted({(bucket_of(series), minute) for series, minute, _ in rows})
    note(touched, at=at)
    hold(Level.SAMPLE, touched)


def note(touched: Iterable[tuple[int, int]], *, at: datetime) -> None:
    """Note that (bucket, minute) pairs are to be judged now, and to be rolled up once their hour and day are over."""
    wanted: dict[tuple[str, int, int], datetime] = {}
    for bucket, minute in touched:
        wanted[Work.JUDGE, minute, bucket] = at
        for work, (begin, end) in ((Work.HOUR, hour_of(minute)), (Work.DAY, day_of(minute))):
            wanted[work, begin, bucket] = max(instant_of(end) + GRACE, at + SOON)
    table = connection.ops.quote_name(Due._meta.db_table)
    rows = [
        (work, minute, bucket, connection.ops.adapt_datetimefield_value(due_at))
        for (work, minute, bucket), due_at in sorted(wanted.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (work, minute, bucket, due_at, version) VALUES (%s, %s, %s, %s, 0)"  # noqa: S608
            f" ON CONFLICT (work, minute, bucket) DO UPDATE SET version = {table}.version + 1",
            rows,
        )


def hold(level: str, touched: Iterable[tuple[int, int]]) -> None:
    """Note from which minute on rows of a level may be there for the buckets of (bucket, minute) pairs (1 query)."""
    oldest: dict[int, int] = {}
    for bucket, minute in touched:
        oldest[bucket] = min(minute, oldest.get(bucket, minute))
    known = dict(Holding.objects.filter(level=level, bucket__in=list(oldest)).values_list("bucket", "from_minute"))
    older = sorted((bucket, minute) for bucket, minute in oldest.items() if minute < known.get(bucket, minute + 1))
    insert_many(
        Holding,
        ("level", "bucket", "from_minute"),
        [(level, bucket, minute) for bucket, minute in older],
        unique=("level", "bucket"),
        update=("from_minute",),
    )
