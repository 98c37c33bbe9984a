"""What waits for this person, in which order, and why (C6)? Each part reads only what the person's duties need."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.tiers.queries import proposals as tier_proposals
from mainstay.accounts.tiers.queries import rules as tier_rules
from mainstay.accounts.tiers.queries.register import label_of
from mainstay.domain.actor import Actor
from mainstay.faces.web import agreement_tasks
from mainstay.faces.web.archive_tasks import archive_tasks
from mainstay.faces.web.links import page
from mainstay.faces.web.portfolios import tasks as portfolio_tasks
from mainstay.faces.web.states import bare_clock
from mainstay.faces.web.tasks import Task
from mainstay.network.alarms.queries import alarms
from mainstay.network.planned_work import queries as works
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.reconciliation.queries import differences, sources
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.duty import queries as duty
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries as messages
from mainstay.service.announcements import queries as announcements
from mainstay.service.tickets.queries import my_day

RENEWALS_SHOWN = 10
SILENT_WITHIN = timedelta(days=3)

ICONS = {
    "missed": "clock-x", "running_out": "clock", "update": "message", "approve": "gavel", "unclaimed": "user-plus",
    "mine": "ticket", "confirm": "check",
}  # fmt: skip


def agenda(actor: Actor, *, at: datetime) -> list[Task]:
    """Return everything that waits, the most urgent first."""
    urgent: list[Task] = []
    calm: list[Task] = []
    for item in my_day.items(actor, at=at):
        (urgent if item.kind in ("missed", "running_out", "update", "approve") else calm).append(_ticket(item))
    found = [
        _approvals(actor),
        _works(actor, at),
        _undelivered(actor),
        _hand_over(actor, at),
        _quarantine(actor),
        _sync(actor, at=at),
        archive_tasks(actor, at=at),
        tier_tasks(actor, at=at),
        portfolio_tasks.waiting(actor, at=at),
    ]
    waiting: list[Any] = [task for tasks in found for task in tasks]
    return [*urgent, *waiting, *calm, *_house(actor, at=at)]


def _ticket(item: my_day.DayItem) -> Task:
    claim = reverse("web:ticket-do", args=[item.ticket_id, "claim"]) if item.kind == "unclaimed" else ""
    return Task(
        key=f"ticket-{item.ticket_id}",
        title=f"{item.number} {item.title}",
        reason=item.reason,
        icon=ICONS.get(item.kind, "ticket"),
        url=reverse("web:ticket", args=[item.ticket_id]),
        grade=item.grade,
        customer=item.customer_name,
        clock=bare_clock(item.clock),
        due_at=None if item.clock else item.deadline_at,
        verb=_("Claim") if claim else "",
        post_url=claim,
    )


def _approvals(actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.APPROVE):
        return
    for work in works.work_list(actor, status=WorkStatus.PLANNED, size=10).object_list:
        if work.planned_by_id != actor.user_id:
            yield Task(
                key=f"work-{work.pk}",
                title=_("Approve %(number)s %(title)s") % {"number": work.number, "title": work.title},
                reason=_("%(name)s planned it; alarms in its window count until it is approved and announced.")
                % {"name": work.planned_by},
                icon="gavel",
                url=reverse("web:work", args=[work.pk]),
                due_at=work.from_at,
                verb=_("Approve"),
                post_url=reverse("web:work-step", args=[work.pk, "approve"]),
            )


def tier_tasks(actor: Actor, *, at: datetime) -> Iterator[Task]:
    """Give tier rules and changes of grade that wait for this person's approval; what is overdue says so (B2)."""
    if not actor.may(Permission.APPROVE_TIERS):
        return
    today = timezone.localdate(at)
    for found in tier_rules.to_approve(actor):
        late = found.due_on is not None and found.due_on < today
        words = {"name": label_of(found.rule_set), "n": found.number}
        reason = _("%(name)s: %(why)s") % {"name": found.proposed_by, "why": found.why}
        yield Task(
            f"tier-version-{found.pk}", _("Approve %(name)s, version %(n)s") % words,
            f"{_('Overdue.')} {reason}" if late else reason, "clock-x" if late else "gavel",
            reverse("web:tier-version", args=[found.pk]), verb=_("Approve"),
            post_url=reverse("web:tier-decide", args=[found.pk, "approve"]),
        )  # fmt: skip
    waiting, late_ones = tier_proposals.counts_for(actor, on=today)
    if waiting:
        said = ngettext("%(n)s change of grade waits for you", "%(n)s changes of grade wait for you", waiting)
        reason = _("%(n)s of them overdue.") % {"n": late_ones} if late_ones else _("Approve or reject them.")
        yield Task("tier-proposals", said % {"n": waiting}, reason, "clock-x" if late_ones else "gavel",
                   reverse("web:tier-approvals"))  # fmt: skip


def _works(actor: Actor, at: datetime) -> Iterator[Task]:
    """Give what planned work waits for: announcing, other times wished for, overruns, customers who are silent."""
    if actor.may(Permission.PLAN_WORK):
        for work in announcements.unannounced(actor, at=at)[:10]:
            title = _("Announce %(number)s %(title)s") % {"number": work.number, "title": work.title}
            reason = _("It is approved and nobody was told: alarms in its window count.")
            yield Task(f"work-tell-{work.pk}", title, reason, "send", reverse("web:work", args=[work.pk]),
                       due_at=work.from_at)  # fmt: skip
        for row in announcements.wishes(actor, at=at)[:10]:
            words = {"customer": str(row.customer), "number": row.work.number}
            title = _("%(customer)s asks for another time: %(number)s") % words
            url = reverse("web:work", args=[row.work_id])
            reason = row.answer_text or _("Move the work, or call them.")
            yield Task(f"wish-{row.pk}", title, reason, "calendar-time", url, row.grade, str(row.customer),
                       due_at=row.from_at)  # fmt: skip
    if actor.may(Permission.WRITE_CUSTOMERS):
        for row in announcements.silent(actor, at=at, within=SILENT_WITHIN)[:10]:
            title = _("Ask %(customer)s about %(title)s") % {"customer": str(row.customer), "title": row.work.title}
            url = reverse("web:announcement", args=[row.pk])
            reason = _("They were told of planned work and have not answered.")
            yield Task(f"silent-{row.pk}", title, reason, "phone-call", url, row.grade, str(row.customer),
                       due_at=row.from_at)  # fmt: skip


def _undelivered(actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.WORK_INCIDENTS):
        return
    waiting = messages.given_up(actor)
    if waiting:
        said = ngettext("%(n)s message could not be delivered", "%(n)s messages could not be delivered", waiting)
        reason = _("Call those it was for; then send it again or drop it.")
        yield Task("deliveries", said % {"n": waiting}, reason, "send", f"{reverse('web:deliveries')}?state=given_up")


def _hand_over(actor: Actor, at: datetime) -> Iterator[Task]:
    if not actor.may(Permission.WORK_INCIDENTS):
        return
    waiting = duty.open_notes(actor).count()
    if waiting:
        said = ngettext("%(n)s note of the last shift is open", "%(n)s notes of the last shift are open", waiting)
        reason = _("Read them and take over.")
        yield Task("notes", said % {"n": waiting}, reason, "notes", reverse("web:shift-log"))
    for each in duty.waiting_handovers(actor, at=at):
        yield _waiting_shift(each)


def _waiting_shift(waiting: duty.WaitingHandover) -> Task:
    span, handover = waiting.span, waiting.handover
    ended = timezone.localtime(span.to_at)
    words = {"desk": waiting.desk.name, "time": f"{ended:%m-%d %H:%M}"}
    if handover is None:
        title = _("Sign the hand-over of %(desk)s, shift until %(time)s") % words
        url = page("handover", query=f"desk={waiting.desk.pk}&shift={span.shift_id}")
        key = f"handover-{waiting.desk.pk}-{span.from_at:%Y%m%dT%H%M}"
        reason = _("The shift is over and nobody has signed: %(names)s.") % {"names": "、".join(span.names)}
        return Task(key, title, reason, "signature", url)
    title = _("Take over %(desk)s, shift until %(time)s") % words
    reason = _("%(name)s signed it; read it and take over.") % {"name": handover.signed_by}
    return Task(f"handover-{handover.pk}", title, reason, "signature", page("handover-record", handover.pk))


def _quarantine(actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.WORK_INCIDENTS):
        return
    waiting = alarms.quarantine(actor, size=1).paginator.count
    if waiting:
        said = ngettext("%(n)s name in alarms is unknown", "%(n)s names in alarms are unknown", waiting)
        reason = _("Place them on a resource, or their alarms touch nobody.")
        yield Task("quarantine", said % {"n": waiting}, reason, "help-circle", reverse("web:quarantine"))


def _sync(actor: Actor, *, at: datetime) -> Iterator[Task]:
    """Give what network managers wait for: held exports, differences; and which of them are late."""
    if not actor.may(Permission.WRITE_INVENTORY):
        return
    for run in sources.held_runs(actor):
        said = _("Confirm the export of %(name)s") % {"name": run.source.name}
        reason = _("It is held: so much would vanish or change that it may be cut short.")
        yield Task(f"sync-run-{run.pk}", said, reason, "arrows-exchange", reverse("web:sync-run", args=[run.pk]))
    for source in sources.late_sources(actor, at=at):
        said = _("No export of %(name)s came") % {"name": source.name}
        reason = _("Ask who runs it; what changed there since is not seen here.")
        url = reverse("web:sync-source", args=[source.pk])
        yield Task(f"sync-late-{source.pk}", said, reason, "clock-x", url)
    waiting = differences.open_count(actor)
    if waiting:
        said = ngettext("%(n)s difference to a network manager waits", "%(n)s differences to network managers wait",
                        waiting)  # fmt: skip
        reason = _("Take the source’s, keep ours, or make a rule of it.")
        yield Task("sync", said % {"n": waiting}, reason, "arrows-exchange", reverse("web:sync-differences"))


def _house(actor: Actor, *, at: datetime) -> Iterator[Task]:
    """Give what has days, not hours: unread messages, contracts to renew, next year's holidays."""
    unread = messages.inbox(actor).filter(read_at__isnull=True).count()
    if unread:
        said = ngettext("%(n)s unread message", "%(n)s unread messages", unread) % {"n": unread}
        url = f"{reverse('web:inbox')}?unread=1"
        read = reverse("web:inbox-read")
        yield Task("messages", said, _("Warnings and notices to you."), "mail", url, verb=_("Mark read"), post_url=read)
    today = timezone.localtime(at).date()
    if actor.may(Permission.WRITE_CUSTOMERS):
        within = timedelta(days=max(contracts.reminder_days(), default=0))
        for contract in contracts.expiring(actor, today + within, after=today)[:RENEWALS_SHOWN]:
            yield _renewal(contract, today)
    for key, title, reason, icon, url in agreement_tasks.tasks(actor):
        yield Task(key, title, reason, icon, url)
    if actor.may(Permission.SETTINGS):
        known = calendars.known_until("CN")
        if known is None or (known.year == today.year and today.month >= 10) or known.year < today.year:
            title = _("Import next year's holidays")
            reason = _("Deadlines beyond the known years count holidays as workdays.")
            yield Task("holidays", title, reason, "calendar", reverse("web:settings-calendar-import"))


def _renewal(contract: Any, today: date) -> Task:
    ends = {"day": contract.ends_on.isoformat(), "n": (contract.ends_on - today).days}
    return Task(
        key=f"contract-{contract.pk}",
        title=_("Prepare the renewal of %(number)s") % {"number": contract.number},
        reason=(
            _("It renews itself on %(day)s, in %(n)s days, unless notice is given.")
            if contract.auto_renew_months
            else _("The contract ends on %(day)s, in %(n)s days.")
        )
        % ends,
        icon="file-text",
        url=page("contract", contract.pk),
        customer=str(contract.customer),
    )
