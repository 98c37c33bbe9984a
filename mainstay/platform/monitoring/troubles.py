"""What is wrong with the house itself is noted, told to those who can mend it, and ended when it is over (P3).

Whichever program lives looks: a dead sweeper is found by the web process, a dead web process by the sweeper.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from mainstay.platform.duty import queries as duty
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import staff_holding
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.platform.monitoring.choices import Level
from mainstay.platform.monitoring.models import Look, Trouble

HOUSE = "house"
LOOK_EVERY = timedelta(seconds=15)
LASTS = timedelta(seconds=30)
"""An error that lasts so long is told; a shorter one, as at a restart, is only noted."""


@dataclass(frozen=True)
class Seen:
    """One thing a look found; `code` and `subject` name it, `figures` fill the places of both msgids."""

    level: str
    code: str
    subject: str
    sentence: str
    advice: str
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return (self.code, self.subject)


def claim_look(*, at: datetime) -> bool:
    """Say whether the caller shall look now; of several programs that ask, one shall."""
    if Look.objects.filter(name=HOUSE, at__gt=at - LOOK_EVERY).exists():
        return False
    Look.objects.get_or_create(name=HOUSE, defaults={"at": at - LOOK_EVERY})
    return bool(Look.objects.filter(name=HOUSE, at__lte=at - LOOK_EVERY).update(at=at))


@transaction.atomic
def note(found: Iterable[Seen], *, at: datetime) -> None:
    """Note everything a look found, end what it found no more, and tell what has lasted (a flat number of queries)."""
    seen = {one.key: one for one in found if one.level != Level.FACT}
    standing = {(t.code, t.subject): t for t in Trouble.objects.select_for_update().filter(ended_at__isnull=True)}
    for key, one in seen.items():
        row = standing.get(key)
        if row is None:
            _begin(one, at)
        else:
            _go_on(row, one, at)
    over = [row for key, row in standing.items() if key not in seen]
    Trouble.objects.filter(pk__in=[row.pk for row in over]).update(ended_at=at)
    lasting = [row for row in standing.values() if row not in over and _is_to_be_told(row, at)]
    Trouble.objects.filter(pk__in=[row.pk for row in lasting]).update(told_at=at)
    _tell(lasting, [row for row in over if row.told_at], at)


def _begin(one: Seen, at: datetime) -> None:
    Trouble.objects.create(
        code=one.code, subject=one.subject, level=one.level, sentence=one.sentence, advice=one.advice,
        figures=one.figures, began_at=at, seen_at=at,
    )  # fmt: skip


def _go_on(row: Trouble, one: Seen, at: datetime) -> None:
    row.level, row.sentence, row.advice, row.figures, row.seen_at = one.level, one.sentence, one.advice, one.figures, at
    row.save(update_fields=["level", "sentence", "advice", "figures", "seen_at"])


def _is_to_be_told(row: Trouble, at: datetime) -> bool:
    return row.level == Level.ERROR and row.told_at is None and at - row.began_at >= LASTS


def _tell(begun: list[Trouble], over: list[Trouble], at: datetime) -> None:
    if not begun and not over:
        return
    watch = {user.pk: user for user in duty.on_duty("", 1, at)}
    people = list((watch | {user.pk: user for user in staff_holding(Permission.SETTINGS, "")}).values())
    letters = [_letter(row, user, ended=row in over) for row in (*begun, *over) for user in people]
    send(letters, at=at)


def _letter(row: Trouble, user: User, *, ended: bool) -> NewMessage:
    with override(user.language or settings.LANGUAGE_CODE):
        what, remedy = said(row)
        subject = gettext("Mainstay itself, over: %(what)s") if ended else gettext("Mainstay itself: %(what)s")
        return NewMessage(
            kind=Message.Kind.ALL_CLEAR if ended else Message.Kind.WARNING, to_name=user.display_name,
            subject=subject % {"what": what}, body=what if ended else f"{what}\n{remedy}", user_id=user.pk,
            dedupe_key=f"trouble:{row.pk}:{'over' if ended else 'begun'}:{user.pk}", object_kind="trouble",
            object_id=row.pk,
        )  # fmt: skip


def said(row: Trouble) -> tuple[str, str]:
    """Return what is wrong and what to do, in the active language."""
    return gettext(row.sentence) % row.figures, (gettext(row.advice) % row.figures if row.advice else "")
