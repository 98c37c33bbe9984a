"""Real servers on the test database: processes of their own, with what they need to find it."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 20


@contextmanager
def serving(command: Sequence[str], port: int, home: Path, **more: str) -> Iterator[None]:
    """Run a process on the test database until it listens on `port`; stop it at the end."""
    surroundings = os.environ | {
        "MAINSTAY_HOME": str(home),
        "MAINSTAY_DATABASE_URL": _database_url(home),
        "MAINSTAY_SECRET_KEY": settings.SECRET_KEY,
        **more,
    }
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log)
    try:
        _wait_for(port, process, home / "log")
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _database_url(home: Path) -> str:
    """Return the test database's address; "" for SQLite, which is linked into the process's home."""
    kept = connection.settings_dict
    if connection.vendor == "sqlite":
        (home / "mainstay.sqlite3").symlink_to(kept["NAME"])
        return ""
    who = f"{quote(kept['USER'])}:{quote(kept['PASSWORD'])}"
    port = f":{kept['PORT']}" if kept["PORT"] else ""
    return f"postgresql://{who}@{port}/{kept['NAME']}?host={quote(kept['HOST'])}"


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the process listens; one that ends instead says why."""
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            threading.Event().wait(0.05)
    raise AssertionError(f"Nothing listens on port {port}:\n{log.read_text()}")
