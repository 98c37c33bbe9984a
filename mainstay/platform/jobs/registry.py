"""What can be done to many objects: kinds, and the room's own verb behind each; `config.registries` fills it in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.jobs.errors import NoSuchJob

Arguments = Mapping[str, Any]


class Act(Protocol):
    """Does it to one object by the room's own action, with its checks, its scope and its audit entry.

    Raises a MainstayError when it may not be done; in the caller's transaction.
    """

    def __call__(self, object_id: int, arguments: Arguments, *, at: datetime, by: Actor) -> object: ...


class ActOnMany(Protocol):
    """Does the next objects in one go, in the caller's transaction; returns what the kind keeps for the next time.

    `kept` is what the last call returned, {} the first time; doing the same part again must do no harm.
    """

    def __call__(
        self, ids: Sequence[int], arguments: Arguments, kept: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
    ) -> dict[str, Any]: ...


class Make(Protocol):
    """Makes something of the next objects, which takes long, outside of any transaction; writes nothing.

    Returns by object what was made, or the MainstayError that says why nothing was.
    """

    def __call__(
        self, ids: Sequence[int], arguments: Arguments, *, job_id: int, at: datetime, by: Actor
    ) -> Mapping[int, object]: ...


class Keep(Protocol):
    """Keeps what was made of one object, in a transaction; as `Act` otherwise. Keeping it twice must do no harm."""

    def __call__(
        self, object_id: int, made: Any, arguments: Arguments, *, job_id: int, at: datetime, by: Actor
    ) -> object: ...


class Finish(Protocol):
    """Ends a job that did its objects; returns the name of the file it made, in the jobs' folder, or nothing."""

    def __call__(self, arguments: Arguments, kept: Mapping[str, Any], *, job_id: int) -> str: ...


@dataclass(frozen=True)
class Kind:
    """Something that can be done to many objects.

    `labels` names those of the objects that the actor may see, by id. `most`: objects in one part; a part also ends
    when it took long. `danger`: whoever asks says the number of objects. `act_on_many` instead of `act`: for what
    is not done object by object; `make` and `keep`: for what takes too long to hold a transaction open.
    """

    name: str
    title: str | Promise
    object_kind: str
    permission: str
    labels: Callable[[Actor, Iterable[int]], dict[int, str]]
    act: Act | None = None
    act_on_many: ActOnMany | None = None
    make: Make | None = None
    keep: Keep | None = None
    finish: Finish | None = None
    most: int = 50
    danger: bool = False


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Say what can be done to many, in the order pages show it."""
    _kinds.update({kind.name: kind for kind in kinds})


def kinds_of(object_kind: str, actor: Actor) -> list[Kind]:
    """Return what this actor may do to many objects of a kind."""
    return [kind for kind in _kinds.values() if kind.object_kind == object_kind and actor.may(kind.permission)]


def kind_named(name: str) -> Kind:
    """Return a kind. Raises NoSuchJob."""
    found = _kinds.get(name)
    if found is None:
        raise NoSuchJob(msgid("“{name}” is nothing that can be done to many; choose from the list."), name=name)
    return found
