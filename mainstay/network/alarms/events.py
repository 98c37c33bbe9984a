"""What the alarms room announces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ImpactChange:
    """One circuit changed state because of an incident. States are those of `domain.impact`."""

    incident_id: int
    circuit_id: int
    customer_id: int
    region_code: str
    old_state: int
    state: int
    planned: bool
    at: datetime
    detected_at: datetime


@dataclass(frozen=True)
class ImpactsChanged:
    """Circuits changed state: the changes of one judged batch, in the order they took effect."""

    changes: tuple[ImpactChange, ...]

    @property
    def things(self) -> tuple[ImpactChange, ...]:
        """What it tells of."""
        return self.changes

    def parted(self, parts: int) -> "dict[int, ImpactsChanged]":
        """Divide by customers: what happens to one of them does not touch another's tickets."""
        changes: dict[int, list[ImpactChange]] = {}
        for change in self.changes:
            changes.setdefault(change.customer_id % parts, []).append(change)
        return {part: ImpactsChanged(tuple(mine)) for part, mine in changes.items()}

    @staticmethod
    def joined(several: "Sequence[ImpactsChanged]") -> "ImpactsChanged":
        """Make one of events that follow each other."""
        return ImpactsChanged(tuple(change for event in several for change in event.changes))


@dataclass(frozen=True)
class IncidentOpened:
    incident_id: int
    region_code: str
    at: datetime


@dataclass(frozen=True)
class IncidentMerged:
    """`merged_id` turned out to be a part of `into_id`."""

    merged_id: int
    into_id: int
    at: datetime


@dataclass(frozen=True)
class IncidentRestored:
    """Its last alarm is cleared and its last circuit is back."""

    incident_id: int
    region_code: str
    at: datetime


@dataclass(frozen=True)
class IncidentsRestored:
    """Incidents are over: those of one judged batch."""

    incidents: tuple[IncidentRestored, ...]

    def parted(self, parts: int) -> "dict[int, IncidentsRestored]":
        """Put all into one part: the tickets it concerns are locked, and what it settles is settled by changes, too."""
        return {0: self}

    @staticmethod
    def joined(several: "Sequence[IncidentsRestored]") -> "IncidentsRestored":
        """Make one of several."""
        return IncidentsRestored(tuple(restored for event in several for restored in event.incidents))

    @property
    def things(self) -> tuple[IncidentRestored, ...]:
        """What it tells of."""
        return self.incidents


@dataclass(frozen=True)
class DeclaredEnded:
    """People say that a declared incident is over since `restored_at`, and what proves it."""

    incident_id: int
    restored_at: datetime
    proof: str
    at: datetime


@dataclass(frozen=True)
class IncidentSteered:
    """Someone claimed it, promised an instant, or marked a circuit as not affected."""

    incident_id: int
    region_code: str
    at: datetime


@dataclass(frozen=True)
class CircuitNotAffected:
    """A person says the circuit was not affected by the incident, although the model says so."""

    incident_id: int
    circuit_id: int
    customer_id: int
    at: datetime


@dataclass(frozen=True)
class SourceSilent:
    source_id: int
    incident_id: int
    at: datetime
