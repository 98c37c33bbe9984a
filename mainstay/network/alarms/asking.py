"""What is asked in every step, worded once: wording takes Django longer than answering takes the database."""

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Max, QuerySet

from mainstay.network.alarms.choices import QuarantineStatus
from mainstay.network.alarms.loading import declared_incidents
from mainstay.network.alarms.models import AlarmSource, EffectRule, QuarantinedResource

SETTINGS = ("quiet_s", "silence_after_s", "skew_tolerance_s", "flap_count", "flap_window_s", "flap_hold_s")


def settings_seen() -> tuple[object, ...]:
    """Return what tells whether sources, rules or placements changed since (3 queries)."""
    return tuple(_answer(question) for question in ("sources", "rules", "placements"))


def any_declared() -> bool:
    """Say whether people declared an incident that lives and that no alarm has adopted (1 query)."""
    return bool(_answer("declared"))


def _answer(question: str) -> list[tuple[Any, ...]]:
    """Give rows as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(*_worded(question, connection.vendor))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@cache
def _worded(question: str, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Return statement and parameters of a question, for this kind of database."""
    return _asked(question).query.sql_with_params()


def _asked(question: str) -> QuerySet[Any, Any]:
    placed = QuarantinedResource.objects.filter(status=QuarantineStatus.PLACED).values_list("status")
    return {
        "sources": AlarmSource.objects.order_by("pk").values_list("pk", *SETTINGS),
        "rules": EffectRule.objects.order_by("pk").values_list(),
        "placements": placed.annotate(Count("pk"), Max("decided_at")),
        "declared": declared_incidents().values_list("pk")[:1],
    }[question]
