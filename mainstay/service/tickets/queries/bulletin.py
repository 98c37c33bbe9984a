"""What do leaders read in their chat group about an incident? Cause, circuits, customers, clocks, who is at it (K8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from mainstay.accounts.catalog.choices import GRADE_RANK
from mainstay.domain.actor import Actor
from mainstay.domain.placeholders import filled
from mainstay.network.alarms.queries import incidents
from mainstay.network.inventory.choices import LiveState
from mainstay.platform.duty.queries import desk_phones
from mainstay.platform.places.models import Region
from mainstay.service.tickets.audience import last_clear_at, told_of
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import LIVE_TICKETS, EventKind, TextKind, TicketStatus
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.naming import clock_time, span
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import ROW_RELATIONS, files_of
from mainstay.service.tickets.texts import EN, LONG, ZH, Texts, texts_in_force

SHOWN = 5


@dataclass(frozen=True)
class Bulletin:
    """The internal text of an incident, by language."""

    by_language: Mapping[str, str]


def bulletin(
    actor: Actor, incident_id: int, *, at: datetime, doing: Mapping[str, str] | None = None,
    eta_at: datetime | None = None, next_at: datetime | None = None, texts: Texts | None = None,
) -> Bulletin:  # fmt: skip
    """Write the bulletin in both languages, within what the actor may see. Raises NoSuchIncident (about 12 queries)."""
    incident = incidents.visible_incident(actor, incident_id)
    incidents.count_impacts([incident], actor)
    tickets = visible_to(actor).filter(incident_id=incident_id, status__in=LIVE_TICKETS)
    ordered = tickets.select_related(*ROW_RELATIONS).order_by("grade_rank", "opened_at", "id")
    files = files_of(ordered, kinds=(EventKind.CUSTOMER_TOLD,), clocks=False)
    region = Region.objects.filter(code=incident.region_code).first()
    desk = desk_phones().nearest(incident.region_code)
    texts, found, last = texts or texts_in_force(), {}, _last_said(files)
    for tongue in (ZH, EN):
        with override(tongue):
            words = _about_incident(incident, region, at) | _about_customers(files, at)
            said = (doing or {}).get(tongue) or next(iter(filter(None, (doing or {}).values())), "") or last
            words |= {
                "doing": said.strip(),
                "eta": "" if incident.restored_at else _later(eta_at or incident.eta_at, at),
                "next": "" if incident.restored_at else _later(next_at or incident.next_update_at, at),
                "desk": desk.name if desk else "",
                "phone": desk.phone if desk else "",
            }
            found[tongue] = filled(texts.get(TextKind.BULLETIN, tongue, LONG).body, words)
    return Bulletin(found)


def _last_said(files: Sequence[CaseFile]) -> str:
    """Return what customers were last told in somebody's own words."""
    said = [(event.at, event.pk, event.text) for file in files for event in file.story if event.text]
    return max(said)[2] if said else ""


def _later(instant: datetime | None, at: datetime) -> str:
    return clock_time(instant) if instant and instant > at else ""


def _about_incident(incident: Any, region: Region | None, at: datetime) -> dict[str, str]:
    cause = incident.cause
    place = " · ".join(part for part in (str(region or ""), cause.address if cause else "") if part)
    counts = [
        (incident.down, _("%(n)s down")),
        (incident.degraded, _("%(n)s degraded")),
        (incident.unprotected, _("%(n)s unprotected")),
    ]
    state = _("restored") if incident.restored_at else str(LiveState(incident.worst_state).label)
    who = incident.claimed_by
    return {
        "number": incident.number,
        "cause": incident.cause_label,
        "place": place,
        "state": state,
        "since": clock_time(incident.opened_at),
        "lasted": span((incident.restored_at or at) - incident.opened_at),
        "circuits": _joined([word % {"n": n} for n, word in counts if n]),
        "who": " ".join(part for part in (who.display_name, who.phone) if part) if who else _("nobody yet"),
    }


def _about_customers(files: Sequence[CaseFile], at: datetime) -> dict[str, str]:
    tickets = [file.ticket for file in files]
    open_tickets = [ticket for ticket in tickets if ticket.status != TicketStatus.RESOLVED]
    told = [file.ticket for file in files if told_of(file.story) or last_clear_at(file.story)]
    untold = [str(ticket.customer) for ticket in open_tickets if ticket.untold_since]
    customers = {ticket.customer_id for ticket in told}
    return {
        "customers": _grades(tickets),
        "best": _few([_named(ticket) for ticket in tickets]),
        "clocks": _urgent(open_tickets, at),
        "told": ngettext("%(n)s customer", "%(n)s customers", len(customers)) % {"n": len(customers)},
        "untold": _few(untold),
    }


def _grades(tickets: Sequence[Ticket]) -> str:
    if not tickets:
        return ""
    found: dict[str, set[int]] = {}
    for ticket in tickets:
        found.setdefault(ticket.grade, set()).add(ticket.customer_id)
    by_grade = [f"{grade} {len(found[grade])}" for grade in sorted(found, key=lambda g: GRADE_RANK.get(g, 9)) if grade]
    total = len({ticket.customer_id for ticket in tickets})
    return " · ".join([str(total), *by_grade])


def _named(ticket: Ticket) -> str:
    return f"{ticket.customer} {ticket.grade}".strip()


def _urgent(tickets: Sequence[Ticket], at: datetime) -> str:
    due = sorted((t for t in tickets if t.deadline_at), key=lambda t: (t.deadline_at, t.pk))
    return _joined([_time_left(ticket, at) for ticket in due[:3]])


def _time_left(ticket: Ticket, at: datetime) -> str:
    if ticket.deadline_at is None:
        return ""
    if ticket.deadline_at <= at:
        return _("%(customer)s missed since %(at)s") % {
            "customer": str(ticket.customer), "at": clock_time(ticket.deadline_at)[-5:],
        }  # fmt: skip
    return _("%(customer)s by %(at)s (%(left)s left)") % {
        "customer": str(ticket.customer), "at": clock_time(ticket.deadline_at)[-5:],
        "left": span(ticket.deadline_at - at),
    }  # fmt: skip


def _few(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    shown = _joined(names[:SHOWN])
    more = len(names) - SHOWN
    return shown if more <= 0 else _("%(shown)s and %(more)s more") % {"shown": shown, "more": more}


def _joined(words: Sequence[str]) -> str:
    return pgettext("between names", ", ").join(words)
