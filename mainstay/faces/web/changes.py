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
from mainstay.faces.web.change_verbs import VERBS
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
    "tariff": gettext_lazy("Tariff"),
    "policy": gettext_lazy("Marketing policy"),
    "scheme_model": gettext_lazy("Scheme model"),
    "customer_scheme": gettext_lazy("Scheme"),
    "nomination": gettext_lazy("Nomination"),
    "vip_filter": gettext_lazy("VIP filter"),
    "wave_rule": gettext_lazy("Rule of waves"),
}

ICONS = {
    "customer": "building", "contact": "user", "contract": "file-text", "circuit": "route", "resource": "server",
    "ticket": "ticket", "incident": "alert-triangle", "alarm": "bell", "work": "calendar-event", "user": "user",
}  # fmt: skip

PAGES = {
    "alarm", "announcement", "circuit", "compensation", "contract", "customer", "document", "import", "incident", "job",
    "merge", "portfolio-handover", "target_group", "ticket", "work",
}  # fmt: skip

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
