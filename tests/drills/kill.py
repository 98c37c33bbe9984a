"""Fifty kills at random moments of a storm: is anything that was answered lost, anything done twice, any clock wrong?

    make drill NAME=kill                                  50 kills on SQLite, then 50 on PostgreSQL
    make drill NAME=kill ARGS="--kills 10 --database sqlite --seed 7"

Web, live, worker and sweeper run as in operation. Three senders deliver alarms over HTTP, again until answered 2xx.
Promises are shortened to minutes, so that clocks run out and people are told while the house is being shot at.
"""

import argparse
import os
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.drills.house import House, fresh_home, make_database, on_each_database, run

SENDERS = 3
TARGETS = (
    "web",
    "web",
    "web worker",
    "worker",
    "worker",
    "worker",
    "caseworker",
    "caseworker",
    "sweeper",
    "sweeper",
    "live",
)


def main() -> int:
    """Drill on the databases wanted; return 0 when everything held on all of them."""
    parser = argparse.ArgumentParser(prog="make drill NAME=kill")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--port", type=int, default=8170)
    parser.add_argument("--harmless", action="store_true", help="the same storm without a kill, to compare with")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if not wanted.here:
        passed_on = [f"--{name}={getattr(wanted, name)}" for name in ("kills", "seed", "port")]
        passed_on += ["--harmless"] if wanted.harmless else []
        return on_each_database("tests.drills.kill", wanted.database, passed_on)
    with fresh_home() as home:
        found = drill(home, kills=wanted.kills, seed=wanted.seed, port=wanted.port, harmless=wanted.harmless)
        for line in found[:40]:
            print(f"✗ {line}")
        if found:
            sys.exit(f"✗ {len(found)} things are not as they must be")
    return 0


def drill(home: Path, *, kills: int, seed: int, port: int, harmless: bool = False) -> list[str]:
    """Storm, kill, let it settle; return everything that is wrong afterwards."""
    make_database()
    run("migrate")
    run("demo", "load", "--size", "small", "--days", "1", "--seed", str(seed))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()
    from mainstay.domain.actor import system
    from mainstay.faces.demo.terrain import read_terrain
    from tests.drills import proof
    from tests.drills.storm import Sender

    token, stop = prepare(), threading.Event()
    before = proof.newest_message()
    house = House(home, port, workers=2)
    terrain = read_terrain(system("drill"))
    senders = [Sender(n, house.address, token, terrain, seed, SENDERS, 0.15, stop) for n in range(SENDERS)]
    try:
        house.start()
        for sender in senders:
            sender.start()
        shots = _shoot(house, Random(seed), kills, harmless=harmless)
        stop.set()
        house.wait("the senders to be answered", lambda: not any(sender.is_alive() for sender in senders))
        house.wait("everything to be judged, fired and sealed", proof.settled)
        time.sleep(2)
        house.wait("everything to be judged, fired and sealed", proof.settled)
    finally:
        stop.set()
        house.end()
    print(f"   killed {kills} times: " + ", ".join(f"{name} {n}" for name, n in sorted(shots.items())))
    sent = [one for sender in senders for one in sender.sent]
    print(f"   {len(sent)} reports answered 2xx, {sum(s.retries for s in senders)} times sent again, "
          f"{sum(s.repeated for s in senders)} of these had been taken in before")  # fmt: skip
    print(f"   {proof.figures()}")
    refused = [f"refused: {why}" for sender in senders for why in sender.refused]
    return [*refused, *proof.wrongs(sent, before), *house.troubles()]


def prepare() -> str:
    """Shorten all promises to one to three minutes, and return a token of a program that delivers alarms."""
    from datetime import UTC, datetime

    from mainstay.accounts.catalog.models import PromiseTerm
    from mainstay.domain.actor import system
    from mainstay.platform.identity.actions import NewUser, create_users, issue_token

    for term in PromiseTerm.objects.filter(metric__in=("restoration", "response")):
        term.amount, term.unit = Decimal(1 + term.pk % 3), "natural_minutes"
        term.save(update_fields=["amount", "unit"])
    at, by = datetime.now(UTC), system("drill")
    (user,) = create_users([NewUser("nms", "网管", "", duties=(("system_client", ""),))], at=at, by=by)
    return issue_token(user, "drill", at=at, by=by)


def _shoot(house: House, dice: Random, kills: int, *, harmless: bool) -> dict[str, int]:
    """Kill at random moments; what died is started again a moment later. Return how often what was killed."""
    shots: dict[str, int] = {}
    while sum(shots.values()) < kills:
        time.sleep(dice.uniform(0.4, 4.0))
        target = dice.choice(TARGETS)
        program = house.programs[target.split()[0]]
        house.revive()
        if not program.alive:
            continue
        if harmless:
            target = "nothing"
        elif target == "web worker":
            children = program.children()
            if not children:
                continue
            program.kill(dice.choice(children))
        else:
            program.kill()
        shots[target] = shots.get(target, 0) + 1
        time.sleep(dice.uniform(0.0, 1.0))
        house.revive()
    return shots


if __name__ == "__main__":
    sys.exit(main())
