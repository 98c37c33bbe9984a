"""How does a long-running program say that it lives? By a row in the database every few seconds (P3)."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from django.db import DatabaseError, connection

from mainstay import __version__
from mainstay.faces.cli.watching import look
from mainstay.platform.monitoring import actions
from mainstay.platform.monitoring.actions import Beat, Program

EVERY = timedelta(seconds=5)


class Pulse:
    """Mutable: the signs of life of this process."""

    def __init__(self, name: str, *, at: datetime, instance: str = "") -> None:
        """Begin; nothing is written yet."""
        self.program = Program(name, socket.gethostname(), os.getpid(), __version__, at, instance)
        self._next = at

    def due(self, at: datetime) -> bool:
        """Say whether it is time for a sign; ask before figures are gathered."""
        return at >= self._next

    def beat(self, at: datetime, **figures: Any) -> None:
        """Write a sign of life with figures, now."""
        actions.beat(Beat(self.program, figures), at=at)
        self._next = at + EVERY

    def leave(self) -> None:
        """Say that the program ended as asked."""
        with suppress(DatabaseError):
            actions.leave(self.program)


@contextmanager
def beating_for(name: str, port: int) -> Iterator[None]:
    """Say that a server lives as long as it answers on its port, from a thread beside it."""
    stop = threading.Event()
    pulse = Pulse(name, at=datetime.now(UTC), instance=str(port))
    thread = threading.Thread(target=_ask_and_tell, args=(pulse, port, stop), name=f"{name} pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(2)


def _ask_and_tell(pulse: Pulse, port: int, stop: threading.Event) -> None:
    wait_s = 1.0
    while not stop.wait(wait_s):
        wait_s = EVERY.total_seconds()
        took_ms = _answered_in_ms(port)
        if took_ms is None:
            continue
        with suppress(DatabaseError):
            now = datetime.now(UTC)
            pulse.beat(now, answered_in_ms=took_ms)
            look(now, began_at=pulse.program.started_at)
        connection.close()  # a server process forked meanwhile must not inherit an open one
    pulse.leave()
    connection.close()


def _answered_in_ms(port: int) -> float | None:
    began = time.monotonic()
    with suppress(httpx.HTTPError):
        answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5, trust_env=False)
        if answer.status_code < 500:
            return round((time.monotonic() - began) * 1000, 1)
    return None
