"""How is a change told to people: which object, which verb, which field from what to what?"""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.catalog.choices import Metric, Reach, ServiceGrade, Unit
from mainstay.accounts.customers.choices import Archive, ContactRole, CustomerKind, Ownership
from mainstay.faces.ui.words import absolute_words
from mainstay.faces.web.change_fields import FIELDS
from mainstay.faces.web.links import page
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.inventory.choices import ResourceKind, Technology
from mainstay.network.planned_work.choices import WorkResult, WorkStatus
from mainstay.platform.identity.choices import Duty
from mainstay.platform.imports.choices import Mode, State
from mainstay.service.announcements.choices import Answer, Said, Via
from mainstay.service.compensation.choices import ClaimStatus
from mainstay.service.tickets.choices import TicketStatus

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
    "announcement": gettext_lazy("Announcement of planned work"),
    "freeze": gettext_lazy("Freeze"),
    "feed": gettext_lazy("Calendar to subscribe to"),
    "supplier_circuit": gettext_lazy("Supplier’s circuit"),
    "user": gettext_lazy("User"),
    "term": gettext_lazy("Term of a promise"),
    "token": gettext_lazy("Token"),
    "product": gettext_lazy("Product"),
    "calendar": gettext_lazy("Calendar"),
    "profile": gettext_lazy("Promise profile"),
    "department": gettext_lazy("Department"),
    "desk": gettext_lazy("Duty desk"),
    "shift": gettext_lazy("Shift"),
    "handover": gettext_lazy("Hand-over"),
    "source": gettext_lazy("Alarm source"),
    "quarantine": gettext_lazy("Quarantine"),
    "import": gettext_lazy("Import"),
    "sync_source": gettext_lazy("Network manager"),
    "sync_run": gettext_lazy("Export of a network manager"),
    "difference": gettext_lazy("Difference"),
    "outage_text": gettext_lazy("Outage text"),
    "sender": gettext_lazy("Sender"),
    "delivery": gettext_lazy("Delivery"),
    "quiet_hours": gettext_lazy("Quiet hours"),
    "job": gettext_lazy("Job"),
    "view": gettext_lazy("Saved view"),
    "document": gettext_lazy("Document"),
    "schedule": gettext_lazy("Schedule"),
    "compensation": gettext_lazy("Compensation"),
    "clauses": gettext_lazy("Compensation clauses"),
    "billing_run": gettext_lazy("Billing run"),
    "package": gettext_lazy("SLA package"),
}

ICONS = {
    "customer": "building", "contact": "user", "contract": "file-text", "circuit": "route", "resource": "server",
    "ticket": "ticket", "incident": "alert-triangle", "alarm": "bell", "work": "calendar-event", "user": "user",
}  # fmt: skip

PAGES = {
    "alarm", "announcement", "circuit", "compensation", "contract", "customer", "document", "import", "incident", "job",
    "ticket", "work",
}  # fmt: skip

VERBS: dict[str, Promise] = {
    "incident.revise": gettext_lazy("cause revised"),
    "create": gettext_lazy("created"),
    "add": gettext_lazy("added"),
    "change": gettext_lazy("changed"),
    "edit": gettext_lazy("changed"),
    "update": gettext_lazy("changed"),
    "import": gettext_lazy("imported"),
    "make": gettext_lazy("made"),
    "activate": gettext_lazy("put in force"),
    "approve": gettext_lazy("approved"),
    "announce": gettext_lazy("announced"),
    "cancel": gettext_lazy("cancelled"),
    "finish": gettext_lazy("finished"),
    "plan": gettext_lazy("planned"),
    "move": gettext_lazy("given another window"),
    "reword": gettext_lazy("worded anew"),
    "override": gettext_lazy("a freeze set aside"),
    "overrun": gettext_lazy("ran over its window"),
    "map": gettext_lazy("mapped"),
    "forget": gettext_lazy("forgotten"),
    "duties": gettext_lazy("duties set"),
    "active": gettext_lazy("locked or unlocked"),
    "password": gettext_lazy("password set"),
    "issue": gettext_lazy("issued"),
    "open": gettext_lazy("opened"),
    "opened": gettext_lazy("opened"),
    "claim": gettext_lazy("claimed"),
    "declare": gettext_lazy("declared"),
    "tie": gettext_lazy("reports tied"),
    "untie": gettext_lazy("reports taken out"),
    "join": gettext_lazy("joined"),
    "settle": gettext_lazy("reports settled"),
    "sign": gettext_lazy("signed"),
    "take": gettext_lazy("taken over"),
    "remark": gettext_lazy("remarks kept"),
    "assign": gettext_lazy("assigned"),
    "pause": gettext_lazy("paused"),
    "resume": gettext_lazy("resumed"),
    "resolve": gettext_lazy("resolved"),
    "confirm": gettext_lazy("confirmed"),
    "close": gettext_lazy("closed"),
    "reopen": gettext_lazy("reopened"),
    "link": gettext_lazy("linked"),
    "note": gettext_lazy("noted"),
    "end": gettext_lazy("ended"),
    "revise": gettext_lazy("revised"),
    "hours": gettext_lazy("hours set"),
    "import_year": gettext_lazy("year imported"),
    "term": gettext_lazy("given a promise of its own"),
    "term_end": gettext_lazy("promise of its own ended"),
    "register": gettext_lazy("registered"),
    "leave": gettext_lazy("marked as gone"),
    "hand_over": gettext_lazy("handed over"),
    "record": gettext_lazy("registered with the key-account group"),
    "renew": gettext_lazy("renewed"),
    "notice": gettext_lazy("given notice of"),
    "follow": gettext_lazy("followed by another"),
    "turn": gettext_lazy("moved on by its dates"),
    "attach": gettext_lazy("given a file"),
    "detach": gettext_lazy("a file withdrawn"),
    "read_file": gettext_lazy("a file read"),
    "reminders": gettext_lazy("reminders set"),
    "package": gettext_lazy("package applied"),
    "package_decide": gettext_lazy("discount decided"),
    "package_end": gettext_lazy("package ended"),
    "archive": gettext_lazy("moved to another archive"),
    "restore": gettext_lazy("restored"),
    "merge": gettext_lazy("merged"),
    "place": gettext_lazy("placed"),
    "ignore": gettext_lazy("ignored"),
    "cease": gettext_lazy("ceased"),
    "reroute": gettext_lazy("rerouted"),
    "take_over": gettext_lazy("taken over"),
    "acknowledge": gettext_lazy("acknowledged"),
    "route": gettext_lazy("rerouted"),
    "terms": gettext_lazy("given special promises"),
    "promise": gettext_lazy("given a time of restoration"),
    "decide": gettext_lazy("decided"),
    "depend": gettext_lazy("linked to what it depends on"),
    "rules": gettext_lazy("rules set"),
    "agreement": gettext_lazy("put under a contract line"),
    "rule_add": gettext_lazy("given a rule"),
    "rule_change": gettext_lazy("rule changed"),
    "rule_remove": gettext_lazy("rule removed"),
    "save": gettext_lazy("saved"),
    "apply": gettext_lazy("the source’s taken"),
    "keep": gettext_lazy("ours kept"),
    "retire": gettext_lazy("taken out of service"),
    "release": gettext_lazy("let through"),
    "reject": gettext_lazy("thrown away"),
    "call": gettext_lazy("call noted"),
    "duplicate": gettext_lazy("marked as a duplicate"),
    "escalate": gettext_lazy("escalated"),
    "impact": gettext_lazy("impact taken in"),
    "next_update": gettext_lazy("next update promised"),
    "not_affected": gettext_lazy("ruled not affected"),
    "pause_approved": gettext_lazy("pause approved"),
    "pause_ended": gettext_lazy("pause ended"),
    "pause_refused": gettext_lazy("pause refused"),
    "regrade": gettext_lazy("promise changed"),
    "hand": gettext_lazy("handed to a department"),
    "rejudge_ask": gettext_lazy("re-judging asked for"),
    "rejudge": gettext_lazy("judged anew"),
    "rejudge_refused": gettext_lazy("re-judging refused"),
    "rejudge_many": gettext_lazy("judged anew"),
    "report": gettext_lazy("report taken"),
    "responsibility": gettext_lazy("responsibility decided"),
    "restored": gettext_lazy("restored"),
    "tell": gettext_lazy("customer told"),
    "update_due": gettext_lazy("update is due"),
    "revoke": gettext_lazy("revoked"),
    "take_in": gettext_lazy("file taken in"),
    "columns": gettext_lazy("columns chosen"),
    "ask": gettext_lazy("asked for"),
    "delete": gettext_lazy("deleted"),
    "grade": gettext_lazy("given another grade"),
    "start": gettext_lazy("started"),
    "stop": gettext_lazy("stopped"),
    "undo": gettext_lazy("undoing asked for"),
    "undone": gettext_lazy("undone"),
    "import.end": gettext_lazy("Import finished"),
    "discard": gettext_lazy("discarded"),
    "retry": gettext_lazy("sent again by hand"),
    "drop": gettext_lazy("dropped by hand"),
    "test": gettext_lazy("tested"),
    "receipt_token": gettext_lazy("given a token for receipts"),
    "set": gettext_lazy("set"),
    "channels": gettext_lazy("channels chosen"),
    "take_back": gettext_lazy("taken back by undoing an import"),
    "propose": gettext_lazy("proposed"),
    "supersede": gettext_lazy("superseded"),
    "reverse": gettext_lazy("taken back by a reversal"),
    "offset": gettext_lazy("offset"),
    "exported": gettext_lazy("given to billing"),
    "credited": gettext_lazy("credited by billing"),
    "returned": gettext_lazy("returned by billing"),
    "letter": gettext_lazy("letter written"),
    "export": gettext_lazy("given to billing"),
    "answer": gettext_lazy("answered"),
    "document.make": gettext_lazy("Document made"),
    "document.send": gettext_lazy("Document sent"),
    "billing.answer": gettext_lazy("answer taken in"),
    "compensation.reject": gettext_lazy("Compensation rejected"),
}

VALUES: dict[str, dict[str, Any]] = {
    "service_grade": dict(ServiceGrade.choices),
    "role": dict(ContactRole.choices),
    "kind": dict([*CustomerKind.choices, *ResourceKind.choices]),
    "ownership": dict(Ownership.choices),
    "archive": dict(Archive.choices),
    "status": dict([*TicketStatus.choices, *WorkStatus.choices, *IncidentStatus.choices, *ClaimStatus.choices]),
    "result": dict(WorkResult.choices),
    "answer": dict(Answer.choices),
    "what": dict(Said.choices),
    "via": dict(Via.choices),
    "metric": dict(Metric.choices),
    "unit": dict(Unit.choices),
    "reach": dict(Reach.choices),
    "technology": dict(Technology.choices),
    "duties": dict(Duty.choices),
    "mode": dict(Mode.choices),
    "state": dict(State.choices),
    "language": {"zh-hans": "中文", "en": "English"},
}
"""Labels of kept codes, by field."""


def action_words(action: str) -> str:
    """Say an action such as "customer.change" in words; an unknown one by its code."""
    kind, _dot, verb = action.partition(".")
    if action in VERBS:
        return str(VERBS[action])
    if verb not in VERBS:
        return action
    return _("%(object)s %(verb)s") % {"object": KINDS.get(kind, kind), "verb": VERBS[verb]}


def changed_fields(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Return (field, from, to) of what changed, in the order of `after`; what was and stays empty is left out."""
    old = before if isinstance(before, Mapping) else {} if before is None else {"": before}
    new = after if isinstance(after, Mapping) else {} if after is None else {"": after}
    names = [*new, *(name for name in old if name not in new)]
    told = [(name, value_words(name, old.get(name)), value_words(name, new.get(name))) for name in names]
    return [(str(FIELDS.get(name.removesuffix("_id"), name)), was, now) for name, was, now in told if was != now]


def value_words(field: str, value: Any) -> str:
    """Say a kept value: choices by their labels, instants in the shown zone, nothing as a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(value_words(field, each) for each in value) or "—"
    if isinstance(value, Mapping):
        return "; ".join(f"{FIELDS.get(key, key)}: {value_words(key, each)}" for key, each in value.items())
    text = str(value)
    return str(VALUES.get(field, {}).get(text) or (_instant(text) if field.endswith("_at") else text))


def _instant(text: str) -> str:
    try:
        at = parse_datetime(text)
    except ValueError:
        return text
    return absolute_words(at) if at and at.tzinfo else text


def link_to(kind: str, pk: object) -> str:
    """Return the page of an object, "" when it has none."""
    return page(kind, pk) if kind in PAGES and str(pk).isdecimal() else ""
