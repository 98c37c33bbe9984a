"""Measures how long an alarm takes from its acceptance to a live client, over the real wire."""

import threading
import time
from collections import deque
from collections.abc import Iterator

import httpx
import numpy as np
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore


class LiveClient:
    """A browser's part: an open stream of server-sent events; knows which reports it has seen judged, and when."""

    def __init__(self, url: str, user_id: int, session_hash: str) -> None:
        """Open the stream as a user; `ready` is set once it runs."""
        session = SessionStore()
        session[SESSION_KEY] = str(user_id)
        session[HASH_SESSION_KEY] = session_hash
        session.save()
        self._cookies = {settings.SESSION_COOKIE_NAME: str(session.session_key)}
        self._url = url
        self.ready = threading.Event()
        self.moved = threading.Condition()
        self.seen = 0
        self.error: Exception | None = None
        self._accepted: deque[tuple[int, float, int]] = deque()
        self.latencies: list[tuple[float, int]] = []
        self.thread = threading.Thread(target=self._read, name="live client", daemon=True)

    def start(self) -> None:
        """Connect and wait until the stream runs."""
        self.thread.start()
        if not self.ready.wait(20):
            raise RuntimeError(f"The live process at {self._url} did not answer: {self.error}")

    def accepted(self, last_id: int, count: int) -> None:
        """Note that `count` reports up to `last_id` have just been accepted."""
        with self.moved:
            self._accepted.append((last_id, time.perf_counter(), count))

    def wait_until(self, last_id: int, timeout_s: float = 120) -> None:
        """Wait until everything up to `last_id` has been seen."""
        with self.moved:
            if not self.moved.wait_for(lambda: self.seen >= last_id or self.error, timeout_s) or self.error:
                raise RuntimeError(f"Report {last_id} was not seen at the live client: {self.error}")

    def percentiles_ms(self) -> tuple[float, float, float]:
        """Return median, 95th and 99th percentile over alarms, in milliseconds."""
        values = np.repeat([value for value, _ in self.latencies], [count for _, count in self.latencies]) * 1000
        p50, p95, p99 = np.percentile(values, [50, 95, 99])
        return float(p50), float(p95), float(p99)

    def _read(self) -> None:
        try:
            timeout = httpx.Timeout(10, read=60)
            with httpx.stream("GET", self._url, cookies=self._cookies, timeout=timeout) as response:
                response.raise_for_status()
                for kind, data in _events(response.iter_lines()):
                    self._take(kind, data)
        except Exception as error:  # noqa: BLE001 - told to the waiting thread, which raises it
            with self.moved:
                self.error = error
                self.moved.notify_all()

    def _take(self, kind: str, data: str) -> None:
        self.ready.set()
        if kind != "alarm" or '"report"' not in data:
            return
        now, last = time.perf_counter(), int(httpx.Response(200, text=data).json()["id"])
        with self.moved:
            while self._accepted and self._accepted[0][0] <= last:
                _, at, count = self._accepted.popleft()
                self.latencies.append((now - at, count))
            self.seen = max(self.seen, last)
            self.moved.notify_all()


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    kind = data = ""
    for line in lines:
        if line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line:
            yield kind, data
            kind = data = ""
