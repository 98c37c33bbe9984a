"""What can be imported: kinds, their columns, and the room that writes them; `config.registries` fills it in (A7)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from django.utils.functional import Promise

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.errors import NoSuchImport

Reads = Literal["text", "date", "instant", "integer", "decimal", "yes-no", "choice", "list"]


@dataclass(frozen=True)
class Column:
    """A column of a kind. `choices`: (value, label) pairs, both may stand in the file. `aliases`: other usual heads.

    An empty cell leaves what is there; a dash alone empties it. A "list" is separated by spaces, commas or "|".
    `sensitive`: under which key exports cover the value (see `cover`), "" for what everybody may read.
    """

    name: str
    title: str | Promise
    about: str | Promise = ""
    example: str = ""
    required: bool = False
    reads: Reads = "text"
    choices: Sequence[tuple[Any, Any]] = ()
    aliases: tuple[str, ...] = ()
    longest: int = 0
    sensitive: str = ""


@dataclass(frozen=True)
class Given:
    """A row to be written: values by column name, typed; columns that are empty in the file are missing."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """What became of a row; `before` and `after` hold what changed, as the journal keeps it."""

    outcome: str
    object_kind: str = ""
    object_id: int | None = None
    label: str = ""
    error: MainstayError | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def refused(error: MainstayError) -> Written:
    """Return the outcome of a row that was not taken."""
    return Written(Outcome.REFUSED, error=error)


@dataclass(frozen=True)
class Taken:
    """A row to be undone: its object, and what changed."""

    object_kind: str
    object_id: int
    label: str
    created: bool
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Write(Protocol):
    """Creates and updates what the rows name, in the caller's transaction; bad rows spoil no good ones.

    Returns one outcome per row, in order. Costs the same number of queries however many rows.
    """

    def __call__(self, rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]: ...


class TakeBack(Protocol):
    """Undoes rows, in the caller's transaction; returns an error for each that cannot be undone, else None."""

    def __call__(self, rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]: ...


@dataclass(frozen=True)
class Kind:
    """Something that can be imported and exported. `key`: the columns that say which object a row means.

    `may_lack`: columns of the key that may be empty, or missing in the file. `origin`: the kind of object of which is
    kept who created it elsewhere, and when; its rows then say "id".
    """

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    permission: str
    write: Write
    take_back: TakeBack
    give: Callable[[Actor], Iterator[Mapping[str, Any]]]
    about: str | Promise = ""
    may_lack: tuple[str, ...] = ()
    origin: str = ""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


Cover = Callable[[str, Any, Mapping[str, Any]], Any]


def _bare(_by: Actor) -> Cover:
    return lambda _key, value, _row: value


cover: Callable[[Actor], Cover] = _bare
"""Says how an actor's exports show sensitive values: (key, value, row) → what stands in the file."""

_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Say what can be imported, in the order lists show it."""
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> list[Kind]:
    """Return everything that can be imported."""
    return list(_kinds.values())


def kinds_for(actor: Actor) -> list[Kind]:
    """Return what this actor may import."""
    return [kind for kind in _kinds.values() if actor.may(kind.permission)]


def kind_named(name: str) -> Kind:
    """Return a kind. Raises NoSuchImport naming those there are."""
    found = _kinds.get(name)
    if found is None:
        raise NoSuchImport(
            msgid("“{name}” cannot be imported; choose one of {known}."), name=name, known=", ".join(_kinds)
        )
    return found
