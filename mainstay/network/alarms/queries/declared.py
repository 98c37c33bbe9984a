"""Which incidents did people declare, and which circuits run over what they stand on (H1)?"""

from collections.abc import Iterable

from mainstay.domain.actor import Actor
from mainstay.network.alarms.choices import IncidentOrigin, IncidentStatus
from mainstay.network.alarms.models import Incident
from mainstay.network.alarms.queries.incidents import visible_to
from mainstay.network.inventory.queries.carriers import carriers

STANDING = (IncidentStatus.OPEN, IncidentStatus.CLAIMED)


def declared_over(circuit_ids: Iterable[int]) -> dict[int, Incident]:
    """Return by circuit the oldest standing declared incident it runs over (1 query when none stands).

    No scope: the caller has seen the circuits, and shows no more of the incident than since when it is known.
    """
    standing: dict[int | None, Incident] = {}
    for incident in Incident.objects.filter(origin=IncidentOrigin.REPORTS, status__in=STANDING).order_by("-pk"):
        standing[incident.cause_id] = incident
    if not standing:
        return {}
    found = {}
    for circuit, resources in carriers(circuit_ids).items():
        over = [standing[resource] for resource in resources if resource in standing]
        if over:
            found[circuit] = min(over, key=lambda incident: incident.pk)
    return found


def to_choose(actor: Actor, *, limit: int = 100) -> list[Incident]:
    """Return the standing incidents the actor may tie reports to, newest first (1 query)."""
    rows = visible_to(actor).filter(status__in=STANDING).select_related("cause").order_by("-opened_at", "-pk")
    return list(rows[:limit])
