"""Which circuits changed when these faults began or ended? The state of every circuit, kept from call to call.

How it works. Each resource has a row of four instants: since when it has not been clear, and down, under all faults;
and the same under the unplanned ones (NEVER: it is not). A resource's effective row is the minimum of its own and its
parents' effective rows, so levels and begins travel together, root to leaf, each resource once. Each path counts its
resources that are not clear and down, four 16-bit counts in one word; a circuit's state follows from its paths'
counts by one table.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mainstay.domain.errors import Refused, msgid
from mainstay.domain.impact.changing import GraphChange
from mainstay.domain.impact.explain import explain
from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.impact.levels import (
    NEVER,
    ByteArray,
    Changes,
    CircuitChange,
    Explanation,
    FewChanges,
    IntArray,
    Level,
)
from mainstay.domain.impact.rows import grown, last_of_each, positions, sorted_unique
from mainstay.domain.impact.since import since_of_many, since_of_one
from mainstay.domain.impact.states import OF_ONE, OF_TWO, code_of, codes_of, packed, states_of, word_of

_ALL, _UNPLANNED = 0, 2
"""First column of each view in a row of instants: not clear since, down since."""
_WORDS = np.array([sum(1 << 16 * bit for bit in range(4) if code >> bit & 1) for code in range(16)], np.int64)
"""What a path's word of counts grows by, by the code of which instants a resource has got."""
_CHUNK = 1 << 17
_DOWN = int(Level.DOWN)
_NOTHING = FewChanges((), ())
_OF_ONE: list[int] = OF_ONE.tolist()
_OF_TWO: list[int] = OF_TWO.tolist()
_FEW = 24
"""Paths up to which one by one is faster than all at once."""


@dataclass(frozen=True, slots=True)
class _Faults:
    """Faults as asked for, checked: one entry per (resource, planned)."""

    resources: IntArray
    slots: IntArray
    levels: ByteArray
    at: IntArray

    def only(self, chosen: NDArray[np.bool_]) -> "_Faults":
        return _Faults(self.resources[chosen], self.slots[chosen], self.levels[chosen], self.at[chosen])


class ImpactEngine:
    """Mutable: the faults that stand on `graph` and what they do to each circuit. Owned by one thread."""

    def __init__(self, graph: ImpactGraph) -> None:
        """Begin with a clear network."""
        self.graph = graph
        self._level: ByteArray = np.zeros((2, graph.n_resources), np.int8)
        self._began = np.full((2, graph.n_resources), NEVER, np.int64)
        self._start_clear()

    def set_levels(self, resources: ArrayLike, levels: ArrayLike, planned: ArrayLike, at: ArrayLike) -> Changes:
        """Set faults and give the circuits whose state changed (G2).

        A fault is addressed by (resource, planned): a resource holds at most one planned and one unplanned fault,
        each set on its own; its own level is the worse of the two. So a caller who recomputes a resource from its
        active alarms sets both: the worst planned and the worst unplanned level. Level 0 ends that fault. `at`: when
        the fault, at the level now set, began (epoch ms; ignored for level 0); it replaces what was set before, so
        order of arrival does not matter. Arrays of one length, or scalars that fit all. Of duplicates in one call the
        last counts. Raises Refused on an unknown resource or level; nothing is changed then.
        """
        return self._apply(self._checked(resources, levels, planned, at))

    def set_level(self, resource: int, level: int, planned: bool, at: int) -> FewChanges:
        """Set one fault, as `set_levels` does; several times as fast for what nothing depends on."""
        graph, effective = self.graph, self._effective
        if (
            not 0 <= resource < graph.n_resources
            or not Level.CLEAR <= level <= Level.DOWN
            or graph.down.lengths[resource]
        ):
            return self.set_levels([resource], [level], [planned], [at]).one_by_one()
        slot = 0 if planned else 1
        self._level[slot, resource] = level
        self._began[slot, resource] = at if level else NEVER
        row = self._own_row(resource)
        self._own[resource] = row
        for parent in graph.up.row(resource).tolist():
            row = list(map(min, row, effective[parent].tolist()))
        old = effective[resource].tolist()
        if row == old:
            return _NOTHING
        effective[resource] = row
        step = word_of(row) - word_of(old)
        if graph.over.lengths[resource] <= _FEW:
            return self._judge_few(resource, step)
        return self._judge(np.array([resource], np.int64), np.array([step], np.int64)).one_by_one()

    def _own_row(self, resource: int) -> list[int]:
        """Give one row of `_own_rows`."""
        began, level = self._began.item, self._level.item
        planned, unplanned = began(0, resource), began(1, resource)
        unplanned_down = unplanned if level(1, resource) == _DOWN else NEVER
        down = min(planned, unplanned_down) if level(0, resource) == _DOWN else unplanned_down
        return [min(planned, unplanned), down, unplanned, unplanned_down]

    def states(self) -> ByteArray:
        """Give the CircuitState of every circuit under all faults (a copy)."""
        return self._verdicts[: self.graph.n_circuits] & 3

    def unplanned_states(self) -> ByteArray:
        """Give the CircuitState of every circuit as it would be without the planned faults (a copy)."""
        return self._verdicts[: self.graph.n_circuits] >> 2

    def since(self, circuit: int, *, unplanned: bool = False) -> int | None:
        """Give the instant (epoch ms) from which `circuit` has been in its present state or worse; None when it is UP.

        Judged only from the faults that stand now, by when each began, whatever the order in which they were told.
        Let imp(p) and dwn(p) be the earliest begin of a standing fault that makes path p not clear, and down. Then
        DOWN: the latest dwn(p) over all paths. UNPROTECTED: the earliest imp(p) over all paths. DEGRADED:
        imp(working), unless the working path is down and some other path was still clear at dwn(working): then the
        instant the last other path ceased to be clear.
        """
        state = self._verdicts.item(circuit) >> (2 * unplanned) & 3
        instant = since_of_one(self.graph, self._effective, circuit, state, first=2 * unplanned)
        return None if instant == NEVER else instant

    def since_many(self, circuits: ArrayLike, *, unplanned: bool = False) -> IntArray:
        """Give `since` for many circuits at once; NEVER where a circuit is UP."""
        asked = np.asarray(circuits, np.int64)
        result = np.full(len(asked), NEVER, np.int64)
        impaired = np.flatnonzero(self._states_of(asked, int(unplanned)))
        for start in range(0, len(impaired), _CHUNK):
            chunk = impaired[start : start + _CHUNK]
            states = self._states_of(asked[chunk], int(unplanned))
            result[chunk] = since_of_many(self.graph, self._effective, asked[chunk], states, first=2 * unplanned)
        return result

    def explain(self, circuit: int, *, unplanned: bool = False) -> Explanation:
        """Give the smallest set of faulty resources that by themselves put each path of `circuit` at its present level.

        Exact up to 10 impaired paths, greedy beyond. Among sets of the same size the one nearer the roots of the
        dependency graph wins (device before its port), then the earlier begun, then the lower index.
        """
        view = _UNPLANNED if unplanned else _ALL
        return explain(
            self.graph,
            circuit,
            own=self._own[:, view : view + 2],
            effective=self._effective[:, view : view + 2],
            states=(int(self._verdicts[circuit] & 3), int(self._verdicts[circuit] >> 2)),
        )

    def what_if(self, resources: ArrayLike, level: Level = Level.DOWN, *, planned: bool = True) -> Changes:
        """Give the circuits that would change if `resources` were at least at `level` on top of every standing fault.

        The engine's state is the same afterwards. With `planned` the unplanned states stay as they are. `retimed` is
        empty. (I3) Raises Refused as `set_levels`.
        """
        faults = self._checked(resources, level, planned, NEVER - 1)
        before_level = self._level[faults.slots, faults.resources]
        before = _Faults(faults.resources, faults.slots, before_level, self._began[faults.slots, faults.resources])
        raised = before_level < faults.levels
        changes = self._apply(faults.only(raised))
        self._apply(before)
        return Changes(
            changes.circuits,
            changes.old,
            changes.new,
            changes.old_unplanned,
            changes.new_unplanned,
            np.empty(0, np.int64),
        )

    def adopt(self, change: GraphChange) -> Changes:
        """Follow a change that `graph` has just applied, keeping all faults; new circuits count as UP before.

        Looks only at what changed: resources that depend on something else now, what hangs below them as far as its
        level moves, and the circuits over these or with another route.
        """
        self._widen()
        moved, steps = self._spread(np.array(sorted(change.parents), np.int64))
        return self._judge(moved, steps, rerouted=np.array(sorted(change.routes), np.int64))

    def own_levels(self) -> ByteArray:
        """Give each resource's own level: the worse of its planned and unplanned fault (a copy)."""
        worse: ByteArray = np.maximum(self._level[0], self._level[1])
        return worse[: self.graph.n_resources]

    def effective_levels(self) -> ByteArray:
        """Give each resource's effective level: its own or that of anything above it, whichever is worse (a copy)."""
        standing: ByteArray = (
            (self._effective[: self.graph.n_resources, _ALL : _ALL + 2] != NEVER).sum(axis=1).astype(np.int8)
        )
        return standing

    def _start_clear(self) -> None:
        graph = self.graph
        self._own = np.full((graph.n_resources, 4), NEVER, np.int64)
        self._effective = self._own.copy()
        self._counts = np.zeros(graph.n_paths, np.int64)
        self._codes: ByteArray = np.zeros(graph.n_paths, np.int8)
        self._verdicts: ByteArray = np.zeros(graph.n_circuits, np.int8)
        self._mark = np.zeros(graph.n_circuits, np.bool_)

    def _widen(self) -> None:
        graph = self.graph
        self._level = grown(self._level, graph.n_resources)
        self._began = grown(self._began, graph.n_resources, NEVER)
        more = self._level.shape[1] - len(self._own)
        if more:
            clear = np.full((more, 4), NEVER, np.int64)
            self._own, self._effective = np.concatenate([self._own, clear]), np.concatenate([self._effective, clear])
        self._counts, self._codes = grown(self._counts, graph.n_paths), grown(self._codes, graph.n_paths)
        self._verdicts, self._mark = grown(self._verdicts, graph.n_circuits), grown(self._mark, graph.n_circuits)

    def _checked(self, resources: ArrayLike, levels: ArrayLike, planned: ArrayLike, at: ArrayLike) -> _Faults:
        asked = np.atleast_1d(np.asarray(resources, np.int64))
        wrong = asked[(asked < 0) | (asked >= self.graph.n_resources)]
        if len(wrong):
            raise Refused(
                msgid("There is no resource {index}; there are {count}."),
                index=int(wrong[0]),
                count=self.graph.n_resources,
            )
        level = np.broadcast_to(np.asarray(levels, np.int64), asked.shape)
        odd = level[(level < Level.CLEAR) | (level > Level.DOWN)]
        if len(odd):
            raise Refused(msgid("Level {level} is not 0 (clear), 1 (degraded) or 2 (down)."), level=int(odd[0]))
        slot = 1 - np.broadcast_to(np.asarray(planned, np.bool_), asked.shape).astype(np.int64)
        began = np.where(level == Level.CLEAR, NEVER, np.asarray(at).astype(np.int64))
        last = last_of_each(asked * 2 + slot)
        return _Faults(asked[last], slot[last], level[last].astype(np.int8), began[last])

    def _apply(self, faults: _Faults) -> Changes:
        self._level[faults.slots, faults.resources] = faults.levels
        self._began[faults.slots, faults.resources] = faults.at
        return self._judge(*self._spread(sorted_unique(faults.resources)))

    def _spread(self, touched: IntArray) -> tuple[IntArray, IntArray]:
        """Bring all rows up to date; give the resources whose effective row moved and their steps in the counts."""
        self._own[touched] = self._own_rows(touched)
        moved: list[IntArray] = []
        steps: list[IntArray] = []
        pending = touched
        while len(pending):
            ranks = self.graph.rank[pending]
            first = ranks == ranks.min()
            layer, pending = pending[first], pending[~first]
            rows = self._effective_rows(layer)
            old = self._effective[layer]
            differs = (rows != old).view(np.uint32)[:, 0] != 0  # four booleans side by side, read as one number
            layer, rows, old = layer[differs], rows[differs], old[differs]
            self._effective[layer] = rows
            moved.append(layer)
            steps.append(_WORDS[packed(rows != NEVER)] - _WORDS[packed(old != NEVER)])
            children, _ = self.graph.down.gather(layer)
            if len(children):
                pending = sorted_unique(np.concatenate([pending, children.astype(np.int64)]))
        if not moved:
            return touched, np.empty(0, np.int64)
        return np.concatenate(moved), np.concatenate(steps)

    def _own_rows(self, resources: IntArray) -> IntArray:
        began = [self._began[slot, resources] for slot in (0, 1)]
        down = [np.where(self._level[slot, resources] == Level.DOWN, began[slot], NEVER) for slot in (0, 1)]
        rows = np.empty((len(resources), 4), np.int64)
        rows[:, 0], rows[:, 1] = np.minimum(*began), np.minimum(*down)
        rows[:, 2], rows[:, 3] = began[1], down[1]
        return rows

    def _effective_rows(self, resources: IntArray) -> IntArray:
        rows = self._own[resources]
        starts, lengths = self.graph.up.starts[resources], self.graph.up.lengths[resources]
        for place in range(int(lengths.max(initial=0))):
            has = np.flatnonzero(lengths > place)
            parents = self.graph.up.columns[starts[has] + place]
            rows[has] = np.minimum(rows[has], self._effective[parents])
        return rows

    def _judge(self, moved: IntArray, steps: IntArray, rerouted: IntArray | None = None) -> Changes:
        """Count on every path over the moved resources; judge again the circuits of paths that got another code.

        `rerouted`: circuits whose paths are new; they are counted from scratch.
        """
        where, lengths = self.graph.over.where(moved)
        paths, touched = self.graph.over.columns[where], self.graph.circuits_over[where]
        np.add.at(self._counts, paths, np.repeat(steps, lengths))
        if rerouted is not None and len(rerouted):
            new = positions(self.graph.first_path[rerouted], self.graph.path_count[rerouted].astype(np.int64))
            self._counts[new] = self._counted(new)
            paths = np.concatenate([paths, new.astype(np.int32)])
            touched = np.concatenate([touched, self.graph.path_circuit[new]])
        codes = codes_of(self._counts[paths])
        crossed = np.flatnonzero(codes != self._codes[paths])
        self._codes[paths[crossed]] = codes[crossed]
        again = touched[crossed] if rerouted is None else np.concatenate([touched[crossed], rerouted])
        circuits = sorted_unique(again)
        old = self._verdicts[circuits]
        self._verdicts[circuits] = new_verdicts = self._verdicts_now(circuits)
        changes = _changes(circuits, old, new_verdicts)
        return replace(changes, retimed=self._retimed(touched, changes.circuits))

    def _judge_few(self, resource: int, step: int) -> FewChanges:
        """Do what `_judge` does for one resource with few paths: arrays of three cost more than what they hold."""
        over, counts, codes, verdicts = self.graph.over, self._counts, self._codes, self._verdicts
        start, length = over.starts.item(resource), over.lengths.item(resource)
        touched = self.graph.circuits_over[start : start + length].tolist()
        again = set()
        for path, circuit in zip(over.columns[start : start + length].tolist(), touched, strict=True):
            word = counts.item(path) + step
            counts[path] = word
            code = code_of(word)
            if code != codes.item(path):
                codes[path] = code
                again.add(circuit)
        changed: dict[int, CircuitChange] = {}
        for circuit in sorted(again):
            old, new = verdicts.item(circuit), self._verdict_now(circuit)
            if old != new:
                verdicts[circuit] = new
                changed[circuit] = CircuitChange(circuit, old & 3, new & 3, old >> 2, new >> 2)
        retimed = {circuit for circuit in touched if circuit not in changed and verdicts.item(circuit)}
        return FewChanges(list(changed.values()), sorted(retimed))

    def _verdict_now(self, circuit: int) -> int:
        """Judge one circuit by its paths' codes, as `_verdicts_now` does."""
        first, count = self.graph.first_path.item(circuit), self.graph.path_count.item(circuit)
        if count == 1:
            return _OF_ONE[self._codes.item(first)]
        if count == 2:
            return _OF_TWO[self._codes.item(first) | self._codes.item(first + 1) << 4]
        return int(self._verdicts_now(np.array([circuit], np.int64))[0])

    def _counted(self, paths: IntArray) -> IntArray:
        """Count each path's resources that are not clear and down, each resource once."""
        hops, lengths = self.graph.hops.gather(paths)
        keys = sorted_unique(np.repeat(np.arange(len(paths)), lengths) << 32 | hops)
        counts = np.zeros(len(paths), np.int64)
        np.add.at(counts, keys >> 32, _WORDS[packed(self._effective[keys & 0xFFFFFFFF] != NEVER)])
        return counts

    def _retimed(self, touched: NDArray[np.integer], changed: IntArray) -> IntArray:
        """List the touched circuits that are impaired and did not change, sorted, each once."""
        self._mark[changed] = True
        found = sorted_unique(touched[(self._verdicts[touched] != 0) & ~self._mark[touched]])
        self._mark[changed] = False
        return found

    def _states_of(self, circuits: IntArray, view: int) -> ByteArray:
        states: ByteArray = self._verdicts[circuits] >> (2 * view) & 3
        return states

    def _verdicts_now(self, circuits: IntArray) -> ByteArray:
        """Judge circuits by their paths' codes: one look into a table for one or two paths, the full rule for more."""
        first, count = self.graph.first_path[circuits], self.graph.path_count[circuits].astype(np.int64)
        codes, most = self._codes, self.graph.n_paths - 1
        if most < 0:
            return np.zeros(len(circuits), np.int8)
        working = codes[np.minimum(first, most)]
        result: ByteArray = OF_TWO[working | codes[np.minimum(first + 1, most)] << 4]
        result[count == 1] = OF_ONE[working[count == 1]]
        result[count == 0] = 0
        several = np.flatnonzero(count > 2)
        if len(several):
            result[several] = self._verdicts_of_many(first[several], count[several])
        return result

    def _verdicts_of_many(self, first: IntArray, count: IntArray) -> ByteArray:
        result = np.zeros(len(first), np.int8)
        codes = self._codes[positions(first + 1, count - 1)]
        starts = np.cumsum(count - 1) - (count - 1)
        for view in (0, 1):
            levels = _levels(codes, view)
            best, worst = np.minimum.reduceat(levels, starts), np.maximum.reduceat(levels, starts)
            result |= states_of(_levels(self._codes[first], view), best, worst) << (2 * view)
        return result


def _levels(codes: ByteArray, view: int) -> ByteArray:
    levels: ByteArray = (codes >> (2 * view) & 1) + (codes >> (2 * view + 1) & 1)
    return levels


def _changes(circuits: IntArray, old: ByteArray, new: ByteArray) -> Changes:
    """List the circuits whose verdict changed; whose times moved is not known here."""
    differs = np.flatnonzero(old != new)
    before, after = old[differs], new[differs]
    nobody = np.empty(0, np.int64)
    return Changes(circuits[differs], before & 3, after & 3, before >> 2, after >> 2, nobody)
