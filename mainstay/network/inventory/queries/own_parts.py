"""Which part of the network carries one circuit and no other, so that what is said of it is said of that circuit?"""

from mainstay.network.inventory.choices import Side
from mainstay.network.inventory.models import CircuitEnd, Hop, Resource
from mainstay.network.inventory.queries.places import circuits_over


def own_part(circuit_id: int, side: str = "") -> str:
    """Return the code of a part in service that this circuit runs over alone, "" where there is none.

    Rather at the end asked for, else at A; there rather the converter than the router; else anything on its way.
    A few queries for each candidate: for what happens seldom.
    """
    for resource_id in _candidates(circuit_id, side or Side.A):
        over = list(circuits_over([resource_id]).values_list("pk", flat=True).distinct()[:2])
        if over == [circuit_id]:
            return Resource.objects.values_list("code", flat=True).get(pk=resource_id)
    return ""


def _candidates(circuit_id: int, side: str) -> list[int]:
    ends = sorted(CircuitEnd.objects.filter(circuit=circuit_id), key=lambda end: end.side != side)
    kit = [pk for end in ends for pk in (end.converter_id, end.router_id) if pk is not None]
    way = Hop.objects.filter(path__circuit=circuit_id).order_by("-path__role", "position")
    every = dict.fromkeys([*kit, *way.values_list("resource", flat=True)])
    retired = Resource.objects.filter(pk__in=every, retired_at__isnull=False).values_list("pk", flat=True)
    gone = set(retired)
    return [pk for pk in every if pk not in gone]
