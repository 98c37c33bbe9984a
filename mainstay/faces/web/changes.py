"""How is a change told to people: which object, which verb, which field from what to what?"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.faces.web.links import page

KINDS: dict[str, Promise] = {
    "customer": gettext_lazy("Customer"),
    "contact": gettext_lazy("Contact"),
    "contract": gettext_lazy("Contract"),
    "circuit": gettext_lazy("Circuit"),
    "resource": gettext_lazy("Resource"),
    "ticket": gettext_lazy("Ticket"),
    "incident": gettext_lazy("Incident"),
    "alarm": gettext_lazy("Alarm"),
    "work": gettext_lazy("Planned work"),
    "user": gettext_lazy("User"),
    "calendar": gettext_lazy("Calendar"),
    "profile": gettext_lazy("Promise profile"),
    "desk": gettext_lazy("Duty desk"),
    "shift": gettext_lazy("Shift"),
    "source": gettext_lazy("Alarm source"),
    "quarantine": gettext_lazy("Quarantine"),
}

ICONS = {
    "customer": "building", "contact": "user", "contract": "file-text", "circuit": "route", "resource": "server",
    "ticket": "ticket", "incident": "alert-triangle", "alarm": "bell", "work": "calendar-event", "user": "user",
}  # fmt: skip

PAGES = {"customer", "circuit", "ticket", "incident", "alarm", "work"}

VERBS: dict[str, Promise] = {
    "create": gettext_lazy("created"),
    "add": gettext_lazy("added"),
    "change": gettext_lazy("changed"),
    "edit": gettext_lazy("changed"),
    "update": gettext_lazy("changed"),
    "import": gettext_lazy("imported"),
    "activate": gettext_lazy("put in force"),
    "approve": gettext_lazy("approved"),
    "announce": gettext_lazy("announced"),
    "cancel": gettext_lazy("cancelled"),
    "finish": gettext_lazy("finished"),
    "plan": gettext_lazy("planned"),
    "duties": gettext_lazy("duties set"),
    "active": gettext_lazy("locked or unlocked"),
    "password": gettext_lazy("password set"),
    "issue": gettext_lazy("issued"),
    "open": gettext_lazy("opened"),
    "opened": gettext_lazy("opened"),
    "claim": gettext_lazy("claimed"),
    "assign": gettext_lazy("assigned"),
    "pause": gettext_lazy("paused"),
    "resume": gettext_lazy("resumed"),
    "resolve": gettext_lazy("resolved"),
    "confirm": gettext_lazy("confirmed"),
    "close": gettext_lazy("closed"),
    "reopen": gettext_lazy("reopened"),
    "link": gettext_lazy("linked"),
    "note": gettext_lazy("noted"),
    "leave": gettext_lazy("marked as gone"),
    "hand_over": gettext_lazy("handed over"),
    "archive": gettext_lazy("moved to another archive"),
    "restore": gettext_lazy("restored"),
    "merge": gettext_lazy("merged"),
    "place": gettext_lazy("placed"),
    "ignore": gettext_lazy("ignored"),
    "cease": gettext_lazy("ceased"),
    "reroute": gettext_lazy("rerouted"),
    "take_over": gettext_lazy("taken over"),
}

FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "short_name": gettext_lazy("Short name"),
    "title": gettext_lazy("Title"),
    "role": gettext_lazy("Role"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "notify": gettext_lazy("Told of outages"),
    "service_grade": gettext_lazy("Service grade"),
    "grade_reason": gettext_lazy("Reason of the grade"),
    "account_manager": gettext_lazy("Account manager"),
    "customer_engineer": gettext_lazy("Customer engineer"),
    "industry": gettext_lazy("Industry"),
    "region": gettext_lazy("Region"),
    "ownership": gettext_lazy("Ownership"),
    "is_special": gettext_lazy("Special care"),
    "status": gettext_lazy("Status"),
    "duties": gettext_lazy("Duties"),
    "active": gettext_lazy("May sign in"),
    "username": gettext_lazy("User name"),
    "birthday_on": gettext_lazy("Birthday"),
    "left_on": gettext_lazy("Left on"),
    "kind": gettext_lazy("Kind"),
    "since_on": gettext_lazy("Customer since"),
    "archive": gettext_lazy("Archive"),
    "language": gettext_lazy("Language"),
    "parent": gettext_lazy("Group"),
    "code": gettext_lazy("Code"),
    "number": gettext_lazy("Number"),
    "grade": gettext_lazy("Grade"),
}


def action_words(action: str) -> str:
    """Say an action such as "customer.change" in words; an unknown one by its code."""
    kind, _dot, verb = action.partition(".")
    if verb not in VERBS:
        return action
    return _("%(object)s %(verb)s") % {"object": KINDS.get(kind, kind), "verb": VERBS[verb]}


def changed_fields(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Return (field, from, to) of what changed, in the order of `after`."""
    old = before if isinstance(before, Mapping) else {} if before is None else {"": before}
    new = after if isinstance(after, Mapping) else {} if after is None else {"": after}
    names = [*new, *(name for name in old if name not in new)]
    return [
        (str(FIELDS.get(name.removesuffix("_id"), name)), _text(old.get(name)), _text(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _text(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(_text(each) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text(each)}" for key, each in value.items())
    return str(value)


def link_to(kind: str, pk: object) -> str:
    """Return the page of an object, "" when it has none."""
    return page(kind, pk) if kind in PAGES and str(pk).isdecimal() else ""
