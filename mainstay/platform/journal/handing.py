"""Hands events on to a process of their own, so that who announces need not wait for who listens (decision 0017).

Who announces within `handing_on` writes the event into the database, in its own transaction; `take_up` gives it to its
handlers in another. An event is neither lost nor handled twice: it is there when what it tells of is, and it goes when
what its handlers wrote is. Only events that `config.subscriptions` lets wait are handed on, all by one process, so the
order of their keys is the order in which they became true.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Min
from pydantic import TypeAdapter

from mainstay.domain.actor import Actor, system
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.journal import registry
from mainstay.platform.journal.models import HandedOn

AT_ONCE = 3_000
"""Things told of, about, in what one transaction takes up."""
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
    size = len(getattr(event, "things", ())) or 1
    row = (type(event).__name__, orjson.dumps(event).decode(), size, by.name, at)
    insert_many(HandedOn, ("kind", "body", "size", "actor_name", "at"), [row])
    return True


@transaction.atomic
def take_up(*, at_once: int = AT_ONCE) -> int:
    """Give the oldest waiting events to their handlers, about `at_once` things; return how many events there were.

    0 when none waits, or another process is at it. What a handler raises comes out, and nothing is done.
    """
    if not _alone():
        return 0
    rows = _oldest(at_once)
    for (kind, actor_name), same in groupby(rows, key=lambda row: (row.kind, row.actor_name)):
        told = [_event(row) for row in same]
        for event in registry.joined(told):
            for handler in registry.handlers_of(registry.named(kind)):
                handler(event, system(actor_name))
    HandedOn.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def set_aside(why: str) -> bool:
    """Leave out the oldest waiting event, which cannot be handled: it stays, with the reason; say whether one was."""
    row = HandedOn.objects.filter(failure="").order_by("pk").first()
    if row is None or not _alone():
        return False
    row.failure = why[:400] or "?"
    row.save(update_fields=["failure"])
    return True


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


def _oldest(at_once: int) -> list[HandedOn]:
    """Return the oldest waiting events until they tell of `at_once` things, one at least."""
    keys: list[int] = []
    things = 0
    for key, size in HandedOn.objects.filter(failure="").order_by("pk").values_list("pk", "size")[:at_once]:
        if keys and things + size > at_once:
            break
        keys.append(key)
        things += size
    return list(HandedOn.objects.filter(pk__in=keys).order_by("pk"))


def _alone() -> bool:
    """Take PostgreSQL's lock of this transaction for taking up; SQLite lets one write at a time anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('mainstay:taking-up'))")
        return bool(cursor.fetchone()[0])


def _event(row: HandedOn) -> Any:
    return TypeAdapter(registry.named(row.kind)).validate_json(row.body)
