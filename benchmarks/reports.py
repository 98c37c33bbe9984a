"""How long do the monthly reports of 1,000 customers take, and how much of it is setting the pages?

1,000 customers with 12,000 circuits (one has 200), twelve closed months, 2,400 faults in the last one. A run is what a
schedule asks for: facts read in bulk, PDFs made by two processes, kept and audited in the database. Beside it the same
pages set by one process, without facts or keeping.

python -m benchmarks.reports
"""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.table import Row

CUSTOMERS, CIRCUITS, LARGEST, MONTHS, FAULTS = 1_000, 12_000, 200, 12, 2_400
MONTH = date(2026, 9, 1)
AT = datetime(2026, 10, 5, 1, tzinfo=UTC)
BAR_S = 120
CITIES = ("武汉", "黄石", "十堰", "宜昌", "襄阳", "鄂州", "荆门", "孝感", "荆州", "黄冈", "咸宁", "随州")
TRADES = ("银行股份有限公司", "物流集团有限公司", "人民医院", "大学", "电力设计院有限公司", "证券有限责任公司营业部")


def rows() -> list[Row]:
    """Measure on SQLite, in a process of its own."""
    with TemporaryDirectory(prefix="mainstay-bench-") as home:
        environment = {**os.environ, "MAINSTAY_HOME": home, "MAINSTAY_DATABASE_URL": "", "MAINSTAY_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "benchmarks.reports", "measure"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        told = json.loads(done.stdout)
    took, alone = told["took_s"], told["alone_s"]
    return [
        Row(
            f"reports: {CUSTOMERS:,} monthly PDFs made and kept, 2 processes", took, "s", f"≤ {BAR_S}", took <= BAR_S,
            (took,), theirs=alone, against="pages alone, 1 process", ratio=alone / took,
        )
    ]  # fmt: skip


def measure() -> None:
    """Lay the ground, run, tell the seconds as JSON."""
    _start()
    lay()
    took = _run()
    print(json.dumps({"took_s": took, "alone_s": _alone()}))


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _run() -> float:
    from mainstay.platform.documents import rendering
    from mainstay.platform.documents.models import Document
    from mainstay.platform.identity.queries import actor_named
    from mainstay.platform.jobs import running
    from mainstay.service.reports.actions import ask_run
    from mainstay.service.reports.making import Asked

    rendering.MOST_PROCESSES = 2
    by = actor_named("bench")
    assert by is not None
    began = perf_counter()
    asked = Asked(MONTH, ("service-report",), ("zh-hans",), ("pdf",))
    job = ask_run("reports.customers", None, asked, at=AT, by=by, language="zh-hans")
    while running.advance(job.pk, at=AT):
        job.refresh_from_db()
        print(f"   {job.done + job.failed} of {job.total}, {perf_counter() - began:.1f} s", file=sys.stderr)
    took = perf_counter() - began
    assert Document.objects.count() == CUSTOMERS, Document.objects.count()
    return took


def _alone(some: int = 100) -> float:
    """Return the seconds the pages alone would take one process, from some of them."""
    from django.utils.translation import override

    from mainstay.accounts.customers.models import Customer
    from mainstay.platform.documents.rendering import pdf
    from mainstay.service.reports import saying
    from mainstay.service.reports.gathering import facts_of_customers

    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:some])
    with override("zh-hans"):
        facts = facts_of_customers(ids, MONTH)
        told = [saying.said(f, "service-report", saying.Edition(), at=AT) for f in facts.values()]
    began = perf_counter()
    for each in told:
        pdf("service-report", each, language="zh-hans", at=AT)
    return (perf_counter() - began) / some * CUSTOMERS


def lay() -> None:
    """Fill an empty, migrated database."""
    from mainstay.accounts.catalog.actions import loading as catalog
    from mainstay.domain.actor import system
    from mainstay.platform.calendars import actions as calendars
    from mainstay.platform.identity.actions import NewUser, create_users
    from mainstay.platform.identity.choices import Duty
    from mainstay.platform.places.actions import NewRegion, add_regions

    by = system("bench")
    add_regions([NewRegion("42", "湖北省", "Hubei")] + [NewRegion(f"42{n:02d}", f"city {n}") for n in range(1, 18)])
    calendars.load_shipped(at=AT, by=by)
    catalog.load_shipped(at=AT, by=by)
    people = [NewUser("bench", "王敏", "a password of the bench", duties=((Duty.ADMINISTRATOR, ""),))]
    create_users(people, at=AT, by=by)
    dice = Random(7)
    customers = _customers()
    circuits = _circuits(customers, dice)
    _months(circuits, dice)
    _faults(circuits, dice)


def _customers() -> list[int]:
    from mainstay.accounts.customers.models import Contact, Customer
    from mainstay.platform.bulk.rows import insert_many, insert_returning
    from mainstay.platform.identity.models import User

    manager = User.objects.get(username="bench").pk
    rows = [
        (f"KA{n:04d}", f"{CITIES[n % 12]}{n % 97}号{TRADES[n % 6]}", "gold", f"42{n % 17 + 1:02d}", manager, AT, AT)
        for n in range(CUSTOMERS)
    ]
    columns = ("code", "name", "service_grade", "region_id", "account_manager_id", "created_at", "changed_at")
    keys = insert_returning(Customer, columns, rows)
    people = [(key, f"联系人{n}", "technical", f"1380000{n:04d}", True) for n, key in enumerate(keys)]
    insert_many(Contact, ("customer_id", "name", "role", "phone", "notify"), people)
    return keys


def _circuits(customers: list[int], dice: Random) -> list[tuple[int, int, str, str]]:
    """Return (id, customer, region, grade)."""
    from mainstay.accounts.catalog.models import Product
    from mainstay.network.inventory.models import Circuit
    from mainstay.platform.bulk.rows import insert_returning

    product = Product.objects.earliest("pk").pk
    owners = [customers[0]] * LARGEST + [customers[n % CUSTOMERS] for n in range(CIRCUITS - LARGEST)]
    rows = []
    for n, owner in enumerate(owners):
        a, z = dice.sample(CITIES, 2)
        grade = dice.choice(("AAA", "AA", "A", "I"))
        rows.append((
            f"WH-{n % 90:02d}-E1-{n:05d}", owner, product, f"{a}{n % 53}路营业部—{z}数据中心", grade, "sdh", "province",
            2048, f"42{n % 17 + 1:02d}",
        ))  # fmt: skip
    columns = ("number", "customer_id", "product_id", "name", "grade", "technology", "reach", "bandwidth_kbps",
               "region_code")  # fmt: skip
    keys = insert_returning(Circuit, columns, rows)
    return [(key, row[1], row[8], row[4]) for key, row in zip(keys, rows, strict=True)]


def _months(circuits: list[tuple[int, int, str, str]], dice: Random) -> None:
    from mainstay.platform.bulk.rows import insert_many
    from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth
    from mainstay.service.service_levels.months import bounds, length_s, previous

    columns = (
        "month_id", "circuit_id", "customer_id", "region_code", "grade", "to_s", "down_s", "unknown_s", "outages",
        "longest_s", "felt_down_s", "felt_outages", "felt_longest_s", "target_millionths", "stretches",
    )  # fmt: skip
    targets = {"AAA": 999_900, "AA": 999_500, "A": 999_000, "I": 995_000}
    month = MONTH
    for _ in range(MONTHS):
        end = bounds(month)[1]
        kept = LedgerMonth.objects.create(month=month, reckoned_to=end, version=1, closed_at=end, closed_by="bench")
        insert_many(CircuitMonth, columns, _rows(kept.pk, circuits, length_s(month), targets, dice))
        month = previous(month)


def _rows(month: int, circuits: Any, long: int, targets: dict[str, int], dice: Random) -> Any:
    for pk, customer, region, grade in circuits:
        times = range(dice.choice((0, 0, 0, 0, 1, 2)))
        outs = [(dice.randrange(long - 9_000), dice.randrange(200, 9_000)) for _ in times]
        unknown = 600 if dice.random() < 0.03 else 0
        stretches: list[dict[str, Any]] = [
            {"from": at, "to": at + lasted, "contract": "down", "felt": "down", "pieces": []}
            for at, lasted in sorted(outs)
        ]
        if unknown:
            stretches.append({"from": 0, "to": unknown, "contract": "unknown", "felt": "unknown", "pieces": []})
        down, longest = sum(lasted for _, lasted in outs), max((lasted for _, lasted in outs), default=0)
        yield (month, pk, customer, region, grade, long, down, unknown, len(outs), longest, down, len(outs), longest,
               targets[grade], stretches)  # fmt: skip


def _faults(circuits: list[tuple[int, int, str, str]], dice: Random) -> None:
    from mainstay.platform.bulk.rows import insert_many, insert_returning
    from mainstay.service.tickets.models import Clock, Ticket, TicketEvent

    begin = datetime(2026, 8, 31, 16, tzinfo=UTC)
    chosen = dice.sample(circuits, FAULTS)
    causes = ("cable_cut", "equipment", "power", "configuration", "customer_power", "other_operator")
    times = [(begin + timedelta(minutes=dice.randrange(42_000)), dice.randrange(10, 300)) for _ in chosen]
    tickets = insert_returning(
        Ticket,
        ("origin", "status", "customer_id", "region_code", "grade", "responsibility", "cause_code", "opened_at",
         "resolved_at"),
        [("impact", "closed", customer, region, grade, "operator", dice.choice(causes), at,
          at + timedelta(minutes=long))
         for (_pk, customer, region, grade), (at, long) in zip(chosen, times, strict=True)],
    )  # fmt: skip
    insert_many(
        TicketEvent, ("ticket_id", "kind", "at", "recorded_at", "by_name", "circuit_id"),
        [(ticket, "circuit_down", at, at, "x", circuit[0])
         for ticket, circuit, (at, _) in zip(tickets, chosen, times, strict=True)],
    )  # fmt: skip
    insert_many(
        Clock,
        ("ticket_id", "kind", "circuit_id", "promise", "policy", "state", "started_at", "stopped_at", "breached_at",
         "used_s", "total_s"),
        [(ticket, "restoration", circuit[0], {}, {}, "breached" if long > 60 else "met", at,
          at + timedelta(minutes=long), at + timedelta(minutes=60) if long > 60 else None, long * 60, 3_600)
         for ticket, circuit, (at, long) in zip(tickets, chosen, times, strict=True)],
    )  # fmt: skip


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else print(rows())
