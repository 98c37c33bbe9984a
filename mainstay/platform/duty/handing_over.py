"""Hand a shift over: keep remarks, sign, take over; each version frozen as signed (G6, H3)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotFound, Refused, msgid
from mainstay.platform.duty.actions import take_over, visible_desk
from mainstay.platform.duty.models import Desk, Handover, Shift
from mainstay.platform.duty.queries import Span, handovers
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal

REMARK_LENGTH, MOST_REMARKS = 1000, 500
SENT_TWICE = timedelta(seconds=30)
"""The same remarks signed again so soon are one form sent twice."""


@transaction.atomic
def keep_remarks(desk_id: int, span: Span, remarks: Mapping[str, str], *, at: datetime, by: Actor) -> Handover:
    """Keep what the outgoing officer remarks, by the key of the item ("" is the whole shift), until it is signed."""
    require(by, Permission.WORK_INCIDENTS)
    desk = visible_desk(desk_id, by)
    newest = _newest(desk.pk, span)
    draft = _draft_after(newest, desk.pk, span)
    draft.remarks = _checked(remarks)
    draft.save()
    journal.record("handover.remark", [_change(draft, {"remarks": len(draft.remarks)})], at=at, by=by)
    return draft


@transaction.atomic
def sign(
    desk_id: int, span: Span, facts: dict[str, Any], remarks: Mapping[str, str], *, at: datetime, by: Actor
) -> Handover:
    """Freeze what happened in a shift, with the remarks, under the name of who hands over.

    Signing again before it is taken over makes the next version; the same form sent twice signs once.
    Refused once it is taken over, and before the shift has begun.
    """
    require(by, Permission.WORK_INCIDENTS)
    desk = visible_desk(desk_id, by)
    if span.from_at > at:
        raise Refused(msgid("The shift has not begun; it can be handed over when it has."))
    newest, kept = _newest(desk.pk, span), _checked(remarks)
    if newest is not None and _sent_twice(newest, kept, at=at, by=by):
        return newest
    signed = _draft_after(newest, desk.pk, span)
    signed.facts, signed.remarks = journal.plain(facts), kept
    signed.digest = digest_of(signed)
    signed.signed_at, signed.signed_by, signed.signed_user_id = at, by.name[:80], by.user_id
    signed.save()
    journal.record("handover.sign", [_change(signed, {"digest": signed.digest})], at=at, by=by)
    _publish(signed, at)
    return signed


@transaction.atomic
def take(handover_id: int, *, at: datetime, by: Actor) -> Handover:
    """Take a signed hand-over over: the actor has read it; the notes still open count as read, too.

    Refused: one that is not signed, that a newer version replaced, that is taken over already, and by who signed it
    unless the roster has them on the next shift as well.
    """
    require(by, Permission.WORK_INCIDENTS)
    found = handovers(by).select_for_update(of=("self",)).filter(pk=handover_id).first()
    if found is None:
        raise NotFound(msgid("There is no such hand-over, or it is outside your region."))
    newest = _newest(found.desk_id, Span(found.from_at, found.to_at))
    if found.signed_at is None or newest is None or newest.pk != found.pk:
        raise Refused(msgid("This version is not the one that was signed last; open the newest and read that."))
    if found.taken_at is not None:
        raise Refused(
            msgid("{name} has taken this shift over at {at} already."),
            name=found.taken_by, at=_clock(found.taken_at),
        )  # fmt: skip
    if found.signed_user_id == by.user_id and not _stays_on(found, by):
        raise Refused(msgid("You signed this hand-over yourself; the next shift takes it over."))
    found.taken_at, found.taken_by, found.taken_user_id = at, by.name[:80], by.user_id
    found.save(update_fields=["taken_at", "taken_by", "taken_user_id"])
    journal.record("handover.take", [_change(found, {"digest": found.digest})], at=at, by=by)
    take_over(found.desk_id, at=at, by=by)
    _publish(found, at)
    return found


def digest_of(handover: Handover) -> str:
    """Return SHA-256 over what is frozen: whoever doubts a record computes it again."""
    said = [handover.desk_id, handover.from_at, handover.to_at, handover.version, handover.facts, handover.remarks]
    text = json.dumps(journal.plain(said), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _sent_twice(newest: Handover | None, remarks: dict[str, str], *, at: datetime, by: Actor) -> bool:
    if newest is None or newest.signed_at is None or newest.taken_at is not None:
        return False
    return newest.signed_user_id == by.user_id and newest.remarks == remarks and at - newest.signed_at < SENT_TWICE


def _newest(desk_id: int, span: Span) -> Handover | None:
    """Return the newest version; the desk is locked, so that two hands do not write the same one."""
    Desk.objects.select_for_update().get(pk=desk_id)
    versions = Handover.objects.select_for_update().filter(desk=desk_id, from_at=span.from_at)
    return versions.order_by("-version").first()


def _draft_after(newest: Handover | None, desk_id: int, span: Span) -> Handover:
    if newest is None:
        return Handover(desk_id=desk_id, from_at=span.from_at, to_at=span.to_at)
    if newest.signed_at is None:
        return newest
    if newest.taken_at is not None:
        raise Refused(
            msgid("{name} has taken this shift over at {at} already; write a note for what is to be added."),
            name=newest.taken_by, at=_clock(newest.taken_at),
        )  # fmt: skip
    return Handover(desk_id=desk_id, from_at=newest.from_at, to_at=newest.to_at, version=newest.version + 1)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _stays_on(found: Handover, by: Actor) -> bool:
    """Say whether the roster has the actor on the desk in the shift that follows."""
    following = Shift.objects.filter(desk=found.desk_id, user=by.user_id or 0, level=1)
    return following.filter(from_at__lte=found.to_at, to_at__gt=found.to_at).exists()


def _checked(remarks: Mapping[str, str]) -> dict[str, str]:
    kept = {key[:80]: text.strip() for key, text in remarks.items() if text.strip()}
    if len(kept) > MOST_REMARKS:
        raise Refused(msgid("There are {count} remarks; at most {most} fit."), count=len(kept), most=MOST_REMARKS)
    longest = max((len(text) for text in kept.values()), default=0)
    if longest > REMARK_LENGTH:
        raise Refused(msgid("A remark has {count} characters; at most {most} fit."), count=longest, most=REMARK_LENGTH)
    return kept


def _change(handover: Handover, after: dict[str, Any]) -> journal.Change:
    desk = handover.desk
    said = {"from_at": handover.from_at, "to_at": handover.to_at, "version": handover.version, **after}
    return journal.Change("handover", handover.pk, desk.name, None, said, region_code=desk.region_code)


def _publish(handover: Handover, at: datetime) -> None:
    news = journal.News("handover", "handover", handover.pk, None, handover.desk.region_code)
    journal.publish([news], at=at)
