"""How is a ticket's story told: what happened, by whom, and which of it the customer reads (H1)?"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from mainstay.faces.ui.words import absolute_words
from mainstay.platform.messages.choices import Channel
from mainstay.service.tickets.choices import CauseCode, ClockKind, EventKind, RejudgingKind, Responsibility
from mainstay.service.tickets.naming import department_name

LOOKS: dict[str, tuple[str, str]] = {
    EventKind.CIRCUIT_DOWN: ("alarm", "down"),
    EventKind.CIRCUIT_DEGRADED: ("alarm", "degraded"),
    EventKind.CIRCUIT_RESTORED: ("done", ""),
    EventKind.NOT_AFFECTED: ("state", ""),
    EventKind.CLAIMED: ("assign", ""),
    EventKind.ASSIGNED: ("assign", ""),
    EventKind.NOTE: ("note", ""),
    EventKind.CALL: ("call", ""),
    EventKind.CUSTOMER_REPORT: ("call", ""),
    EventKind.CUSTOMER_TOLD: ("message", ""),
    EventKind.NOBODY_TOLD: ("message", "degraded"),
    EventKind.NEXT_UPDATE: ("clock", ""),
    EventKind.PAUSE_ASKED: ("pause", ""),
    EventKind.PAUSE_REFUSED: ("pause", ""),
    EventKind.PAUSED: ("pause", ""),
    EventKind.RESUMED: ("resume", ""),
    EventKind.PROMISE_CHANGED: ("clock", ""),
    EventKind.ESCALATED: ("clock", ""),
    EventKind.BREACHED: ("clock", ""),
    EventKind.RESOLVED: ("done", ""),
    EventKind.CONFIRMED: ("done", ""),
    EventKind.HANDED: ("assign", ""),
    EventKind.REJUDGING_ASKED: ("clock", ""),
    EventKind.REJUDGED: ("clock", ""),
    EventKind.REJUDGE_REFUSED: ("clock", ""),
    EventKind.CLOSED: ("done", ""),
}
"""Icon and state of each kind of event; what is not here is the system's own."""


TOGETHER = (
    EventKind.CIRCUIT_DOWN,
    EventKind.CIRCUIT_DEGRADED,
    EventKind.CIRCUIT_RESTORED,
    EventKind.NOT_AFFECTED,
    EventKind.ESCALATED,
    EventKind.BREACHED,
)
"""Events of single circuits that one cause brings about for many."""

SAID = {
    "notice": pgettext_lazy("what goes out", "opening message"),
    "update": pgettext_lazy("what goes out", "update"),
    "holding": pgettext_lazy("what goes out", "holding message"),
    "all_clear": pgettext_lazy("what goes out", "all-clear"),
}
"""What went out, by what an entry "customer told" says."""

PROGRAMS = {
    "impact worker": gettext_lazy("impact worker"),
    "timer sweeper": gettext_lazy("timer sweeper"),
}
"""Who acts when nobody does, by the name the workers give themselves."""


def told(story: list[Any]) -> list[dict[str, Any]]:
    """Return the story as the timeline shows it, in its order; what happened to many circuits at once is one line."""
    return [_entry(list(events)) for _same, events in groupby(story, key=_occasion)]


def _occasion(event: Any) -> tuple[Any, ...]:
    """Return what events have in common that are told together; an event with words of its own stands alone."""
    if event.text or not event.circuit_number or event.kind not in TOGETHER:
        return (event.id,)
    return (event.kind, event.by, event.at.replace(second=0, microsecond=0), event.backdated, _more(event))


def _entry(events: list[Any]) -> dict[str, Any]:
    event = events[0]
    kind, state = LOOKS.get(event.kind, ("system", ""))
    return {
        "id": f"event-{event.id}",
        "at": event.at,
        "kind": kind,
        "state": state,
        "title": _title(event, len(events)),
        "body": event.text,
        "by": PROGRAMS.get(event.by, event.by),
        "detail": _details(events),
    }


def _title(event: Any, count: int) -> str:
    circuits = event.circuit_number if count == 1 else _("%(n)s circuits") % {"n": count}
    return " · ".join(part for part in (event.kind_label, circuits, _more(event)) if part)


def _escalation(body: Any) -> str:
    names = listed(body.get("told", [])) or _("nobody on duty")
    percent = body.get("percent", 0)
    if percent == 0:
        return _("repeated fault; told: %(names)s") % {"names": names}
    if body.get("clock") == "feedback":
        if percent >= 100:
            return _("the promised update is overdue; told: %(names)s") % {"names": names}
        return _("the promised update is due soon; told: %(names)s") % {"names": names}
    used = _("%(percent)s%% of the promise used; told: %(names)s") % {"percent": percent, "names": names}
    return f"{ClockKind(body['clock']).label} · {used}" if body.get("clock") in ClockKind.values else used


def _more(event: Any) -> str:
    body = event.body
    if event.kind == EventKind.CALL:
        direction = _("They called us") if body.get("inbound") else _("We called them")
        return f"{direction} {body.get('name', '')}".strip()
    if event.kind == EventKind.ESCALATED:
        return _escalation(body)
    if event.kind == EventKind.CUSTOMER_TOLD:
        return " · ".join(part for part in (str(SAID.get(body.get("what", ""), "")), listed(_told(body))) if part)
    if event.kind == EventKind.NOBODY_TOLD:
        return listed(body.get("names", []))
    if event.kind == EventKind.NEXT_UPDATE and body.get("next_update_at"):
        return absolute_words(datetime.fromisoformat(body["next_update_at"]))
    if event.kind == EventKind.RESPONSIBILITY:
        cause = CauseCode(body["cause_code"]).label if body.get("cause_code") in CauseCode.values else ""
        return " · ".join(str(part) for part in (cause, Responsibility(body.get("responsibility", "")).label) if part)
    if event.kind == EventKind.LINKED:
        return _link(body)
    if event.kind == EventKind.HANDED:
        return department_name(body)
    if body.get("kind") in RejudgingKind.values:
        return str(RejudgingKind(body["kind"]).label)
    return str(body.get("number") or body.get("name") or "")


def _link(body: Any) -> str:
    """Say what a ticket was tied to, taken out of, joined, took over or gave back."""
    number = body.get("number", "")
    if body.get("tied"):
        return _("tied to %(number)s") % {"number": number}
    if body.get("revived"):
        return _("goes on by itself")
    if "untied" in body:
        return _("taken out of %(number)s") % {"number": number}
    if "gave_back" in body:
        return _("gave back %(number)s") % {"number": number}
    return str(number)


def _told(body: Any) -> list[str]:
    """Name who was told, with the channels where they are known."""
    ways = body.get("ways", {})
    pairs = zip(body.get("contacts", []), body.get("names", []), strict=False)
    return [f"{name} ({_channels(ways[str(pk)])})" if ways.get(str(pk)) else name for pk, name in pairs]


def _channels(names: Iterable[str]) -> str:
    return "+".join(str(Channel(name).label) if name in Channel.values else name for name in names)


def _details(events: list[Any]) -> list[tuple[str, str]]:
    event, found = events[0], []
    if len(events) > 1:
        found.append((_("Circuits"), listed(each.circuit_number for each in events)))
    if event.backdated:
        found.append((_("Written down"), absolute_words(event.recorded_at)))
    if event.for_customer and event.kind == EventKind.NOTE:
        found.append((_("Visible"), _("to the customer too")))
    return found


def listed(names: Iterable[str]) -> str:
    """Return names one after the other, parted as the reader's language parts them."""
    return pgettext("between names", ", ").join(names)


def policy_words(policy: dict[str, Any]) -> list[str]:
    """Say the rules frozen on a clock: what starts it, what stops it, whether "resolved" counts (PC 8, 24)."""
    starts = {
        "event": _("It starts when the circuit went down."),
        "detection": _("It starts when the fault was detected."),
        "report": _("It starts when the customer reported."),
    }
    stops = {
        "clear": _("It stops when the fault clears."),
        "confirmation": _("It stops when the customer confirms."),
    }
    counts = (
        _("After reopening, time spent “resolved” counts.")
        if policy.get("resolved_counts")
        else _("After reopening, time spent “resolved” does not count.")
    )
    return [starts.get(policy.get("start_at", ""), ""), stops.get(policy.get("stop_at", ""), ""), counts]
