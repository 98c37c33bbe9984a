"""Who sends alarms as network managers do: over HTTP, in batches with keys, again and again until answered 2xx."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import httpx

from mainstay.faces.demo import faults
from mainstay.faces.demo.faults import Fault, Mark
from mainstay.faces.demo.terrain import Terrain

LASTING = 0.15
"""Share of the faults that stand until the storm is over."""


@dataclass(frozen=True)
class Sent:
    """A report that was answered 2xx: its mark, and the id it was given."""

    external_id: str
    report_id: int
    keyed: bool


@dataclass
class Sender(threading.Thread):
    """Mutable: one network manager; its faults are its own, so that what it says of a thing comes in order."""

    number: int
    address: str
    token: str
    terrain: Terrain
    seed: int
    share: int
    pause_s: float
    stop: threading.Event
    sent: list[Sent] = field(default_factory=list)
    retries: int = 0
    repeated: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare the dice; nothing is sent before `start`."""
        super().__init__(name=f"sender {self.number}", daemon=True)
        self.dice = Random(f"{self.seed} sender {self.number}")
        self.counter = count(1)
        self.standing: list[Fault] = []
        self.lasting: list[Fault] = []

    def __hash__(self) -> int:
        """Threads are known by what they are."""
        return id(self)

    def run(self) -> None:
        """Send until asked to stop, then clear what is not to last."""
        with httpx.Client(trust_env=False, timeout=10, headers={"Authorization": f"Bearer {self.token}"}) as client:
            waiting = self._faults()
            while not self.stop.is_set():
                self._act(client, waiting)
                time.sleep(self.dice.expovariate(1 / self.pause_s))
            for fault in self.standing:
                self._tell(client, fault.marks, cleared=True)

    def _faults(self) -> Iterator[Fault]:
        links = [link for index, link in enumerate(self.terrain.links) if index % self.share == self.number]
        while True:
            self.dice.shuffle(links)
            for link in links:
                yield faults.degraded(link) if self.dice.random() < 0.2 else faults.cut(link)

    def _act(self, client: httpx.Client, waiting: Iterator[Fault]) -> None:
        dice = self.dice.random()
        if dice < 0.5 or not self.standing:
            fault = next(waiting)
            if fault.works_on in [other.works_on for other in (*self.standing, *self.lasting)]:
                return
            self._tell(client, fault.marks, cleared=False)
            (self.lasting if self.dice.random() < LASTING else self.standing).append(fault)
        elif dice < 0.7:
            self._tell(client, self.dice.choice(self.standing).marks, cleared=False)
        else:
            fault = self.standing.pop(self.dice.randrange(len(self.standing)))
            self._tell(client, fault.marks, cleared=True)

    def _tell(self, client: httpx.Client, marks: Sequence[Mark], *, cleared: bool) -> None:
        by_source: dict[str, list[Mark]] = {}
        for mark in marks:
            by_source.setdefault(mark.source, []).append(mark)
        for source, some in by_source.items():
            alarms = [self._alarm(mark, cleared) for mark in some]
            if len(alarms) == 1 and self.dice.random() < 0.5:
                self._send_one(client, source, alarms[0])
            else:
                self._send_batch(client, source, alarms)

    def _alarm(self, mark: Mark, cleared: bool) -> dict[str, object]:
        report = mark.raised(datetime.now(UTC))
        return {
            "alarmType": "communicationsAlarm",
            "specificProblem": report.alarm_type,
            "probableCause": report.probable_cause or report.alarm_type,
            "perceivedSeverity": "cleared" if cleared else report.severity,
            "state": "cleared" if cleared else "raised",
            "alarmRaisedTime": report.event_at.isoformat(),
            "alarmedObject": {"id": report.resource_ref},
            "externalAlarmId": f"drill-{self.number}-{next(self.counter)}",
        }

    def _send_batch(self, client: httpx.Client, source: str, alarms: list[dict[str, object]]) -> None:
        key = f"{self.seed}-{self.number}-{next(self.counter)}"
        answer = self._until_answered(client, "/api/v1/alarms", {"source": source, "key": key}, alarms)
        self.repeated += bool(answer["repeated"])
        self.refused += [item["reason"] for item in answer["refused"]]
        for item in answer["accepted"]:
            self._note(alarms[item["position"]], int(item["id"]), keyed=True)

    def _send_one(self, client: httpx.Client, source: str, alarm: dict[str, object]) -> None:
        body = {**alarm, "sourceSystemId": source}
        answer = self._until_answered(client, "/tmf-api/alarmManagement/v4/alarm", {}, body)
        self._note(alarm, int(answer["id"]), keyed=False)

    def _note(self, alarm: dict[str, object], report_id: int, *, keyed: bool) -> None:
        self.sent.append(Sent(str(alarm["externalAlarmId"]), report_id, keyed))

    def _until_answered(self, client: httpx.Client, path: str, query: dict[str, str], body: object) -> Any:
        """Send again and again: what was not answered 2xx may or may not have been taken in."""
        while True:
            try:
                answer = client.post(self.address + path, params=query, json=body)
                if answer.is_success:
                    return answer.json()
                if answer.status_code < 500:
                    self.refused.append(f"{answer.status_code} {answer.text[:300]}")
                    return {"repeated": False, "refused": [], "accepted": [], "id": "0"}
            except httpx.HTTPError:
                pass
            self.retries += 1
            time.sleep(0.1)
