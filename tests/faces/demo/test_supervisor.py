"""One process tree: a died child is started again with growing patience, and all end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mainstay.faces.demo import supervisor
from mainstay.faces.demo.commands import demo
from mainstay.faces.demo.supervisor import Child, PortTaken, Supervisor, check_port


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    yield listener
    listener.close()


def test_a_port_in_use_is_refused_with_a_remedy(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    with pytest.raises(PortTaken):
        check_port("127.0.0.1", port)
    answer = CliRunner().invoke(demo, ["run", "--port", str(port)])
    assert answer.exit_code == 1
    assert str(port) in answer.output
    assert "PORT=" in answer.output


def test_patience_grows_with_every_early_death(tmp_path: Path) -> None:
    child = Child("web", ("web",), tmp_path / "web.log", began=time.monotonic())
    assert [child.plan_again() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_lived_long_is_started_again_at_once(tmp_path: Path) -> None:
    child = Child("web", ("web",), tmp_path / "web.log", began=time.monotonic() - 100, deaths=5)
    assert child.plan_again() == 1


def test_all_children_end_with_their_own_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stubborn child is killed after the grace, and what it started goes with it."""
    script = "import subprocess,sys,time,signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    script += " p=subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)']);"
    script += " print(p.pid, flush=True); p.wait()"
    monkeypatch.setattr(supervisor, "command", lambda *words: [sys.executable, "-c", *words])
    monkeypatch.setattr(supervisor, "GRACE_S", 0.3)
    log = tmp_path / "stubborn.log"
    tree = Supervisor(dict(os.environ), [Child("stubborn", (script,), log)])
    tree.start()
    assert _becomes_true(lambda: log.read_text().strip().isdigit())
    grandchild = int(log.read_text())
    tree.end()
    assert tree.children[0].dead
    assert _becomes_true(lambda: not _alive(grandchild))


def test_a_died_child_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "command", lambda *words: [sys.executable, "-c", *words])
    tree = Supervisor(dict(os.environ), [Child("brief", ("raise SystemExit(3)",), tmp_path / "brief.log")])
    told: list[tuple[str, int, float]] = []

    def hear(child: Child, code: int, wait: float) -> None:
        told.append((child.name, code, wait))
        tree.stop.set()

    tree.start()
    watching = threading.Thread(target=tree.run, args=(hear,))
    watching.start()
    watching.join(20)
    assert told == [("brief", 3, 1.0)]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return not state.strip().startswith("Z") and bool(state.strip())


def _becomes_true(condition: Callable[[], bool]) -> bool:
    """Ask again and again for some seconds."""
    until = time.monotonic() + 10
    waiting = threading.Event()
    while time.monotonic() < until:
        if condition():
            return True
        waiting.wait(0.05)
    return False


def test_signals_stop_the_supervisor() -> None:
    tree = Supervisor({}, [])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        tree.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        assert tree.stop.wait(5)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
