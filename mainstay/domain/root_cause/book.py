"""The causes that stand, kept current as alarms come and go, late ones included."""

from collections.abc import Iterable

from numpy.typing import ArrayLike

from mainstay.domain.impact.graph import ImpactGraph
from mainstay.domain.root_cause.groups import Alarm, Group, Placement, Regrouping, Rules


class CauseBook:
    """Mutable; owned by one thread. The same calls in the same order give the same groups with the same ids."""

    def __init__(
        self, graph: ImpactGraph, roles: ArrayLike, rules: Rules | None = None, *, next_group: int = 1
    ) -> None:
        """Begin empty. `roles`: the Role of each resource. `next_group`: id of the first group to be opened."""
        raise NotImplementedError

    def add(self, alarms: Iterable[Alarm], at: float) -> Regrouping:
        """Take in raised alarms; an id already active is replaced by the newer record. `at` in seconds."""
        raise NotImplementedError

    def clear(self, alarms: Iterable[int], at: float) -> Regrouping:
        """Take out alarms by id; ids that are not active are ignored. Members left without their cause are regrouped."""
        raise NotImplementedError

    def groups(self) -> list[Group]:
        """List the groups that stand, by id."""
        raise NotImplementedError

    def group(self, group: int) -> Group:
        """Give one group that stands; raises NotFound."""
        raise NotImplementedError

    def group_of(self, alarm: int) -> int | None:
        """Give the group of an active alarm; None when it is not active."""
        raise NotImplementedError

    def placement(self, alarm: int) -> Placement:
        """Say where an active alarm stands and why; raises NotFound."""
        raise NotImplementedError
