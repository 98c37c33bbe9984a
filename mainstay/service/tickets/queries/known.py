"""Do we know already? What stands about a customer or a circuit, asked before a report is taken (H1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.network.alarms.models import Impact
from mainstay.network.alarms.queries.declared import declared_over
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets.choices import LIVE_TICKETS
from mainstay.service.tickets.circuits import Standing, since_of, standing_of
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, circuit_numbers, files_of


@dataclass(frozen=True)
class KnownFault:
    """A standing outage: of a ticket, or (`planned`) of announced work that needs none."""

    circuit_id: int | None
    circuit_number: str
    since: datetime
    planned: bool
    standing: str
    ticket_id: int | None = None
    number: str = ""
    status: str = ""
    next_update_at: datetime | None = None


def known_faults(customer_id: int | None, circuit_id: int | None = None, *, actor: Actor) -> list[KnownFault]:
    """Return what stands about a customer, or one circuit, as far as the actor may see; oldest first."""
    found = _on_tickets(customer_id, circuit_id, actor)
    known = {fault.circuit_id for fault in found}
    about = Q(circuit_id=circuit_id) if circuit_id else Q(customer_id=customer_id)
    impacts = Impact.objects.filter(scope(actor), about, to_at__isnull=True, planned=True).select_related("circuit")
    for impact in impacts.filter(state__in=(LiveState.DOWN, LiveState.DEGRADED)):
        if impact.circuit_id not in known:
            found.append(KnownFault(impact.circuit_id, impact.circuit.number, impact.from_at, True, Standing.DOWN))
    known |= {fault.circuit_id for fault in found}
    found += _declared(customer_id, circuit_id, actor, known)
    return sorted(found, key=lambda fault: fault.since)


def _declared(
    customer_id: int | None, circuit_id: int | None, actor: Actor, known: Collection[int | None]
) -> list[KnownFault]:
    """Return what people declared on the route of these circuits; whose it is besides is not said."""
    about = Q(pk=circuit_id) if circuit_id else Q(customer_id=customer_id)
    numbers = dict(Circuit.objects.filter(scope(actor), about).values_list("pk", "number"))
    return [
        KnownFault(
            pk, numbers[pk], incident.opened_at, False, Standing.REPORTED, next_update_at=incident.next_update_at
        )
        for pk, incident in declared_over(numbers).items()
        if pk not in known
    ]


def _on_tickets(customer_id: int | None, circuit_id: int | None, actor: Actor) -> list[KnownFault]:
    tickets = visible_to(actor).filter(status__in=LIVE_TICKETS).select_related(*ROW_RELATIONS)
    if circuit_id is not None:
        tickets = tickets.filter(events__circuit_id=circuit_id).distinct()
    else:
        tickets = tickets.filter(customer_id=customer_id or 0)
    files = files_of(tickets)
    numbers = circuit_numbers(files)
    found = []
    for file in files:
        ticket = file.ticket
        for circuit, standing in standing_of(file.story).items():
            if circuit_id not in (None, circuit) or not (standing.is_out or standing == Standing.REPORTED):
                continue
            since = since_of(file.story, circuit)[0] or ticket.opened_at
            found.append(
                KnownFault(
                    circuit,
                    numbers[circuit],
                    since,
                    False,
                    standing.value,
                    ticket.pk,
                    ticket.number,
                    ticket.status,
                    ticket.next_update_at,
                )
            )
    return found
