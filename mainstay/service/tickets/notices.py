"""How is a letter about an outage written? One per contact and ticket, never per circuit (H1, K8).

The words come from the texts in force; a writer reads what many letters need once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from mainstay.domain.placeholders import filled, in_one_line
from mainstay.network.alarms.models import Incident
from mainstay.network.inventory.choices import ResourceKind
from mainstay.platform.duty.queries import DeskPhones, desk_phones
from mainstay.platform.messages.actions import NewMessage
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.audience import ALL_CLEAR, HOLDING, NOTICE, UPDATE, Receiver
from mainstay.service.tickets.choices import TextKind
from mainstay.service.tickets.circuits import NamedCircuit
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.naming import brief_time, clock_time, span
from mainstay.service.tickets.texts import EN, LONG, SHIPPED, SHORT, ZH, Texts, Wording, texts_in_force

SHOWN_CIRCUITS = 10

TEXTS = {
    NOTICE: TextKind.OPENING,
    UPDATE: TextKind.UPDATE,
    HOLDING: TextKind.HOLDING,
    ALL_CLEAR: TextKind.ALL_CLEAR,
}
KINDS = {NOTICE: Message.Kind.NOTICE, ALL_CLEAR: Message.Kind.ALL_CLEAR}


@dataclass(frozen=True)
class About:
    """What a letter is about: the circuits, since when, whether any is down, what a person adds.

    `doing` is by language; a language that is missing reads what was written in another. `eta_at` None: as the
    incident says. `restored_at` for all-clears.
    """

    circuits: Sequence[NamedCircuit]
    since: datetime | None
    at: datetime
    is_down: bool = True
    doing: Mapping[str, str] = field(default_factory=dict)
    eta_at: datetime | None = None
    next_at: datetime | None = None
    restored_at: datetime | None = None


@dataclass(frozen=True)
class Letter:
    """What one person reads: subject and body, and the same in short."""

    subject: str
    long: str
    short: str


@dataclass(frozen=True)
class Writer:
    """The texts in force, what the incidents promise and what kind of thing failed, the desks and their phones."""

    texts: Texts
    incidents: Mapping[int, tuple[datetime | None, str]]
    desks: DeskPhones

    def letter(self, what: str, ticket: Ticket, name: str, language: str, about: About) -> Letter:
        """Write one letter in a language."""
        kind, tongue = TEXTS[what], language if language in (ZH, EN) else EN
        with override(tongue):
            words = self._words(ticket, name, tongue, about)
        long = self._filled(kind, tongue, LONG, words | _instants(about, self._eta(ticket, about), clock_time))
        brief = partial(brief_time, now=about.at)
        short = self._filled(kind, tongue, SHORT, words | _instants(about, self._eta(ticket, about), brief))
        return Letter(long.subject, long.body, in_one_line(short.body, between="" if tongue == ZH else " "))

    def _filled(self, kind: str, language: str, length: str, words: Mapping[str, str]) -> Wording:
        """Fill one text in; where nothing is left of it, the shipped one: nobody gets an empty message."""
        chosen, shipped = self.texts.get(kind, language, length), SHIPPED[kind, language, length]
        body = filled(chosen.body, words) or filled(shipped.body, words)
        return Wording(body, filled(chosen.subject, words) or filled(shipped.subject, words))

    def message(self, what: str, ticket: Ticket, receiver: Receiver, about: About, *, number: int) -> NewMessage:
        """Write one letter as it is sent; `number` is how many went out on the ticket before."""
        contact = receiver.contact
        letter = self.letter(what, ticket, contact.name, contact.language, about)
        return NewMessage(
            kind=KINDS.get(what, Message.Kind.INFORMATION), to_name=contact.name, subject=letter.subject,
            body=letter.long, contact_id=contact.pk, user_id=contact.user_id, channel="portal",
            to_address=contact.phone or contact.email, dedupe_key=f"ticket:{ticket.pk}:{what}:{number}:{contact.pk}",
            object_kind="ticket", object_id=ticket.pk, customer_id=ticket.customer_id, region_code=ticket.region_code,
            addresses=receiver.addresses, short=letter.short, grade=ticket.grade,
        )  # fmt: skip

    def _eta(self, ticket: Ticket, about: About) -> datetime | None:
        """Return when service is expected back, unless that has passed."""
        eta_at = about.eta_at or self.incidents.get(ticket.incident_id or 0, (None, ""))[0]
        return eta_at if eta_at and eta_at > about.at else None

    def _words(self, ticket: Ticket, name: str, language: str, about: About) -> dict[str, str]:
        cause = self.incidents.get(ticket.incident_id or 0, (None, ""))[1]
        desk = self.desks.nearest(ticket.region_code)
        until = about.restored_at or about.at
        count = len(about.circuits)
        said = about.doing.get(language) or next(iter(filter(None, about.doing.values())), "")
        return {
            "name": name,
            "customer": str(ticket.customer),
            "count": ngettext("%(count)s circuit", "%(count)s circuits", count) % {"count": count} if count else "",
            "circuits": _listed(about.circuits),
            "state": _("interrupted") if about.is_down else _("degraded"),
            "cause": str(ResourceKind(cause).label) if cause else "",
            "lasted": span(until - about.since) if about.since else "",
            "doing": said.strip().rstrip("。.") if said else "",
            "ticket": ticket.number,
            "desk": desk.name if desk else "",
            "phone": desk.phone if desk else "",
        }


def writer_for(tickets: Iterable[Ticket], *, texts: Texts | None = None) -> Writer:
    """Read what letters about these tickets need (3 queries)."""
    wanted = {ticket.incident_id for ticket in tickets if ticket.incident_id is not None}
    rows = Incident.objects.filter(pk__among=wanted).values_list("pk", "eta_at", "cause__kind")
    return Writer(texts or texts_in_force(), {pk: (eta, kind or "") for pk, eta, kind in rows}, desk_phones())


def _instants(about: About, eta_at: datetime | None, say: Callable[[datetime], str]) -> dict[str, str]:
    instants = {"since": about.since, "eta": eta_at, "next": about.next_at, "restored": about.restored_at}
    return {name: say(at) if at else "" for name, at in instants.items()}


def _listed(circuits: Sequence[NamedCircuit]) -> str:
    shown = pgettext("between names", ", ").join(circuit.number for circuit in circuits[:SHOWN_CIRCUITS])
    more = len(circuits) - SHOWN_CIRCUITS
    if more <= 0:
        return shown
    return _("%(shown)s and %(more)s more") % {"shown": shown, "more": more}
