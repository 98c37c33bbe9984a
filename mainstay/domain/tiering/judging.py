"""Which grades does a table give these facts, and by which row? zen judges; we say what its hits mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import zen

from mainstay.domain.tiering.facts import Value
from mainstay.domain.tiering.tables import Effect, HitPolicy, Table

NO_ROW = -1


@dataclass(frozen=True)
class Outcome:
    """What a table gives: (grade, place of its row) from the highest grade on; `decay` is the place of the demotion
    that took effect, or -1. `fits`: the places of all rows that hit, in order.
    """

    grades: tuple[tuple[str, int], ...] = ()
    fits: tuple[int, ...] = ()
    decay: int = NO_ROW

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the grades alone."""
        return tuple(grade for grade, _row in self.grades)


class Judge:
    """Judges facts by one table; made once for many customers (zen's engine holds the table by a loader)."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._places = [place for place, _row in table.rules()]
        said = json.dumps(decision(table))
        self._engine = zen.ZenEngine({"loader": lambda _key: said})

    def outcome(self, facts: Mapping[str, Value]) -> Outcome:
        """Judge one customer; facts that are missing are unknown."""
        asked = {name: facts.get(name) for name in self.table.facts}
        result = self._engine.evaluate("table", asked)["result"]
        found = result.get("rows") or []
        rules = [found["rule"]] if isinstance(found, dict) else [hit["rule"] for hit in found]
        decayed = (result.get("decay") or {}).get("rule", NO_ROW)
        return meaning(self.table, tuple(dict.fromkeys(self._places[rule] for rule in rules)), int(decayed))


def meaning(table: Table, fits: tuple[int, ...], decay: int = NO_ROW) -> Outcome:
    """Say what it means that these rows fit: one grade each, an overlap, one class down, the lapsed list (B1)."""
    by_grade: dict[str, int] = {}
    for place in fits:
        by_grade.setdefault(table.rows[place].grade, place)
    if table.overlap and len(by_grade.keys() - {table.overlap}) >= 2:
        by_grade.setdefault(table.overlap, fits[0])
    ordered = [(grade, by_grade[grade]) for grade in table.grades if grade in by_grade]
    if decay == NO_ROW or not ordered:
        return Outcome(tuple(ordered), fits)
    if table.decays[decay].effect == Effect.LAPSE:
        lapsed = ((table.lapsed, ordered[0][1]),) if table.lapsed else ()
        return Outcome(lapsed, fits, decay)
    return Outcome(tuple((one_down(table, grade), row) for grade, row in ordered), fits, decay)


def one_down(table: Table, grade: str) -> str:
    """Return the grade one class below; the lowest stays."""
    classes = [one for one in table.grades if one != table.lapsed]
    return classes[min(classes.index(grade) + 1, len(classes) - 1)] if grade in classes else grade


def decision(table: Table) -> dict[str, Any]:
    """Return the table as a zen decision: rows and demotions as two tables side by side."""
    rules = [row.when for _place, row in table.rules()]
    nodes = [
        _node("in", "inputNode"), _table("rows", table.policy, table.facts, rules),
        _table("decay", HitPolicy.FIRST, table.facts, [part.when for part in table.decays]), _node("out", "outputNode"),
    ]  # fmt: skip
    ways = [("in", "rows"), ("in", "decay"), ("rows", "out"), ("decay", "out")]
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in ways]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _node(name: str, kind: str) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}


def _table(name: str, policy: HitPolicy, facts: tuple[str, ...], rules: list[Any]) -> dict[str, Any]:
    inputs = [{"id": f"f{n}", "name": fact, "field": fact} for n, fact in enumerate(facts)]
    said = [
        {"_id": str(place), "rule": str(place)}
        | {f"f{n}": when[fact].zen() if fact in when else "" for n, fact in enumerate(facts)}
        for place, when in enumerate(rules)
    ]
    content = {
        "hitPolicy": policy.value, "inputs": inputs, "rules": said, "outputPath": name,
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
    }  # fmt: skip
    return _node(name, "decisionTableNode") | {"content": content}
