"""What happens when a timer is due: escalation, end of a pause, a promised message, closing (H2, H3, PC 6, 22).

Each effect runs in the sweeper's transaction, together with the claim of its timers: nothing is lost or done twice.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.domain.actor import Actor
from mainstay.domain.promise_clock import Phase, Verdict
from mainstay.platform.duty.queries import Watch, watch_at
from mainstay.platform.identity.models import User
from mainstay.platform.journal.actions import announce
from mainstay.platform.messages.actions import NewMessage
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import register as on_due
from mainstay.platform.timers.models import Timer
from mainstay.service.tickets.casework import (
    CLOCK_TIMER,
    CLOSE_TIMER,
    PAUSE_TIMER,
    UPDATE_TIMER,
    CaseFile,
    Casework,
    load_files,
)
from mainstay.service.tickets.choices import LIVE_TICKETS, ClockKind, EventKind, TicketStatus
from mainstay.service.tickets.clocks import AT_ONCE, passed_rungs, rungs_of, status_unsettled
from mainstay.service.tickets.escalation import rung_for
from mainstay.service.tickets.events import PromiseAtRisk
from mainstay.service.tickets.holding import hold
from mainstay.service.tickets.models import Clock, Pause, Ticket
from mainstay.service.tickets.naming import clock_time
from mainstay.service.tickets.outcome import rung_of
from mainstay.service.tickets.receivers import receivers
from mainstay.service.tickets.translation import in_order


def register() -> None:
    """Tell the sweeper what this room's timers do."""
    on_due(CLOCK_TIMER, clocks_due)
    on_due(PAUSE_TIMER, pauses_due)
    on_due(UPDATE_TIMER, updates_due)
    on_due(CLOSE_TIMER, closings_due)


def clocks_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Pass on each rung that a clock has reached, once, to the people of the ladder; a missed promise is noted.

    A clock whose pause ended by its limit is judged anew, so that its next rung wakes us.
    """
    wanted = {timer.owner_id for timer in timers}
    tickets = Clock.objects.filter(pk__in=wanted).values_list("ticket_id", flat=True)
    files = load_files(Q(pk__in=list(tickets), status__in=LIVE_TICKETS), managers=True)
    work = Casework(files, action="ticket.escalate", at=at, by=by)
    watch = watch_at(at)
    risks = []
    for file in files:
        story = in_order(file.story)
        for clock in [clock for clock in file.clocks if clock.pk in wanted]:
            verdict = work.judge.verdict(clock, story)
            risks += _climb(work, file, clock, verdict, watch)
    woken = {timer.owner_id for timer in timers if timer.rung.startswith("resume:")}
    work.files = [file for file in files if file.fresh or woken & {clock.pk for clock in file.clocks}]
    work.save()
    for risk in risks:
        announce(risk, by=by)


def _climb(work: Casework, file: CaseFile, clock: Clock, verdict: Verdict, watch: Watch) -> list[PromiseAtRisk]:
    """Note every rung reached and not yet passed on; people get one message, for the highest."""
    if verdict.phase not in (Phase.RUNNING, Phase.PAUSED):
        return []
    known = passed_rungs(clock, verdict, file.story)
    reached = sorted(
        (at, percent) for at, percent in rungs_of(clock, verdict) if at <= work.at and percent not in known
    )
    ticket = file.ticket
    for at, percent in reached:
        last = (at, percent) == reached[-1]
        told = _told(ticket, watch, percent) if last and not _is_pressed(file, clock, at) else []
        body = {"clock": clock.kind, "percent": percent, "told": [user.display_name for user in told], **_whose(clock)}
        kind = EventKind.BREACHED if percent == 100 else EventKind.ESCALATED
        work.tell(file, kind, happened_at=at, circuit_id=clock.circuit_id, body=body)
        for user in told:
            letter = _warning(ticket, clock, verdict, percent, user)
            work.letters.append(partial(_same, letter))
    return [
        PromiseAtRisk(ticket.pk, clock.pk, ticket.customer_id, ticket.region_code, percent, at)
        for at, percent in reached
        if clock.kind != ClockKind.DEPARTMENT
    ]


def _whose(clock: Clock) -> dict[str, Any]:
    return {"department": clock.department_id} if clock.department_id is not None else {}


def _is_pressed(file: CaseFile, clock: Clock, at: datetime) -> bool:
    """Say whether the timer of the promised word presses people at that instant already."""
    due_at = file.ticket.next_update_at
    return clock.kind == ClockKind.FEEDBACK and due_at is not None and due_at <= at


def _told(ticket: Ticket, watch: Watch, percent: int) -> list[User]:
    rung = rung_for(ticket.grade, percent)
    return receivers(ticket, watch, rung.levels, account_manager=rung.account_manager)


def _warning(ticket: Ticket, clock: Clock, verdict: Verdict, percent: int, user: User) -> NewMessage:
    missed = percent >= 100
    with override(user.language or settings.LANGUAGE_CODE):
        values = {
            "number": ticket.number,
            "customer": str(ticket.customer),
            "percent": percent,
            "kind": ClockKind(clock.kind).label,
            "deadline": clock_time(verdict.deadline_at) if verdict.deadline_at else "—",
            "circuit": clock.circuit.number if clock.circuit else "",
        }
        if percent == AT_ONCE:
            subject = _("Repeated fault: %(customer)s, ticket %(number)s") % values
        elif clock.kind == ClockKind.DEPARTMENT:
            values["department"] = str(clock.department)
            subject = _("%(percent)s %% of the internal target used: %(department)s, ticket %(number)s") % values
        elif missed:
            subject = _("Promise missed: %(customer)s, ticket %(number)s (%(percent)s %%)") % values
        else:
            subject = _("%(percent)s %% of the time is used: %(customer)s, ticket %(number)s") % values
        if clock.circuit:
            body = (
                _("%(kind)s of circuit %(circuit)s, ticket %(number)s, %(customer)s: deadline %(deadline)s.") % values
            )
        else:
            body = _("%(kind)s of ticket %(number)s for %(customer)s: deadline %(deadline)s.") % values
    kind = Message.Kind.ESCALATION if missed else Message.Kind.WARNING
    return _to(user, ticket, kind, (subject, body), f"clock:{clock.pk}:{percent}")


def _to(user: User, ticket: Ticket, kind: str, words: tuple[str, str], key: str) -> NewMessage:
    return NewMessage(
        kind=kind, to_name=user.display_name, subject=words[0], body=words[1], dedupe_key=f"{key}:{user.pk}",
        user_id=user.pk, object_kind="ticket", object_id=ticket.pk, customer_id=ticket.customer_id,
        region_code=ticket.region_code,
    )  # fmt: skip


def _same(letter: NewMessage) -> NewMessage:
    return letter


def pauses_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """End the pauses whose limit has come; their clocks go on from the limit."""
    over = {
        pause.ticket_id: pause
        for pause in Pause.objects.filter(ticket__in=_owners(timers), to_at__isnull=True, limit_at__lte=at)
        if pause.refused_at is None and (pause.approved_at or not pause.needs_approval)
    }
    files = load_files(Q(pk__in=list(over), status=TicketStatus.PAUSED))
    work = Casework(files, action="ticket.pause_ended", at=at, by=by)
    for file in files:
        pause = over[file.ticket.pk]
        pause.to_at = pause.limit_at
        work.tell(file, EventKind.RESUMED, happened_at=pause.limit_at, for_customer=True, body={"limit": True})
        file.ticket.status = status_unsettled(file.ticket)
    Pause.objects.bulk_update(over.values(), ["to_at"])
    work.save()


def updates_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Warn before a promised message to the customer is due; send a holding message when nobody wrote in time."""
    rungs: dict[int, list[str]] = {}
    for timer in timers:
        rungs.setdefault(timer.owner_id, []).append(timer.rung)
    files = load_files(Q(pk__in=list(rungs), status__in=LIVE_TICKETS, next_update_at__isnull=False), managers=True)
    work = Casework(files, action="ticket.update_due", at=at, by=by)
    due = {file.ticket.pk: file.ticket.next_update_at for file in files}
    watch = watch_at(at)
    missed = [file for file in files if _has_come(file, rungs, "due")]
    held = {file.ticket.pk for file in hold(work, missed)}
    for file, due_at in [(file, due[file.ticket.pk]) for file in files]:
        if due_at is None:
            continue
        if file in missed:
            _press_for_update(work, file, watch, due_at, missed=True, held=file.ticket.pk in held)
        elif _has_come(file, rungs, "warn"):
            _press_for_update(work, file, watch, due_at, missed=False)
    work.files = [file for file in files if file.fresh]
    work.save()


def _has_come(file: CaseFile, rungs: dict[int, list[str]], stage: str) -> bool:
    due_at = file.ticket.next_update_at
    return due_at is not None and f"{rung_of(due_at)}:{stage}" in rungs[file.ticket.pk]


def _press_for_update(
    work: Casework, file: CaseFile, watch: Watch, due_at: datetime, *, missed: bool, held: bool = False
) -> None:
    ticket = file.ticket
    if not missed:
        work.remind(UPDATE_TIMER, file, f"{rung_of(due_at)}:due", due_at)
    told = receivers(ticket, watch, (2,) if missed else (1,), account_manager=missed)
    body = {"clock": ClockKind.FEEDBACK.value, "percent": 100 if missed else 75, "told": [u.display_name for u in told]}
    body["word"] = True
    work.tell(file, EventKind.ESCALATED, happened_at=due_at if missed else work.at, body=body)
    for user in told:
        with override(user.language or settings.LANGUAGE_CODE):
            values = {"number": ticket.number, "customer": str(ticket.customer), "at": clock_time(due_at)}
            if held:
                subject = _("Nobody wrote to %(customer)s by %(at)s: a holding message went out, ticket %(number)s")
                subject %= values
            elif missed:
                subject = _("%(customer)s waits for news since %(at)s, ticket %(number)s") % values
            else:
                subject = _("%(customer)s was promised news by %(at)s, ticket %(number)s") % values
        kind = Message.Kind.ESCALATION if missed else Message.Kind.WARNING
        key = f"update:{ticket.pk}:{rung_of(due_at)}:{int(missed)}"
        letter = _to(user, ticket, kind, (subject, subject), key)
        work.letters.append(partial(_same, letter))


def closings_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Close resolved tickets that nobody confirmed or reopened in time."""
    rungs = {(timer.owner_id, timer.rung) for timer in timers}
    files = load_files(Q(pk__in=_owners(timers), status=TicketStatus.RESOLVED))
    work = Casework(files, action="ticket.close", at=at, by=by)
    for file in files:
        resolved_at = file.ticket.resolved_at
        if resolved_at is not None and (file.ticket.pk, rung_of(resolved_at)) in rungs:
            file.ticket.status, file.ticket.closed_at = TicketStatus.CLOSED, at
            work.tell(file, EventKind.CLOSED, for_customer=True, body={"unconfirmed": True})
    work.files = [file for file in files if file.fresh]
    work.save()


def _owners(timers: Iterable[Timer]) -> list[int]:
    return [timer.owner_id for timer in timers]
