"""Gauges of the house itself in `/metrics`: queues, signs of life, the last backup; read when asked for (P3)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mainstay.network.alarms.queries import alarms, room
from mainstay.network.performance import loop as performance
from mainstay.platform.journal import queries as journal
from mainstay.platform.monitoring import queries as monitoring
from mainstay.platform.timers import queries as timers

log = structlog.get_logger(__name__)


class House(Collector):
    """Reads the figures from the database at each scrape (about 15 queries); says when the database is away."""

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering asks no database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Give the gauges; without a database only that it is away."""
        try:
            gauges = list(_gauges(timezone.now()))
        except DatabaseError as error:
            log.warning("no figures for /metrics", error=str(error))
            gauges = []
        yield GaugeMetricFamily("mainstay_database_up", "1 while the database answers.", value=float(bool(gauges)))
        yield from gauges


@cache
def register() -> None:
    """Add the gauges to what `/metrics` shows, once in a process."""
    REGISTRY.register(House())


def _refuses(at: datetime) -> bool:
    return room.is_behind(at=at, most=settings.QUEUE_MOST, longest_s=settings.QUEUE_LONGEST_S)


def _gauges(at: datetime) -> Iterator[Metric]:
    pulse = alarms.pulse(at=at)
    last = monitoring.last_backup()
    newest_s = (at - pulse.newest_at).total_seconds() if pulse.newest_at else float("nan")
    backup_s = (at - last.taken_at).total_seconds() if last else float("nan")
    for name, meaning, value in (
        ("reports_waiting", "Reports not judged yet.", pulse.waiting),
        ("reports_oldest_waiting_seconds", "How long the oldest of them waits.", room.oldest_waiting_s(at=at)),
        ("tickets_late_seconds", "How long verdicts wait to become tickets.", room.oldest_handed_on_s(at=at)),
        ("intake_refuses", "1 while doors answer 429.", float(_refuses(at))),
        ("reports_per_minute", "Reports received in the last minute.", pulse.per_minute),
        ("reports_newest_age_seconds", "Age of the newest report.", newest_s),
        ("samples_late_seconds", "How late samples are judged and rolled up.", performance.late_s(at)),
        ("alarms_standing", "Alarms that stand.", pulse.standing),
        ("sources_silent", "Alarm sources gone silent.", len(pulse.silent)),
        ("quarantine_open", "Names the inventory does not know.", pulse.quarantined),
        ("timers_overdue", "Timers that should have fired.", timers.overdue(at)),
        ("timers_late_seconds", "How late the oldest of them is.", timers.overdue_s(at)),
        ("outbox_length", "News kept in the outbox.", monitoring.outbox_length()),
        ("audit_unsealed", "Audit entries waiting for the sealer.", journal.seal_counts()["waiting"]),
        ("database_bytes", "Size of the database.", monitoring.database_bytes()),
        ("backup_age_seconds", "Age of the last backup.", backup_s),
    ):
        yield GaugeMetricFamily(f"mainstay_{name}", meaning, value=value)
    beats = GaugeMetricFamily(
        "mainstay_heartbeat_age_seconds",
        "Age of a program's last sign of life.",
        labels=("program", "host", "instance"),
    )
    for state in monitoring.programs(at=at):
        beats.add_metric((state.row.name, state.row.host, state.row.instance), state.age_s)
    yield beats
    troubles = GaugeMetricFamily(
        "mainstay_trouble", "1 for each thing wrong with the house.", labels=("level", "code", "subject")
    )
    for trouble in monitoring.troubles_standing():
        troubles.add_metric((trouble.row.level, trouble.row.code, trouble.row.subject), 1)
    yield troubles
