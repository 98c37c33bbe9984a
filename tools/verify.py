"""Is everything right? `lint` reads the code; `test` reads it, then runs every test.

Stops at the first stage that fails; under CI=true it goes on, so that one run shows everything that is wrong.
The tests of everything come last: the last lines printed are pytest's own summary.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# What reads and writes rows; domain has no database, faces are tried on the embedded one.
ROOMS = ["tests/platform", "tests/accounts", "tests/network", "tests/service", "tests/management"]


class Stage(NamedTuple):
    """One command of the run, and what it is called when it fails."""

    name: str
    command: Sequence[str | Path]


def linting() -> Iterator[Stage]:
    """Everything that reads the code without running it."""
    yield Stage("style", [BIN / "ruff", "check"])
    yield Stage("format", [BIN / "ruff", "format", "--check", "--quiet"])
    yield Stage("types", [BIN / "mypy"])
    yield Stage("import contracts", [BIN / "lint-imports", "--no-cache"])
    yield Stage("translations", [sys.executable, "-m", "mainstay.faces.ui.build_locale", "--check"])


def testing() -> Iterator[Stage]:
    """Linting, then the rooms on PostgreSQL, then everything on SQLite."""
    yield from linting()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    workers = ["-n", str(min(cores, 8)), "--dist", "loadfile"]
    pytest: list[str | Path] = [BIN / "pytest", "-q", *workers]
    rooms = [folder for folder in ROOMS if (ROOT / folder).is_dir()]
    postgresql: list[str | Path] = [sys.executable, "-m", "tools.with_postgresql"]
    yield Stage("rooms on PostgreSQL", [*postgresql, *pytest, *rooms])
    yield Stage("tests", pytest)


def run(stages: Iterator[Stage], *, to_the_end: bool) -> list[str]:
    """Run the stages in order; return the names of those that failed."""
    failed: list[str] = []
    for stage in stages:
        if stage.name == "tests" and failed:
            print(f"✗ failed before the tests: {', '.join(failed)}", flush=True)
        print(f"── {stage.name}", flush=True)
        started = time.monotonic()
        if subprocess.run(stage.command, cwd=ROOT, check=False).returncode:
            failed.append(stage.name)
            if not to_the_end:
                return failed
        elif stage.name != "tests":
            print(f"   {time.monotonic() - started:.1f} s", flush=True)
    return failed


def main() -> None:
    """Run what the first argument names."""
    wanted = {"lint": linting, "test": testing}.get(sys.argv[1] if len(sys.argv) > 1 else "test")
    if wanted is None:
        sys.exit("python -m tools.verify lint|test")
    sys.exit(1 if run(wanted(), to_the_end=os.environ.get("CI") == "true") else 0)


if __name__ == "__main__":
    main()
