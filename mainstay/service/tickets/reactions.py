"""What follows from what the network does: tickets open, clocks start and stop, customers are told (PC 22-25, H1).

Handlers of `config.subscriptions`, in the transaction of the impact worker; a batch of any size takes a flat number of
queries. Doing the same news twice changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.network.alarms.events import (
    CircuitNotAffected,
    DeclaredEnded,
    ImpactChange,
    ImpactsChanged,
    IncidentMerged,
    IncidentsRestored,
)
from mainstay.network.alarms.models import Impact
from mainstay.network.inventory.choices import LiveState
from mainstay.service.tickets import impacts, merging, tying
from mainstay.service.tickets.casework import Casework, load_files
from mainstay.service.tickets.choices import LIVE_TICKETS, UNSTOPPED, ClockKind, EventKind
from mainstay.service.tickets.circuits import Standing, standing_of
from mainstay.service.tickets.finding import AT_WORK
from mainstay.service.tickets.policy import DEFAULT

IMPAIRED = (LiveState.DEGRADED, LiveState.DOWN)


def on_impacts_changed(event: ImpactsChanged, by: Actor) -> None:
    """Open, continue or settle the tickets of the circuits that changed."""
    changes = _still_true([change for change in event.changes if _matters(change)])
    if not changes:
        return
    at = max(max(change.at, change.detected_at) for change in changes)
    files = load_files(_concerned(changes))
    work = Casework(files, action="ticket.impact", at=at, by=by)
    impacts.apply(work, changes)


def _still_true(changes: list[ImpactChange]) -> list[ImpactChange]:
    """Leave out what a person declared unharmed before its ticket was made (1 query)."""
    unharmed = set(
        Impact.objects.filter(
            incident__among={change.incident_id for change in changes},
            circuit__among={change.circuit_id for change in changes},
            not_affected_at__isnull=False,
            to_at__isnull=True,
        ).values_list("incident_id", "circuit_id")
    )
    return [c for c in changes if c.state not in IMPAIRED or (c.incident_id, c.circuit_id) not in unharmed]


def _matters(change: ImpactChange) -> bool:
    """Say whether a change can touch tickets: unprotected and planned ones open none (PC 25), all may settle one."""
    if change.state in IMPAIRED and change.planned:
        return False
    return change.state == LiveState.DOWN or change.old_state in IMPAIRED or _opens_degraded(change)


def _opens_degraded(change: ImpactChange) -> bool:
    return change.state == LiveState.DEGRADED and DEFAULT.degraded_opens


def _concerned(changes: Iterable[ImpactChange]) -> Q:
    """Match live tickets of these incidents and customers, and any that holds one of these circuits."""
    given = list(changes)
    circuits = {change.circuit_id for change in given}
    of_incident = Q(incident__among={c.incident_id for c in given}, customer__among={c.customer_id for c in given})
    holding = Q(pk__among=_tickets_holding(circuits))
    return Q(status__in=LIVE_TICKETS) & (of_incident | holding)


def _tickets_holding(circuit_ids: Iterable[int]) -> list[int]:
    from mainstay.service.tickets.models import TicketEvent

    return list(
        TicketEvent.objects.filter(
            circuit__among=set(circuit_ids), ticket__status__in=AT_WORK, kind__in=impacts.CIRCUIT_EVENTS
        )
        .values_list("ticket_id", flat=True)
        .distinct()
    )


def on_circuit_not_affected(event: CircuitNotAffected, by: Actor) -> None:
    """Withdraw the clock of a circuit that a person found unharmed; settle the ticket when nothing else is out."""
    files = load_files(Q(status__in=LIVE_TICKETS, incident_id=event.incident_id, customer_id=event.customer_id))
    work = Casework(files, action="ticket.not_affected", at=event.at, by=by)
    for file in files:
        if standing_of(file.story).get(event.circuit_id, Standing.NOT_AFFECTED) != Standing.NOT_AFFECTED:
            work.tell(file, EventKind.NOT_AFFECTED, circuit_id=event.circuit_id, text=by.why)
    impacts.finish(work)


def on_incident_merged(event: IncidentMerged, by: Actor) -> None:
    """Bring the tickets of both incidents together, one per customer; the older one stays."""
    merging.merge(event.merged_id, event.into_id, at=event.at, by=by)


def on_incidents_restored(event: IncidentsRestored, by: Actor) -> None:
    """Settle what the incidents' tickets still show as out although the network says otherwise."""
    over = {restored.incident_id for restored in event.incidents}
    files = load_files(
        Q(
            status__in=LIVE_TICKETS,
            incident__among=over,
            clocks__state__in=UNSTOPPED,
            clocks__kind=ClockKind.RESTORATION,
            clocks__stopped_at__isnull=True,
        )
    )
    if not files:
        return
    work = Casework(files, action="ticket.restored", at=max(restored.at for restored in event.incidents), by=by)
    out = {c.circuit_id for file in files for c in file.clocks if c.circuit_id is not None}
    ended = _ended_at(over, out)
    for file in files:
        for circuit_id, standing in standing_of(file.story).items():
            ended_at = ended.get((file.ticket.incident_id, circuit_id))
            if standing.is_out and ended_at is not None:
                work.tell(
                    file, EventKind.CIRCUIT_RESTORED, circuit_id=circuit_id, happened_at=ended_at, for_customer=True
                )
    impacts.finish(work)


def on_declared_ended(event: DeclaredEnded, by: Actor) -> None:
    """Settle the reports of an incident that people declared and have ended; alarms' own outages stay as they are."""
    files = load_files(Q(status__in=AT_WORK, incident_id=event.incident_id))
    work = Casework(files, action="ticket.restored", at=event.at, by=by)
    tying.settle(work, files, event.restored_at, event.proof)
    impacts.finish(work)


def _ended_at(incident_ids: Iterable[int], circuit_ids: Iterable[int]) -> dict[tuple[int | None, int], datetime]:
    """Return when each incident last let go of each circuit that nothing holds down any more, by both."""
    ended: dict[tuple[int | None, int], datetime] = {}
    standing: set[int] = set()
    for impact in Impact.objects.filter(circuit__among=set(circuit_ids)).filter(
        Q(incident__among=set(incident_ids)) | Q(to_at__isnull=True)
    ):
        if impact.to_at is None:
            if impact.state in IMPAIRED:
                standing.add(impact.circuit_id)
        else:
            key = impact.incident_id, impact.circuit_id
            ended[key] = max(ended.get(key, impact.to_at), impact.to_at)
    return {key: at for key, at in ended.items() if key[1] not in standing}
