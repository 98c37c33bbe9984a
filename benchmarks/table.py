"""What did a benchmark find? One row per question: ours beside a real alternative of the same run, and the bar.

`python -m benchmarks` runs all of them and writes `results.json` and `RESULTS.md`.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent
RUNS = 3


@dataclass(frozen=True)
class Row:
    """One finding. `ours`, `theirs` and `limit` are medians in `unit`; None where there is none.

    `ratio` says how many times better ours is than theirs; `bar` what the project demands, as text; `met` whether it
    is. `limit`: what the machine itself would allow in this run. `runs`: every figure of ours the median is of.
    """

    name: str
    ours: float
    unit: str
    bar: str
    met: bool
    runs: tuple[float, ...]
    theirs: float | None = None
    against: str = ""
    ratio: float | None = None
    limit: float | None = None
    limited_by: str = ""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_of(measure: Callable[[], float], runs: int = RUNS) -> tuple[float, tuple[float, ...]]:
    """Measure several times; return the median and all figures."""
    figures = tuple(measure() for _ in range(runs))
    return statistics.median(figures), figures


def rates(count: int, work: Callable[[], object], runs: int = RUNS) -> tuple[float, tuple[float, ...]]:
    """Return how many of `count` things a second `work` does: the median of several calls, and all figures."""
    return median_of(lambda: count / timed(work), runs)


def write(rows: Iterable[Row], *, took_s: float) -> None:
    """Write what was found, for programs and for people."""
    found = list(rows)
    about = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {_memory_gb()} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "took_s": round(took_s),
    }
    rows_written = [asdict(row) for row in found]
    (FOLDER / "results.json").write_text(json.dumps({"about": about, "rows": rows_written}, indent=1) + "\n")
    (FOLDER / "RESULTS.md").write_text(_page(found, about))


def _page(rows: list[Row], about: dict[str, object]) -> str:
    lines = [
        "# What was measured",
        "",
        f"Written by `make bench` on {about['at']}; {about['machine']}; {about['system']}; {about['took_s']} s in all.",
        "Each figure is the median of its runs; alternatives run on the same machine in the same run. Higher is better",
        "where the unit is a rate, lower where it is a time. `limit` is what the machine allows for the same amount of",
        "memory or disk traffic. How each row is measured stands at the head of its script.",
        "",
        "| what | ours | against | theirs | ratio | bar | met | limit |",
        "| --- | ---: | --- | ---: | ---: | --- | --- | --- |",
    ]
    for row in rows:
        limit = f"{_figure(row.limit)} ({row.limited_by})" if row.limit is not None else ""
        ratio = f"{_figure(row.ratio)} ×" if row.ratio is not None else ""
        lines.append(
            f"| {row.name} | {_figure(row.ours)} {row.unit} | {row.against} | {_figure(row.theirs)} | {ratio} "
            f"| {row.bar} | {'yes' if row.met else '**no**'} | {limit} |"
        )
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30))
