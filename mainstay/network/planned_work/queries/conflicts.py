"""What stands in the way of planned work: other work at the same time that together does more harm (I3)?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from mainstay.accounts.catalog.choices import GRADE_RANK
from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.queries import circuits
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.models import PlannedWork
from mainstay.network.planned_work.queries.what_if import SmallNetwork
from mainstay.network.planned_work.queries.works import visible_to


@dataclass(frozen=True)
class Clash:
    """A circuit that two works at once bring lower than either alone: both its paths, usually."""

    circuit_id: int
    number: str
    grade: str
    here: LiveState
    there: LiveState
    together: LiveState


@dataclass(frozen=True)
class Conflict:
    """Other work whose window overlaps in [from_at, to_at); `clashes` are what the two do together, worst first.

    `same`: ids of resources that both work on.
    """

    work: PlannedWork
    from_at: datetime
    to_at: datetime
    clashes: tuple[Clash, ...]
    same: tuple[int, ...]


def conflicts(
    actor: Actor, resource_ids: Collection[int], from_at: datetime, to_at: datetime, *, besides: int | None = None
) -> list[Conflict]:
    """Return the other work planned or approved whose window overlaps, first what clashes; `besides`: not this one.

    The number of queries does not depend on how much work or how many circuits there are.
    """
    others = visible_to(actor).filter(
        status__in=(WorkStatus.PLANNED, WorkStatus.APPROVED), from_at__lt=to_at, to_at__gt=from_at
    )
    others = others if besides is None else others.exclude(pk=besides)
    rows = list(others.prefetch_related("resources").order_by("from_at", "pk"))
    if not rows:
        return []
    own = set(resource_ids)
    theirs = {row.pk: {resource.pk for resource in row.resources.all()} for row in rows}
    network = SmallNetwork.over(circuits.visible_to(actor), own)
    alone = network.states(own)
    found = []
    for row in rows:
        there, both = network.states(theirs[row.pk]), network.states(own | theirs[row.pk])
        clashes = [
            Clash(pk, number, grade, alone[pk], there[pk], both[pk])
            for pk, number, grade, *_ in network.rows
            if both[pk] > max(alone[pk], there[pk])
        ]
        clashes.sort(key=lambda each: (-each.together, GRADE_RANK.get(each.grade, 9), each.number))
        span = max(from_at, row.from_at), min(to_at, row.to_at)
        found.append(Conflict(row, *span, tuple(clashes), tuple(sorted(own & theirs[row.pk]))))
    return sorted(found, key=lambda each: (not each.clashes, not each.same, each.from_at))
