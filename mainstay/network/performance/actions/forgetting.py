"""Forget samples and roll-ups once their time is over (P4), hour by hour or day by day of a bucket of series."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import Min

from mainstay.network.performance.choices import Level, Work
from mainstay.network.performance.models import DayRoll, Due, Holding, HourRoll, Sample
from mainstay.network.performance.periods import BUCKET, day_of, instant_of, minute_of

MODELS: dict[str, type[models.Model]] = {Level.SAMPLE: Sample, Level.HOUR: HourRoll, Level.DAY: DayRoll}
STRETCHES = {Level.SAMPLE: 60, Level.HOUR: 24 * 60, Level.DAY: 30 * 24 * 60}
"""How many minutes of a bucket go in one transaction: some thousand rows."""
STEPS = 8
"""Stretches forgotten in one go: enough to keep up with 1,000,000 series at a go every five seconds."""


def forgetter(level: str) -> Callable[[datetime, int], int]:
    """Return what forgets rows of a level from before an instant, a few stretches at a time; returns how many rows."""

    def forget(before: datetime, limit: int) -> int:
        gone = 0
        for _step in range(STEPS):
            some = _forget_stretch(level, minute_of(before))
            if some is None:
                break
            gone += some
        return gone

    return forget


def oldest_of(level: str) -> Callable[[], datetime | None]:
    """Return what tells from when the oldest rows of a level may be (1 query)."""

    def oldest() -> datetime | None:
        found = Holding.objects.filter(level=level).aggregate(oldest=Min("from_minute"))["oldest"]
        return None if found is None else instant_of(found)

    return oldest


@transaction.atomic
def _forget_stretch(level: str, before: int) -> int | None:
    """Forget the oldest stretch of one bucket; None when nothing is old enough. What waits to be rolled up stays."""
    found = Holding.objects.select_for_update().filter(level=level, from_minute__lt=before)
    held = found.order_by("from_minute").first()
    if held is None:
        return None
    until = min(held.from_minute + STRETCHES[Level(level)], before)
    if level == Level.SAMPLE and _waits(held.bucket, until):
        return None
    gone = _delete(MODELS[level], held.bucket, until)
    held.from_minute = until
    held.save(update_fields=["from_minute"])
    return gone


def _waits(bucket: int, until: int) -> bool:
    rolls = (Work.HOUR, Work.DAY)
    return Due.objects.filter(work__in=rolls, bucket=bucket, minute__lt=day_of(until)[1]).exists()


def _delete(model: type[models.Model], bucket: int, until: int) -> int:
    table = connection.ops.quote_name(model._meta.db_table)
    ids = ", ".join(str(pk) for pk in range(bucket * BUCKET, (bucket + 1) * BUCKET))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE series_id IN ({ids}) AND minute < %s", [until])  # noqa: S608
        return int(cursor.rowcount)
