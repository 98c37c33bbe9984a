"""How long does the wall take in a storm: 10,000 causes, 100,000 standing alarms? Prints milliseconds; fresh database.

make bench NAME=storm ARGS="10000 100000"
.venv/bin/python -m tools.with_postgresql .venv/bin/python -m benchmarks.storm 10000 100000
"""

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

PARTS = ("bar", "numbers", "storm", "causes", "causes&by=kind", "causes&by=source", "causes&by=origin", "customers")
TIMES = 7


def main(incidents: int, alarms: int) -> None:
    """Lay the storm down, ask for each part of the wall, print the best, the median and the worst time."""
    import os

    if not os.environ.get("MAINSTAY_HOME"):
        os.environ["MAINSTAY_HOME"] = tempfile.mkdtemp(prefix="mainstay-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    Path(os.environ["MAINSTAY_HOME"]).mkdir(parents=True, exist_ok=True)
    make_database()
    call_command("migrate", verbosity=0)
    lay_down(incidents, alarms)
    ask()


def make_database() -> None:
    """Make the database that the address names, where PostgreSQL has none of that name."""
    from urllib.parse import urlsplit

    import psycopg
    import psycopg.sql
    from django.conf import settings

    if not settings.DATABASE_URL:
        return
    url = urlsplit(settings.DATABASE_URL)
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as connection:
        name = psycopg.sql.Identifier(url.path.lstrip("/"))
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(name))


def lay_down(incidents: int, alarms: int) -> None:
    """Make causes in 17 cities: one in five hits customers with five circuits each; ten alarms hang on each."""
    from django.db import connection
    from django.utils import timezone

    from mainstay.accounts.customers.models import Customer
    from mainstay.network.alarms.models import Alarm, Impact, Incident, Storm
    from mainstay.network.inventory.models import Circuit, LiveCircuit, Resource
    from mainstay.platform.places.models import Region
    from mainstay.service.tickets.models import Ticket
    from tests.cast import build_world

    world, at = build_world(), timezone.now()
    Region.objects.bulk_create(
        [Region(code=f"42{n:02}", name=f"city {n}") for n in range(3, 18)], ignore_conflicts=True
    )
    sites = Resource.objects.bulk_create(
        Resource(code=f"s{n}", kind="site", name=f"site {n}", region_code=f"42{n % 17 + 1:02}") for n in range(500)
    )
    devices = Resource.objects.bulk_create(
        Resource(
            code=f"d{n}", kind="device", name=f"device {n}", parent=sites[n % 500], region_code=f"42{n % 17 + 1:02}"
        )
        for n in range(incidents)
    )
    causes = Incident.objects.bulk_create(
        Incident(
            cause=device, cause_label=device.name, region_code=device.region_code, worst_state=3 if n % 5 == 0 else 0,
            opened_at=at - timedelta(seconds=n % 3600), detected_at=at - timedelta(seconds=n % 3600),
        )
        for n, device in enumerate(devices)
    )  # fmt: skip
    Alarm.objects.bulk_create(
        (
            Alarm(
                source=world.source, resource=devices[n % incidents], alarm_type=f"T{n // incidents}", severity="major",
                effect=0, raised_at=at, began_at=at, last_at=at, incident=causes[n % incidents],
            )
            for n in range(alarms)
        ),
        batch_size=5000,
    )  # fmt: skip
    customers = Customer.objects.bulk_create(
        Customer(code=f"K{n}", name=f"customer {n}", short_name=f"k{n}", region_id="4201", created_at=at, changed_at=at)
        for n in range(2000)
    )
    grades = ("AAA", "AA", "A", "I", "II", "III")
    circuits = Circuit.objects.bulk_create(
        (
            Circuit(
                number=f"X{n}", customer=customers[n % 2000], product=world.product, grade=grades[n % 6],
                technology="mstp", reach="province", bandwidth_kbps=2048, region_code="4201",
            )
            for n in range(incidents)
        ),
        batch_size=5000,
    )  # fmt: skip
    LiveCircuit.objects.bulk_create(
        (LiveCircuit(circuit=circuit, state=3, since=at) for circuit in circuits), batch_size=5000
    )
    Impact.objects.bulk_create(
        (
            Impact(
                incident=causes[n - n % 5], circuit=circuit, customer_id=circuit.customer_id, region_code="4201",
                state=3, from_at=at, detected_at=at,
            )
            for n, circuit in enumerate(circuits)
        ),
        batch_size=5000,
    )  # fmt: skip
    Ticket.objects.bulk_create(
        Ticket(
            origin="impact", status="open", customer=customers[n % 2000], incident=causes[n * 5], region_code="4201",
            grade="A", grade_rank=2, opened_at=at, deadline_at=at + timedelta(minutes=n % 240),
        )
        for n in range(incidents // 5)
    )  # fmt: skip
    Storm.objects.create(began_at=at, signals="rate", reports=alarms, peak_per_second=1900, peak_at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ask() -> None:
    """Ask for each part as the duty officer and as one who sees all, over and over."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    for username in ("admin", "li.qiang"):
        client = Client()
        user = get_user_model().objects.get(username=username)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for part in PARTS:
            took = []
            for _time in range(TIMES):
                began = time.perf_counter()
                answer = client.get(f"/wall?part={part}", headers={"HX-Request": "true"})
                took.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200
            figures = f"best {min(took):4.0f} ms, median {statistics.median(took):4.0f}, worst {max(took):4.0f}"
            print(f"{connection.vendor:10} {username:9} {part:18} {figures}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] or ("10000", "100000")))
