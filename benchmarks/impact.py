"""How fast does an alarm become its circuits? A million circuits over two hundred thousand resources, state kept.

The network: 2,000 sites hold 20,000 devices, these 178,000 ports; 400 ducts hold ports as well (shared risk). Every
circuit has a working and a protection path of four ports each, so a port carries about 45 paths. An alarm raises or
clears one port (a leaf); calls hold 1,000 alarms. One duct carries 50,000 circuits. Alternatives answer only the
smaller question, which circuits run over a resource or what hangs below it, without state and protection.
"""

import json
import resource
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.table import RUNS, Row, median_of, rates, timed
from mainstay.domain.impact import ImpactEngine, ImpactGraph, Level

SITES, DEVICES, PORTS, DUCTS = 2_000, 20_000, 177_600, 400
CIRCUITS, HOPS = 1_000_000, 4
CALLS, BATCH = 200, 1_000
BUSY_PORTS = 1_150
"""Ports of the duct that carries 50,000 circuits."""
FIRST_DEVICE, FIRST_PORT = SITES, SITES + DEVICES
FIRST_DUCT = FIRST_PORT + PORTS
RESOURCES = FIRST_DUCT + DUCTS
ASKED = 200
"""How many resources the alternatives are asked for."""


def network() -> dict[str, Any]:
    """Draw the network as arrays, the same each time."""
    dice = np.random.default_rng(7)
    devices = np.stack([FIRST_DEVICE + np.arange(DEVICES), np.arange(DEVICES) % SITES], 1)
    ports = np.stack([FIRST_PORT + np.arange(PORTS), FIRST_DEVICE + np.arange(PORTS) % DEVICES], 1)
    ducts = np.stack([FIRST_PORT + np.arange(PORTS), FIRST_DUCT + 1 + np.arange(PORTS) % (DUCTS - 1)], 1)
    ducts[:BUSY_PORTS, 1] = FIRST_DUCT
    return {
        "resources": RESOURCES,
        "depends": np.concatenate([devices, ports, ducts]),
        "circuits": CIRCUITS,
        "path_circuits": np.repeat(np.arange(CIRCUITS), 2),
        "path_lengths": np.full(2 * CIRCUITS, HOPS),
        "path_resources": FIRST_PORT + dice.integers(0, PORTS, 2 * CIRCUITS * HOPS),
    }


def rows() -> list[Row]:
    """Measure all of it."""
    graph = ImpactGraph.build(**network())
    return [_leaves(graph), _trunk(graph), _memory(), *_against(graph)]


def _leaves(graph: ImpactGraph) -> Row:
    engine, dice = ImpactEngine(graph), np.random.default_rng(8)

    def calls() -> list[tuple[Any, Any, int]]:
        return [
            (FIRST_PORT + dice.integers(0, PORTS, BATCH), np.where(dice.random(BATCH) < 0.5, 2, 0), n)
            for n in range(CALLS)
        ]

    def judge(wanted: list[tuple[Any, Any, int]]) -> None:
        for ports, levels, at in wanted:
            engine.set_levels(ports, levels, False, at)

    def rate() -> float:
        wanted = calls()
        return CALLS * BATCH / timed(lambda: judge(wanted))

    rate()
    ours, runs = median_of(rate, 5)
    touched = int(graph.over.lengths[FIRST_PORT:FIRST_DUCT].mean() * BATCH)
    where = dice.integers(0, graph.n_paths, touched)
    limit, _ = rates(CALLS * BATCH, lambda: [graph.path_circuit[where] for _ in range(CALLS)])
    return Row(
        "impact: leaf alarms in calls of 1,000, state of 1 M circuits kept", ours, "alarms/s a core", "≥ 500,000",
        ours >= 500_000, runs, limit=limit, limited_by="one numpy gather of the paths touched",
    )  # fmt: skip


def _trunk(graph: ImpactGraph) -> Row:
    engine, circuits = ImpactEngine(graph), len(graph.circuits_of([FIRST_DUCT]))

    def fail() -> float:
        took = timed(lambda: engine.set_levels([FIRST_DUCT], Level.DOWN, False, 1))
        engine.set_levels([FIRST_DUCT], Level.CLEAR, False, 2)
        return took * 1000

    fail()
    ours, runs = median_of(fail, 5)
    return Row(f"impact: a trunk with {circuits:,} circuits fails", ours, "ms", "< 20", ours < 20, runs)


def _memory() -> Row:
    """Build engine and network in a process of its own and ask for its peak."""
    command = [sys.executable, "-m", "benchmarks.impact", "memory"]
    told = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(RUNS)]
    peaks = tuple(each["peak_gb"] for each in told)
    peak = statistics.median(peaks)
    note = f"built in {statistics.median(each['built_s'] for each in told)} s"
    return Row("impact: memory of engine and network", peak, "GB", "≤ 1", peak <= 1, peaks, note=note)


def _tell_memory() -> None:
    held: list[Any] = []

    def build() -> None:
        engine = ImpactEngine(ImpactGraph.build(**network()))
        engine.set_levels([FIRST_DUCT], Level.DOWN, False, 1)
        held.append(engine)

    built_s = round(timed(build), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    print(json.dumps({"peak_gb": round(peak, 2), "built_s": built_s}))


def _against(graph: ImpactGraph) -> Iterator[Row]:
    asked = [int(port) for port in np.random.default_rng(9).integers(FIRST_PORT, FIRST_DUCT, ASKED)]
    truth = [set(graph.circuits_of([port]).tolist()) for port in asked]
    ours, runs = rates(ASKED, lambda: [graph.circuits_of([port]) for port in asked])
    for name, opened in (("networkx", _networkx), ("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with opened() as ask:
            for port, circuits in zip(asked[:20], truth, strict=False):
                assert ask(port) == circuits, f"{name} finds other circuits over {port}"
            theirs, _ = rates(ASKED, lambda: [ask(port) for port in asked])
        yield Row(
            f"impact: resource → circuits, beside {name}", ours, "resources/s", "> 1 ×", ours > theirs, runs, theirs,
            name, ours / theirs,
        )  # fmt: skip


Ask = Callable[[int], set[int]]


@contextmanager
def _networkx() -> Iterator[Ask]:
    """Hold things as a directed graph, circuits as nodes below the ports they run over."""
    import networkx as nx

    drawn = network()
    graph = nx.DiGraph()
    graph.add_edges_from((parent, child) for child, parent in drawn["depends"].tolist())
    owner = np.repeat(drawn["path_circuits"], HOPS)
    graph.add_edges_from(zip(drawn["path_resources"].tolist(), (RESOURCES + owner).tolist(), strict=True))
    yield lambda port: {node - RESOURCES for node in nx.descendants(graph, port) if node >= RESOURCES}


QUERY = """WITH RECURSIVE below(id) AS (
  SELECT {mark} UNION SELECT d.child FROM dependency d JOIN below ON d.parent = below.id)
SELECT DISTINCT h.circuit FROM below JOIN hop h ON h.resource = below.id"""
TABLES = (
    "CREATE TABLE dependency (parent integer, child integer)",
    "CREATE TABLE hop (resource integer, circuit integer)",
)
INDEXES = (
    "CREATE INDEX by_parent ON dependency (parent, child)",
    "CREATE INDEX by_resource ON hop (resource, circuit)",
)


def _pairs() -> tuple[Any, Any]:
    drawn = network()
    owner = np.repeat(drawn["path_circuits"], HOPS)
    return drawn["depends"][:, ::-1], np.stack([drawn["path_resources"], owner], 1)


@contextmanager
def _sqlite() -> Iterator[Ask]:
    depends, hops = _pairs()
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "network.sqlite3")) as database:
        for statement in TABLES:
            database.execute(statement)
        database.executemany("INSERT INTO dependency VALUES (?, ?)", depends.tolist())
        database.executemany("INSERT INTO hop VALUES (?, ?)", hops.tolist())
        for statement in (*INDEXES, "ANALYZE"):
            database.execute(statement)
        query = QUERY.format(mark="?")
        yield lambda port: {circuit for (circuit,) in database.execute(query, (port,))}


@contextmanager
def _postgresql() -> Iterator[Ask]:
    from benchmarks.servers import connected, postgresql

    depends, hops = _pairs()
    with postgresql() as address, connected(address) as database:
        for statement in TABLES:
            database.execute(statement)
        for table, pairs in (("dependency", depends), ("hop", hops)):
            with database.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for pair in pairs.tolist():
                    copy.write_row(pair)
        for statement in (*INDEXES, "ANALYZE"):
            database.execute(statement)
        query = QUERY.format(mark="%s::integer")
        yield lambda port: {circuit for (circuit,) in database.execute(query, (port,)).fetchall()}


if __name__ == "__main__":
    if sys.argv[1:] == ["memory"]:
        _tell_memory()
    else:
        for found in rows():
            print(found, statistics.median(found.runs))
