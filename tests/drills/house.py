"""How does a drill run the whole house? Processes of its own, started, killed by their number and started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ("sqlite", "postgresql")


def mainstay(*words: str) -> list[str]:
    """Return the command line of a `mainstay` command in this environment."""
    return [sys.executable, "-m", "mainstay.faces.cli.main", *words]


def run(*words: str, env: dict[str, str] | None = None) -> str:
    """Run a command to its end and return what it printed; a failure ends the drill with what was said."""
    done = subprocess.run(
        mainstay(*words), cwd=ROOT, env=env or dict(os.environ), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"✗ mainstay {' '.join(words)}: {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def make_database() -> None:
    """Make the empty database that MAINSTAY_DATABASE_URL names, where it names one."""
    url = os.environ.get("MAINSTAY_DATABASE_URL", "")
    if url:
        name = urlsplit(url).path.lstrip("/")
        with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


def on_each_database(module: str, wanted: str, arguments: list[str]) -> int:
    """Run a drill's module once on each database wanted (sqlite, postgresql, both), each in a process of its own."""
    failed = 0
    for database in DATABASES if wanted == "both" else (wanted,):
        command = [sys.executable, "-m", module, "--here", *arguments]
        if database == "postgresql":
            command = [sys.executable, "-m", "tools.with_postgresql", *command]
        env = {name: value for name, value in os.environ.items() if name != "MAINSTAY_DATABASE_URL"}
        print(f"── {database}", flush=True)
        failed |= subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    return failed


@contextmanager
def fresh_home() -> Iterator[Path]:
    """Give a folder that MAINSTAY_HOME names, and remove it when the drill has passed; kept when it failed."""
    home = Path(tempfile.mkdtemp(prefix="mainstay-drill-"))
    os.environ.update(MAINSTAY_HOME=str(home), MAINSTAY_LOG_LEVEL="WARNING", MAINSTAY_LOG_FORMAT="json")
    try:
        yield home
    except BaseException:
        print(f"what is left of the drill lies in {home}", flush=True)
        raise
    shutil.rmtree(home, ignore_errors=True)


@dataclass
class Program:
    """Mutable: one long-running program of the house."""

    name: str
    words: tuple[str, ...]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    starts: int = 0

    def start(self) -> None:
        """Start it in a process group of its own."""
        self.began, self.starts = time.monotonic(), self.starts + 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                mainstay(*self.words), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def children(self) -> list[int]:
        """Return the numbers of the processes it has started itself."""
        if self.process is None:
            return []
        with suppress(OSError):
            listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            return [int(number) for number in listed.split()]
        return []

    def kill(self, child: int | None = None) -> None:
        """Kill one of its children, or it with all of its group, as a service manager does. No chance to tidy up."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if child is not None:
                os.kill(child, signal.SIGKILL)
            else:
                os.killpg(self.process.pid, signal.SIGKILL)
        if child is None:
            self.process.wait()

    def end(self) -> None:
        """Ask it to end; kill it after ten seconds."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class House:
    """Mutable: all programs, watched as a service manager would: what ended is started again."""

    home: Path
    port: int
    workers: int = 1
    programs: dict[str, Program] = field(init=False)

    def __post_init__(self) -> None:
        """Say what runs."""
        commands = {
            "web": ("web", "--port", str(self.port), "--workers", str(self.workers)),
            "live": ("live", "--port", str(self.port + 1)),
            "worker": ("worker",),
            "caseworker": ("caseworker",),
            "sweeper": ("sweeper",),
            "courier": ("courier",),
        }
        self.programs = {name: Program(name, words, self.home / f"{name}.log") for name, words in commands.items()}

    @property
    def address(self) -> str:
        """Where the web process answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        for program in self.programs.values():
            program.start()
        self.wait("the house to be ready", lambda: self.asked("/readyz") == 200)

    def asked(self, path: str) -> int:
        """Return the status the web process answers, 0 when it does not."""
        with suppress(httpx.HTTPError), httpx.Client(trust_env=False, timeout=5) as client:
            return client.get(self.address + path).status_code
        return 0

    def revive(self) -> None:
        """Start what has ended again, at most once a second."""
        for program in self.programs.values():
            if not program.alive and time.monotonic() - program.began > 1:
                program.start()

    def wait(self, what: str, reached: Callable[[], bool], seconds: float = 120.0) -> None:
        """Wait for something while all programs are kept alive; TimeoutError says for what in vain."""
        until = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > until:
                raise TimeoutError(f"waited {seconds:.0f} s for {what}")
            self.revive()
            time.sleep(0.1)

    def end(self) -> None:
        """Stop everything."""
        for program in self.programs.values():
            program.end()

    def troubles(self) -> list[str]:
        """Return the log lines of errors, and how often a program broke down by itself."""
        found = []
        for program in self.programs.values():
            text = program.log.read_text(errors="replace")
            if broken := text.count("\nTraceback (most recent call last)") + text.startswith("Traceback"):
                found.append(f"{program.name} broke down {broken} times, at last: {text.strip()[-600:]}")
            for line in text.splitlines():
                with suppress(ValueError):
                    said = json.loads(line)
                    if isinstance(said, dict) and said.get("level") in ("error", "critical"):
                        found.append(f"{program.name}: {line[:1500]}")
        return found
