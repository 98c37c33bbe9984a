"""A million random operations on points by eight writers at once, some killed: is anything lost, doubled or below zero?

    make drill NAME=points                                    on SQLite, then on PostgreSQL
    make drill NAME=points ARGS="--operations 20000 --writers 4 --database sqlite --seed 7"

Writers are processes of their own. Most operations come in batches of some neighbouring customers, as payments do; some
alone, some on a few customers everybody writes to, some with a key that all writers use. Parts are posted again with
the same keys. Each writer notes what it was answered; killed ones begin again after their last note.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.drills.house import ROOT, fresh_home, make_database, on_each_database, run

CUSTOMERS, WINDOW, HOT, BATCH = 5_000, 40, 15, 200
FIRST = date(2024, 1, 1)
KINDS = {"earn": 34, "freeze": 16, "release": 6, "redeem": 20, "frozen": 9, "expire": 4, "correct": 5, "reverse": 6}
OPTIONS = ("operations", "writers", "seed", "kills")


def main() -> int:
    """Drill on the databases wanted; return 0 when everything held on all of them."""
    parser = argparse.ArgumentParser(prog="make drill NAME=points")
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--kills", type=int, default=24, help="how many times a writer is killed in the middle")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--writer", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.writer is not None:
        write(wanted.writer, wanted.operations // wanted.writers, wanted.seed)
        return 0
    passed_on = [f"--{name}={getattr(wanted, name)}" for name in OPTIONS]
    if not wanted.here:
        return on_each_database("tests.drills.points", wanted.database, passed_on)
    with fresh_home() as home:
        found = drill(home, wanted, passed_on)
        for line in found[:40]:
            print(f"✗ {line}")
        if found:
            sys.exit(f"✗ {len(found)} things are not as they must be")
    print("✓ the ledger balances; nothing is lost, doubled or below zero")
    return 0


def drill(home: Path, wanted: argparse.Namespace, passed_on: list[str]) -> list[str]:
    """Write, kill, wait; return everything that is wrong afterwards."""
    make_database()
    run("migrate")
    begin()
    lay_customers()
    began = time.monotonic()
    kills = _write_all(wanted, passed_on)
    took = time.monotonic() - began
    logs = [list(read_log(home / f"writer-{n}.log")) for n in range(wanted.writers)]
    asked = sum(len(answers) for log in logs for answers in log)
    print(f"   {asked} operations asked for by {wanted.writers} writers in {took:.0f} s: {asked / took:.0f} a second; "
          f"{kills} writers killed", flush=True)  # fmt: skip
    return [*compare(logs), *attack()]


def begin() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()


def lay_customers() -> None:
    """Put customers into the empty database."""
    from mainstay.accounts.customers.models import Customer
    from mainstay.platform.places.models import Region

    at = datetime.now(UTC)
    region = Region.objects.create(code="42", name="湖北省", latitude=30.5, longitude=114.3)
    Customer.objects.bulk_create(
        (Customer(pk=n, code=f"D{n:05d}", name=f"客户 {n}", region=region, created_at=at, changed_at=at)
         for n in range(1, CUSTOMERS + 1)), batch_size=1000,
    )  # fmt: skip


def _write_all(wanted: argparse.Namespace, passed_on: list[str]) -> int:
    """Run the writers to their end, killing some of them at random moments; return how many were killed."""

    def start(number: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.drills.points", f"--writer={number}", *passed_on]
        return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))

    writers = {number: start(number) for number in range(wanted.writers)}
    dice, kills, pause = Random(wanted.seed), 0, min(6.0, wanted.operations / 40_000)
    while writers:
        time.sleep(dice.uniform(0.3, 1.0) * pause)
        for number, process in list(writers.items()):
            if process.poll() is not None:
                if process.returncode:
                    sys.exit(f"✗ writer {number} ended with {process.returncode}")
                del writers[number]
        if writers and kills < wanted.kills:
            number = dice.choice(sorted(writers))
            if writers[number].poll() is None:
                writers[number].send_signal(signal.SIGKILL)
                writers[number].wait()
                kills += 1
                writers[number] = start(number)
    return kills


def read_log(path: Path) -> Iterator[list[Any]]:
    """Return the answers to each part, as the writer noted them; half a line at the end was being noted when killed."""
    with path.open() as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def write(number: int, operations: int, seed: int) -> None:
    """Post this writer's operations part by part; noted parts are done, the one after them may be, too."""
    begin()
    from mainstay.accounts.points.actions.posting import post_many
    from mainstay.domain.actor import system

    path, by = Path(os.environ["MAINSTAY_HOME"]) / f"writer-{number}.log", system(f"writer {number}")
    path.touch()
    noted = list(read_log(path))
    path.write_text("".join(json.dumps(part) + "\n" for part in noted))
    done, parts = sum(len(part) for part in noted), len(noted)
    own = deque((row for part in noted for row in part if row[4]), maxlen=400)
    with path.open("a") as log:
        while done < operations:
            dice = Random(f"{seed} {number} {parts}")
            wanted = draw(dice, f"{number}-{parts}", list(own), operations - done)
            outcomes = post_many(wanted, at=datetime.now(UTC), by=by)
            if dice.random() < 0.03:
                again = post_many(wanted, at=datetime.now(UTC), by=by)
                outcomes = [_same(first, second) for first, second in zip(outcomes, again, strict=True)]
            rows = [
                [o.key, w.operation, w.customer_id, o.amount, o.transfer_id]
                for w, o in zip(wanted, outcomes, strict=True)
            ]
            log.write(json.dumps(rows) + "\n")
            log.flush()
            own += [row for row in rows if row[4]]
            done, parts = done + len(rows), parts + 1


def _same(first: Any, second: Any) -> Any:
    """Return the later answer; a transfer told the first time must be told again."""
    if first.transfer_id is not None and (not second.repeated or first.transfer_id != second.transfer_id):
        sys.exit(f"✗ {first.key} was {first.transfer_id}, then {second.transfer_id}")
    return second


def draw(dice: Random, name: str, own: list[list[Any]], most: int) -> list[Any]:
    """Draw the operations of one part: a batch among neighbours, on the busiest customers, or a single one."""
    size = 1 if dice.random() < 0.5 else dice.randint(BATCH // 2, BATCH * 2)
    if size == 1 or dice.random() < 0.1:
        start, width = (1, HOT) if dice.random() < 0.3 else (dice.randint(1, CUSTOMERS - 1), 1)
    else:
        start, width = dice.randint(1, CUSTOMERS - WINDOW), WINDOW
    return [_one(dice, f"{name}-{n}", dice.randint(start, start + width - 1), own) for n in range(min(size, most))]


def _one(dice: Random, key: str, customer: int, own: list[list[Any]]) -> Any:
    from mainstay.accounts.points.actions.posting import Wanted

    if dice.random() < 0.005:
        shared = dice.randint(1, 3000)
        return Wanted(f"shared-{shared}", shared, "earn", shared % 90 + 1, source="drill")
    kind = dice.choices(list(KINDS), list(KINDS.values()))[0]
    if kind == "earn":
        on = FIRST + timedelta(dice.randint(0, 700))
        until = None if dice.random() < 0.2 else on + timedelta(dice.randint(1, 700))
        return Wanted(key, customer, "earn", dice.randint(1, 500), source="drill", on=on, expires_on=until)
    if kind == "reverse" and own:
        target = dice.choice(own)
        return Wanted(key, target[2], "reverse", source="drill", reverses=target[4])
    if kind == "expire":
        return Wanted(key, customer, "expire", source="drill", on=FIRST + timedelta(dice.randint(0, 900)))
    if kind == "correct":
        return Wanted(key, customer, "correct", dice.choice((-20, -5, 5, 20)), source="drill", on=FIRST)
    frozen, operation = kind == "frozen", "redeem" if kind in ("frozen", "reverse") else kind
    return Wanted(key, customer, operation, dice.randint(1, 120), source="drill", frozen=frozen)


def compare(logs: list[list[Any]]) -> list[str]:
    """Compare what the writers were answered with what the ledger says, and the ledger with itself."""
    from mainstay.accounts.points.models import Transfer
    from mainstay.accounts.points.queries.verifying import totals, verify

    began = time.monotonic()
    told = {row[0]: tuple(row) for log in logs for part in log for row in part if row[4]}
    columns = ("key", "operation", "customer_id", "amount", "pk")
    kept, kinds = 0, Counter[str]()
    wrong = []
    for row in Transfer.objects.order_by("pk").values_list(*columns).iterator(20_000):
        kept, expected = kept + 1, told.pop(row[0], None)
        kinds[row[1]] += 1
        if expected != row:
            wrong.append(f"the ledger says {row}, the writer {expected}")
    wrong += [f"lost: {row}" for row in told.values()]
    wrong += [f"{finding.check}: {finding.row}" for finding in verify()]
    sums = totals()
    print(f"   {kept} transfers: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    print(f"   accounts: {', '.join(f'{kind} {n}' for kind, n in sorted(sums.items()))}; all {sum(sums.values())}; "
          f"compared and replayed in {time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
    return wrong


def attack() -> list[str]:
    """Try behind the ledger's back what must not be possible; return what was."""
    from django.db import DatabaseError, transaction
    from django.db.models import F

    from mainstay.accounts.points.models import Lot, Purse, Transfer

    tries: dict[str, Callable[[], int]] = {
        "a balance was put below zero": lambda: Purse.objects.filter(count__gt=0).update(
            available=F("available") - 10**12
        ),
        "a lot was overdrawn": lambda: Lot.objects.update(used=F("amount") + 1),
        "a transfer was changed": lambda: Transfer.objects.update(amount=1),
    }
    wrong = []
    for what, act in tries.items():
        try:
            with transaction.atomic():
                act()
            wrong.append(what)
        except DatabaseError:
            continue
    return wrong


if __name__ == "__main__":
    sys.exit(main())
