"""Which alarms are sent, and by whom: one mix for us and for the alternatives, and clients that send it.

Of a hundred alarms 60 are new, 30 repeat one that stands, 10 clear one. Of the new ones 15 are LOS, 15 DEG, the others
say nothing about service. Bodies are made before the clock starts; every client is a process with one connection.
"""

import http.client
import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.ground import PORTS, SOURCE, port_code

CLIENTS, BATCH = 4, 100
TYPES = (("LOS", 15, "critical"), ("DEG", 15, "major"), ("TEMP", 25, "minor"), ("PWR", 20, "warning"),
         ("SYNC", 25, "warning"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """One alarm of the mix."""

    port: int
    alarm_type: str
    severity: str
    cleared: bool
    at: datetime


def mix(count: int, seed: int) -> list[Sent]:
    """Draw alarms in their order; the same seed gives the same."""
    dice, standing, made = Random(seed), list[Sent](), list[Sent]()
    words = [name for name, weight, _ in TYPES for _ in range(weight)]
    severities = {name: severity for name, _, severity in TYPES}
    first = datetime.now(UTC) - timedelta(minutes=1)
    for number in range(count):
        at, kind = first + timedelta(milliseconds=number), dice.random()
        if kind < 0.3 and standing:
            known = standing[dice.randrange(len(standing))]
            made.append(Sent(known.port, known.alarm_type, known.severity, False, at))
        elif kind < 0.4 and standing:
            place = dice.randrange(len(standing))
            known, standing[place] = standing[place], standing[-1]
            standing.pop()
            made.append(Sent(known.port, known.alarm_type, known.severity, True, at))
        else:
            name = dice.choice(words)
            standing.append(Sent(dice.randrange(PORTS), name, severities[name], False, at))
            made.append(standing[-1])
    return made


def as_tmf642(alarm: Sent) -> dict[str, Any]:
    """Say an alarm as TMF642 does."""
    said = {
        "alarmType": "equipmentAlarm",
        "perceivedSeverity": alarm.severity,
        "probableCause": alarm.alarm_type,
        "alarmedObject": {"id": port_code(alarm.port)},
        "sourceSystemId": SOURCE,
        "state": "cleared" if alarm.cleared else "raised",
        "alarmRaisedTime": alarm.at.isoformat(),
        "alarmDetails": f"{alarm.alarm_type} on {port_code(alarm.port)}",
    }
    return said | ({"alarmClearedTime": alarm.at.isoformat()} if alarm.cleared else {})


def as_alerta(alarm: Sent) -> dict[str, Any]:
    """Say an alarm as Alerta does."""
    return {
        "environment": "Production",
        "service": ["network"],
        "resource": port_code(alarm.port),
        "event": alarm.alarm_type,
        "group": "Network",
        "severity": "cleared" if alarm.cleared else alarm.severity,
        "text": f"{alarm.alarm_type} on {port_code(alarm.port)}",
        "origin": SOURCE,
        "createTime": alarm.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{alarm.at.microsecond // 1000:03d}Z",
    }


@dataclass(frozen=True)
class Door:
    """Where to send to, and what is said beside the body."""

    port: int
    path: str
    token: str = ""


def by_port(alarms: Sequence[Sent], clients: int = CLIENTS) -> list[list[Sent]]:
    """Deal alarms out to clients, each port's to one of them: a network manager speaks for its own devices."""
    return [[alarm for alarm in alarms if alarm.port % clients == number] for number in range(clients)]


def send(door: Door, bodies: Sequence[Sequence[bytes]]) -> float:
    """Send each client's bodies, all clients at once; return the seconds until all are answered.

    A door that answers 429 is asked again. Anything else but 2xx raises.
    """
    clients = len(bodies)
    context = multiprocessing.get_context("fork")
    ready, go = context.Barrier(clients + 1), context.Event()
    refused = context.Value("i", 0)
    processes = [context.Process(target=_client, args=(door, mine, ready, go, refused), daemon=True) for mine in bodies]
    for process in processes:
        process.start()
    ready.wait()
    began = time.perf_counter()
    go.set()
    for process in processes:
        process.join()
    took = time.perf_counter() - began
    if refused.value or any(process.exitcode for process in processes):
        raise RuntimeError(f"{refused.value} requests to {door.path} were not taken.")
    return took


def _client(door: Door, bodies: Sequence[bytes], ready: Any, go: Any, refused: Any) -> None:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {door.token}"} if door.token else {})
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=120)
    ready.wait()
    go.wait()
    for body in bodies:
        while (status := _post(connection, door.path, body, headers)) == 429:
            time.sleep(0.05)  # the door said so; nothing was stored
        if status >= 300:
            with refused.get_lock():
                refused.value += 1


def _post(connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> int:
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def one_by_one(alarms: Sequence[Sent], said: Callable[[Sent], dict[str, Any]]) -> list[list[bytes]]:
    """Return each client's bodies, an alarm each."""
    return [[json.dumps(said(alarm)).encode() for alarm in mine] for mine in by_port(alarms)]


def in_batches(alarms: Sequence[Sent]) -> list[list[bytes]]:
    """Return each client's bodies for the batch door."""
    return [[_batch(mine[start : start + BATCH]) for start in range(0, len(mine), BATCH)] for mine in by_port(alarms)]


def _batch(alarms: Sequence[Sent]) -> bytes:
    return json.dumps([as_tmf642(alarm) for alarm in alarms]).encode()
