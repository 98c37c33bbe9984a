"""How is a change told to people: which object, which verb, which field from what to what?"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.catalog.choices import Metric, Reach, ServiceGrade, Unit
from mainstay.accounts.consulting.choices import ConsultationState, Reason, ReviewVerdict, Standing
from mainstay.accounts.consulting.queries.sight import Sight
from mainstay.accounts.customers.choices import (
    AgentKind,
    Archive,
    ArchiveReason,
    ContactRole,
    CustomerKind,
    IdentityKind,
    Ownership,
    SuggestionAbout,
    SuggestionState,
    TaxpayerKind,
    Verdict,
)
from mainstay.accounts.offers.choices import BenefitWord, GrantStatus, OfferStatus
from mainstay.accounts.points.choices import OrderStatus
from mainstay.faces.ui.words import absolute_words
from mainstay.faces.web.change_fields import FIELDS
from mainstay.faces.web.links import page
from mainstay.faces.web.sight import CLOSED
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.inventory.choices import ResourceKind, Technology
from mainstay.network.planned_work.choices import WorkResult, WorkStatus
from mainstay.platform.identity.choices import Duty
from mainstay.platform.imports.choices import Mode, State
from mainstay.service.announcements.choices import Answer, Said, Via
from mainstay.service.compensation.choices import ClaimStatus
from mainstay.service.tickets.choices import TicketStatus

Hide = Callable[[str, Any], Any]

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
    "tier_rules": gettext_lazy("Tier rules"),
    "tier_version": gettext_lazy("Version of tier rules"),
    "tier_proposal": gettext_lazy("Change of grade"),
    "job": gettext_lazy("Job"),
    "view": gettext_lazy("Saved view"),
    "document": gettext_lazy("Document"),
    "schedule": gettext_lazy("Schedule"),
    "compensation": gettext_lazy("Compensation"),
    "clauses": gettext_lazy("Compensation clauses"),
    "billing_run": gettext_lazy("Billing run"),
    "gift": gettext_lazy("Gift"),
    "gift_order": gettext_lazy("Gift asked for"),
    "offer": gettext_lazy("Offer"),
    "offer_grant": gettext_lazy("Grant of an offer"),
    "points_rules": gettext_lazy("Rules of points"),
    "bill": gettext_lazy("Bill"),
    "bill_line": gettext_lazy("Line of a bill"),
    "payment": gettext_lazy("Payment"),
    "usage": gettext_lazy("Usage"),
    "control": gettext_lazy("Totals of billing"),
    "revenue_difference": gettext_lazy("Difference with billing"),
    "credit": gettext_lazy("Credit"),
    "credit_edition": gettext_lazy("Credit rules"),
    "site": gettext_lazy("Site"),
    "agent": gettext_lazy("Agent or reseller"),
    "suggestion": gettext_lazy("Suggestion"),
    "archive_source": gettext_lazy("Source of customers"),
    "consultation": gettext_lazy("Consultation"),
    "sensitive_field": gettext_lazy("Sensitive field"),
    "access_review": gettext_lazy("Review of permissions"),
    "merge": gettext_lazy("Merge"),
    "contact_note": gettext_lazy("Contact note"),
    "recycle_rule": gettext_lazy("Recycle rule"),
    "holding_limit": gettext_lazy("Limit of customers"),
    "absence": gettext_lazy("Leave"),
    "portfolio-handover": gettext_lazy("Hand-over of a portfolio"),
    "target_group": gettext_lazy("Target group"),
    "package": gettext_lazy("SLA package"),
}

ICONS = {
    "customer": "building", "contact": "user", "contract": "file-text", "circuit": "route", "resource": "server",
    "ticket": "ticket", "incident": "alert-triangle", "alarm": "bell", "work": "calendar-event", "user": "user",
}  # fmt: skip

PAGES = {
    "alarm", "announcement", "circuit", "compensation", "contract", "customer", "document", "import", "incident", "job",
    "merge", "portfolio-handover", "target_group", "ticket", "work",
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
    "tier_rules.load": gettext_lazy("Tier rules loaded"),
    "tier_rules.draft": gettext_lazy("Tier rules: draft begun"),
    "tier_rules.edit": gettext_lazy("Tier rules: draft changed"),
    "tier_rules.propose": gettext_lazy("Tier rules: approval asked for"),
    "tier_rules.approve": gettext_lazy("Tier rules approved"),
    "tier_rules.reject": gettext_lazy("Tier rules rejected"),
    "tier_rules.take_back": gettext_lazy("Tier rules: taken back"),
    "tier_rules.in_force": gettext_lazy("Tier rules in force"),
    "tier_rules.switch": gettext_lazy("Tier rules switched"),
    "tier_rules.mandate": gettext_lazy("Tier rules: mandate given"),
    "tier_rules.mandate_end": gettext_lazy("Tier rules: mandate ended"),
    "tier_rules.cities": gettext_lazy("Revenue groups of cities set"),
    "tier_proposal.approve": gettext_lazy("Change of grade approved"),
    "tier_proposal.reject": gettext_lazy("Change of grade rejected"),
    "customer.tier": gettext_lazy("Grade by tier rules changed"),
    "customer.tier_named": gettext_lazy("Grade set by hand"),
    "customer.tier_fact": gettext_lazy("Fact for the tier rules given"),
    "correct": gettext_lazy("corrected by billing"),
    "compare": gettext_lazy("compared with ours"),
    "revenue_difference.settle": gettext_lazy("Difference with billing settled"),
    "credit.set": gettext_lazy("Credit set by hand"),
    "credit.withdraw": gettext_lazy("Credit left to the rules again"),
    "points.correct": gettext_lazy("points corrected"),
    "points.reverse": gettext_lazy("transfer reversed"),
    "points.rules": gettext_lazy("Rules of points"),
    "offer.reject": gettext_lazy("rejected"),
    "stock": gettext_lazy("stocked"),
    "hand_out": gettext_lazy("handed out"),
    "grant": gettext_lazy("granted"),
    "end_grant": gettext_lazy("grant ended"),
    "deliver": gettext_lazy("delivered by billing"),
    "document.make": gettext_lazy("Document made"),
    "document.send": gettext_lazy("Document sent"),
    "billing.answer": gettext_lazy("answer taken in"),
    "prepare": gettext_lazy("prepared"),
    "released": gettext_lazy("released to the pool"),
    "recall": gettext_lazy("returned to the pool"),
    "recall_warn": gettext_lazy("warned of returning to the pool"),
    "recall_kept": gettext_lazy("kept from returning"),
    "unmerge": gettext_lazy("unmerged"),
    "portfolio-handover.plan": gettext_lazy("planned anew"),
    "portfolio-handover.start": gettext_lazy("begun"),
    "compensation.reject": gettext_lazy("Compensation rejected"),
    "agent": gettext_lazy("given an agent"),
    "agent_end": gettext_lazy("no longer with its agent"),
    "place_end": gettext_lazy("end put at a site"),
    "consultation.ask": gettext_lazy("Consultation asked for"),
    "consultation.grant": gettext_lazy("Consultation granted at once"),
    "consultation.approve": gettext_lazy("Consultation approved"),
    "consultation.refuse": gettext_lazy("Consultation refused"),
    "consultation.read": gettext_lazy("Sensitive fields read"),
    "consultation.withdraw": gettext_lazy("Consultation ended by the asker"),
    "access_review.begin": gettext_lazy("Review of permissions begun"),
    "access_review.judge": gettext_lazy("Line of a review judged"),
}

VALUES: dict[str, dict[str, Any]] = {
    "service_grade": dict(ServiceGrade.choices),
    "role": dict(ContactRole.choices),
    "kind": dict([*CustomerKind.choices, *ResourceKind.choices, *AgentKind.choices]),
    "ownership": dict(Ownership.choices),
    "archive": dict(Archive.choices),
    "status": dict(
        [
            *TicketStatus.choices,
            *WorkStatus.choices,
            *IncidentStatus.choices,
            *ClaimStatus.choices,
            *OrderStatus.choices,
            *GrantStatus.choices,
            *OfferStatus.choices,
        ]
    ),
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
    "benefit": dict(BenefitWord.choices),
    "state": dict([*State.choices, *SuggestionState.choices, *ConsultationState.choices]),
    "language": {"zh-hans": "中文", "en": "English"},
    "archive_reason": dict(ArchiveReason.choices),
    "identity_kind": dict(IdentityKind.choices),
    "taxpayer_kind": dict(TaxpayerKind.choices),
    "about": dict(SuggestionAbout.choices),
    "roles": dict(ContactRole.choices),
    "reason": dict(Reason.choices),
    "at_once": dict(Standing.choices),
    "verdict": dict(ReviewVerdict.choices),
    "otherwise": dict(Verdict.choices),
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


def entry_fields(entry: Any, sight: Sight = CLOSED) -> list[tuple[str, str, str]]:
    """Return (field, from, to) of what an entry of the trail changed, masked as the reader may see it."""

    def hide(name: str, value: Any) -> Any:
        return sight.hide(entry.object_kind, {name: value}, customer_id=entry.customer_id)[name]

    return changed_fields(entry.before, entry.after, hide)


def changed_fields(before: Any, after: Any, hide: Hide = lambda _name, value: value) -> list[tuple[str, str, str]]:
    """Return (field, from, to) of what changed, in the order of `after`; what was and stays empty is left out.

    `hide`: given a field and its value, what may be shown of it.
    """
    old = before if isinstance(before, Mapping) else {} if before is None else {"": before}
    new = after if isinstance(after, Mapping) else {} if after is None else {"": after}
    names = [*new, *(name for name in old if name not in new)]
    changed = [name for name in names if value_words(name, old.get(name)) != value_words(name, new.get(name))]
    told = [(name, *(value_words(name, hide(name, of.get(name))) for of in (old, new))) for name in changed]
    return [(str(FIELDS.get(name.removesuffix("_id"), name)), was, now) for name, was, now in told]


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
