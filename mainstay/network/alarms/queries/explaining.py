"""Which few faults put this circuit where it is? Asked for one circuit, from the database (G2, G3).

The impact worker alone keeps the whole network; a page builds the little that lies above one circuit's route, hands it
the alarms that stand there, and asks the same engine, so the answer is the worker's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mainstay.domain.impact import ImpactEngine, ImpactGraph
from mainstay.network.alarms.judging.facts import to_ms
from mainstay.network.alarms.models import Alarm
from mainstay.network.alarms.queries.incidents import Symptom, symptoms_of
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.queries.route import RouteView


@dataclass(frozen=True)
class Cause:
    """One of the smallest set: the worst and earliest alarm on a faulty resource, and the paths it breaks."""

    symptom: Symptom
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """The smallest set of faulty resources that by themselves put each path where it is; `faults`: of how many."""

    state: LiveState
    causes: tuple[Cause, ...]
    faults: int


def explained(route: RouteView) -> Explained | None:
    """Return what explains a circuit's state now; None when nothing on or above its route fails (2 queries).

    Exact up to ten broken paths. Among sets of one size the nearer to the roots wins (device before its port), then the
    earlier.
    """
    known = sorted(route.above.keys() | {on for above in route.above.values() for on in above})
    standing = Alarm.objects.filter(resource_id__in=known, cleared_at__isnull=True, effect__gt=0)
    alarms = list(standing.select_related("resource", "source").order_by("-effect", "began_at", "id"))
    if not alarms or not route.paths:
        return None
    index_of = {resource: index for index, resource in enumerate(known)}
    engine = ImpactEngine(_graph(route, index_of))
    faults = _worst(alarms)
    engine.set_levels(
        [index_of[resource] for resource, _ in faults],
        [alarm.effect for alarm in faults.values()],
        [planned for _, planned in faults],
        [to_ms(alarm.began_at) for alarm in faults.values()],
    )
    answer = engine.explain(0)
    if not answer.causes:
        return None
    return Explained(
        LiveState(answer.state),
        tuple(
            Cause(symptom, tuple(route.paths[p.position].role for p in answer.paths if cause in p.faults and p.level))
            for cause, symptom in zip(answer.causes, _leads(answer.causes, known, alarms), strict=True)
        ),
        len({fault for path in answer.paths for fault in path.faults}),
    )


def _graph(route: RouteView, index_of: Mapping[int, int]) -> ImpactGraph:
    depends = [(index_of[child], index_of[on]) for child, above in route.above.items() for on in above]
    paths = [[index_of[hop.resource.id] for hop in path.hops] for path in route.paths]
    return ImpactGraph.from_paths(len(index_of), depends, [paths])


def _worst(alarms: Iterable[Alarm]) -> dict[tuple[int, bool], Alarm]:
    """Give the alarm that counts on each resource, planned and not; `alarms` come worst and earliest first."""
    found: dict[tuple[int, bool], Alarm] = {}
    for alarm in alarms:
        found.setdefault((alarm.resource_id, alarm.planned), alarm)
    return found


def _leads(causes: Iterable[int], known: Sequence[int], alarms: Sequence[Alarm]) -> list[Symptom]:
    chosen = [next(alarm for alarm in alarms if alarm.resource_id == known[cause]) for cause in causes]
    return symptoms_of(chosen)
