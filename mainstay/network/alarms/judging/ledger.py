"""Since when is which circuit impaired, and because of which incident? One stretch per state (G2)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from mainstay.domain.impact import NEVER, FewChanges, ImpactEngine, Nearby
from mainstay.network.alarms.judging.facts import StateChange, Stretch, Verdicts
from mainstay.network.alarms.judging.network import Network
from mainstay.network.alarms.judging.standing import StandingAlarms

MANY = 100
"""Circuits from which since when is asked of all at once."""


class OnlyFault(NamedTuple):
    """The one fault that changed: a circuit that was up before has no other. `resource` by id, `began_ms` its begin."""

    resource: int
    began_ms: int


class Ledger:
    """Mutable: the stretch that stands for each impaired circuit, by id, and the circuits each incident has."""

    def __init__(
        self, network: Network, engine: ImpactEngine, nearby: Nearby, standing: StandingAlarms, *, next_id: int
    ) -> None:
        """Begin with every circuit up."""
        self.network = network
        self.engine = engine
        self.nearby = nearby
        self.standing = standing
        self.open: dict[int, Stretch] = {}
        self.of_incident: defaultdict[int, set[int]] = defaultdict(set)
        self.last_end: dict[int, int] = {}
        self._next_id = next_id

    def restore(self, stretch: Stretch) -> None:
        """Put back a stretch that stood before a restart."""
        self.open[stretch.circuit] = stretch
        self.of_incident[stretch.incident].add(stretch.circuit)

    def book(
        self,
        changes: FewChanges,
        at_ms: int,
        detected_ms: int,
        verdicts: Verdicts,
        *,
        only: OnlyFault | None = None,
    ) -> set[int]:
        """Write the engine's changes at an instant into the ledger; give the incidents that lost their last stretch.

        `only`: the fault that changed, when it is one; of what was up before nothing else needs to be asked then.
        """
        touched: set[int] = set()
        behind = self._incident_on((only.resource,)) if only is not None else None
        for change, since in zip(changes.circuits, self._since(changes, only), strict=True):
            index, old, new, _, unplanned = change
            planned = new > 0 and unplanned == 0
            incident = 0
            if new:
                incident = (behind if old == 0 and only is not None else self._incident_behind(index)) or 0
            left = self._change(
                index, old, new, planned, incident, since=since, at_ms=at_ms, detected_ms=detected_ms, verdicts=verdicts
            )
            if left is not None:
                touched.add(left)
        for index in changes.retimed:
            self._retime(index, detected_ms, verdicts)
        return {incident for incident in touched if not self.of_incident.get(incident)}

    def _since(self, changes: FewChanges, only: OnlyFault | None) -> list[int]:
        """Give from when on the faults that stand now have made each changed circuit so."""
        if only is None or len(changes.circuits) > MANY:
            since: list[int] = self.engine.since_many([change.circuit for change in changes.circuits]).tolist()
            return since
        return [self._since_one(circuit, old, new, only) for circuit, old, new, _, _ in changes.circuits]

    def _since_one(self, circuit: int, old: int, new: int, only: OnlyFault) -> int:
        if not old or not new:
            return only.began_ms if new else NEVER
        since = self.engine.since(circuit)
        return NEVER if since is None else since

    def reconcile(self, at_ms: int, verdicts: Verdicts) -> set[int]:
        """Book what differs between the ledger and the engine; give the incidents that lost their last stretch."""
        states, unplanned = self.engine.states(), self.engine.unplanned_states()
        index_of = {
            circuit: index for circuit in self.open if (index := self.network.index_of_circuit(circuit)) is not None
        }
        touched: set[int] = set()
        for circuit in [circuit for circuit in self.open if circuit not in index_of]:
            gone = self.open.pop(circuit)
            touched.add(gone.incident)
            instant = max(at_ms, gone.from_ms)
            self._close(gone, instant, verdicts)
            verdicts.changes.append(StateChange(gone.incident, circuit, gone.state, 0, False, instant, at_ms))
        impaired = {index_of[circuit] for circuit in self.open} | set(np.flatnonzero(states).tolist())
        for index in sorted(impaired):
            stretch = self.open.get(int(self.network.circuit_ids[index]))
            old, new = (stretch.state if stretch else 0), int(states[index])
            if old != new:
                planned = new > 0 and unplanned[index] == 0
                since = int(self.engine.since_many([index])[0])
                behind = (self._incident_behind(index) or 0) if new else 0
                left = self._change(
                    index, old, new, planned, behind, since=since, at_ms=at_ms, detected_ms=at_ms, verdicts=verdicts
                )
                if left is not None:
                    touched.add(left)
        return {incident for incident in touched if not self.of_incident.get(incident)}

    def move(self, from_incident: int, to_incident: int, verdicts: Verdicts) -> None:
        """Let the stretches of a merged incident stand under the one that took it over."""
        moved = self.of_incident.pop(from_incident, set())
        for circuit in sorted(moved):
            stretch = self.open[circuit]
            stretch.incident = to_incident
            verdicts.stretches[stretch.id] = stretch
        self.of_incident[to_incident] |= moved

    def _change(
        self,
        index: int,
        old: int,
        new: int,
        planned: bool,
        behind: int,
        *,
        since: int,
        at_ms: int,
        detected_ms: int,
        verdicts: Verdicts,
    ) -> int | None:
        """Book one circuit's change; give the incident whose stretch ended, if any.

        `behind`: the incident that made it so, 0 when none did. `since`: from when on the faults that stand now have
        made it so, or NEVER.
        """
        circuit = self.network.circuit_ids.item(index)
        before = self.open.pop(circuit, None)
        left = None if before is None else before.incident
        instant = at_ms
        if new > (0 if before is None else before.state):
            instant = min(at_ms, since)  # NEVER is later than any instant
        if before is not None:
            instant = max(instant, before.from_ms)
            self._close(before, instant, verdicts)
        else:
            instant = max(instant, self.last_end.get(circuit, 0))
        incident = left or 0
        if new:
            incident = behind or incident
            self._open(circuit, incident, new, planned, instant, detected_ms, verdicts)
        verdicts.changes.append(StateChange(incident, circuit, old, new, planned, instant, detected_ms))
        return left

    def _open(
        self, circuit: int, incident: int, state: int, planned: bool, at_ms: int, detected_ms: int, verdicts: Verdicts
    ) -> None:
        stretch = Stretch(self._next_id, incident, circuit, state, planned, at_ms, detected_ms)
        self._next_id += 1
        self.restore(stretch)
        verdicts.stretches[stretch.id] = stretch
        verdicts.new_stretches.add(stretch.id)

    def _close(self, stretch: Stretch, at_ms: int, verdicts: Verdicts) -> None:
        self.of_incident[stretch.incident].discard(stretch.circuit)
        if at_ms <= stretch.from_ms:
            verdicts.stretches.pop(stretch.id, None)
            if stretch.id in verdicts.new_stretches:
                verdicts.new_stretches.discard(stretch.id)
            else:
                verdicts.dropped_stretches.add(stretch.id)
            return
        stretch.to_ms = at_ms
        self.last_end[stretch.circuit] = at_ms
        verdicts.stretches[stretch.id] = stretch

    def _retime(self, index: int, detected_ms: int, verdicts: Verdicts) -> None:
        """Move a stretch's beginning back when an alarm came late."""
        circuit = int(self.network.circuit_ids[index])
        stretch = self.open.get(circuit)
        since = self.engine.since(index)
        if stretch is None or since is None:
            return
        since = max(since, self.last_end.get(circuit, 0))
        if since < stretch.from_ms:
            stretch.from_ms = since
            verdicts.stretches[stretch.id] = stretch
            verdicts.changes.append(
                StateChange(
                    stretch.incident, circuit, stretch.state, stretch.state, stretch.planned, since, detected_ms
                )
            )

    def _incident_behind(self, index: int) -> int | None:
        """Name the incident of the latest-begun fault that explains the circuit: the one that made it so."""
        return self._incident_on(int(self.network.resource_ids[cause]) for cause in self.nearby.causes(index))

    def _incident_on(self, resources: Iterable[int]) -> int | None:
        """Name the incident of the latest-begun fault on these resources."""
        newest: tuple[int, int, int] | None = None
        for resource in resources:
            for alarm in self.standing.on_resource.get(resource, ()):
                if alarm.effect and alarm.incident is not None:
                    candidate = (alarm.began_ms, -alarm.id, alarm.incident)
                    newest = max(newest, candidate) if newest else candidate
        return newest[2] if newest else None
