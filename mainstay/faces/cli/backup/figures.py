"""What does a database answer? Figures that a restored copy must give again: rows, the wall, deadlines, the trail."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection

from mainstay.domain.actor import system
from mainstay.network.alarms.queries import totals
from mainstay.network.inventory.queries import circuits
from mainstay.platform.journal import queries as journal
from mainstay.service.tickets.choices import LIVE_TICKETS
from mainstay.service.tickets.queries import lists as tickets


def figures() -> dict[str, Any]:
    """Return the figures of this database, all plain values. Within a snapshot they belong together."""
    return {"rows": _rows(), "wall": _wall(), "tickets": _open_tickets(), "audit": _trail()}


def _rows() -> dict[str, int]:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    with connection.cursor() as cursor:
        there = tables & set(connection.introspection.table_names(cursor))
        counts = {}
        for table in sorted(there):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (our own tables)
            counts[table] = cursor.fetchone()[0]
    return counts


def _wall() -> dict[str, Any]:
    return {
        "standing_alarms": totals.standing(),
        "reports": totals.reports(),
        "incidents": totals.incidents(),
        "impacts": totals.impacts(),
        "circuits": circuits.state_counts(system("backup")),
    }


def _open_tickets() -> dict[str, Any]:
    rows = tickets.visible_to(system("backup")).filter(status__in=LIVE_TICKETS).order_by("pk")
    values = rows.values_list("pk", "status", "customer_id", "incident_id", "deadline_at", "breached_at")
    said = [[value.isoformat() if isinstance(value, datetime) else value for value in row] for row in values]
    return {"open": len(said), "digest": _digest(said)}


def _trail() -> dict[str, Any]:
    counts = journal.seal_counts()
    return {**counts, "head": journal.head_of_trail()}


def broken_seals(*, most: int = 20) -> list[int]:
    """Return the ids of audit entries that do not match their seals, `most` at most."""
    return [entry.pk for entry in islice(journal.broken_seals(), most)]


def _digest(said: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(said)).encode()).hexdigest()


def differences(wanted: dict[str, Any], found: dict[str, Any], path: str = "") -> list[str]:
    """Say where two sets of figures differ."""
    said = []
    for name in sorted({*wanted, *found}):
        one, other, where = wanted.get(name), found.get(name), f"{path}{name}"
        if isinstance(one, dict) and isinstance(other, dict):
            said += differences(one, other, f"{where}.")
        elif one != other:
            said.append(f"{where}: {one} → {other}")
    return said
