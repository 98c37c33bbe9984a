"""How is a letter about planned work written? One per contact and customer, in the contact's language (I3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from mainstay.domain.placeholders import filled, in_one_line
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.choices import WorkResult
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.duty.queries import DeskPhones
from mainstay.platform.messages.actions import NewMessage
from mainstay.platform.messages.models import Message
from mainstay.service.announcements.choices import Said
from mainstay.service.announcements.models import Announcement
from mainstay.service.announcements.texts import EN, TEXTS, ZH
from mainstay.service.tickets.audience import Receiver
from mainstay.service.tickets.naming import clock_time

SHOWN_CIRCUITS = 10
ANSWER_BEFORE = timedelta(hours=24)
"""Customers are asked to answer this long before the work, and reminded then."""
ENDINGS = (Said.OFF, Said.DONE)


@dataclass(frozen=True)
class Letter:
    """What one person reads."""

    subject: str
    long: str
    short: str


@dataclass(frozen=True)
class About:
    """What a letter is about: the customer's circuits by number, the worst state, and what changed.

    `before`: the window told before, for moves and ends; `why`: the reason of a move or of calling off.
    """

    circuits: Sequence[str]
    state: int
    customer: str
    before: tuple[datetime, datetime] | None = None
    why: str = ""


@dataclass(frozen=True)
class Writer:
    """Writes letters about one work."""

    work: PlannedWork
    desks: DeskPhones
    at: datetime
    _effects: Mapping[int, Callable[[], str]] = field(default_factory=lambda: EFFECTS)

    def letter(self, what: str, name: str, language: str, about: About) -> Letter:
        """Write one letter in a language; an unknown one reads English."""
        tongue = language if language in (ZH, EN) else EN
        text = TEXTS[what, tongue]
        with override(tongue):
            words = self._words(name, tongue, about)
        between = "" if tongue == ZH else " "
        # A text of several lines is one sentence in a short message.
        brief = {key: in_one_line(word, between=between) for key, word in words.items()}
        short = in_one_line(filled(text.short, brief), between=between)
        return Letter(in_one_line(filled(text.subject, brief)), filled(text.long, words), short)

    def message(self, what: str, row: Announcement, receiver: Receiver, about: About, *, number: int) -> NewMessage:
        """Write one letter as it is sent; `number`: how many went out on this announcement before."""
        contact = receiver.contact
        letter = self.letter(what, contact.name, contact.language, about)
        kind = Message.Kind.ALL_CLEAR if what in ENDINGS else Message.Kind.NOTICE
        return NewMessage(
            kind=kind, to_name=contact.name, subject=letter.subject, body=letter.long, contact_id=contact.pk,
            user_id=contact.user_id, channel="portal", to_address=contact.phone or contact.email,
            dedupe_key=f"announcement:{row.pk}:{what}:{number}:{contact.pk}", object_kind="announcement",
            object_id=row.pk, customer_id=row.customer_id, region_code=row.region_code, addresses=receiver.addresses,
            short=letter.short, grade=row.grade,
        )  # fmt: skip

    def _words(self, name: str, tongue: str, about: About) -> dict[str, str]:
        work, desk = self.work, self.desks.nearest(self.work.region_code)
        answer_by = work.from_at - ANSWER_BEFORE
        count = len(about.circuits)
        english = tongue == EN
        return {
            "name": name,
            "customer": about.customer,
            "number": work.number,
            "title": work.title,
            "window": window_words(work.from_at, work.to_at),
            "before": window_words(*about.before) if about.before else "",
            "why": about.why.strip().rstrip("。."),
            "count": ngettext("%(count)s circuit", "%(count)s circuits", count) % {"count": count} if count else "",
            "circuits": _listed(about.circuits),
            "effect": self._effects[about.state](),
            "details": ((work.details_en if english else "") or work.details).strip().rstrip("。."),
            "preparation": ((work.preparation_en if english else "") or work.preparation).strip().rstrip("。."),
            "answer_by": clock_time(answer_by) if answer_by > self.at else "",
            "ended": clock_time(work.ended_at) if work.ended_at else "",
            "result": str(WorkResult(work.result).label) if work.result else "",
            "phone": desk.phone if desk else "",
        }


EFFECTS: Mapping[int, Callable[[], str]] = {
    LiveState.UP: lambda: _("no interruption expected"),
    LiveState.UNPROTECTED: lambda: _("runs on without protection"),
    LiveState.DEGRADED: lambda: _("degraded for a time"),
    LiveState.DOWN: lambda: _("interrupted for a time"),
}


def window_words(from_at: datetime, to_at: datetime) -> str:
    """Write a window as people say it: the day once where it ends on the day it began."""
    begin, end = timezone.localtime(from_at), timezone.localtime(to_at)
    same = begin.date() == end.date()
    return f"{begin:%Y-%m-%d %H:%M}–{end:%H:%M}" if same else f"{begin:%Y-%m-%d %H:%M}–{end:%m-%d %H:%M}"


def _listed(numbers: Sequence[str]) -> str:
    shown = pgettext("between names", ", ").join(numbers[:SHOWN_CIRCUITS])
    more = len(numbers) - SHOWN_CIRCUITS
    if more <= 0:
        return shown
    return _("%(shown)s and %(more)s more") % {"shown": shown, "more": more}
