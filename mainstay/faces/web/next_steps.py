"""What should be done next for a customer, in which order, and why (A5)?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mainstay.accounts.customers.choices import ContactRole
from mainstay.domain.actor import Actor
from mainstay.faces.ui.tags.money import yuan
from mainstay.faces.web.customer_facts import Facts
from mainstay.faces.web.links import page
from mainstay.faces.web.states import bare_clock
from mainstay.platform.identity.choices import Permission

TICKETS_TOLD = 2
RENEW_WITHIN_DAYS = 90
PROMISE_WITHIN_DAYS = 30
TALK_WITHIN_DAYS = 60
BIRTHDAY_WITHIN_DAYS = 7
POINTS_WITHIN_DAYS = 60


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, with which clock, where."""

    title: str | Promise
    why: str | Promise
    url: str
    icon: str
    clock: Any = None
    state: str = ""


def next_steps(customer: Any, facts: Facts, actor: Actor) -> list[Step]:
    """Return the steps, the most urgent first, those for people who may take them; nothing is read."""
    looks_after = actor.may(Permission.WRITE_CUSTOMERS)
    return [
        *_answer_tickets(customer, facts),
        *_call_about_faults(customer, facts),
        *_keep_the_customer(customer, facts),
        *_collect(customer, facts),
        *(_decide_on_grades(customer, facts) if actor.may(Permission.READ_REVENUE) else []),
        *_renew(customer, facts),
        *_clear_up_promises(customer, facts),
        *(_use_points(customer, facts) if looks_after else []),
        *(_talk(customer, facts) if looks_after else []),
        *(_complete(customer, facts.contacts) if looks_after else []),
    ]


def _tab(customer: Any, name: str) -> str:
    return page("customer", customer.pk, query=f"tab={name}")


def _answer_tickets(customer: Any, facts: Facts) -> list[Step]:
    rows, total = facts.open_tickets.rows, facts.open_tickets.total
    told = rows if total <= TICKETS_TOLD + 1 else rows[:TICKETS_TOLD]
    steps = [
        Step(
            _("Follow ticket %(number)s") % {"number": row.number},
            row.title,
            page("ticket", row.id),
            "ticket",
            clock=bare_clock(row.clock),
        )
        for row in told
    ]
    if total > len(told):
        title = _("Follow %(n)s more open tickets") % {"n": total - len(told)}
        why = "、".join(row.number for row in rows[len(told) :])
        url = page("customer", customer.pk, query="tab=tickets&status=live")
        steps.append(Step(title, why, url, "ticket"))
    return steps


def _call_about_faults(customer: Any, facts: Facts) -> list[Step]:
    down = facts.health.get("down", 0)
    if not down or facts.open_tickets.rows:
        return []
    told = next((contact.name for contact in facts.contacts if contact.notify), "")
    why = _("%(n)s circuits are down and no ticket is open.") % {"n": down}
    title = _("Call %(name)s") % {"name": told} if told else _("Call the customer")
    return [
        Step(title, why, page("customer", customer.pk, query="tab=services&state=down"), "phone-call", state="down")
    ]


def _keep_the_customer(customer: Any, facts: Facts) -> list[Step]:
    if facts.recall is None:
        return []
    due = timezone.localtime(facts.recall.due_at)
    why = _("%(why)s. Without care it returns to the pool on %(day)s.") % {
        "why": facts.recall.get_rule_kind_display(), "day": f"{due:%Y-%m-%d}"
    }  # fmt: skip
    return [Step(_("Keep the customer"), why, _tab(customer, "owner"), "hourglass")]


def _collect(customer: Any, facts: Facts) -> list[Step]:
    figures = facts.money.figures if facts.money else None
    if figures is None or not figures.arrears_fen:
        return []
    why = _("%(sum)s is due and unpaid.") % {"sum": yuan(figures.arrears_fen)}
    if figures.oldest_due_on:
        why = _("%(sum)s is due and unpaid, the oldest since %(day)s (%(n)s days).") % {
            "sum": yuan(figures.arrears_fen),
            "day": figures.oldest_due_on,
            "n": (facts.on - figures.oldest_due_on).days,
        }
    return [Step(_("Collect the arrears"), why, f"{_tab(customer, 'revenue')}#bills", "coins")]


def _decide_on_grades(customer: Any, facts: Facts) -> list[Step]:
    return [
        Step(
            _("Grade to be decided: %(before)s → %(after)s") % {"before": row.before or "—", "after": row.after or "—"},
            _("%(rules)s · %(figures)s · until %(day)s")
            % {"rules": row.rules, "figures": row.figures, "day": row.due_on},
            _tab(customer, "grade"),
            "stairs",
        )
        for row in facts.proposals
    ]


def _renew(customer: Any, facts: Facts) -> list[Step]:
    contract = facts.contract
    if contract is None or contract.days_left > RENEW_WITHIN_DAYS:
        return []
    title = _("Prepare the renewal of %(number)s") % {"number": contract.number}
    why = _("The contract ends on %(day)s, in %(n)s days.") % {"day": contract.ends_on, "n": contract.days_left}
    return [Step(title, why, page("contract", contract.pk), "file-text")]


def _clear_up_promises(customer: Any, facts: Facts) -> list[Step]:
    own, url = facts.promises, page("promises", query=f"customer={customer.pk}")
    steps = []
    if own.overlaps:
        why = _("At %(n)s places two promises of the same level hold at once; the later one wins.") % {
            "n": own.overlaps
        }
        steps.append(Step(_("Clear up overlapping promises"), why, url, "stack-2"))
    if own.next_end is not None and (days := (own.next_end - facts.on).days) <= PROMISE_WITHIN_DAYS:
        why = _("A promise agreed with the customer ends on %(day)s, in %(n)s days.") % {
            "day": own.next_end, "n": days
        }  # fmt: skip
        steps.append(Step(_("Renew a promise"), why, url, "shield-check"))
    return steps


def _use_points(customer: Any, facts: Facts) -> list[Step]:
    known = facts.balance
    if known is None or not known.expiring_soon or known.expires_on is None:
        return []
    if (known.expires_on - facts.on).days > POINTS_WITHIN_DAYS:
        return []
    why = _("%(n)s points expire on %(day)s.") % {"n": f"{known.expiring_soon:,}", "day": known.expires_on}
    return [Step(_("Offer a gift for points"), why, _tab(customer, "points"), "gift")]


def _talk(customer: Any, facts: Facts) -> list[Step]:
    url, last = _tab(customer, "notes"), facts.last_talk
    steps = [
        Step(_("Congratulate %(name)s") % {"name": contact.name}, _("A birthday within a week."),
             page("contact", contact.pk), "cake")
        for contact in facts.birthdays(BIRTHDAY_WITHIN_DAYS)
    ]  # fmt: skip
    if last is None:
        return [*steps, Step(_("Get in touch"), _("No contact was ever noted."), url, "phone-call")]
    days = (facts.on - timezone.localdate(last)).days
    if days > TALK_WITHIN_DAYS:
        return [*steps, Step(_("Get in touch"), _("Nobody was talked to for %(n)s days.") % {"n": days}, url,
                             "phone-call")]  # fmt: skip
    silent = _silent(facts)
    if silent:
        why = _("Those who decide were not talked to for %(n)s days.") % {"n": TALK_WITHIN_DAYS}
        title = _("Call %(name)s") % {"name": "、".join(silent[:3])}
        steps.append(Step(title, why, url, "phone-call"))
    return steps


def _silent(facts: Facts) -> list[str]:
    """Return who decides at the customer and was long not talked to."""
    deciders = [each for each in facts.contacts if each.role == ContactRole.DECISION_MAKER]
    before = facts.on - timedelta(days=TALK_WITHIN_DAYS)
    talked = {pk for pk, at in facts.talks.items() if timezone.localdate(at) >= before}
    return [each.name for each in deciders if each.pk not in talked]


def _complete(customer: Any, contacts: list[Any]) -> list[Step]:
    steps = []
    if not any(contact.notify for contact in contacts):
        why = _("Nobody at this customer is told of outages.")
        url = reverse("web:contact-new", args=[customer.pk])
        steps.append(Step(_("Name a contact for outage notices"), why, url, "user-plus"))
    if not any(contact.role == ContactRole.DECISION_MAKER for contact in contacts):
        url = reverse("web:contact-new", args=[customer.pk])
        steps.append(Step(_("Find out who decides"), _("No decision maker is recorded."), url, "crown"))
    if customer.account_manager_id is None:
        url = reverse("web:customer-hand-over", args=[customer.pk])
        steps.append(Step(_("Assign an account manager"), _("Nobody looks after this customer."), url, "user-check"))
    return steps
