"""All questions in one run: `make bench`, or some: `make bench NAME=impact`. Writes results.json and RESULTS.md.

Other scripts of this folder have no bar of the table and print only: `make bench NAME=storm ARGS="10000 100000"`.
"""

import importlib
import runpy
import subprocess
import sys
import time

from benchmarks.table import Row, write

QUESTIONS = ("deadlines", "impact", "availability", "coldstart", "intake", "live", "reports")


def main(names: tuple[str, ...]) -> int:
    """Ask, print each answer as it comes, write it into the table; 1 when a bar is missed.

    Several questions are asked by a process each: what one leaves in memory must not slow the next one's clients.
    """
    missed = 0
    for name in names if len(names) == 1 else ():
        print(f"── {name}", flush=True)
        began, found = time.monotonic(), []
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            found.append(row)
            print("   " + _line(row), flush=True)
        write(name, found, took_s=time.monotonic() - began, known=QUESTIONS)
        missed += sum(not row.met for row in found)
    if len(names) > 1:
        asked = (subprocess.run([sys.executable, "-m", "benchmarks", name], check=False) for name in names)
        missed = sum(done.returncode for done in asked)
    return 1 if missed else 0


def _line(row: Row) -> str:
    ratio = f" = {row.ratio:,.3g} × {row.against}" if row.ratio is not None else ""
    return f"{'✓' if row.met else '✗'} {row.name}: {row.ours:,.4g} {row.unit}{ratio} (bar {row.bar})"


if __name__ == "__main__":
    if sys.argv[1:] and not set(sys.argv[1:]) <= set(QUESTIONS):
        sys.argv = sys.argv[1:]
        runpy.run_module(f"benchmarks.{sys.argv[0]}", run_name="__main__", alter_sys=False)
        sys.exit()
    sys.exit(main(tuple(sys.argv[1:]) or QUESTIONS))
