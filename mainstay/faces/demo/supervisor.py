"""How does the whole demo run under one process? Children in groups of their own, started again when they die."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

GRACE_S = 5.0
SETTLED_S = 60.0
"""A child that ran so long may be started again at once."""
SLOWEST_S = 30.0


class PortTaken(Exception):
    """Another program listens on the port."""


def command(*words: str) -> list[str]:
    """Return the command line of a `mainstay` command in this environment."""
    return [sys.executable, "-m", "mainstay.faces.cli.main", *words]


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken. Raises PortTaken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port) from None


@dataclass
class Child:
    """Mutable: one program of the demo, its process and how often it died."""

    name: str
    words: tuple[str, ...]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    deaths: int = 0
    again_at: float = 0.0

    def start(self, env: Mapping[str, str]) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches the supervisor only."""
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our own program, no shell
                command(*self.words), env=dict(env), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    @property
    def dead(self) -> bool:
        """Whether it ran and ended."""
        return self.process is not None and self.process.poll() is not None

    def send(self, number: int) -> None:
        """Send a signal to all of its group."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def plan_again(self) -> float:
        """Note a death; return after how many seconds it is started again."""
        lived = time.monotonic() - self.began
        self.deaths = 1 if lived > SETTLED_S else self.deaths + 1
        wait = min(2.0 ** (self.deaths - 1), SLOWEST_S)
        self.again_at, self.process = time.monotonic() + wait, None
        return wait


@dataclass
class Supervisor:
    """Mutable: all children of the demo."""

    env: Mapping[str, str]
    children: list[Child]
    stop: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Let Ctrl-C and SIGTERM stop everything."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stop.set())

    def start(self) -> None:
        """Start all children."""
        for child in self.children:
            child.start(self.env)

    def run(self, tell: Callable[[Child, int, float], None]) -> None:
        """Watch the children until asked to stop; `tell` hears of each death: child, code, seconds to wait."""
        while not self.stop.wait(0.3):
            for child in self.children:
                if child.dead and child.process is not None:
                    code = child.process.returncode
                    tell(child, code, child.plan_again())
                elif child.process is None and time.monotonic() >= child.again_at:
                    child.start(self.env)

    def end(self) -> None:
        """Ask all children to end, and kill what is left after the grace."""
        for child in self.children:
            child.send(signal.SIGTERM)
        until = time.monotonic() + GRACE_S
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.05, until - time.monotonic()))
        for child in self.children:
            child.send(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def wait_ready(self, url: str, seconds: float = 60.0) -> bool:
        """Wait until a page answers with 200; say whether it did."""
        opener, until = build_opener(ProxyHandler({})), time.monotonic() + seconds
        while time.monotonic() < until and not self.stop.wait(0.2):
            with suppress(URLError, OSError), opener.open(url, timeout=2) as answer:
                if answer.status == 200:
                    return True
        return False
