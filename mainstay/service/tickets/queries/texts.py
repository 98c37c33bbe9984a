"""Which outage texts are in force, and how would one read with a real incident (K8)?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mainstay.domain.actor import Actor
from mainstay.domain.short_message import ShortMessage, measured
from mainstay.service.tickets.audience import ALL_CLEAR
from mainstay.service.tickets.choices import TEXT_LANGUAGES, TextKind, TextLength
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.making import circuit_facts
from mainstay.service.tickets.models import OutageText, Ticket
from mainstay.service.tickets.notices import TEXTS, About, writer_for
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.queries.bulletin import bulletin
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, files_of
from mainstay.service.tickets.texts import SHIPPED, SHORT, ZH, Key, Texts, Wording, as_texts

DOING = {
    "zh-hans": "抢修人员已到现场，正在熔接",
    "en": "The crew is on site and splicing",
}
"""What an officer might have written, for trying a text out."""


@dataclass(frozen=True)
class TextRow:
    """One text of the list; `changed_by` "" where the shipped one holds."""

    key: Key
    kind_label: str
    language_label: str
    length_label: str
    wording: Wording
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class Trial:
    """How a text reads; `of` is the number of the ticket or incident it was tried with."""

    subject: str
    text: str
    of: str
    measure: ShortMessage | None


def text_rows() -> list[TextRow]:
    """Return all texts, in the order in which an outage needs them (1 query)."""
    own = {(row.kind, row.language, row.length): row for row in OutageText.objects.all()}
    texts, languages = as_texts(own.values()), dict(TEXT_LANGUAGES)
    return [
        TextRow(
            key, str(TextKind(key[0]).label), languages[key[1]], str(TextLength(key[2]).label), texts.get(*key),
            own[key].changed_at if key in own else None, own[key].changed_by if key in own else "",
        )
        for key in ((str(kind), language, str(length)) for kind, language, length in SHIPPED)
    ]  # fmt: skip


def text_row(key: Key) -> TextRow | None:
    """Return one text, None if there is none of that name (1 query)."""
    return next((row for row in text_rows() if row.key == key), None)


def tried(actor: Actor, key: Key, wording: Wording, *, at: datetime) -> Trial | None:
    """Fill a text in with the newest incident's ticket that the actor may see; None while there is none."""
    tickets = visible_to(actor).filter(incident__isnull=False).select_related(*ROW_RELATIONS)
    ticket = tickets.order_by("-opened_at", "-id").first()
    if ticket is None:
        return None
    texts = Texts({key: wording})
    if key[0] == TextKind.BULLETIN:
        return _as_bulletin(actor, ticket, key, texts, at)
    return _as_letter(ticket, key, texts, at)


def _as_bulletin(actor: Actor, ticket: Ticket, key: Key, texts: Texts, at: datetime) -> Trial:
    found = bulletin(actor, ticket.incident_id or 0, at=at, doing=DOING, next_at=at + timedelta(hours=1), texts=texts)
    return Trial("", found.by_language[key[1]], ticket.incident.number if ticket.incident else "", None)


def _as_letter(ticket: Ticket, key: Key, texts: Texts, at: datetime) -> Trial:
    file = files_of([ticket])[0]
    what = next(what for what, kind in TEXTS.items() if kind == key[0])
    next_at = at + timedelta(minutes=DEFAULT.update_after(ticket.grade))
    restored = (ticket.resolved_at or at) if what == ALL_CLEAR else None
    circuits = list(circuit_facts(standing_of(file.story)).circuits.values())
    doing = {} if what == ALL_CLEAR else DOING
    about = About(circuits, ticket.opened_at, at, True, doing, at + timedelta(hours=2), next_at, restored)
    name = "张伟" if key[1] == ZH else "Li Wei"
    letter = writer_for([ticket], texts=texts).letter(what, ticket, name, key[1], about)
    short = key[2] == SHORT
    text = letter.short if short else letter.long
    return Trial("" if short else letter.subject, text, ticket.number, measured(text) if short else None)
