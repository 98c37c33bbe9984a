"""What do changes elsewhere mean for ledgers? They are noted in the same transaction, and reckoned later."""

from collections.abc import Iterable

from mainstay.domain.actor import Actor, ActorKind
from mainstay.network.alarms.events import CircuitNotAffected, ImpactsChanged, IncidentMerged
from mainstay.network.alarms.models import Impact
from mainstay.platform.bulk.rows import insert_many
from mainstay.service.service_levels.models import Touched
from mainstay.service.tickets.events import TicketsSaved


def on_impacts_changed(event: ImpactsChanged, by: Actor) -> None:
    """Note the circuits that changed state."""
    touch_circuits({change.circuit_id for change in event.changes})


def on_circuit_not_affected(event: CircuitNotAffected, by: Actor) -> None:
    """Note a circuit of which somebody says that it was not affected."""
    touch_circuits({event.circuit_id})


def on_incident_merged(event: IncidentMerged, by: Actor) -> None:
    """Note the circuits whose outages belong to another incident now, and so perhaps to another ticket."""
    moved = Impact.objects.filter(incident__in=(event.merged_id, event.into_id))
    touch_circuits(set(moved.values_list("circuit_id", flat=True)))


def on_tickets_saved(event: TicketsSaved, by: Actor) -> None:
    """Note tickets that people worked on; what alarms do to tickets is known by the circuits already."""
    if by.kind != ActorKind.SYSTEM:
        insert_many(Touched, ("circuit_id", "ticket_id"), [(None, ticket) for ticket in event.ticket_ids])


def touch_circuits(circuit_ids: Iterable[int]) -> None:
    """Note circuits to be reckoned again, in the caller's transaction."""
    insert_many(Touched, ("circuit_id", "ticket_id"), [(circuit, None) for circuit in sorted(circuit_ids)])
