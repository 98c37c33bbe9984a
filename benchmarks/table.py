"""What did a benchmark find? One row per question: ours beside a real alternative of the same run, and the bar.

`python -m benchmarks` runs them and writes `results.json` and `RESULTS.md`; what was found for other questions before
stays there, each with the machine and the time of its own run.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RUNS = 3


@dataclass(frozen=True)
class Row:
    """One finding. `ours`, `theirs` and `limit` are medians in `unit`; None where there is none.

    `ratio` says how many times better ours is than theirs; `bar` what the project demands, as text; `met` whether it
    is. `limit`: what the machine itself would allow in this run. `runs`: every figure of ours the median is of.
    `note`: what else was seen.
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
    note: str = ""


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


def write(question: str, rows: Iterable[Row], *, took_s: float, known: Sequence[str], folder: Path = FOLDER) -> None:
    """Write what was found for a question, for programs and for people; keep what is there of the other `known`."""
    path = folder / "results.json"
    before: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"runs": {}, "rows": []}
    runs = {**before["runs"], question: _run(took_s)}
    kept = [row for row in before["rows"] if row["question"] != question]
    found = [*kept, *({"question": question, **asdict(row)} for row in rows)]
    written = {
        "runs": {name: runs[name] for name in known if name in runs},
        "rows": [row for name in known for row in found if row["question"] == name],
    }
    path.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")
    (folder / "RESULTS.md").write_text(_page(json.loads(path.read_text())))


def _run(took_s: float) -> dict[str, object]:
    """Say on which machine a question was asked, when, and how busy the machine was on the average of 15 minutes."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory_gb()} GB",
        "system": f"{platform.system()}, Python {platform.python_version()}",
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "took_s": round(took_s),
        "load": round(os.getloadavg()[2], 1),
    }


def _page(written: dict[str, Any]) -> str:
    runs = written["runs"]
    lines = [
        "# What was measured",
        "",
        "Written by `make bench`. Each figure is the median of its runs; alternatives run on the same machine in the",
        "same run. Higher is better where the unit is a rate, lower where it is a time or an amount. `limit` is what",
        "the machine allows for the same amount of memory or disk traffic. How a question is asked stands at the head",
        "of its script, `benchmarks/<question>.py`. Load: of all processes on the machine, over the last 15 minutes.",
        "",
        "| question | asked at | on | took | load |",
        "| --- | --- | --- | ---: | ---: |",
    ]
    lines += [
        f"| {name} | {run['at']} | {run['machine']}; {run['system']} | {run['took_s']} s | {run['load']} |"
        for name, run in runs.items()
    ]
    lines += [
        "",
        "| what | ours | against | theirs | ratio | bar | met | limit |",
        "| --- | ---: | --- | ---: | ---: | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_line(Row(**_without_question(row))) for row in written["rows"])]) + "\n"


def _without_question(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if name == "runs" else value for name, value in row.items() if name != "question"}


def _line(row: Row) -> str:
    limit = f"{_figure(row.limit)} ({row.limited_by})" if row.limit is not None else ""
    ratio = f"{_figure(row.ratio)} ×" if row.ratio is not None else ""
    name = f"{row.name} ({row.note})" if row.note else row.name
    return (
        f"| {name} | {_figure(row.ours)} {row.unit} | {row.against} | {_figure(row.theirs)} | {ratio} "
        f"| {row.bar} | {'yes' if row.met else '**no**'} | {limit} |"
    )


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30))
