"""Set the quiet hours, and how our own people are reached (H3, K8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotFound, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.addresses import check_addresses, check_channels, masked
from mainstay.platform.messages.choices import OUTSIDE
from mainstay.platform.messages.errors import BadQuietHours
from mainstay.platform.messages.models import QuietHours, StaffChannels
from mainstay.platform.messages.quiet import NEVER_HELD

DAY_MINUTES = 1440


@dataclass(frozen=True)
class Quiet:
    """The quiet hours of a grade: minutes of the local day, and the channels that wait; no channel: none at all."""

    grade: str
    from_minute: int
    to_minute: int
    channels: tuple[str, ...]


@transaction.atomic
def set_quiet_hours(wanted: Sequence[Quiet], *, at: datetime, by: Actor) -> None:
    """Set the quiet hours of some grades. Raises BadQuietHours: the best grade, which never waits; a wrong hour."""
    require(by, Permission.SETTINGS)
    known = {row.grade: row for row in QuietHours.objects.select_for_update()}
    changes = []
    for each in wanted:
        _check(each)
        row = known.get(each.grade)
        before = _said(row) if row else {}
        after = {"from_minute": each.from_minute, "to_minute": each.to_minute, "channels": sorted(each.channels)}
        if not each.channels:
            after = {}
        if before == after:
            continue
        if after:
            QuietHours.objects.update_or_create(grade=each.grade, defaults=after)
        else:
            QuietHours.objects.filter(grade=each.grade).delete()
        changes.append(Change("quiet_hours", each.grade, each.grade, before or None, after or None))
    journal.record("quiet_hours.set", changes, at=at, by=by)


def _said(row: QuietHours) -> dict[str, object]:
    return {"from_minute": row.from_minute, "to_minute": row.to_minute, "channels": sorted(row.channels)}


def _check(quiet: Quiet) -> None:
    if quiet.grade in NEVER_HELD:
        raise BadQuietHours(msgid("Messages for grade “{grade}” never wait; leave it out."), grade=quiet.grade)
    if not (0 <= quiet.from_minute < DAY_MINUTES and 0 <= quiet.to_minute < DAY_MINUTES):
        raise BadQuietHours(msgid("Quiet hours are given from 00:00 to 23:59; correct those of {grade}."),
                            grade=quiet.grade)  # fmt: skip
    if quiet.from_minute == quiet.to_minute and quiet.channels:
        raise BadQuietHours(
            msgid("The quiet hours of {grade} would never end; choose an end that is not the beginning."),
            grade=quiet.grade,
        )
    if unknown := sorted(set(quiet.channels) - set(OUTSIDE)):
        raise BadQuietHours(msgid("“{value}” is no channel on which anything waits."), value=unknown[0])


@dataclass(frozen=True)
class Reaching:
    """How one of our own people wants to be reached besides the console; no channel: wherever an address is known."""

    phone: str = ""
    email: str = ""
    wecom: str = ""
    dingtalk: str = ""
    webhook: str = ""
    notify_by: tuple[str, ...] = ()


@transaction.atomic
def choose_channels(user_id: int, wanted: Reaching, *, at: datetime, by: Actor) -> None:
    """Say how a member of staff is reached: one's own, anybody's by an administrator. Raises BadAddress."""
    user = User.objects.select_for_update().filter(pk=user_id, customer_id__isnull=True).first()
    if user is None:
        raise NotFound(msgid("There is no such user; look for the name in the list of users."))
    if user.pk != by.user_id:
        require(by, Permission.SETTINGS)
    name = user.display_name
    check_channels(name, wanted.notify_by)
    check_addresses(name, wecom=wanted.wecom, dingtalk=wanted.dingtalk, webhook=wanted.webhook)
    row = StaffChannels.objects.filter(user=user).first() or StaffChannels(user=user)
    robots = ("wecom", "dingtalk", "webhook")
    before = {"phone": user.phone, "email": user.email, "notify_by": list(row.notify_by)}
    before |= {field: getattr(row, field) for field in robots}
    after = {"phone": wanted.phone, "email": wanted.email, "notify_by": list(wanted.notify_by)}
    after |= {field: getattr(wanted, field) for field in robots}
    old, new = journal.differences(before, after)
    if not new:
        return
    user.phone, user.email = wanted.phone, wanted.email
    user.save(update_fields=["phone", "email"])
    for field in ("notify_by", *robots):
        setattr(row, field, after[field])
    row.save()
    change = Change("user", user.pk, name, masked(old), masked(new))
    journal.record("user.channels", [change], at=at, by=by)
