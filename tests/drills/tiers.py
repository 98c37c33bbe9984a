"""How long does a trial of a tier table over everybody take? `python -m tests.drills.tiers [--customers N]`.

Lays N customers with figures, contracts and grades held into an empty database (MAINSTAY_DATABASE_URL or a fresh
SQLite file), moves a bound of the postal table, tries it over all of them as the job does, and prints times, the most
memory of the process and what was found; the counts are checked against the figures laid down. At full size:

    python -m tools.with_postgresql python -m tests.drills.tiers --customers 3000000
"""

import argparse
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

AT = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
TODAY = date(2026, 9, 10)
REGIONS = ("4201", "4202", "4203", "4301", "4401", "440103")
BOUNDS = ((500_000_000, 0), (200_000_000, 1), (20_000_000, 2), (1_000_000, 3))
MOVED = 30_000_000
"""Gold from 300,000 yuan instead of 200,000."""


def year_of(pk: int) -> int:
    """Return what a customer is billed in a year, in fen: most a little, few a lot, many close to the bounds."""
    spread = (pk * 2_654_435_761) % 1_000_003
    return spread * 40 if pk % 10 else spread * (1_000 if pk % 100 == 0 else 60)


def held_by(year: int, signed: bool, gold: int = 20_000_000) -> int | None:
    """Return the place of the grade these figures give."""
    if not signed:
        return None
    return next(
        (place for bound, place in ((gold if b == 20_000_000 else b, p) for b, p in BOUNDS) if year >= bound), None
    )


def customers(count: int) -> Iterator[tuple[Any, ...]]:
    """Give the rows of customers: some in groups, most signed."""
    stamp = "2026-01-01 00:00:00"
    for pk in range(1, count + 1):
        kind = ("organisation", "individual", "group")[pk % 3]
        region = REGIONS[pk % len(REGIONS)]
        yield (pk, f"C{pk:07}", f"客户{pk}", "", kind, None, region, None, "private", "standard", "", False, None, None,
               "", "", "2020-05-01", stamp, "", stamp)  # fmt: skip


def is_signed(pk: int) -> bool:
    """Say whether a customer has an agreement."""
    return pk % 5 != 0


def standings(count: int) -> Iterator[tuple[Any, ...]]:
    """Give the roll-ups of billing."""
    for pk in range(1, count + 1):
        year = year_of(pk)
        yield (pk, "2026-09-05", "2026-10-05", year // 12, year // 4, year, year, 0, None, 0, 2, "2026-08-01", 24, 0, 0,
               0, 0, 0)  # fmt: skip


def lay_all(count: int) -> None:
    """Lay everything down."""
    from mainstay.accounts.contracts.models import Contract
    from mainstay.accounts.customers.laying import CUSTOMER
    from mainstay.accounts.customers.models import Customer
    from mainstay.accounts.revenue.models import FIGURES, Standing
    from mainstay.accounts.tiers.models import HeldGrade, RuleSet, RuleVersion
    from mainstay.platform.bulk.laying import bare_ground, lay
    from mainstay.platform.places.models import Region

    Region.objects.bulk_create(Region(code=code, name=code) for code in REGIONS)
    owner = RuleSet.objects.get(code="postal-mail")
    version = RuleVersion.objects.get(rule_set=owner)
    grades = [said["code"] for said in owner.grades]
    signed = ((pk, f"K{pk}", pk, "协议", "2026-01-01", "2026-01-01") for pk in range(1, count + 1) if is_signed(pk))
    holds = ((pk, held_by(year_of(pk), is_signed(pk))) for pk in range(1, count + 1))
    held = ((pk, owner.pk, grades[place], "2026-01-01", version.pk, "2026-01-01 00:00:00") for pk, place in holds
            if place is not None)  # fmt: skip
    with bare_ground((Customer, Contract, Standing, HeldGrade)):
        lay(Customer, CUSTOMER, customers(count))
        lay(Contract, ("id", "number", "customer_id", "name", "signed_on", "starts_on"), signed)
        lay(Standing, ("customer_id", "on", "until_on", *FIGURES), standings(count))
        lay(HeldGrade, ("customer_id", "rule_set_id", "grade", "since_on", "version_id", "at"), held)


def expected(count: int) -> Counter[str]:
    """Return who must rise, fall, come and lapse, reckoned one by one."""
    found: Counter[str] = Counter()
    for pk in range(1, count + 1):
        was, now = (held_by(year_of(pk), is_signed(pk), gold) for gold in (20_000_000, MOVED))
        if was != now:
            found["new" if was is None else "lapse" if now is None else "rise" if now < was else "fall"] += 1
    return found


def make_database() -> None:
    """Make the database that the address names, where the server is fresh."""
    from urllib.parse import urlsplit

    import psycopg
    from psycopg import sql

    url = os.environ.get("MAINSTAY_DATABASE_URL", "")
    if not url.startswith("postgres"):
        return
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drill(count: int) -> None:
    """Lay down, try, compare."""
    from django.core.management import call_command

    from mainstay.accounts.tiers.actions import assessing, drafting, loading
    from mainstay.accounts.tiers.models import RunChange
    from mainstay.domain.actor import system

    by = system("drill")
    call_command("migrate", verbosity=0)
    loading.load_shipped(at=AT, by=by)
    began = time.monotonic()
    lay_all(count)
    print(f"{count:,} customers laid in {time.monotonic() - began:.1f} s", flush=True)
    draft = drafting.begin_draft("postal-mail", at=AT, by=by)
    table = {**draft.table, "rows": [dict(row) for row in draft.table["rows"]]}
    asked = table["rows"][3]["when"]
    table["rows"][3]["when"] = {**asked, "billed_year_fen": {"low": MOVED, "low_in": True}}
    draft = drafting.save_draft(draft.pk, table, revision=draft.revision, at=AT, by=by)
    memory = rss_mb()
    began, told = time.monotonic(), time.monotonic()
    run = assessing.begin(draft, trial=True, at=AT, by=by)
    while assessing.advance(run.pk, at=AT, by=by):
        if time.monotonic() - told > 10:
            run.refresh_from_db()
            told = time.monotonic()
            print(f"  {100 * run.done // run.chunks} %, {run.customers:,} customers, {told - began:.0f} s", flush=True)
    took = time.monotonic() - began
    run.refresh_from_db()
    counts = {name: n for name, n in run.counts.items() if name != "first"}
    assert run.state == "done", run.problem
    assert run.customers == count
    assert counts == dict(expected(count)), (counts, expected(count))
    assert RunChange.objects.filter(run=run).count() == sum(counts.values())
    print(
        f"trial over {count:,}: {took:.1f} s, {count / took:,.0f} customers/s, {counts}, zen checked {run.checked} more"
    )
    print(f"memory {memory:.0f} MB before, at most {rss_mb():.0f} MB; 3,000,000 would take {took * 3e6 / count:.0f} s")


def rss_mb() -> float:
    """Return the highest memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Read the size and go."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--customers", type=int, default=20_000)
    count = words.parse_args().customers
    os.environ["DJANGO_SETTINGS_MODULE"] = "mainstay.config.settings"
    with tempfile.TemporaryDirectory(prefix="mainstay-drill-") as home:
        os.environ["MAINSTAY_HOME"] = home
        import django

        make_database()
        django.setup()
        drill(count)


if __name__ == "__main__":
    main()
