"""How long until the impact worker knows the whole network, from the database, and how much memory does it take?

The network of `benchmarks.impact`, laid into Django's tables by SQL alone: 200,000 resources, 1,000,000 circuits with
a working and a protection path of four ports each, 8,000,000 hops. A process of its own then starts the worker as
`mainstay serve` does, tells the seconds and its peak, and how long it takes to follow 100 rerouted circuits.

python -m benchmarks.coldstart
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from benchmarks.impact import CIRCUITS, DEVICES, DUCTS, HOPS, PORTS, SITES
from benchmarks.servers import postgresql
from benchmarks.table import RUNS, Row, timed

NOW = datetime(2026, 9, 1, tzinfo=UTC)
REROUTED = 100
FIRST_PORT = SITES + DEVICES + 1
FIRST_DUCT = FIRST_PORT + PORTS


def rows() -> list[Row]:
    """Measure on both databases."""
    found: list[Row] = []
    for name, opened in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with opened() as environment:
            _run("lay", environment)
            told = [json.loads(_run("measure", environment)) for _ in range(RUNS)]
        found += [
            _row(told, "started_s", f"impact: cold start of 1 M circuits, {name}", "s", "≤ 60", 60),
            _row(told, "peak_gb", f"impact: worker's peak memory, {name}", "GB", "< 1", 1),
            _row(told, "followed_ms", f"impact: {REROUTED} rerouted circuits followed, {name}", "ms", "< 200", 200),
        ]
    return found


def _row(told: list[dict[str, float]], what: str, name: str, unit: str, bar: str, most: float) -> Row:
    runs = tuple(each[what] for each in told)
    median = sorted(runs)[len(runs) // 2]
    return Row(name, median, unit, bar, median <= most, runs)


def _run(step: str, environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "benchmarks.coldstart", step]
    return subprocess.run(
        command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with TemporaryDirectory(prefix="mainstay-bench-") as home:
        yield {"MAINSTAY_HOME": home, "MAINSTAY_DATABASE_URL": ""}


@contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    with TemporaryDirectory(prefix="mainstay-bench-") as home, postgresql() as address:
        yield {"MAINSTAY_HOME": home, "MAINSTAY_DATABASE_URL": urlsplit(address)._replace(path="/postgres").geturl()}


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()


def _lay() -> None:
    _set_up()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        is_postgresql = connection.vendor == "postgresql"
        cursor.execute("SET session_replication_role = replica" if is_postgresql else "PRAGMA foreign_keys = OFF")
        for statement in _statements():
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _statements() -> Iterator[str]:
    from mainstay.network.inventory import models

    resource, path, hop = models.Resource, models.Path, models.Hop
    yield _fill(resource, SITES, {"id": "i", "kind": "'site'"})
    yield _fill(resource, DEVICES, {"id": f"{SITES} + i", "kind": "'device'", "parent_id": f"1 + i % {SITES}"})
    holder = f"{SITES + 1} + i % {DEVICES}"
    yield _fill(resource, PORTS, {"id": f"{FIRST_PORT - 1} + i", "kind": "'port'", "parent_id": holder})
    yield _fill(resource, DUCTS, {"id": f"{FIRST_DUCT - 1} + i", "kind": "'duct'"})
    on = f"{FIRST_DUCT} + i % {DUCTS}"
    yield _fill(models.Dependency, PORTS, {"id": "i", "resource_id": f"{FIRST_PORT - 1} + i", "on_id": on})
    owned = {"id": "i", "number": "'C' || i", "customer_id": "1", "product_id": "1", "grade": "'A'"}
    yield _fill(
        models.Circuit, CIRCUITS, {**owned, "technology": "'mstp'", "reach": "'local'", "bandwidth_kbps": "2048"}
    )
    role = "CASE WHEN i % 2 = 1 THEN 'working' ELSE 'protection' END"
    yield _fill(path, 2 * CIRCUITS, {"id": "i", "circuit_id": "(i + 1) / 2", "role": role})
    at, place = f"(i - 1) / {HOPS} + 1", f"(i - 1) % {HOPS} + 1"
    over = f"{FIRST_PORT} + (i * 7919 + i / 11 * 104729) % {PORTS}"
    yield _fill(hop, 2 * CIRCUITS * HOPS, {"id": "i", "path_id": at, "position": place, "resource_id": over})


def _fill(model: Any, count: int, given: Mapping[str, str]) -> str:
    """Say how `count` rows are made of their number i; what is not given gets the model's default."""
    from django.db import connection

    columns = {}
    for field in model._meta.concrete_fields:
        default = field.get_db_prep_save(field.get_default(), connection)
        literal = "NULL" if default is None else f"'{default}'"
        columns[field.column] = given.get(field.attname, f"'R' || ({given['id']})" if field.name == "code" else literal)
    series = (
        f"generate_series(1::bigint, {count}) AS s(i)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"
    )
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(columns.values())} FROM {series}'


def _measure() -> None:
    _set_up()

    from mainstay.domain.actor import system
    from mainstay.network.alarms.worker import ImpactWorker
    from mainstay.network.inventory.actions.feed import bump_revision
    from mainstay.network.inventory.models import Hop

    by, held = system("bench"), []
    started = timed(lambda: held.append(ImpactWorker.start(at=NOW, by=by)))
    peak = _peak_kb() / (1 << 20)
    worker: ImpactWorker = held[0]
    took = []
    for attempt in range(3):
        first = attempt * REROUTED + 1
        for path in range(2 * first, 2 * (first + REROUTED), 2):
            Hop.objects.filter(path=path, position=2).update(resource=FIRST_PORT + path % 1000)
        bump_revision(circuits=range(first, first + REROUTED))
        took.append(timed(lambda: worker.refresh(at=NOW, by=by)) * 1000)
    assert worker is held[0]
    told = {"started_s": round(started, 1), "peak_gb": round(peak, 2), "followed_ms": round(sorted(took)[1], 1)}
    print(json.dumps(told | {"circuits": worker.judge.network.graph.n_circuits}))


def _peak_kb() -> int:
    """Return the most memory this program took; `ru_maxrss` would count what its parent had when it forked."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])


if __name__ == "__main__":
    steps = {"lay": _lay, "measure": _measure}
    if sys.argv[1:]:
        steps[sys.argv[1]]()
    else:
        for row in rows():
            print(row)
