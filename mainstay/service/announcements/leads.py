"""By when must which customer be told, as promised to their circuits (D3)? The strictest circuit counts."""

from collections.abc import Iterable
from datetime import datetime

from mainstay.accounts.catalog.choices import Metric
from mainstay.domain.business_time import Calendar
from mainstay.domain.notice import latest_telling
from mainstay.platform.calendars.queries import calendar_by_code
from mainstay.service.promises.queries import promises_for


def due_times(circuit_ids: Iterable[int], *, before_at: datetime, at: datetime) -> dict[int, datetime]:
    """Return by when telling keeps each circuit's promised notice of work from `before_at`; without promise: missing.

    Alike promises are reckoned once (7 queries for 900 circuits, one a calendar).
    """
    known: dict[str, Calendar] = {}
    reckoned: dict[tuple[str, str, object], datetime] = {}
    found: dict[int, datetime] = {}
    for circuit_id, promise in promises_for(circuit_ids, Metric.PLANNED_NOTICE, at).items():
        key = promise.calendar, promise.unit, promise.amount
        if key not in reckoned:
            calendar = known.setdefault(promise.calendar, calendar_by_code(promise.calendar))
            reckoned[key] = latest_telling(calendar, promise.unit, promise.amount, before_at)
        found[circuit_id] = reckoned[key]
    return found
