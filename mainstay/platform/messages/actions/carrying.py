"""Take what is due, and write down what came of it. At least once: a crash amid a try repeats that one try (K8).

Claims are short transactions; sending happens outside of any. A claim has a lease: when it runs out without a result,
the courier that held it is taken for dead and the delivery is tried again, with the same key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from mainstay.domain.errors import msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.messages.actions.giving_up import tell_the_desk
from mainstay.platform.messages.all_clear import drop_as_over, over_already
from mainstay.platform.messages.back_off import next_try
from mainstay.platform.messages.choices import CHAT_CHANNELS, PENDING, DeliveryState
from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way
from mainstay.platform.messages.models import Delivery, DeliveryTry, Message, Sender
from mainstay.platform.messages.quiet import QuietBook
from mainstay.platform.messages.secrets_kept import secret_of

LEASE_BEYOND = timedelta(seconds=30)
"""How much longer than its longest try a claim holds."""
GIVE_UP_MINUTES = 240
"""For what waits on a channel that has lost its senders."""
DIED = msgid("The courier ended amid this try.")
NO_SENDER = msgid("No sender is active for this channel.")


@dataclass(frozen=True)
class Job:
    """A try to make: by which sender, its number, how to reach whom with what."""

    delivery_id: int
    sender_id: int
    number: int
    way: Way
    parcel: Parcel


@dataclass(frozen=True)
class Done:
    """A try that was made."""

    job: Job
    outcome: Outcome


def waits(*, at: datetime) -> bool:
    """Say whether anything is due or any lease has run out, without taking a lock (1 query)."""
    return Delivery.objects.filter(
        Q(state__in=PENDING, due_at__lte=at) | Q(state=DeliveryState.SENDING, lease_until__lt=at)
    ).exists()


@transaction.atomic
def claim(flying: Mapping[int, int], *, at: datetime) -> list[Job]:
    """Take due deliveries; `flying` says by sender id how many tries the caller has under way already.

    Each belongs to the caller until its lease ends. What has come into quiet hours meanwhile is held instead. Two
    couriers never take the same. 5 queries and 7 a sender that has something to do.
    """
    _release_the_dead(at)
    quiet = QuietBook.read()
    jobs: list[Job] = []
    served: set[str] = set()
    for sender in Sender.objects.order_by("pk"):
        mine = Q(pinned=True, sender=sender)
        if sender.active and sender.channel not in served:
            served.add(sender.channel)
            mine |= Q(pinned=False, channel=sender.channel)
        rows = Delivery.objects.filter(mine, state__in=PENDING, due_at__lte=at)
        places = sender.at_once - flying.get(sender.pk, 0)
        if places > 0 and rows.exists():
            jobs += _take(sender, rows, places, quiet=quiet, at=at)
    return jobs


def _take(sender: Sender, rows: QuerySet[Delivery], places: int, *, quiet: QuietBook, at: datetime) -> list[Job]:
    """Take for one sender; its row is locked, so that couriers together keep its rate."""
    Sender.objects.select_for_update().get(pk=sender.pk)
    if sender.per_minute:
        lately = DeliveryTry.objects.filter(sender=sender, began_at__gt=at - timedelta(minutes=1)).count()
        places = min(places, sender.per_minute - lately)
    if places <= 0:
        return []
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    found = list(rows.select_related("message").order_by("due_at", "pk")[:places])
    over = over_already([row for row in found if row.tries])
    taken, held = [], []
    for row in found:
        if row.pk in over:
            continue
        until = None if row.pinned or row.hurried else quiet.until(row.message.grade, row.channel, at)
        if until is not None and row.message.kind not in (Message.Kind.WARNING, Message.Kind.ESCALATION):
            row.state, row.due_at, row.give_up_from = DeliveryState.HELD, until, until
            held.append(row)
        else:
            taken.append(row)
    Delivery.objects.bulk_update(held, ["state", "due_at", "give_up_from"])
    drop_as_over(over, at=at)
    return _begin(sender, taken, at=at)


def _begin(sender: Sender, taken: Sequence[Delivery], *, at: datetime) -> list[Job]:
    lease = at + timedelta(seconds=sender.timeout_s) + LEASE_BEYOND
    for row in taken:
        row.state, row.sender, row.lease_until, row.tries = DeliveryState.SENDING, sender, lease, row.tries + 1
    Delivery.objects.bulk_update(taken, ["state", "sender", "lease_until", "tries"])
    insert_many(
        DeliveryTry,
        ("delivery_id", "sender_id", "number", "began_at"),
        [(row.pk, sender.pk, row.tries, at) for row in taken],
    )
    way = way_of(sender)
    return [Job(row.pk, sender.pk, row.tries, way, _parcel(row, at)) for row in taken]


def way_of(sender: Sender) -> Way:
    """Return a sender as its driver needs it, with the secret."""
    options = {**sender.options, "channel": sender.channel}
    return Way(sender.kind, sender.address, sender.timeout_s, secret_of(sender.secret_name), options)


def _parcel(row: Delivery, at: datetime) -> Parcel:
    message = row.message
    short = message.short or "\n".join(dict.fromkeys((message.subject, message.body)))
    return Parcel(
        to=row.to, to_name=row.to_name, subject=message.subject, body=message.body or message.subject,
        text=short if row.channel in CHAT_CHANNELS or message.short else message.body, key=row.key, number=row.tries,
        kind=message.kind, at=at, object_kind=message.object_kind, object_id=message.object_id,
    )  # fmt: skip


def _release_the_dead(at: datetime) -> None:
    """Let go what a courier held when it died: its try may have arrived, and is made once more."""
    stale = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=at)
    stale.update(state=DeliveryState.FAILED, perhaps=True, due_at=at, error=DIED, lease_until=None)


@transaction.atomic
def record(done: Iterable[Done], *, at: datetime) -> None:
    """Write what came of tries. A result whose claim another courier has taken over counts only if it says sent."""
    results = {(each.job.delivery_id, each.job.number): each for each in done}
    if not results:
        return
    locked = Delivery.objects.select_for_update(of=("self",)).filter(pk__in={pk for pk, _ in results})
    rows = [
        row
        for row in locked.select_related("message", "sender").order_by("pk")
        if (row.pk, row.tries) in results and row.state in (DeliveryState.SENDING, DeliveryState.FAILED)
    ]
    quiet = QuietBook.read()
    for row in rows:
        _settle(row, results[row.pk, row.tries].outcome, quiet=quiet, at=at)
    Delivery.objects.bulk_update(
        rows,
        ["state", "due_at", "give_up_from", "perhaps", "reference", "sent_at", "ended_at", "error", "lease_until"],
    )
    _note_tries(results.values(), at=at)
    _note_senders(results.values(), at=at)
    tell_the_desk([row for row in rows if row.state == DeliveryState.GIVEN_UP and not row.pinned], at=at)


def _settle(row: Delivery, outcome: Outcome, *, quiet: QuietBook, at: datetime) -> None:
    row.lease_until, row.error = None, outcome.error
    row.perhaps = row.perhaps or outcome.perhaps
    if outcome.ok:
        row.state, row.sent_at, row.due_at, row.reference = DeliveryState.SENT, at, None, outcome.reference
        return
    minutes = row.sender.give_up_minutes if row.sender else GIVE_UP_MINUTES
    due = (
        None
        if outcome.final or row.pinned
        else next_try(row.tries, at=at, since=row.give_up_from, give_up_minutes=minutes)
    )
    if due is None:
        row.state, row.due_at, row.ended_at = DeliveryState.GIVEN_UP, None, at
        return
    urgent = row.hurried or row.message.kind in (Message.Kind.WARNING, Message.Kind.ESCALATION)
    held = None if urgent else quiet.until(row.message.grade, row.channel, due)
    row.state, row.due_at = (DeliveryState.HELD, held) if held else (DeliveryState.FAILED, due)
    row.give_up_from = held or row.give_up_from


def _note_tries(done: Iterable[Done], *, at: datetime) -> None:
    wanted = {(each.job.delivery_id, each.job.number): each.outcome for each in done}
    rows = DeliveryTry.objects.filter(delivery__in={pk for pk, _ in wanted}, ended_at__isnull=True)
    ended = [row for row in rows if (row.delivery_id, row.number) in wanted]
    for row in ended:
        outcome = wanted[row.delivery_id, row.number]
        row.ended_at, row.ok, row.error = at, outcome.ok, outcome.error
    DeliveryTry.objects.bulk_update(ended, ["ended_at", "ok", "error"])


def _note_senders(done: Iterable[Done], *, at: datetime) -> None:
    by_sender: dict[int, dict[str, Any]] = {}
    for each in done:
        news = {"last_ok_at": at} if each.outcome.ok else {"last_error_at": at, "last_error": each.outcome.error}
        by_sender.setdefault(each.job.sender_id, {}).update(news)
    for sender_id, news in by_sender.items():
        Sender.objects.filter(pk=sender_id).update(**news)


@transaction.atomic
def give_up_stranded(*, at: datetime) -> int:
    """Give up what has been due too long on channels without an active sender; return how many."""
    served = Sender.objects.filter(active=True, channel=OuterRef("channel"))
    late = at - timedelta(minutes=GIVE_UP_MINUTES)
    stranded = Delivery.objects.filter(~Exists(served), pinned=False, state__in=PENDING, give_up_from__lt=late)
    rows = list(stranded.select_related("message").order_by("pk")[:500])
    for row in rows:
        row.state, row.due_at, row.ended_at, row.error = DeliveryState.GIVEN_UP, None, at, row.error or NO_SENDER
    Delivery.objects.bulk_update(rows, ["state", "due_at", "ended_at", "error"])
    tell_the_desk(rows, at=at)
    return len(rows)
