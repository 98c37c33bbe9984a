"""The courier: carries messages out of the house, each sender in threads of its own, so that none holds up another."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.faces.cli.beating import Pulse
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions import carrying
from mainstay.platform.messages.actions.carrying import Done, Job
from mainstay.platform.messages.drivers.carrying import carry

log = structlog.get_logger(__name__)

LOST = (OperationalError, InterfaceError)
COURIER = "courier"
IDLE_S = 0.5
STRANDED_EVERY = timedelta(minutes=1)
GRACE_S = 15.0


class Courier:
    """Mutable: the threads of each sender, and the tries under way. Only `turn` touches the database."""

    def __init__(self) -> None:
        self.pools: dict[int, ThreadPoolExecutor] = {}
        self.flying: dict[int, int] = {}
        self.done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self.landed = threading.Event()
        self.unwritten: list[Done] = []
        self.sent = self.failed = 0
        self._stranded = datetime.min.replace(tzinfo=UTC)

    def turn(self, now: datetime) -> int:
        """Write down what came back, take what is due, and let it fly; return how many tries began."""
        self.write(now)
        if now - self._stranded >= STRANDED_EVERY:
            self._stranded = now
            carrying.give_up_stranded(at=now)
        if not carrying.waits(at=now):
            return 0
        jobs = carrying.claim(self.flying, at=now)
        for job in jobs:
            self._start(job)
        return len(jobs)

    def write(self, now: datetime) -> None:
        """Write down what came back; after a lost database it is tried again."""
        self.landed.clear()
        while not self.done.empty():
            self.unwritten.append(self.done.get())
        carrying.record(self.unwritten, at=now)
        for each in self.unwritten:
            self.flying[each.job.sender_id] -= 1
            self.sent, self.failed = self.sent + each.outcome.ok, self.failed + (not each.outcome.ok)
            if not each.outcome.ok:
                log.info("not sent", sender=each.job.sender_id, delivery=each.job.delivery_id, why=each.outcome.error)
        self.unwritten = []

    @property
    def under_way(self) -> int:
        """How many tries are in the air or not yet written down."""
        return sum(self.flying.values())

    def _start(self, job: Job) -> None:
        pool = self.pools.get(job.sender_id)
        if pool is None:
            pool = self.pools[job.sender_id] = ThreadPoolExecutor(32, f"sender-{job.sender_id}")
        self.flying[job.sender_id] = self.flying.get(job.sender_id, 0) + 1
        pool.submit(self._fly, job)

    def _fly(self, job: Job) -> None:
        self.done.put(Done(job, carry(job.way, job.parcel)))
        self.landed.set()

    def land(self, *, seconds: float = GRACE_S) -> None:
        """Wait for what is in the air, at most so long, and write it down; what is later is found by its lease."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        while self.under_way and datetime.now(UTC) < until:
            self.landed.wait(0.2)
            self.write(datetime.now(UTC))
        for pool in self.pools.values():
            pool.shutdown(wait=False, cancel_futures=True)


def run_courier(stop: threading.Event) -> None:
    """Carry until asked to stop."""
    courier, pulse = Courier(), Pulse(COURIER, at=datetime.now(UTC))
    while not stop.is_set():
        try:
            now = datetime.now(UTC)
            began = courier.turn(now)
            if pulse.due(now):
                pulse.beat(
                    now, late_s=queries.late_s(now), under_way=courier.under_way, sent=courier.sent,
                    failed=courier.failed,
                )  # fmt: skip
            if not began:
                courier.landed.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            close_old_connections()
            stop.wait(1)
    courier.land()
    pulse.leave()
