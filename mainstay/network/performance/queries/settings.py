"""What is set: sources of samples, thresholds, targets of probes (G5)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.performance.errors import NoSuchSampleSource, NoSuchTarget, NoSuchThreshold
from mainstay.network.performance.models import ProbeTarget, SampleSource, Threshold
from mainstay.platform.identity.queries import scope


def sources() -> list[SampleSource]:
    """Return all sources of samples by name (1 query)."""
    return list(SampleSource.objects.order_by("name", "pk"))


def source(source_id: int) -> SampleSource:
    """Return one source. Raises NoSuchSampleSource."""
    found = SampleSource.objects.filter(pk=source_id).first()
    if found is None:
        raise NoSuchSampleSource(msgid("There is no source of samples {id}; choose one of the list."), id=source_id)
    return found


def thresholds(actor: Actor) -> list[Threshold]:
    """Return the thresholds, without those of circuits the actor may not see, product and circuit fetched (1 query)."""
    rows = _visible(actor).select_related("product", "circuit")
    return list(rows.order_by("metric", "circuit__number", "product__name", "grade", "pk"))


def threshold(actor: Actor, threshold_id: int) -> Threshold:
    """Return one threshold with product and circuit fetched. Raises NoSuchThreshold, also where it may not be seen."""
    found = _visible(actor).select_related("product", "circuit").filter(pk=threshold_id).first()
    if found is None:
        raise NoSuchThreshold(msgid("There is no threshold {id}; choose one of the list."), id=threshold_id)
    return found


def _visible(actor: Actor) -> QuerySet[Threshold]:
    of_circuit = scope(actor, customer="circuit__customer_id", region="circuit__region_code")
    everything = Threshold.objects.all()
    return everything.filter(Q(circuit__isnull=True) | of_circuit) if of_circuit else everything


def targets(actor: Actor) -> list[ProbeTarget]:
    """Return the targets of visible circuits with circuit and source fetched (1 query)."""
    visible = scope(actor, customer="circuit__customer_id", region="circuit__region_code")
    rows = ProbeTarget.objects.filter(visible).select_related("circuit", "source")
    return list(rows.order_by("circuit__number", "pk"))


def target(actor: Actor, target_id: int) -> ProbeTarget:
    """Return one target. Raises NoSuchTarget, also where its circuit may not be seen."""
    found = next((each for each in targets(actor) if each.pk == target_id), None)
    if found is None:
        raise NoSuchTarget(msgid("There is no target {id}; choose one of the list."), id=target_id)
    return found


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a prober needs to know of a target; `source` and `period_minutes` of where its results go."""

    circuit: str
    method: str
    address: str
    port: int
    packets: int
    source: str
    period_minutes: int


def sampled(source_code: str = "") -> list[Sampled]:
    """Return the active targets, of one source if its code is given, by circuit (1 query); for the prober."""
    rows = ProbeTarget.objects.filter(active=True, circuit__status="active").select_related("circuit", "source")
    if source_code:
        rows = rows.filter(source__code=source_code)
    return [
        Sampled(row.circuit.number, row.method, row.address, row.port, row.packets, row.source.code,
                row.source.period_minutes)
        for row in rows.order_by("circuit__number", "pk")
    ]  # fmt: skip
