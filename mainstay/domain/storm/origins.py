"""Which causes plausibly have one origin? A view for people: same duct, site or district within a short time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LEVELS = (("duct", 2), ("site", 2), ("region", 3))
"""What causes may have in common, the strongest evidence first, and from how many on it says something."""
WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Placed:
    """A cause: when it began, and by level the keys of what it lies in (a link may lie in several ducts)."""

    id: int
    at: datetime
    anchors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Causes that lie in the same `key` of a `level` and began between `first_at` and `last_at`."""

    level: str
    key: str
    ids: tuple[int, ...]
    first_at: datetime
    last_at: datetime


def group_by_origin(causes: Iterable[Placed], *, within: timedelta = WITHIN) -> tuple[list[Origin], list[int]]:
    """Return the origins, the largest first, and the causes left over, in the order given.

    Every cause is in exactly one place. A group never spans more than `within`.
    """
    given = list(causes)
    free = {cause.id: cause for cause in sorted(given, key=lambda cause: (cause.at, cause.id))}
    found: list[Origin] = []
    for level, least in LEVELS:
        for key, sharing in _most_shared_first(free.values(), level):
            together = [cause for cause in sharing if cause.id in free]
            for run in _runs(together, within):
                if len(run) >= least:
                    found.append(Origin(level, key, tuple(c.id for c in run), run[0].at, run[-1].at))
                    for cause in run:
                        del free[cause.id]
    found.sort(key=lambda origin: (-len(origin.ids), origin.first_at, origin.level, origin.key))
    return found, [cause.id for cause in given if cause.id in free]


def _most_shared_first(causes: Iterable[Placed], level: str) -> list[tuple[str, list[Placed]]]:
    """Return the keys that several causes share, each with its causes in the order given."""
    sharing: dict[str, list[Placed]] = {}
    for cause in causes:
        for key in dict.fromkeys(cause.anchors.get(level, ())):
            sharing.setdefault(key, []).append(cause)
    shared = [(key, of) for key, of in sharing.items() if len(of) > 1]
    return sorted(shared, key=lambda pair: (-len(pair[1]), pair[0]))


def _runs(causes: Sequence[Placed], within: timedelta) -> list[list[Placed]]:
    """Cut causes in order of time where the span grows too long; a run never spans more than `within`."""
    runs: list[list[Placed]] = []
    for cause in causes:
        if runs and cause.at - runs[-1][0].at <= within:
            runs[-1].append(cause)
        else:
            runs.append([cause])
    return runs
