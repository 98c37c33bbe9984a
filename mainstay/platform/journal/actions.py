"""Record what was done; announce what became true; seal the trail."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many, update_many
from mainstay.platform.journal import handing, registry
from mainstay.platform.journal.models import Entry, OutboxEvent


@dataclass(frozen=True)
class Change:
    """One object's change: what it was, what it is; `customer_id` and `region_code` say who may read the entry."""

    object_kind: str
    object_id: int | str
    label: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    customer_id: int | None = None
    region_code: str = ""


class News(NamedTuple):
    """One line of the outbox, for live pages: what kind of news, about which object, seen by whom."""

    kind: str
    object_kind: str
    object_id: int | str
    customer_id: int | None = None
    region_code: str = ""
    body: dict[str, Any] | None = None


def record(action: str, changes: Iterable[Change], *, at: datetime, by: Actor) -> None:
    """Write one audit entry per change, in the caller's transaction (P2)."""
    insert_many(
        Entry,
        (
            "at", "actor_name", "actor_kind", "user_id", "action", "why", "request_id",
            "object_kind", "object_id", "object_label", "customer_id", "region_code", "before", "after",
        ),
        [
            (
                at, by.name, by.kind, by.user_id, action, by.why[:400], by.request_id,
                change.object_kind, str(change.object_id), change.label[:160], change.customer_id, change.region_code,
                plain(change.before), plain(change.after),
            )
            for change in changes
        ],
    )  # fmt: skip


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep only the fields that differ."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in changed}, {key: after[key] for key in changed}


def publish(news: Iterable[News], *, at: datetime) -> None:
    """Put news into the outbox, in the caller's transaction."""
    insert_many(
        OutboxEvent,
        ("at", "kind", "object_kind", "object_id", "customer_id", "region_code", "body"),
        [
            (at, n.kind, n.object_kind, str(n.object_id), n.customer_id, n.region_code, plain(n.body or _NO_BODY))
            for n in news
        ],
    )


def announce(event: object, *, by: Actor) -> None:
    """Give an event to its handlers, in the caller's transaction and in the order of `config.subscriptions`.

    Handlers must be idempotent. An error in one fails the whole transaction: nothing is half-written. What may wait is
    handed on where the caller wants that (see `handing`).
    """
    if handing.handed_on(event, by):
        return
    for handler in registry.handlers_of(type(event)):
        handler(event, by)


def plain(value: Any) -> Any:
    """Turn instants, dates, decimals and dataclasses into what JSON holds; what is that already comes back itself."""
    if type(value) is dict and all(type(each) in _PLAIN for each in value.values()):
        return value
    return orjson.loads(orjson.dumps(value, default=_plain_value, option=_TOLD)) if value is not None else None


_NO_BODY: dict[str, Any] = {}
_PLAIN = (str, int, bool, float, type(None))
_TOLD = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    return str(value)


def digest_of(entry: Entry, previous: str) -> str:
    """Return SHA-256 over the previous digest and everything the entry says, its place in the chain included."""
    said = [
        previous, entry.seal_number, entry.pk, entry.at.isoformat(), entry.actor_name, entry.actor_kind, entry.user_id,
        entry.action, entry.object_kind, entry.object_id, entry.object_label, entry.customer_id, entry.region_code,
        entry.before, entry.after, entry.why, entry.request_id,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def seal(*, limit: int = 500) -> int:
    """Chain the next unsealed entries by their digests and return how many; a second sealer waits for the first."""
    waiting = list(Entry.objects.select_for_update().filter(digest="").order_by("id")[:limit])
    if not waiting:
        return 0
    last = Entry.objects.filter(seal_number__isnull=False).order_by("-seal_number").first()
    sealed, previous = (last.seal_number or 0, last.digest) if last else (0, "")
    for number, entry in enumerate(waiting, start=sealed + 1):
        entry.seal_number = number
        entry.previous_digest = previous
        entry.digest = previous = digest_of(entry, previous)
    sealed_rows = [(entry.seal_number, entry.previous_digest, entry.digest, entry.pk) for entry in waiting]
    update_many(Entry, ("seal_number", "previous_digest", "digest"), sealed_rows)
    return len(waiting)


@transaction.atomic
def prune_outbox(*, before: datetime, readers: Sequence[int]) -> int:
    """Delete news older than `before` that every reader (their positions) has seen; cheap when there are none."""
    oldest = OutboxEvent.objects.order_by("pk").values_list("at", flat=True).first()
    if oldest is None or oldest >= before:
        return 0
    gone, _ = OutboxEvent.objects.filter(at__lt=before, pk__lte=min(readers, default=2**62)).delete()
    return gone
