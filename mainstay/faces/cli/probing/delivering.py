"""Where do samples go: into our database, or to the door of a house elsewhere? Both take the same ones twice."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import httpx
import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.domain.actor import system
from mainstay.domain.errors import MainstayError
from mainstay.faces.cli.probing.spool import Kept, Spool
from mainstay.network.performance.actions import intake

log = structlog.get_logger(__name__)

AT_ONCE = 5_000
LOST = (OperationalError, InterfaceError)


class NotDelivered(Exception):
    """Nothing of a batch arrived, or nobody knows; it is sent again later."""


class Sink(Protocol):
    """Takes samples of one source; returns why which were not taken. Raises NotDelivered."""

    def __call__(self, source: str, samples: Sequence[Kept]) -> dict[int, str]: ...


def to_database(source: str, samples: Sequence[Kept]) -> dict[int, str]:
    """Take samples in where we are."""
    try:
        found = intake.source_by_code(source)
        taken = [each.sample for each in samples]
        return intake.accept(found, taken, at=datetime.now(UTC), by=system("probe")).refused
    except LOST as error:
        close_old_connections()
        raise NotDelivered(str(error)) from error
    except MainstayError as error:
        raise NotDelivered(str(error)) from error


class Door:
    """The batch door of a house elsewhere, with a program's token."""

    def __init__(self, url: str, token: str) -> None:
        self.client = httpx.Client(base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def __call__(self, source: str, samples: Sequence[Kept]) -> dict[int, str]:
        """Send samples."""
        body = [
            {"circuit": s.circuit, "metric": s.metric, "at": s.at.isoformat(), "value": s.value, "side": s.side}
            for s in (each.sample for each in samples)
        ]
        try:
            answer = self.client.post("/api/v1/performance/samples", params={"source": source}, json=body)
        except httpx.HTTPError as error:
            raise NotDelivered(f"{type(error).__name__}: {error}") from error
        if answer.status_code != 200:
            raise NotDelivered(f"HTTP {answer.status_code}: {answer.text[:300]}")
        return {each["position"]: each["reason"] for each in answer.json()["refused"]}


def deliver(spool: Spool, sink: Sink) -> int:
    """Deliver what waits for longest, up to a batch of one source; return how many. Raises NotDelivered."""
    waiting = spool.oldest(AT_ONCE)
    if not waiting:
        return 0
    source = waiting[0].source
    batch = [each for each in waiting if each.source == source]
    batch = batch if len(batch) == len(waiting) else waiting[: _run_of(source, waiting)]
    refused = sink(source, batch)
    if refused:
        first = next(iter(refused.items()))
        log.warning("samples were refused", count=len(refused), circuit=batch[first[0]].sample.circuit, why=first[1])
    spool.done(batch)
    return len(batch)


def _run_of(source: str, waiting: Sequence[Kept]) -> int:
    """Return how many of the first samples are of one source."""
    return next((place for place, each in enumerate(waiting) if each.source != source), len(waiting))
