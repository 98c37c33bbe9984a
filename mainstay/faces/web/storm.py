"""The wall in a storm: a handful of causes that touch customers, the rest in groups, what it was afterwards (G6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.domain.actor import Actor
from mainstay.domain.storm import Origin, group_by_origin, weight
from mainstay.faces.web.causes import told
from mainstay.network.alarms.choices import IncidentKind
from mainstay.network.alarms.queries import causes as queries
from mainstay.network.alarms.queries.causes import Cause
from mainstay.network.inventory.choices import ResourceKind
from mainstay.platform.places import queries as places
from mainstay.service.tickets.queries import desk

DIMENSIONS: dict[str, Promise] = {
    "place": gettext_lazy("by place"),
    "kind": gettext_lazy("by kind"),
    "source": gettext_lazy("by source"),
    "origin": gettext_lazy("by likely origin"),
}
LEVEL_WORDS: dict[str, Promise] = {
    "duct": gettext_lazy("the same duct"),
    "site": gettext_lazy("the same site"),
    "region": gettext_lazy("the same district"),
}
ROWS = 30
GROUPS = 40
LOOKED_AT = 300
"""Among so many of the heaviest causes common origins are sought for the rows."""
CITY = 4
"""Digits of a city's code."""


@dataclass(frozen=True)
class Selection:
    """Which of the standing causes are meant; empty is any. `hit`: "1" with customers, "0" without."""

    hit: str = ""
    place: str = ""
    kind: str = ""
    source: str = ""
    origin: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Selection":
        """Read it from an address or a form."""
        return cls(**{name: str(given.get(name, "")) for name in cls.__dataclass_fields__})

    @property
    def query(self) -> str:
        """Return it as an address carries it."""
        return urlencode(self.fields)

    @property
    def fields(self) -> dict[str, str]:
        """Return what a form posts."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass
class Group:
    """Causes shown as one row: what they have in common and why, how many, who holds them."""

    key: str
    label: str
    selection: Selection
    causes: list[Cause]
    why: str = ""
    weight: float = 0.0
    state: str = ""
    sort_key: str = ""
    since: datetime | None = None
    circuits: int = 0
    free: int = 0
    holders: list[tuple[str, int]] = field(default_factory=list)
    grades_shown: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Add up the causes."""
        worst = told(max(self.causes, key=lambda cause: (cause.worst_state, -cause.planned)))
        self.state, self.state_label = worst.state, worst.state_label
        self.since = min(cause.opened_at for cause in self.causes)
        self.circuits = sum(cause.circuits for cause in self.causes)
        held = Counter(cause.claimed_by_name or "" for cause in self.causes if cause.claimed_by_id)
        self.holders, self.free = held.most_common(), len(self.causes) - held.total()
        grades: Counter[str] = Counter()
        for cause in self.causes:
            grades.update(cause.grades)
        self.grades_shown = [(name, grades[name]) for name in queries.GRADES if grades[name]]

    @property
    def count(self) -> int:
        """Return how many causes it is."""
        return len(self.causes)


def pick(causes: Iterable[Cause], wanted: Selection, actor: Actor) -> list[Cause]:
    """Return the causes that are meant (2 queries more when by origin)."""
    found = [cause for cause in causes if _is_meant(cause, wanted)]
    if not wanted.origin:
        return found
    groups = by_origin(found, actor, replace(wanted, origin=""))
    return next((group.causes for group in groups if group.selection.origin == wanted.origin), [])


def _is_meant(cause: Cause, wanted: Selection) -> bool:
    return (
        (not wanted.hit or cause.hits == (wanted.hit == "1"))
        and (not wanted.place or _place(cause) == wanted.place)
        and (not wanted.kind or _kind(cause) == wanted.kind)
        and (not wanted.source or _source(cause) == wanted.source)
    )


def _place(cause: Cause) -> str:
    return cause.region_code[:CITY] or "-"


def _kind(cause: Cause) -> str:
    return cause.resource_kind or cause.kind


def _source(cause: Cause) -> str:
    return str(cause.source_id or "-")


def grouped(causes: list[Cause], by: str, wanted: Selection, actor: Actor) -> list[Group]:
    """Put causes into groups by a name of DIMENSIONS, the largest first (at most 2 queries)."""
    if by == "origin":
        groups = by_origin(causes, actor, wanted)
        named = {cause.pk for group in groups for cause in group.causes}
        alone = [cause for cause in causes if cause.pk not in named]
        return groups + ([Group("alone", _("No common origin seen"), wanted, alone)] if alone else [])
    key_of = KEYS[by]
    found: dict[str, list[Cause]] = {}
    for cause in causes:
        found.setdefault(key_of(cause), []).append(cause)
    labels = _labels(found, by)
    groups = [Group(f"{by}-{key}", labels[key], replace(wanted, **{by: key}), of) for key, of in found.items()]
    return sorted(groups, key=lambda group: (-group.count, group.key))


KEYS: dict[str, Callable[[Cause], str]] = {"place": _place, "kind": _kind, "source": _source}


def _labels(found: Mapping[str, list[Cause]], by: str) -> dict[str, str]:
    """Return what groups are called, by key (1 query when by place)."""
    if by == "source":
        return {key: of[0].source_name or _("Source unknown") for key, of in found.items()}
    names: dict[str, Any] = {"-": _("Place unknown")}
    if by == "kind":
        names = {**dict(ResourceKind.choices), **dict(IncidentKind.choices)}
    else:
        names |= places.names(sorted(found))
    return {key: str(names.get(key, key)) for key in found}


def by_origin(causes: list[Cause], actor: Actor, wanted: Selection) -> list[Group]:
    """Return groups of causes that plausibly have one origin, with why (3 queries)."""
    found = queries.places_of(causes, actor)
    origins, _alone = group_by_origin(found.placed)
    if not origins:
        return []
    regions = places.names(sorted({origin.key for origin in origins if origin.level == "region"}))
    by_id = {cause.pk: cause for cause in causes}
    return [
        Group(
            f"origin-{origin.level}-{origin.key}-{origin.ids[0]}",
            found.names.get(f"{origin.level}:{origin.key}", regions.get(origin.key, origin.key)),
            replace(wanted, origin=f"{origin.level}:{origin.key}:{origin.ids[0]}"),
            [by_id[pk] for pk in origin.ids],
            why=_why(origin),
        )
        for origin in origins
    ]


def _why(origin: Origin) -> str:
    seconds = max(1, int((origin.last_at - origin.first_at).total_seconds()))
    said = (
        _("%(n)s causes in %(place)s within %(seconds)s s")
        if seconds < 120
        else _("%(n)s causes in %(place)s within %(minutes)s min")
    )
    place = LEVEL_WORDS[origin.level]
    return said % {"n": len(origin.ids), "place": place, "seconds": seconds, "minutes": round(seconds / 60)}


@dataclass
class StormView:
    """What the left column shows in a storm: rows (causes, or groups of one origin), and the rest in groups."""

    rows: list[Any]
    hit: int
    more: int
    rest: int
    groups: list[Group]
    more_groups: int
    by: str


def storm_view(actor: Actor, *, by: str, at: datetime) -> StormView:
    """Put the standing causes together (about 9 queries, however many there are)."""
    everything = queries.standing_causes(actor)
    hit = weighed([cause for cause in everything if cause.hits], actor, at)
    rest = [cause for cause in everything if not cause.hits]
    rows = _rows(hit, actor)
    by = by if by in DIMENSIONS else "place"
    shown = rows[:ROWS]
    covered = sum(row.count if isinstance(row, Group) else 1 for row in shown)
    groups = grouped(rest, by, Selection("0"), actor)
    more = max(0, len(groups) - GROUPS)
    return StormView(shown, len(hit), len(hit) - covered, len(rest), groups[:GROUPS], more, by)


def weighed(causes: list[Cause], actor: Actor, at: datetime) -> list[Cause]:
    """Return causes with their weight, the heaviest first (1 query)."""
    deadlines = desk.deadlines_by_incident(actor)
    for cause in causes:
        due = deadlines.get(cause.pk)
        cause.weight = weight(cause.grades, (due - at).total_seconds() if due else None)  # type: ignore[attr-defined]
        told(cause)
    return sorted(causes, key=lambda cause: (-cause.weight, cause.opened_at, cause.pk))  # type: ignore[attr-defined]


def _rows(hit: list[Cause], actor: Actor) -> list[Any]:
    """Fold causes of one origin into one row; a row weighs what its causes weigh together."""
    groups = by_origin(hit[:LOOKED_AT], actor, Selection("1")) if len(hit) > 1 else []
    folded = {cause.pk for group in groups for cause in group.causes}
    for group in groups:
        group.weight = sum(cause.weight for cause in group.causes)  # type: ignore[attr-defined]
    rows: list[Any] = [*groups, *(cause for cause in hit if cause.pk not in folded)]
    return sorted(rows, key=lambda row: -row.weight)


STORM_COOKIE, SEEN_COOKIE = "wall_storm", "storm_seen"


def is_stormy(request: HttpRequest, newest: Any) -> bool:
    """Say whether this viewer sees the wall in storm: by hand (on; off for one storm), else while one rages."""
    chosen = request.COOKIES.get(STORM_COOKIE, "")
    if chosen == "on":
        return True
    raging = newest is not None and newest.ended_at is None
    return raging and chosen != f"off-{newest.pk}"
