"""What belongs to a customer and moves when two are merged: a holding per column; `config.holdings` fills it (A8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from mainstay.domain.actor import Actor

Move = Callable[[int, int, datetime, Actor], list[int]]
MoveBack = Callable[[Sequence[int], int, int], list[int]]


@dataclass(frozen=True)
class Holding:
    """Rows that belong to a customer by one column, named "app.Model.column".

    `count(from_id)`: how many there are. `move(from_id, to_id, at, by)` gives them to another and returns the keys of
    those it moved; what would stand twice stays. `move_back(keys, from_id, to_id)` returns those of the keys that could
    go back from `from_id` to `to_id`: they still were where the merge put them.
    """

    column: str
    title: str | Promise
    count: Callable[[int], int]
    move: Move
    move_back: MoveBack


_holdings: dict[str, Holding] = {}
_exempt: dict[str, str] = {}


def register(*holdings: Holding) -> None:
    """Say what moves, in the order pages show it."""
    _holdings.update({holding.column: holding for holding in holdings})


def exempt(reasons: dict[str, str]) -> None:
    """Say which columns name a customer and do not move, each with the reason."""
    _exempt.update(reasons)


def holdings() -> list[Holding]:
    """Return all holdings."""
    return list(_holdings.values())


def known_columns() -> dict[str, str]:
    """Return every column somebody has thought about: "" where it moves, else why not."""
    return dict.fromkeys(_holdings, "") | _exempt


def rows_of(column: str, title: str | Promise) -> Holding:
    """Return the holding of a plain column: "inventory.Circuit.customer_id"."""
    label, attname = column.rsplit(".", 1)
    model = apps.get_model(label)
    rows = model._default_manager

    def count(from_id: int) -> int:
        return int(rows.filter(**{attname: from_id}).count())

    def move(from_id: int, to_id: int, at: datetime, by: Actor) -> list[int]:
        keys = sorted(rows.select_for_update().filter(**{attname: from_id}).values_list("pk", flat=True))
        return _set(keys, from_id, to_id)

    def move_back(keys: Sequence[int], from_id: int, to_id: int) -> list[int]:
        return _set(keys, from_id, to_id)

    def _set(keys: Sequence[int], from_id: int, to_id: int) -> list[int]:
        done: list[int] = []
        for start in range(0, len(keys), 500):
            part = list(keys[start : start + 500])
            there = set(rows.filter(**{"pk__in": part, attname: from_id}).values_list("pk", flat=True))
            done += _each([pk for pk in part if pk in there], to_id)
        return done

    def _each(keys: list[int], to_id: int) -> list[int]:
        """Give rows to a customer; where one would stand twice, by halves until only that one stays."""
        if not keys:
            return []
        try:
            with transaction.atomic():
                rows.filter(pk__in=keys).update(**{attname: to_id})
            return keys
        except IntegrityError:
            middle = len(keys) // 2
            return [] if len(keys) == 1 else [*_each(keys[:middle], to_id), *_each(keys[middle:], to_id)]

    return Holding(column, title, count, move, move_back)
