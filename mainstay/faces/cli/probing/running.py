"""The prober's loops: sample period after period by the wall clock; deliver beside it, as soon as somebody takes it."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.db import connection

from mainstay.domain.probing.measuring import Figures
from mainstay.faces.cli.probing.delivering import NotDelivered, Sink, deliver
from mainstay.faces.cli.probing.prober import NS, Prober
from mainstay.faces.cli.probing.spool import Kept, Spool
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.choices import Metric
from mainstay.network.performance.queries.settings import Sampled

log = structlog.get_logger(__name__)

WAIT_NS = 5 * NS
RETRY_S = 5.0
IDLE_S = 0.5
Targets = Callable[[], Sequence[Sampled]]


@dataclass(frozen=True)
class Loops:
    """What a prober does beside each other: `tend` is told how much waits, and must not raise."""

    spool: Spool
    sink: Sink
    period_s: int
    tend: Callable[[int], None] = lambda _waiting: None
    retry_s: float = RETRY_S

    def run(self, targets: Targets, *, stop: threading.Event, once: bool) -> None:
        """Sample every period until asked to stop, the next whole one first; deliver in a thread beside it."""
        ended = threading.Event()
        courier = threading.Thread(target=self.deliver_all, args=(ended,), name="probe delivery")
        courier.start()
        try:
            self.sample_periods(targets, stop=stop, once=once)
        finally:
            ended.set()
            courier.join()
            self.spool.close()

    def sample_periods(self, targets: Targets, *, stop: threading.Event, once: bool) -> None:
        """Sample period after period. One that began while this host was busy or asleep is left out: a gap."""
        period_ns = self.period_s * NS
        with ExitStack() as opened:
            prober = opened.enter_context(Prober(targets()))
            while not stop.is_set():
                begin = -(-time.time_ns() // period_ns) * period_ns
                if prober.targets != list(targets()):
                    opened.close()
                    prober = opened.enter_context(Prober(targets()))
                if stop.wait(max(0.0, (begin - time.time_ns()) / NS)):
                    return
                sample_once(prober, begin, period_ns=period_ns, spool=self.spool, stop=stop)
                if once:
                    return

    def deliver_all(self, ended: threading.Event) -> None:
        """Deliver until sampling has ended and nothing waits, or nobody takes it any more."""
        failing = False
        while True:
            self.tend(len(self.spool))
            try:
                delivered = deliver(self.spool, self.sink)
                if failing and delivered:
                    log.info("samples are delivered again", waiting=len(self.spool))
                failing = failing and not delivered
                if not delivered and (ended.wait(IDLE_S) and not len(self.spool)):
                    break
            except NotDelivered as error:
                log.warning("samples wait", waiting=len(self.spool), why=str(error))
                failing = True
                if ended.wait(self.retry_s):
                    break
        connection.close()


def sample_once(prober: Prober, begin_ns: int, *, period_ns: int, spool: Spool, stop: threading.Event) -> None:
    """Sample one period and keep what it gave."""
    wait_ns = min(WAIT_NS, period_ns // 4)
    this, found = prober.sample(begin_ns, period_ns=period_ns, wait_ns=wait_ns, stopped=stop.is_set)
    at = datetime.fromtimestamp(begin_ns // NS, UTC)
    kept = [each for place, seen in found.items() for each in samples_of(prober.targets[place], seen, at)]
    spool.add(kept)
    log.info(
        "sampled", at=at.isoformat(), targets=len(found), samples=len(kept), unsent=this.unsent,
        spread_ms=round(this.spread_ns / 1e6, 2), waiting=len(spool), dropped=spool.dropped,
    )  # fmt: skip


def samples_of(target: Sampled, seen: Figures, at: datetime) -> list[Kept]:
    """Return what was seen of a target as samples; what is not known makes none. The prober stands at the A end."""
    told = (
        (Metric.LOSS, "", seen.loss_ppm),
        (Metric.DELAY, "", seen.delay_us),
        (Metric.VARIATION, "", seen.variation_us),
        (Metric.DELAY_ONE_WAY, "A", seen.out_us),
        (Metric.DELAY_ONE_WAY, "Z", seen.back_us),
        (Metric.LOSS_ONE_WAY, "A", seen.out_loss_ppm),
        (Metric.LOSS_ONE_WAY, "Z", seen.back_loss_ppm),
    )
    return [
        Kept(target.source, NewSample(target.circuit, metric.value, at, value, side))
        for metric, side, value in told
        if value is not None
    ]
