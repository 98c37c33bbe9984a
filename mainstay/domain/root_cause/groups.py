"""The words of root cause: an alarm as seen here, why it is grouped, the group, and what changed."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Role(IntEnum):
    """What a resource is to the search for causes."""

    EQUIPMENT = 0
    """Site, room, device, card, port, converter: contains and is contained."""
    MEDIUM = 1
    """Fibre, cable, duct: links and other media run in it."""
    LINK = 2
    """Joins the equipment it directly depends on (its ends) and runs in media or over other links."""


class Reason(StrEnum):
    """Why a symptom stands under its cause. `by` is the resource that explains it, `via` the link between, if any."""

    CAUSE = "cause"
    """The alarm is on the cause itself."""
    SAME_RESOURCE = "same_resource"
    """Another alarm on the same resource speaks for it: the earliest of the worst."""
    CONTAINED = "contained"
    """Equipment in `by` (card, device, site), which alarms."""
    FED = "fed"
    """Link or medium that runs in or over `by`, which alarms."""
    END_FAILED = "end_failed"
    """Link that ends in or under equipment `by`, which alarms."""
    LINK_FAILED = "link_failed"
    """End of link `via`, which runs in or over `by`, which alarms."""
    FAR_END = "far_end"
    """End of link `via`, whose other end lies in `by`, which alarms."""
    BOTH_ENDS = "both_ends"
    """End of link `by`; both its ends alarm at about the same time."""
    MOST_OF = "most_of"
    """Runs in or over `by`, of which most dependants fail at about the same time."""
    NEIGHBOUR = "neighbour"
    """Joined by link `via` to `by`, which alarms at about the same time and stands under an earlier pair."""


class Alarm(NamedTuple):
    """An active alarm: `level` is its effect on the resource (0 none, 1 degraded, 2 down), `raised_at` in seconds."""

    id: int
    resource: int
    level: int
    kind: str
    raised_at: float


@dataclass(frozen=True, slots=True)
class Rules:
    """When alarms belong together; all stated to the user."""

    window_s: float = 60.0
    """How far apart two alarms may be raised to count as "at about the same time", and how much earlier than its
    cause a symptom may be raised (clocks differ)."""
    most: float = 0.6
    """Share of a medium's direct dependants that must fail before the medium is inferred as their cause."""
    least: int = 2
    """The least number of failing dependants from which a medium is inferred."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one alarm stands, and why. `by` and `via` are resources; see Reason.

    `params` feed the translated sentence: `window_s`, and for MOST_OF `failing` and `of`, as they are now. They are no
    part of what is compared to tell whether an alarm was placed anew.
    """

    alarm: int
    group: int
    reason: Reason
    by: int | None = None
    via: int | None = None
    params: dict[str, float] = field(default_factory=dict, compare=False)


class Group(NamedTuple):
    """Alarms with one cause. `cause_alarm` is None when the cause is inferred: no alarm stands on it."""

    id: int
    cause: int
    cause_alarm: int | None
    members: tuple[Placement, ...]
    opened_at: float
    """`at` of the call that opened the group."""
    began_at: float
    """Earliest `raised_at` among its alarms."""


class Regrouping(NamedTuple):
    """What one call changed. All lists are sorted by id."""

    opened: tuple[int, ...] = ()
    merged: tuple[tuple[int, int], ...] = ()
    """(group that ended, older group that took it over)."""
    split: tuple[tuple[int, int], ...] = ()
    """(new group, group its alarms were in before); each new group is also in `opened`."""
    closed: tuple[int, ...] = ()
    """Groups whose last alarm was cleared."""
    recaused: tuple[int, ...] = ()
    """Groups, old enough to be known, whose cause resource or cause alarm changed."""
    placed: tuple[Placement, ...] = ()
    """Alarms whose group or reason changed, new ones included."""
