"""Is anything found at once among millions of customers? Lays them, then asks thousands of questions as four people.

    make drill NAME=find                                            300,000 customers on PostgreSQL
    make drill NAME=find ARGS="--customers 3000000"                 the full size (laid in half an hour or less)
    make drill NAME=find ARGS="--customers 1000000 --database sqlite"

Every question is asked through the room's query and over HTTP of a web process; prints p50, p95 and the longest in
milliseconds by kind and asker, how many found whom they were after, and the memory of the web process.
"""

import argparse
import json
import os
import pickle
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.drills.house import ROOT, fresh_home, mainstay, make_database, run

ASKERS = ("drill.province", "drill.wuhan", "drill.city", "drill.manager")


def main() -> int:
    """Read the arguments; lay and ask on the database wanted."""
    parser = argparse.ArgumentParser(prog="make drill NAME=find")
    parser.add_argument("--customers", type=int, default=300_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--each", type=int, default=40, help="questions of a kind and asker")
    parser.add_argument("--port", type=int, default=8180)
    parser.add_argument("--keep", type=Path, help="a folder to lay in and to ask again in later")
    wanted = parser.parse_args()
    with served(wanted.database), kept(wanted.keep) as home:
        figures = drill(home, wanted)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


@contextmanager
def served(database: str) -> Iterator[None]:
    """Let MAINSTAY_DATABASE_URL name a fresh server that waits for the disk, where PostgreSQL is wanted."""
    if database == "sqlite" or os.environ.get("MAINSTAY_DATABASE_URL"):
        yield
        return
    from urllib.parse import urlsplit

    from benchmarks.servers import postgresql

    with postgresql() as address:
        os.environ["MAINSTAY_DATABASE_URL"] = urlsplit(address)._replace(path="/mainstay").geturl()
        make_database()
        yield


@contextmanager
def kept(folder: Path | None) -> Iterator[Path]:
    """Give a folder of its own to the drill, or the one that is to be kept."""
    with fresh_home() if folder is None else nullcontext(folder) as home:
        home.mkdir(parents=True, exist_ok=True)
        os.environ.update(MAINSTAY_HOME=str(home), MAINSTAY_LOG_LEVEL="WARNING")
        yield home


def drill(home: Path, wanted: Any) -> dict[str, Any]:
    """Lay unless it lies there already, ask, and return the figures."""
    known_file = home / "known.pickle"
    figures: dict[str, Any] = {"customers": wanted.customers, "database": wanted.database}
    if not known_file.exists():
        run("migrate")
    _start_django()
    if not known_file.exists():
        figures |= _lay(wanted.customers, known_file)
    known = pickle.loads(known_file.read_bytes())
    figures |= sizes()
    figures["query"] = ask_all(known, wanted.each, asker_of_query)
    with web(home, wanted.port) as (address, pid):
        figures["http"] = ask_all(known, max(5, wanted.each // 4), lambda name: asker_of_http(address, name))
        figures["web process MB"] = memory_mb(pid)
    return figures


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    import django

    django.setup()


def _lay(count: int, known_file: Path) -> dict[str, Any]:
    from mainstay.domain.actor import system
    from mainstay.faces.demo.loading import SIZES, Loader
    from tests.drills.find_world import Crowd, hire, lay

    at, by = datetime(2026, 9, 1, tzinfo=UTC), system("drill")
    Loader(SIZES["small"], 1, at, 1, lambda *_: None).load_standards()
    crowd, began = Crowd(count, hire(at, by)), time.perf_counter()
    lay(crowd, _start_django)
    known_file.write_bytes(pickle.dumps(crowd.known))
    return {"laid in s": round(time.perf_counter() - began, 1)}


def sizes() -> dict[str, Any]:
    """Return the size of the table of entries and of its indexes, in MB."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sum(pgsize) / 1000000 FROM dbstat WHERE name LIKE '%%search%%' GROUP BY name")
        else:
            cursor.execute(
                "SELECT relname, pg_relation_size(oid) / 1000000 FROM pg_class WHERE relname LIKE '%%search%%'"
                " AND relkind IN ('r', 'i') OR relname LIKE 'entry_by%%' OR relname LIKE 'one_entry%%'"
            )
        return {"MB": {name: int(size) for name, size in cursor.fetchall() if size}}


def asker_of_query(name: str) -> Any:
    """Return how somebody asks through the room's query."""
    from mainstay.platform.identity.queries import actor_named
    from mainstay.platform.search import queries

    actor = actor_named(name)
    assert actor is not None, name
    ask = getattr(queries, "answer", None)
    if ask is None:
        return lambda text: [int(found.id) for found in queries.find(text, actor) if found.kind == "customer"]

    def both(text: str) -> list[int]:
        answer = ask(text, actor)
        return [int(found.id) for found in (*answer.found, *answer.like) if found.kind == "customer"]

    return both


def asker_of_http(address: str, name: str) -> Any:
    """Return how somebody asks over HTTP, signed in."""
    from tests.drills.find_world import PASSWORD

    client = httpx.Client(base_url=address, trust_env=False, timeout=30, follow_redirects=True)
    client.get("/sign-in")
    form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    assert "/sign-in" not in str(client.post("/sign-in", data=form, headers={"Referer": address}).url), name

    def ask(text: str) -> list[int]:
        answer = client.get("/find", params={"q": text}, headers={"X-Palette": "1", "HX-Request": "true"})
        answer.raise_for_status()
        return [int(pk) for pk in re.findall(r"/customers/(\d+)", answer.text)]

    return ask


def ask_all(known: list[Any], each: int, asker: Any) -> dict[str, Any]:
    """Ask everything as everybody; return figures by asker and kind."""
    from tests.drills.find_questions import questions

    figures: dict[str, Any] = {}
    for name in ASKERS:
        ask, dice = asker(name), Random(11)
        theirs = {
            "drill.wuhan": [one for one in known if one.region == "4201"],
            "drill.city": [one for one in known if one.region == "4209"],
            "drill.manager": known[:80],
        }.get(name, known)
        ask("武汉")
        taken: dict[str, list[float]] = {}
        found: dict[str, list[bool]] = {}
        slowest = (0.0, "")
        for kind, text, wanted in questions(theirs, each, dice):
            began = time.perf_counter()
            ids = ask(text)
            ms = (time.perf_counter() - began) * 1000
            slowest = max(slowest, (ms, f"{kind}: {text}"))
            taken.setdefault(kind, []).append(ms)
            if wanted is not None:
                found.setdefault(kind, []).append(wanted in ids)
        figures[name] = {kind: _spread(times, found.get(kind)) for kind, times in taken.items()}
        figures[name]["ALL"] = _spread([ms for times in taken.values() for ms in times], None)
        figures[name]["slowest"] = f"{slowest[0]:.0f} ms, {slowest[1]}"
    return figures


def _spread(times: list[float], found: list[bool] | None) -> str:
    times = sorted(times)
    line = f"p50 {times[len(times) // 2]:.1f} p95 {times[int(len(times) * 0.95)]:.1f} max {times[-1]:.1f}"
    return f"{line} found {sum(found)}/{len(found)}" if found else line


@contextmanager
def web(home: Path, port: int) -> Iterator[tuple[str, int]]:
    """Run a web process of one worker; give its address and process number."""
    with (home / "web.log").open("ab") as log:
        process = subprocess.Popen(
            mainstay("web", "--port", str(port), "--workers", "1"), cwd=ROOT, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{address}/healthz", trust_env=False)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def memory_mb(pid: int) -> int:
    """Return what the largest of a process and its children holds in memory (RSS), in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    held = [
        int(line.split()[1]) // 1024
        for number in (str(pid), *children)
        for line in Path(f"/proc/{number}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return max(held)


if __name__ == "__main__":
    sys.exit(main())
