"""Count the changes of the topology and note what each touched, so that the impact worker reads only that (G2)."""

from collections.abc import Iterable

from django.db.models import F

from mainstay.network.inventory.models import TopologyChange, TopologyRevision

KEPT = 20_000
"""Changes kept: a worker that has missed more reads everything."""
_PRUNE_EVERY = 256
MOST = 50_000
"""Things one change names at most; one that touches more is noted as touching everything."""


def bump_revision(*, resources: Iterable[int] = (), circuits: Iterable[int] = (), everything: bool = False) -> None:
    """Count one more change, in the caller's transaction, and note the resources and circuits (ids) it touched.

    A resource is touched when it comes, goes, or depends on something else (its parent, ends, what it runs in); a
    circuit when it comes, goes, is rerouted, or belongs to another region. The row of the count stays locked until
    the transaction ends, so changes become visible in the order of their numbers. See `queries.feed`.
    """
    number = _count()
    touched, carried = sorted(set(resources)), sorted(set(circuits))
    everything = everything or len(touched) + len(carried) > MOST
    if everything:
        touched, carried = [], []
    TopologyChange.objects.create(pk=number, resources=touched, circuits=carried, everything=everything)
    if number % _PRUNE_EVERY == 0:
        TopologyChange.objects.filter(pk__lte=number - KEPT).delete()


def _count() -> int:
    if not TopologyRevision.objects.filter(pk=1).update(number=F("number") + 1):
        TopologyRevision.objects.create(pk=1, number=1)
    return TopologyRevision.objects.values_list("number", flat=True).get(pk=1)
