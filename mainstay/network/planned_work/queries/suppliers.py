"""Which resource of ours is what a supplier names in maintenance notes (I3)?"""

from collections.abc import Iterable

from django.db.models import QuerySet

from mainstay.domain.actor import Actor
from mainstay.network.planned_work.models import SupplierCircuit
from mainstay.platform.identity.queries import scope


def supplier_circuits(actor: Actor) -> QuerySet[SupplierCircuit]:
    """Return what is mapped onto resources the actor may see, by supplier and name."""
    rows = SupplierCircuit.objects.filter(scope(actor, customer="", region="resource__region_code"))
    return rows.select_related("resource").order_by("supplier", "object_id")


def codes_of(supplier: str, object_ids: Iterable[str]) -> dict[str, str]:
    """Return the codes of our resources by the supplier's names; unknown ones are missing (1 query)."""
    rows = SupplierCircuit.objects.filter(supplier__iexact=supplier, object_id__in=list(object_ids))
    return dict(rows.values_list("object_id", "resource__code"))
