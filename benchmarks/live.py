"""How long from the acceptance of an alarm to a live client, in a storm of 50,000 alarms in 10 s on 100,000 circuits?

Four clients send batches of 100 at 5,000 alarms/s, over HTTP, to a house with web, worker, live process and sweeper on
a PostgreSQL that waits for the disk. A browser's part, an open stream of server-sent events, notes when it hears that
a report is judged; the clock of each alarm starts when its batch has been answered. At the end every alarm that was
answered 2xx must be in the database, judged, and heard of.
"""

import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.alarms_sent import BATCH, CLIENTS, by_port, in_batches, mix
from benchmarks.ground import SOURCE
from benchmarks.intake import LIVE_PORT, REPORTS, SECRET_KEY, WEB_PORT, house
from benchmarks.servers import postgresql
from benchmarks.table import RUNS, Row, median_of

ALARMS, SECONDS = 50_000, 10.0
PATIENCE_S = 180


def rows() -> list[Row]:
    """Measure storms, one after the other on one house; the next begins when the one before is judged."""
    with (
        postgresql() as address,
        house(address, more=[["live", "--port", str(LIVE_PORT)], ["sweeper"]]) as (token, database),
        _listening(database) as heard,
    ):
        storms = [_one_storm(token, database, heard, seed) for seed in range(77, 77 + RUNS)]
    longest, lost = max(took for _, took, _ in storms), sum(lost for _, _, lost in storms)
    p95, runs = median_of(iter([p95 for p95, _, _ in storms]).__next__)
    met = p95 < 1 and lost == 0 and longest < SECONDS * 1.1
    name = f"live: acceptance → live client, p95 of {ALARMS:,} alarms sent in {SECONDS:.0f} s"
    note = f"sent in {longest:.1f} s, {lost} lost"
    return [Row(name, p95, "s", "< 1, nothing lost", met, runs, note=note)]


def _one_storm(token: str, database: Any, heard: list[tuple[int, float]], seed: int) -> tuple[float, float, int]:
    """Send a storm and wait until all is heard; give p95 and sending in seconds, and how many are lost."""
    before = _judged(database)
    accepted, took = _storm(token, seed)
    last = max(pk for pk, _ in accepted)
    until = time.perf_counter() + PATIENCE_S
    while (not heard or heard[-1][0] < last) and time.perf_counter() < until:
        time.sleep(0.05)
    waits = _waits(accepted, heard)
    lost = ALARMS - (_judged(database) - before)
    p50, p95, p99 = (float(np.percentile(waits, part)) for part in (50, 95, 99))
    print(f"  sent in {took:.1f} s; p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s, lost {lost}", file=sys.stderr)
    return p95, took, lost


def _judged(database: Any) -> int:
    return int(database.execute(f"SELECT count(*) FROM {REPORTS} WHERE outcome <> ''").fetchone()[0])


def _storm(token: str, seed: int) -> tuple[list[tuple[int, float]], float]:
    """Send the storm at its pace; give (report, instant answered) for each alarm, and how long sending took."""
    alarms = mix(ALARMS, seed)
    bodies, sizes = in_batches(alarms), [len(mine) for mine in by_port(alarms)]
    accepted: list[tuple[int, float]] = []
    began = time.perf_counter() + 0.2
    threads = [
        threading.Thread(target=_send_paced, args=(token, mine, SECONDS * BATCH / size, began, accepted))
        for mine, size in zip(bodies, sizes, strict=True)
    ]
    assert len(threads) == CLIENTS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return accepted, time.perf_counter() - began


def _send_paced(token: str, bodies: list[bytes], every_s: float, began: float, accepted: list[Any]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", WEB_PORT, timeout=60)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    for number, body in enumerate(bodies):
        time.sleep(max(0.0, began + number * every_s - time.perf_counter()))
        status = 429
        while status == 429:
            connection.request("POST", f"/api/v1/alarms?source={SOURCE}", body, headers)
            answer = connection.getresponse()
            said, status = answer.read(), answer.status
        assert status == 200, said
        now = time.perf_counter()
        accepted.extend((int(item["id"]), now) for item in json.loads(said)["accepted"])


@contextmanager
def _listening(database: Any) -> Iterator[list[tuple[int, float]]]:
    """Keep a stream of live events open; the list grows by (newest report judged, instant heard)."""
    cookie, heard = _cookie(database), list[tuple[int, float]]()
    connection = http.client.HTTPConnection("127.0.0.1", LIVE_PORT, timeout=PATIENCE_S)
    connection.request("GET", "/live/", headers={"Cookie": cookie})
    stream = connection.getresponse()
    assert stream.status == 200, stream.status
    threading.Thread(target=_hear, args=(stream, heard), daemon=True).start()
    yield heard


def _hear(stream: http.client.HTTPResponse, heard: list[tuple[int, float]]) -> None:
    for line in stream:
        if line.startswith(b"data: ") and b'"judged"' in line:
            newest = int(json.loads(line[6:])["id"])
            heard.append((max(newest, heard[-1][0] if heard else 0), time.perf_counter()))


def _cookie(database: Any) -> str:
    """Sign the bench's user in, as the web process of this database would, in a process with its settings."""
    import subprocess

    url = f"postgresql://postgres@/{database.info.dbname}?host={database.info.host}"
    done = subprocess.run(
        [sys.executable, "-c", _SIGN_IN], check=True, stdout=subprocess.PIPE, text=True,
        env=dict(
            os.environ, MAINSTAY_DATABASE_URL=url, MAINSTAY_SECRET_KEY=SECRET_KEY,
            DJANGO_SETTINGS_MODULE="mainstay.config.settings",
        ),
    )  # fmt: skip
    return done.stdout.strip()


_SIGN_IN = """
import django; django.setup()
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from mainstay.domain.actor import system
from mainstay.platform.identity.actions import NewUser, create_users
from mainstay.platform.identity.models import User
from django.utils import timezone
create_users([NewUser("wall", "wall", "a password of the bench", duties=(("administrator", ""),))],
             at=timezone.now(), by=system("bench"))
user = User.objects.get(username="wall")
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session.save()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""


def _waits(accepted: list[tuple[int, float]], heard: list[tuple[int, float]]) -> Any:
    """Give for each alarm the seconds from its answer until a report no older was heard of as judged.

    One heard of before its answer arrived has waited 0 s; one never heard of counts as the whole patience.
    """
    ids, at = np.array([pk for pk, _ in accepted]), np.array([instant for _, instant in accepted])
    judged, told = np.array([pk for pk, _ in heard]), np.array([instant for _, instant in heard] + [np.inf])
    waits = told[np.searchsorted(judged, ids)] - at
    return np.minimum(np.maximum(waits, 0), PATIENCE_S)


if __name__ == "__main__":
    for found in rows():
        print(found)
