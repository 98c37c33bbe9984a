"""What schedules can make: the room that knows the facts says when a month is ready, and for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.documents.errors import BadSchedule

if TYPE_CHECKING:
    from mainstay.platform.documents.models import Schedule


@dataclass(frozen=True)
class Occasion:
    """A kind of job that schedules may ask for.

    `is_ready`: whether a month's figures are final. `objects`: ids of what is made for, as far as the actor sees and
    the cadence wants it in that month. `arguments` of the job, from the schedule and the month.
    """

    kind: str
    name: str | Promise
    permission: str
    templates: tuple[str, ...]
    is_ready: Callable[[date], bool]
    objects: Callable[[Actor, "Schedule", date], list[int]]
    arguments: Callable[["Schedule", date], dict[str, Any]]


_occasions: dict[str, Occasion] = {}


def register(*occasions: Occasion) -> None:
    """Say what schedules can make."""
    _occasions.update({occasion.kind: occasion for occasion in occasions})


def occasions() -> list[Occasion]:
    """Return what schedules can make."""
    return list(_occasions.values())


def occasion_named(kind: str) -> Occasion:
    """Return an occasion. Raises BadSchedule."""
    found = _occasions.get(kind)
    if found is None:
        raise BadSchedule(msgid("“{kind}” cannot be made on schedule; choose from the list."), kind=kind)
    return found
