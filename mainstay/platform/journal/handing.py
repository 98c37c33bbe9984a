"""Hands events on to a process of their own, so that who announces need not wait for who listens (decision 0017).

Who announces within `handing_on` writes the event into the database, in its own transaction; `take_up` gives it to its
handlers in another. An event is neither lost nor handled twice: it is there when what it tells of is, and it goes when
what its handlers wrote is. Only events that `config.subscriptions` lets wait are handed on, all by one process, so the
order of their keys is the order in which they became true. Several processes may take up: what can be told apart is
handed on in parts, each in its order; what concerns all parts waits for all before it, and all behind it wait for it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Min
from pydantic import TypeAdapter

from mainstay.domain.actor import Actor, system
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.journal import registry
from mainstay.platform.journal.models import HandedOn

AT_ONCE = 3_000
"""Things told of, about, in what one transaction takes up."""
LOOKED_AT = 500
"""Waiting events among which parts are looked for."""
_handing_on: ContextVar[datetime | None] = ContextVar("handing_on", default=None)


@contextmanager
def handing_on(at: datetime | None) -> Iterator[None]:
    """Hand on what is announced within, at this instant, and may wait; with None do nothing."""
    token = _handing_on.set(at)
    try:
        yield
    finally:
        _handing_on.reset(token)


def handed_on(event: object, by: Actor) -> bool:
    """Hand an event on in the caller's transaction, if it is the time for that and its listeners may wait."""
    at = _handing_on.get()
    if at is None or by.user_id is not None or not registry.may_wait(type(event)):
        return False
    kind = type(event).__name__
    rows = [
        (kind, part, orjson.dumps(piece).decode(), len(getattr(piece, "things", ())) or 1, by.name, at)
        for part, piece in registry.parted(event)
    ]
    insert_many(HandedOn, ("kind", "part", "body", "size", "actor_name", "at"), rows)
    return True


class NotTakenUp(Exception):
    """A handler failed: nothing was done. The cause is what it raised; `keys` are those of the events taken up."""

    def __init__(self, part: int, keys: Sequence[int]) -> None:
        self.part, self.keys = part, tuple(keys)


@transaction.atomic
def take_up(*, at_once: int = AT_ONCE, of: int | None = None) -> int:
    """Give the oldest waiting events of a part (`of`: of this one) to their handlers, about `at_once` things.

    Return how many events there were: 0 when none waits, or others are at all of them. Raises NotTakenUp.
    """
    for part in _parts_waiting() if of is None else (of,):
        rows = _oldest(part, at_once) if _alone(part) else []
        if rows:
            _handle(part, rows)
            return len(rows)
    return 0


def _handle(part: int, rows: list[HandedOn]) -> None:
    keys = [row.pk for row in rows]
    try:
        alike: dict[tuple[str, str], list[HandedOn]] = {}
        for row in rows:
            alike.setdefault((row.kind, row.actor_name), []).append(row)
        for (kind, actor_name), same in alike.items():
            for event in registry.joined([_event(row) for row in same]):
                for handler in registry.handlers_of(registry.named(kind)):
                    handler(event, system(actor_name))
    except (OperationalError, InterfaceError):
        raise  # the database is away, or two waited for each other: it is not the event's fault
    except Exception as error:
        raise NotTakenUp(part, keys) from error
    HandedOn.objects.filter(pk__among=keys).delete()


def set_aside(key: int, why: str) -> None:
    """Leave out an event that cannot be handled: it stays, with the reason."""
    HandedOn.objects.filter(pk=key).update(failure=why[:400] or "?")


def try_again() -> int:
    """Let what was set aside wait once more; return how many events there were."""
    return HandedOn.objects.exclude(failure="").update(failure="")


def waiting_since() -> datetime | None:
    """Return since when the oldest waiting event waits; None when none does (1 query)."""
    found: datetime | None = HandedOn.objects.filter(failure="").aggregate(at=Min("at"))["at"]
    return found


def set_aside_count() -> int:
    """Return how many events were set aside (1 query)."""
    return HandedOn.objects.exclude(failure="").count()


def _parts_waiting() -> Sequence[int]:
    """Return the parts that have waiting events, the one with the oldest first."""
    rows = HandedOn.objects.filter(failure="").order_by("pk").values_list("part", flat=True)
    return list(dict.fromkeys(rows[:LOOKED_AT]))


def _oldest(part: int, at_once: int) -> list[HandedOn]:
    """Return the oldest waiting events of a part until they tell of `at_once` things; none behind one of all parts."""
    waiting = HandedOn.objects.filter(failure="").order_by("pk")
    if part == registry.ALL_PARTS:
        return [row for row in waiting[:1] if row.part == part]
    keys: list[int] = []
    things = 0
    mine = waiting.filter(part__in=(part, registry.ALL_PARTS)).values_list("pk", "size", "part")
    for key, size, belongs_to in mine[:at_once]:
        if belongs_to != part or (keys and things + size > at_once):
            break
        keys.append(key)
        things += size
    return list(waiting.filter(pk__among=keys))


def _alone(part: int) -> bool:
    """Take PostgreSQL's lock of this transaction for a part; SQLite lets one write at a time anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('mainstay:taking-up'), %s)", [part])
        return bool(cursor.fetchone()[0])


def _event(row: HandedOn) -> Any:
    return _reader_of(registry.named(row.kind)).validate_json(row.body)


@cache
def _reader_of(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
