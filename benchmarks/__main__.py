"""All questions in one run: `make bench`, or some: `make bench NAME=impact`. Writes results.json and RESULTS.md."""

import importlib
import sys
import time

from benchmarks.table import Row, write

QUESTIONS = ("deadlines", "impact", "availability", "coldstart", "intake", "live")


def main(names: tuple[str, ...]) -> int:
    """Ask, print each answer as it comes, write the table; 1 when a bar is missed."""
    began, found = time.monotonic(), []
    for name in names:
        print(f"── {name}", flush=True)
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            found.append(row)
            print("   " + _line(row), flush=True)
    if names == QUESTIONS:
        write(found, took_s=time.monotonic() - began)
    return 0 if all(row.met for row in found) else 1


def _line(row: Row) -> str:
    ratio = f" = {row.ratio:,.3g} × {row.against}" if row.ratio is not None else ""
    return f"{'✓' if row.met else '✗'} {row.name}: {row.ours:,.4g} {row.unit}{ratio} (bar {row.bar})"


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or QUESTIONS))
