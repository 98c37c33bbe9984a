"""Lays the ground intake is measured on: a province's network and key accounts, in the database of the settings.

1,500 sites in 17 cities hold 15,000 devices, these 150,000 ports. 100,000 circuits of 2,000 customers run over three
ports each, seven in ten over three others as protection: 3.4 paths a port. Most alarms of a network say nothing about
service: of the types sent, LOS takes a port down, DEG degrades it, the others have no effect.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

SITES, DEVICES, PORTS, CITIES = 1_500, 15_000, 150_000, 17
CIRCUITS, CUSTOMERS, HOPS = 100_000, 2_000, 3
GRADES = ("AAA", "AA", "A", "I", "II", "III")
SOURCE, USER = "bench", "bench"


def port_code(number: int) -> str:
    """Return what alarms call a port."""
    return f"P{number:06d}"


def region_of(site: int) -> str:
    """Return the city a site stands in."""
    return f"42{site % CITIES + 1:02d}"


def lay() -> str:
    """Fill an empty, migrated database; return the token programs send alarms with."""
    from django.utils import timezone

    from mainstay.accounts.catalog.actions import loading as catalog
    from mainstay.domain.actor import system
    from mainstay.network.alarms.actions.sources import Rule, SourceSettings, replace_rules, save_source
    from mainstay.network.alarms.choices import Effect
    from mainstay.platform.calendars import actions as calendars
    from mainstay.platform.identity.actions import NewUser, create_users, issue_token
    from mainstay.platform.identity.choices import Duty
    from mainstay.platform.identity.models import User
    from mainstay.platform.places.actions import NewRegion, add_regions

    at, by = timezone.now(), system("bench")
    add_regions([NewRegion("42", "湖北省", "Hubei")] + [NewRegion(f"42{n:02d}", f"city {n}") for n in range(1, 18)])
    calendars.load_shipped(at=at, by=by)
    catalog.load_shipped(at=at, by=by)
    _lay_customers(at)
    _lay_network()
    _lay_circuits()
    source = save_source(SOURCE, SOURCE, SourceSettings(skew_tolerance_s=86_400), at=at, by=by)
    replace_rules(source, [Rule(Effect.DOWN, alarm_type="LOS"), Rule(Effect.DEGRADED, alarm_type="DEG")], at=at, by=by)
    create_users([NewUser(USER, USER, "a password of the bench", duties=((Duty.SYSTEM_CLIENT, ""),))], at=at, by=by)
    return issue_token(User.objects.get(username=USER), "bench", at=at, by=by)


def _lay_customers(at: datetime) -> None:
    from mainstay.accounts.customers.models import Contact, Customer
    from mainstay.platform.bulk.rows import insert_many, insert_returning

    rows = [(f"K{n}", f"customer {n}", f"k{n}", f"42{n % CITIES + 1:02d}", at, at) for n in range(CUSTOMERS)]
    keys = insert_returning(Customer, ("code", "name", "short_name", "region_id", "created_at", "changed_at"), rows)
    contacts = [(key, "contact", "technical", "02700000000", True) for key in keys]
    insert_many(Contact, ("customer_id", "name", "role", "phone", "notify"), contacts)


def _lay_network() -> None:
    from mainstay.network.inventory.models import Resource
    from mainstay.platform.bulk.rows import insert_many

    columns = ("id", "code", "kind", "name", "parent_id", "region_code")
    insert_many(Resource, columns, ((n + 1, f"S{n}", "site", f"site {n}", None, region_of(n)) for n in range(SITES)))
    insert_many(
        Resource, columns,
        (
            (SITES + n + 1, f"D{n}", "device", f"device {n}", n % SITES + 1, region_of(n % SITES))
            for n in range(DEVICES)
        ),
    )  # fmt: skip
    first = SITES + DEVICES + 1
    insert_many(
        Resource, columns,
        (
            (first + n, port_code(n), "port", port_code(n), SITES + n % DEVICES + 1, region_of(n % DEVICES % SITES))
            for n in range(PORTS)
        ),
    )  # fmt: skip


def _lay_circuits() -> None:
    """Lay circuits within their cities."""
    from mainstay.accounts.catalog.models import Product
    from mainstay.network.inventory.models import Circuit, Hop, Path, TopologyRevision
    from mainstay.platform.bulk.rows import insert_many

    product = Product.objects.order_by("pk").first()
    assert product is not None
    dice = np.random.default_rng(5)
    insert_many(
        Circuit,
        ("id", "number", "customer_id", "product_id", "grade", "technology", "reach", "bandwidth_kbps", "region_code"),
        (
            (n + 1, f"C{n:06d}", n % CUSTOMERS + 1, product.pk, GRADES[n % 6], "mstp", "local", 2048, region_of(n))
            for n in range(CIRCUITS)
        ),
    )
    protected = np.flatnonzero(dice.random(CIRCUITS) < 0.7)
    owners = np.concatenate([np.arange(CIRCUITS), protected])
    roles = ["working"] * CIRCUITS + ["protection"] * len(protected)
    _copy(Path, ("id", "circuit_id", "role"), zip(range(1, len(owners) + 1), (owners + 1).tolist(), roles, strict=True))
    # Sites of one city are CITIES apart, and ports follow their sites: SITES is no multiple of CITIES, so by table.
    ports = np.arange(PORTS)
    city = ports % DEVICES % SITES % CITIES
    by_city = [ports[city == n] for n in range(CITIES)]
    drawn = np.empty((len(owners), HOPS), np.int64)
    for n, mine in enumerate(by_city):
        here = owners % CITIES == n
        drawn[here] = mine[dice.integers(0, len(mine), (int(here.sum()), HOPS))]
    hops = SITES + DEVICES + 1 + drawn
    _copy(
        Hop, ("path_id", "position", "resource_id"),
        ((path, place, hop) for path, row in enumerate(hops.tolist(), 1) for place, hop in enumerate(row)),
    )  # fmt: skip
    TopologyRevision.objects.update_or_create(pk=1, defaults={"number": 1})


def _copy(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many rows by PostgreSQL's COPY."""
    from django.db import connection

    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        with cursor.cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def main() -> None:
    """Migrate, lay, and print the token."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    token = lay()
    with connection.cursor() as cursor:
        for statement in _SEQUENCES:
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    print(token)


_SEQUENCES = tuple(
    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
    for table in ("inventory_resource", "inventory_circuit", "inventory_path")
)


if __name__ == "__main__":
    main()
