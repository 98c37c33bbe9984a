"""Lays a history of reports, alarms, incidents and impacts into an empty house (see `platform.bulk.laying`)."""

from collections.abc import Iterable, Sequence
from typing import Any

from mainstay.network.alarms.models import Alarm, AlarmReport, Impact, Incident
from mainstay.platform.bulk.laying import lay

TABLES = (Incident, Alarm, Impact, AlarmReport)
INCIDENT = (
    "id", "status", "cause_id", "cause_label", "region_code", "worst_state", "opened_at", "detected_at", "restored_at",
    "closed_at",
)  # fmt: skip
ALARM = (
    "id", "source_id", "resource_id", "alarm_type", "probable_cause", "severity", "effect", "text", "raised_at",
    "began_at", "last_at", "cleared_at", "incident_id", "is_cause", "reason",
)  # fmt: skip
IMPACT = (
    "id", "incident_id", "circuit_id", "customer_id", "region_code", "state", "from_at", "to_at", "detected_at",
)  # fmt: skip
REPORT = (
    "id", "source_id", "external_id", "kind", "resource_ref", "alarm_type", "probable_cause", "severity", "event_at",
    "received_at", "text", "outcome", "alarm_id",
)  # fmt: skip

Row = Sequence[Any]


def lay_incidents(rows: Iterable[Row]) -> int:
    """Write incidents (columns INCIDENT); return how many."""
    return lay(Incident, INCIDENT, rows)


def lay_alarms(rows: Iterable[Row]) -> int:
    """Write alarms (columns ALARM); return how many."""
    return lay(Alarm, ALARM, rows)


def lay_impacts(rows: Iterable[Row]) -> int:
    """Write impacts (columns IMPACT); return how many."""
    return lay(Impact, IMPACT, rows)


def lay_reports(rows: Iterable[Row]) -> int:
    """Write reports that were judged (columns REPORT), in the order of their receipt; return how many."""
    return lay(AlarmReport, REPORT, rows)
