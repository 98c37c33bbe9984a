"""States of tickets and clocks, reasons and rules of pauses, root causes (H1, H2, H6)."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class TicketKind(models.TextChoices):
    FAULT = "fault", _("Fault")
    CONSULTATION = "consultation", _("Consultation")


class Origin(models.TextChoices):
    IMPACT = "impact", _("Network alarm")
    PORTAL = "portal", _("Customer portal")
    PHONE = "phone", _("Phone")
    STAFF = "staff", _("Staff")


class TicketStatus(models.TextChoices):
    OPEN = "open", _("Open")
    ASSIGNED = "assigned", _("In progress")
    PAUSED = "paused", _("Paused")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


LIVE_TICKETS = (TicketStatus.OPEN, TicketStatus.ASSIGNED, TicketStatus.PAUSED, TicketStatus.RESOLVED)


class ClockState(models.TextChoices):
    """States of a clock; the values are those of `domain.promise_clock.State`."""

    NOT_STARTED = "not_started", _("Not started")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Breached")
    CANCELLED = "cancelled", _("Cancelled")


class ClockKind(models.TextChoices):
    RESTORATION = "restoration", _("Restoration")
    RESPONSE = "response", _("Response")
    FEEDBACK = "feedback", _("Progress report")
    DEPARTMENT = "department", _("Internal target")


CUSTOMERS_CLOCKS = (ClockKind.RESTORATION, ClockKind.RESPONSE)
"""What lists show as a ticket's own deadline: neither the next word nor what departments owe each other."""


class RejudgingKind(models.TextChoices):
    """What a re-judging follows from (PC 7, 11, 15, 26)."""

    BEGAN = "began", _("A circuit was out earlier")
    RESTORED = "restored", _("A circuit was back earlier")
    PAUSE = "pause", _("The clock should have stood still")
    RESPONSIBILITY = "responsibility", _("Responsibility decided otherwise")
    PROMISE = "promise", _("The promise and calendar that hold now")


class RejudgingState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    APPLIED = "applied", _("Approved and applied")
    REFUSED = "refused", _("Refused")


class PauseReason(models.TextChoices):
    """Why a clock may stand still; the limit and the approval of each are in PAUSE_RULES."""

    CUSTOMER_FAULT = "customer_fault", _("Customer's own fault")
    ACCESS_DENIED = "access_denied", _("No access to the customer's premises")
    CUSTOMER_REQUEST = "customer_request", _("The customer asked to wait")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


@dataclass(frozen=True)
class PauseRule:
    """How long a pause may last (natural minutes), whether a second person must agree, and what proves it."""

    limit_minutes: int
    needs_approval: bool
    evidence_hint: str | Promise


PAUSE_RULES: dict[str, PauseRule] = {
    PauseReason.CUSTOMER_FAULT: PauseRule(24 * 60, True, _("What was tested and found at the customer's side")),
    PauseReason.ACCESS_DENIED: PauseRule(8 * 60, False, _("Who refused access, when, and by which phone number")),
    PauseReason.CUSTOMER_REQUEST: PauseRule(72 * 60, False, _("Who asked to wait, and until when")),
    PauseReason.FORCE_MAJEURE: PauseRule(7 * 24 * 60, True, _("What happened, and which authority confirms it")),
}


class CauseCode(models.TextChoices):
    """Root causes (H6)."""

    CABLE_CUT = "cable_cut", _("Cable cut")
    EQUIPMENT = "equipment", _("Equipment failure")
    POWER = "power", _("Power failure")
    CONFIGURATION = "configuration", _("Wrong configuration")
    RADIO = "radio", _("Radio propagation")
    OWN_WORK = "own_work", _("Our own work")
    OTHER_OPERATOR = "other_operator", _("Other operator's network")
    CUSTOMER_EQUIPMENT = "customer_equipment", _("Customer's equipment")
    CUSTOMER_POWER = "customer_power", _("Customer's power supply")
    DISASTER = "disaster", _("Natural disaster")
    NO_FAULT_FOUND = "no_fault_found", _("No fault found")
    UNKNOWN = "unknown", _("Cause unknown")


class Responsibility(models.TextChoices):
    """Whose fault it was (H6); decided afterwards if need be."""

    UNKNOWN = "", _("Not decided")
    OPERATOR = "operator", _("Operator")
    CUSTOMER = "customer", _("Customer")
    OTHER_OPERATOR = "other_operator", _("Other operator")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class EventKind(models.TextChoices):
    """Entries of a ticket's story; clocks are judged from those marked in CLOCK_EVENTS."""

    OPENED = "opened", _("Ticket opened")
    CIRCUIT_DOWN = "circuit_down", _("Circuit down")
    CIRCUIT_DEGRADED = "circuit_degraded", _("Circuit degraded")
    CIRCUIT_RESTORED = "circuit_restored", _("Circuit restored")
    NOT_AFFECTED = "not_affected", _("Not affected")
    CLAIMED = "claimed", _("Claimed")
    ASSIGNED = "assigned", _("Assigned")
    HANDED = "handed", _("Handed to a department")
    NOTE = "note", _("Note")
    CALL = "call", _("Call")
    CUSTOMER_REPORT = "customer_report", _("Customer's report")
    CUSTOMER_TOLD = "customer_told", _("Customer told")
    NOBODY_TOLD = "nobody_told", _("Nobody could be told")
    NEXT_UPDATE = "next_update", _("Next update promised")
    PAUSE_ASKED = "pause_asked", _("Pause asked for")
    PAUSE_REFUSED = "pause_refused", _("Pause refused")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    PROMISE_CHANGED = "promise_changed", _("Promise changed")
    ESCALATED = "escalated", _("Escalated")
    BREACHED = "breached", _("Promise missed")
    RESOLVED = "resolved", _("Resolved")
    CONFIRMED = "confirmed", _("Customer confirmed")
    REOPENED = "reopened", _("Reopened")
    LINKED = "linked", _("Linked")
    RESPONSIBILITY = "responsibility", _("Responsibility decided")
    REJUDGING_ASKED = "rejudge_asked", _("Re-judging asked for")
    REJUDGED = "rejudged", _("Re-judged")
    REJUDGE_REFUSED = "rejudge_refused", _("Re-judging refused")
    CLOSED = "closed", _("Closed")


CLOCK_EVENTS = (
    EventKind.OPENED,
    EventKind.CIRCUIT_DOWN,
    EventKind.CIRCUIT_DEGRADED,
    EventKind.CIRCUIT_RESTORED,
    EventKind.NOT_AFFECTED,
    EventKind.CLAIMED,
    EventKind.ASSIGNED,
    EventKind.HANDED,
    EventKind.CALL,
    EventKind.CUSTOMER_REPORT,
    EventKind.CUSTOMER_TOLD,
    EventKind.NOBODY_TOLD,
    EventKind.PAUSED,
    EventKind.RESUMED,
    EventKind.PROMISE_CHANGED,
    EventKind.ESCALATED,
    EventKind.BREACHED,
    EventKind.RESOLVED,
    EventKind.CONFIRMED,
    EventKind.REOPENED,
    EventKind.LINKED,
)
"""What must be read of a story to judge its clocks, and to know which rungs were passed and who was told."""

READ_EVENTS = tuple(kind for kind in CLOCK_EVENTS if kind not in (EventKind.ESCALATED, EventKind.BREACHED))
"""What must be read of a story to say what its clocks read now: not which rungs were passed, most of a long story."""


UNSTOPPED = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)
"""States in which a clock may still be going on (a missed one unless `stopped_at` is set)."""


class TextKind(models.TextChoices):
    """What an outage text is for; all but the bulletin go to customers."""

    OPENING = "opening", _("Opening message")
    UPDATE = "update", _("Update")
    HOLDING = "holding", _("Holding message")
    ALL_CLEAR = "all_clear", _("All clear")
    BULLETIN = "bulletin", _("Internal bulletin")


class TextLength(models.TextChoices):
    """Long ones go by e-mail and to the portal, short ones by SMS and chat."""

    LONG = "long", _("Long")
    SHORT = "short", _("Short")


TEXT_LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
