"""The impact worker's steps: take waiting reports, judge them, write the verdicts, let time pass (G1, G2)."""

import gc
import sys
import time
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction

from mainstay.domain.actor import Actor
from mainstay.domain.impact import BadTopology, ImpactGraph
from mainstay.network.alarms.asking import any_declared, settings_seen
from mainstay.network.alarms.behind import WriteBehind
from mainstay.network.alarms.choices import Outcome, QuarantineStatus
from mainstay.network.alarms.following import change_of, role_of
from mainstay.network.alarms.judging.facts import Verdicts, from_ms, to_ms
from mainstay.network.alarms.judging.judge import Judge
from mainstay.network.alarms.judging.network import Network
from mainstay.network.alarms.judging.windows import Window
from mainstay.network.alarms.loading import declared_cases, load_judge, waiting_reports
from mainstay.network.alarms.models import AlarmSource, QuarantinedResource
from mainstay.network.alarms.writing import Writer
from mainstay.network.inventory.models import Resource
from mainstay.network.inventory.queries import feed, topology
from mainstay.network.planned_work import queries as planned_work
from mainstay.platform.bulk.gathering import gathering

SMALLEST, LARGEST = 25, 4_000
"""Reports judged and written in one transaction: at least and at most."""
LOCK_S = {"sqlite": 0.1, "postgresql": 0.4}
"""How long a transaction should take: the number of reports follows it.

SQLite lets nobody else write meanwhile. PostgreSQL does; there it bounds how long a verdict waits to be seen.
"""

WINDOWS_EVERY = timedelta(seconds=10)
WINDOWS_BACK, WINDOWS_AHEAD = timedelta(days=7), timedelta(days=1)
"""Which planned work the judge knows: what ended lately too, for alarms told late and for a worker that was away."""


UNSEEN, MANY_UNSEEN = 20_000, 400_000
"""New objects from which Python's collector looks at them: while nothing waits, and at the latest."""


def settle_memory() -> None:
    """Keep Python's collector off what is loaded for good, and let it look less often: a tenth faster in storms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MANY_UNSEEN, 50, 100)


def tidy_memory() -> None:
    """Let Python's collector look at what is new, while nothing waits: verdicts leave nothing to it, but take long."""
    if gc.get_count()[0] >= UNSEEN:
        gc.collect(0)


def read_network() -> tuple[Network, int]:
    """Return the network as it is now, and the revision of the inventory it was read at."""
    read = topology.read_topology()
    graph = ImpactGraph.build(
        resources=len(read.resource_ids),
        depends=read.depends,
        circuits=len(read.circuit_ids),
        path_circuits=read.path_circuits,
        path_lengths=read.path_lengths,
        path_resources=read.path_resources,
    )
    index_of = {pk: index for index, pk in enumerate(read.resource_ids.tolist())}
    known = Resource.objects.order_by("pk").values_list("pk", "code", "kind").iterator(chunk_size=20_000)
    rows = [(pk, code, sys.intern(kind)) for pk, code, kind in known if pk in index_of]
    network = Network(
        graph=graph,
        resource_ids=read.resource_ids,
        circuit_ids=read.circuit_ids,
        index_of_resource=index_of,
        refs={code: pk for pk, code, _ in rows},
        aliases=_aliases(index_of),
        kinds={pk: kind for pk, _, kind in rows},
        roles=np.array([role_of(kind) for _, _, kind in rows], np.int8),
    )
    return network, read.revision


def _aliases(known: Container[int]) -> dict[tuple[int, str], int]:
    """Return where people have placed what the inventory does not know by that name."""
    placed = QuarantinedResource.objects.filter(status=QuarantineStatus.PLACED, resource__isnull=False)
    rows = placed.values_list("source_id", "resource_ref", "resource_id")
    return {(source, ref): pk for source, ref, pk in rows if pk in known}


@dataclass
class ImpactWorker:
    """Owns the judge. `step` does one batch; `tick` lets time pass when nothing waits."""

    judge: Judge
    writer: Writer
    revision: int
    settings_seen: tuple[object, ...]
    windows_at: datetime | None = None
    batch: int = SMALLEST * 4
    behind: WriteBehind | None = None

    @classmethod
    def start(cls, *, at: datetime, by: Actor, known: tuple[Network, int, Writer] | None = None) -> "ImpactWorker":
        """Load everything; what changed in the inventory meanwhile is judged at once.

        `known`: a network already read, its revision and its writer; then only what stands is loaded.
        """
        seen = settings_seen()
        network, revision = known[:2] if known else read_network()
        worker = cls(load_judge(network), known[2] if known else Writer(), revision, seen)
        worker._read_windows(at)
        with transaction.atomic():
            worker.writer.write(worker.judge.reconcile(to_ms(at)), at=at, by=by)
        return worker

    def refresh(self, *, at: datetime, by: Actor) -> None:
        """Load anew what has changed, and hear which sources gave a sign of life (6 queries when nothing changed)."""
        self._follow_changes(at=at, by=by)
        if self.windows_at is None or at - self.windows_at >= WINDOWS_EVERY:
            self._read_windows(at)
        for source, heard_at in AlarmSource.objects.exclude(last_report_at=None).values_list("pk", "last_report_at"):
            if heard_at is not None and source in self.judge.policies:
                self.judge.hear(source, to_ms(heard_at))

    def _follow_changes(self, *, at: datetime, by: Actor) -> None:
        """Follow what changed in the inventory; load anew what stands when sources, rules or placements did.

        5 queries when nothing changed; what people declared meanwhile is learnt in any case.
        """
        if self.revision != topology.revision() and not self._follow_inventory(at=at, by=by):
            self.settle()
            self._become(ImpactWorker.start(at=at, by=by))
        elif self.settings_seen != settings_seen():
            self.settle()
            network = self.judge.network
            network.aliases = _aliases(network.index_of_resource)
            self._become(ImpactWorker.start(at=at, by=by, known=(network, self.revision, self.writer)))
        self.judge.learn(declared_cases() if any_declared() else ())

    def _become(self, fresh: "ImpactWorker") -> None:
        self.judge, self.writer, self.windows_at = fresh.judge, fresh.writer, fresh.windows_at
        self.revision, self.settings_seen = fresh.revision, fresh.settings_seen

    def _follow_inventory(self, *, at: datetime, by: Actor) -> bool:
        """Change what changed in the inventory and nothing else; say whether that could be done.

        After an error the judge is ahead of the database: start anew.
        """
        touched = feed.touched_since(self.revision)
        if touched is None:
            return False
        try:
            change = change_of(self.judge.network, touched)
        except (KeyError, BadTopology):
            return False
        self.writer.stamps.learn((each.id, each.customer_id, each.region_code) for each in touched.circuits)
        verdicts = self.judge.follow(change, to_ms(at))
        self.revision = touched.revision
        self._write(verdicts, at=at, by=by)
        return True

    def step(self, *, at: datetime, by: Actor, limit: int | None = None) -> int:
        """Judge the oldest waiting reports and write the verdicts in one transaction; return how many there were.

        After an error the judge is ahead of the database: start anew.
        """
        reports = waiting_reports(limit=limit or self.batch, but=self.behind.between if self.behind else None)
        if not reports:
            self.settle()
            return 0
        self._follow_changes(at=at, by=by)  # after reading: what a report names was saved no later than the report
        self._write(self.judge.take(reports), at=at, by=by, reports=[report.id for report in reports])
        return len(reports)

    def settle(self) -> None:
        """Wait until all that was judged is written, and raise what went wrong."""
        if self.behind is not None:
            self._adapt(*self.behind.settle())

    def _write(self, verdicts: Verdicts, *, at: datetime, by: Actor, reports: Sequence[int] = ()) -> None:
        """Write verdicts in one transaction: now, or while the judge goes on."""
        if verdicts.empty:
            return
        if self.behind is None:
            began = time.perf_counter()
            with transaction.atomic():
                self.writer.write(verdicts, at=at, by=by)
            self._adapt(len(reports), time.perf_counter() - began)
            return
        with gathering() as writes:
            self.writer.write(verdicts, at=at, by=by)
        self._adapt(*self.behind.submit(writes, reports))

    def _adapt(self, count: int, took_s: float) -> None:
        if count >= self.batch:
            wanted = round(count * min(2.0, LOCK_S[connection.vendor] / max(took_s, 0.001)))
            self.batch = max(SMALLEST, min(LARGEST, wanted))

    def tick(self, *, at: datetime, by: Actor) -> None:
        """Let time pass up to `at`; call it when no report received before `at` waits."""
        self._write(self.judge.tick(to_ms(at)), at=at, by=by)

    def judged_until(self) -> datetime:
        """Return the receipt of the newest report judged: how far time has come in a replay."""
        return from_ms(self.judge.now_ms)

    def next_due(self) -> datetime | None:
        """Return the instant at which `tick` next has something to do, as far as alarms and windows go."""
        due = self.judge.next_due()
        return from_ms(due) if due is not None else None

    def _read_windows(self, at: datetime) -> None:
        self.windows_at = at
        windows = planned_work.windows_between(at - WINDOWS_BACK, at + WINDOWS_AHEAD)
        self.judge.replace_windows(Window(w.resource_id, to_ms(w.from_at), to_ms(w.to_at)) for w in windows)


def set_aside(why: str, *, at: datetime, by: Actor) -> None:
    """Quarantine the oldest waiting report, which cannot be judged; the list that people work off says why."""
    for report in waiting_reports(limit=1):
        with transaction.atomic():
            Writer().write(
                Verdicts(
                    outcomes=[(report.id, Outcome.QUARANTINED, None)], quarantined=[report._replace(text=why[:400])]
                ),
                at=at,
                by=by,
            )
