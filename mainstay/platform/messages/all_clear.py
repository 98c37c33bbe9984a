"""To whom does an all-clear go? On each channel exactly where the beginning was sent, or may have been (K8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from mainstay.platform.messages.addresses import Address
from mainstay.platform.messages.choices import PENDING, REACHED, DeliveryState, DropReason
from mainstay.platform.messages.models import Delivery, Message

TELLING = (Message.Kind.NOTICE, Message.Kind.INFORMATION)
_Told = tuple[str, str, int | None]


@dataclass(frozen=True)
class Ending:
    """An all-clear: about which object, to which contact, and where it was meant to go."""

    object_kind: str
    object_id: str
    contact_id: int | None
    addresses: list[Address]


def settle_endings(endings: Mapping[str, Ending], *, at: datetime) -> dict[str, list[tuple[Address, str]]]:
    """Return where each all-clear goes, by its key: addresses with the reason why nothing is sent there, or "".

    What was not sent yet is dropped; its rows are locked first, so that no courier takes them meanwhile. Where nothing
    was ever written to the contact about the object, the addresses stay as they were given. At most 3 queries.
    """
    if not endings:
        return {}
    before = _tellings_before(endings.values())
    rows = _locked({pk for ids in before.values() for pk in ids})
    by_message: dict[int, list[Delivery]] = {}
    for row in rows:
        by_message.setdefault(row.message_id, []).append(row)
    plans: dict[str, list[tuple[Address, str]]] = {}
    waiting: list[int] = []
    for key, ending in endings.items():
        ids = before.get(_told(ending))
        if ids is None:
            continue
        told = [row for pk in ids for row in by_message.get(pk, [])]
        waiting += [row.pk for row in told if row.state in PENDING]
        plans[key] = _plan(ending, told)
    drop_as_over(waiting, at=at)
    return plans


def drop_as_over(delivery_ids: Collection[int], *, at: datetime) -> None:
    """Drop what need not go out any more, as what it tells of is over; the caller holds the rows."""
    if delivery_ids:
        Delivery.objects.filter(pk__in=delivery_ids).update(
            state=DeliveryState.DROPPED, drop_reason=DropReason.ALL_CLEAR, ended_at=at, due_at=None, lease_until=None
        )


def over_already(rows: Iterable[Delivery]) -> set[int]:
    """Return which of these deliveries tell of something whose all-clear was written after them (at most 1 query).

    One that was under way when the all-clear came was neither dropped nor is it to be tried again: whoever hears of a
    beginning after the end never hears of the end. Their messages are fetched.
    """
    tellings = [row for row in rows if row.message.kind in TELLING and row.message.contact_id and not row.pinned]
    if not tellings:
        return set()
    ends = Message.objects.filter(
        kind=Message.Kind.ALL_CLEAR, contact_id__in={row.message.contact_id for row in tellings},
        object_id__in={row.message.object_id for row in tellings}, pk__gt=min(row.message_id for row in tellings),
    )  # fmt: skip
    newest: dict[_Told, int] = {}
    for pk, kind, object_id, contact in ends.order_by("pk").values_list("pk", "object_kind", "object_id", "contact_id"):
        newest[kind, object_id, contact] = pk
    return {row.pk for row in tellings if newest.get(_about(row.message), 0) > row.message_id}


def _about(message: Message) -> _Told:
    return message.object_kind, message.object_id, message.contact_id


def _told(ending: Ending) -> _Told:
    return ending.object_kind, ending.object_id, ending.contact_id


def _tellings_before(endings: Iterable[Ending]) -> dict[_Told, list[int]]:
    """Return the ids of what was told since the last all-clear, by object and contact."""
    wanted = {_told(ending) for ending in endings}
    same = Q()
    for kind in {kind for kind, _, _ in wanted}:
        same |= Q(object_kind=kind, object_id__in={pk for each, pk, _ in wanted if each == kind})
    rows = Message.objects.filter(same, contact_id__in={contact for _, _, contact in wanted}).order_by("id")
    told: dict[_Told, list[int]] = {}
    for pk, kind, object_kind, object_id, contact in rows.values_list(
        "pk", "kind", "object_kind", "object_id", "contact_id"
    ):
        if kind == Message.Kind.ALL_CLEAR:
            told.pop((object_kind, object_id, contact), None)
        elif kind in TELLING:
            told.setdefault((object_kind, object_id, contact), []).append(pk)
    return {key: ids for key, ids in told.items() if key in wanted}


def _locked(message_ids: set[int]) -> Any:
    rows = Delivery.objects.filter(message__in=message_ids).order_by("pk")
    return list(rows.select_for_update()) if message_ids else []


def _plan(ending: Ending, told: list[Delivery]) -> list[tuple[Address, str]]:
    reached = {(row.channel, row.to): row for row in told if row.state in REACHED or row.perhaps}
    plan = [(Address(channel, to, row.to_name), "") for (channel, to), row in reached.items()]
    channels = {channel for channel, _ in reached}
    spared = [address for address in ending.addresses if address.channel not in channels]
    return plan + [(address, DropReason.NEVER_TOLD.value) for address in spared]
