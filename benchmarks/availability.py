"""How fast is a month's availability of a million circuits? Beside hand-written DuckDB SQL and a loop over pandas.

Every circuit has three outages that overlap as a rule; a third of all is planned, a third of the rest somebody else's
fault, some is time of which nothing is known. Both views are asked for: seconds by state, outages, the longest. DuckDB
has the facts in a table of its own and all cores, we have them in arrays and one core. The SQL sums the same packed
counts as we do, the fastest of what we tried. Runs take turns, because the machine may be shared; a row says what the
processor did in them. All answers are compared before anything is timed. The loop does what reports in the field do:
one frame per circuit.
"""

import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.servers import compared_with
from benchmarks.table import Row
from mainstay.domain.availability import Sums, sums

CIRCUITS, OUTAGES, MONTH_S = 1_000_000, 3, 30 * 86_400
LOOPED = 1_000
RUNS = 5
Ints = NDArray[np.int64]
COLUMNS = ("down_s", "degraded_s", "unknown_s", "planned_s", "excluded_s", "outages", "longest_s")

SQL = f"""
CREATE OR REPLACE TABLE answer AS
WITH cut AS (SELECT circuit, greatest(from_s, 0) AS from_s, least(to_s, {MONTH_S}) AS to_s, step FROM facts),
     edge AS (SELECT circuit, from_s AS t, step FROM cut UNION ALL SELECT circuit, to_s, -step FROM cut),
     swept AS (SELECT circuit, t, lead(t) OVER w AS until_t, sum(step) OVER w AS held FROM edge
               WINDOW w AS (PARTITION BY circuit ORDER BY t, step DESC ROWS UNBOUNDED PRECEDING)),
     told AS (SELECT circuit, t, until_t, until_t - t AS lasted,
                (held & 255) > 0 AS counted, ((held >> 8) & 255) > 0 AS impaired,
                ((held >> 16) & 65535) > 0 AS planned, ((held >> 32) & 65535) > 0 AS excused,
                ((held >> 16) & 255) > 0 OR ((held >> 32) & 255) > 0 AS other_down, ((held >> 48) & 255) > 0 AS unknown
              FROM swept WHERE until_t > t AND held <> 0),
     state AS (SELECT circuit, t, until_t, lasted,
                 CASE WHEN counted THEN 1 WHEN impaired THEN 2 WHEN planned THEN 4 WHEN excused THEN 5 ELSE 3 END AS c,
                 CASE WHEN counted OR other_down THEN 1 WHEN impaired OR planned OR excused THEN 2 ELSE 3 END AS f
               FROM told),
     run AS (SELECT *, lag(CASE WHEN c = 1 THEN until_t END) OVER w AS c_until, lag(CASE WHEN f = 1 THEN until_t END)
               OVER w AS f_until FROM state WINDOW w AS (PARTITION BY circuit ORDER BY t)),
     numbered AS (SELECT *, sum(CASE WHEN c = 1 AND c_until IS DISTINCT FROM t THEN 1 ELSE 0 END) OVER w AS c_run,
                    sum(CASE WHEN f = 1 AND f_until IS DISTINCT FROM t THEN 1 ELSE 0 END) OVER w AS f_run
                  FROM run WINDOW w AS (PARTITION BY circuit ORDER BY t ROWS UNBOUNDED PRECEDING)),
     c_runs AS (SELECT circuit, max(s) AS longest FROM (SELECT circuit, c_run, sum(lasted) AS s FROM numbered
                WHERE c = 1 GROUP BY circuit, c_run) GROUP BY circuit),
     f_runs AS (SELECT circuit, max(s) AS longest FROM (SELECT circuit, f_run, sum(lasted) AS s FROM numbered
                WHERE f = 1 GROUP BY circuit, f_run) GROUP BY circuit),
     summed AS (SELECT circuit, sum(CASE WHEN c = 1 THEN lasted ELSE 0 END) AS c1,
                  sum(CASE WHEN c = 2 THEN lasted ELSE 0 END) AS c2, sum(CASE WHEN c = 3 THEN lasted ELSE 0 END) AS c3,
                  sum(CASE WHEN c = 4 THEN lasted ELSE 0 END) AS c4, sum(CASE WHEN c = 5 THEN lasted ELSE 0 END) AS c5,
                  max(c_run) AS c_outages, sum(CASE WHEN f = 1 THEN lasted ELSE 0 END) AS f1,
                  sum(CASE WHEN f = 2 THEN lasted ELSE 0 END) AS f2, sum(CASE WHEN f = 3 THEN lasted ELSE 0 END) AS f3,
                  max(f_run) AS f_outages FROM numbered GROUP BY circuit)
SELECT summed.*, coalesce(c_runs.longest, 0) AS c_longest, coalesce(f_runs.longest, 0) AS f_longest
FROM summed LEFT JOIN c_runs USING (circuit) LEFT JOIN f_runs USING (circuit)
"""


def rows() -> list[Row]:
    """Compare the answers, then measure."""
    sys.path += map(str, compared_with().glob("lib/python*/site-packages"))
    facts = _facts(np.random.default_rng(20261122))
    period = {"begin_s": np.zeros(CIRCUITS, np.int64), "end_s": np.full(CIRCUITS, MONTH_S)}
    database = _duckdb(facts)

    def ours() -> Sums:
        return sums(*facts, **period)

    def theirs() -> None:
        database.execute(SQL)

    found = ours()
    theirs()
    _same_as_duckdb(found, database)
    measured = [(_clocked(ours), _clocked(theirs)) for _ in range(RUNS)]
    return [*_against_duckdb(measured, database), _against_pandas(found, facts, [mine[0] for mine, _ in measured])]


def _facts(dice: np.random.Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw outages: of each circuit around one instant, so that most overlap. Kinds as `domain.availability.Kind`."""
    count = CIRCUITS * OUTAGES
    circuits = np.repeat(np.arange(CIRCUITS), OUTAGES)
    around = np.repeat(dice.integers(0, MONTH_S, CIRCUITS), OUTAGES)
    begins = around + dice.integers(-3600, 3600, count)
    ends = begins + dice.integers(60, 4 * 3600, count)
    kinds = dice.choice(np.array([0, 0, 1, 2, 2, 3, 4, 5, 6]), count)
    order = dice.permutation(count)
    return circuits[order], begins[order], ends[order], kinds[order]


def _duckdb(facts: tuple[Ints, ...]) -> Any:
    import duckdb
    import pandas as pd

    database = duckdb.connect()
    frame = pd.DataFrame(dict(zip(("circuit", "from_s", "to_s", "kind"), facts, strict=True)))
    frame["step"] = np.left_shift(np.int64(1), 8 * frame["kind"].to_numpy())
    database.register("frame", frame)
    whole = f"from_s < {MONTH_S} AND to_s > 0"
    database.execute(
        "CREATE TABLE facts AS SELECT circuit::INTEGER AS circuit, from_s::INTEGER AS from_s, to_s::INTEGER AS to_s,"
        f" step::BIGINT AS step FROM frame WHERE {whole}"
    )
    database.unregister("frame")
    return database


def _same_as_duckdb(found: Sums, database: Any) -> None:
    answer = database.execute("SELECT * FROM answer").fetchnumpy()
    names = {"c": found.contract, "f": found.felt}
    states = {"c": ("c1", "c2", "c3", "c4", "c5"), "f": ("f1", "f2", "f3")}
    for view, mine in names.items():
        told = dict(zip(states[view], COLUMNS, strict=False))
        told |= {f"{view}_outages": "outages", f"{view}_longest": "longest_s"}
        for theirs, name in told.items():
            spread = np.zeros(CIRCUITS, np.int64)
            spread[answer["circuit"]] = answer[theirs]
            differ = np.flatnonzero(spread != getattr(mine, name))
            assert not len(differ), f"{len(differ)} circuits differ in {view} {name}, the first is {differ[0]}"


def _clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds by the wall and those of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _against_duckdb(measured: list[tuple[tuple[float, float], tuple[float, float]]], database: Any) -> list[Row]:
    threads = database.execute("SELECT current_setting('threads')").fetchone()[0]
    found = []
    for place, what in enumerate(("by the wall", "of the processor")):
        ours, theirs = ([run[side][place] for run in measured] for side in (0, 1))
        mine, other = statistics.median(ours), statistics.median(theirs)
        found.append(
            Row(
                f"availability of 1,000,000 circuits, both views, {what}", mine, "s", "≤ 1.5 ×", mine <= 1.5 * other,
                tuple(ours), other, f"DuckDB SQL, {threads} threads", other / mine,
            )
        )  # fmt: skip
    return found


def _against_pandas(found: Sums, facts: tuple[Ints, ...], ours: list[float]) -> Row:
    import pandas as pd

    few = np.isin(facts[0], np.arange(LOOPED))
    columns = dict(zip(("circuit", "from_s", "to_s", "kind"), (column[few] for column in facts), strict=True))
    frame = pd.DataFrame(columns)
    began = time.perf_counter()
    answers = {circuit: _one_circuit(mine) for circuit, mine in frame.groupby("circuit")}
    their_rate = LOOPED / (time.perf_counter() - began)
    for circuit, answer in answers.items():
        contract, felt = found.views(circuit)
        mine = (*(getattr(contract, n) for n in COLUMNS), felt.down_s, felt.degraded_s, felt.unknown_s)
        assert mine == answer, f"circuit {circuit}: {mine} {answer}"
    runs = tuple(CIRCUITS / seconds for seconds in ours)
    our_rate = statistics.median(runs)
    ratio = our_rate / their_rate
    return Row(
        "availability, circuits a second", our_rate, "circuits/s", "≥ 50 ×", ratio >= 50, runs, their_rate,
        "a loop over pandas", ratio,
    )  # fmt: skip


def _one_circuit(mine: Any) -> tuple[int, ...]:
    """Reckon one circuit's frame the way reports do: cut at every begin and end, look what holds in between."""
    mine = mine.assign(from_s=mine.from_s.clip(lower=0), to_s=mine.to_s.clip(upper=MONTH_S))
    cuts = sorted({*mine.from_s, *mine.to_s})
    seconds, felt, outages, longest, running = [0] * 6, [0] * 4, 0, 0, 0
    for begin, end in pairwise(cuts):
        kinds = set(mine.loc[(mine.from_s <= begin) & (mine.to_s >= end), "kind"])
        state = next((s for s, by in _CONTRACT if kinds & by), 0)
        seconds[state] += end - begin
        felt[1 if kinds & {0, 2, 4} else 2 if kinds & {1, 3, 5} else 3 if kinds else 0] += end - begin
        outages += state == 1 and running == 0
        running = running + end - begin if state == 1 else 0
        longest = max(longest, running)
    numbers = (seconds[1], seconds[2], seconds[3], seconds[4], seconds[5], outages, longest, felt[1], felt[2], felt[3])
    return tuple(int(number) for number in numbers)


_CONTRACT = ((1, {0}), (2, {1}), (4, {2, 3}), (5, {4, 5}), (3, {6}))

if __name__ == "__main__":
    from benchmarks.__main__ import main

    sys.exit(main(("availability",)))
