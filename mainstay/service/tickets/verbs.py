"""What can this actor do with this ticket now? The same rules as the actions', as a list for buttons."""

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import ClockKind, EventKind, TicketStatus
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.clocks import is_going
from mainstay.service.tickets.finding import AT_WORK
from mainstay.service.tickets.translation import standing_story


def verbs_for(
    file: CaseFile, actor: Actor, *, pause_to_decide: bool = False, departments: int = 0, wished: bool = False
) -> list[str]:
    """Return the verbs in the order in which buttons stand; empty when the actor may only read.

    `departments`: how many take tickets; `wished`: a re-judging waits already.
    """
    if not actor.is_staff:
        return _customers(file) if actor.may(Permission.PORTAL) else []
    if not actor.may(Permission.WORK_TICKETS):
        return []
    status = TicketStatus(file.ticket.status)
    found = ["note", "call", "decide_responsibility"]
    if status in AT_WORK:
        found += _at_work(file, actor)
        found += ["hand"] if departments > 1 else []
        found += ["ask_promise"] if file.clocks and not wished else []
    if any(clock.started_at for clock in file.clocks) and not wished:
        found.append("enter_earlier")
    if status == TicketStatus.RESOLVED:
        found += ["close", "tell_customer"] + ([] if _is_confirmed(file) else ["confirm"])
    if status in (TicketStatus.RESOLVED, TicketStatus.CLOSED) and not _is_taken_over(file):
        found.append("reopen")
    if status != TicketStatus.CLOSED:
        found += ["link", "mark_duplicate"]
    if pause_to_decide:
        found += ["approve_pause", "refuse_pause"]
    return sorted(found, key=ORDER.index)


ORDER = (
    "claim", "approve_pause", "refuse_pause", "resume", "confirm", "resolve", "close", "note", "call", "tell_customer",
    "promise_update", "pause", "assign", "hand", "reopen", "link", "mark_duplicate", "enter_earlier", "ask_promise",
    "change_promise", "decide_responsibility", "approve_rejudging", "refuse_rejudging",
)  # fmt: skip


def _at_work(file: CaseFile, actor: Actor) -> list[str]:
    found = ["assign", "promise_update", "tell_customer"]
    if actor.user_id is not None and file.ticket.assigned_to_id != actor.user_id:
        found.append("claim")
    if file.ticket.status == TicketStatus.PAUSED:
        found.append("resume")
    elif any(clock.kind == ClockKind.RESTORATION and is_going(clock) for clock in file.clocks):
        found.append("pause")
    if not any(standing.is_out for standing in standing_of(file.story).values()):
        found.append("resolve")
    if actor.may(Permission.APPROVE) and file.clocks:
        found.append("change_promise")
    return found


def _customers(file: CaseFile) -> list[str]:
    status = TicketStatus(file.ticket.status)
    if status in AT_WORK:
        return ["note"]
    confirm = [] if _is_confirmed(file) or status == TicketStatus.CLOSED else ["confirm"]
    return ["note", *confirm, *([] if _is_taken_over(file) else ["reopen"])]


def _is_confirmed(file: CaseFile) -> bool:
    told = [e.kind for e in file.story if e.kind in (EventKind.CONFIRMED, EventKind.REOPENED, EventKind.RESOLVED)]
    return bool(told) and told[-1] == EventKind.CONFIRMED


def _is_taken_over(file: CaseFile) -> bool:
    return any(e.kind == EventKind.LINKED and e.body.get("ends") for e in standing_story(file.story))
