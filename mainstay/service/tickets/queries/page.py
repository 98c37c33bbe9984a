"""What must one ticket's page show? Story, clocks with their derivation, pauses, messages, what can be done now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay.accounts.catalog.choices import Unit
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.promise_clock import CAUTION_TEXTS, WHY_TEXTS, Verdict
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.queries import may_see
from mainstay.platform.messages.models import Message
from mainstay.platform.messages.queries import about
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.tickets.actions.regrading import promise_in_force
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import ClockKind, EventKind, PauseReason, RejudgingState
from mainstay.service.tickets.circuits import since_of, standing_of
from mainstay.service.tickets.clocks import Judge, passed_rungs
from mainstay.service.tickets.errors import TicketNotFound
from mainstay.service.tickets.models import Clock, Pause, Ticket, TicketEvent
from mainstay.service.tickets.naming import department_name
from mainstay.service.tickets.queries.departments import Share, departments, shares_of
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.queries.readings import (
    ROW_RELATIONS,
    ClockReading,
    TicketRow,
    circuit_numbers,
    files_of,
    reading_of,
    row_of,
    verdict_of,
)
from mainstay.service.tickets.queries.rejudgings import RejudgingRow, rejudging_rows
from mainstay.service.tickets.translation import in_order
from mainstay.service.tickets.verbs import verbs_for

SIMILAR_DAYS = 180


@dataclass(frozen=True)
class StoryEntry:
    """One line of the story; `backdated`: it took effect well before it was written down."""

    id: int
    at: datetime
    recorded_at: datetime
    kind: str
    kind_label: str
    text: str
    by: str
    circuit_number: str
    for_customer: bool
    backdated: bool
    body: dict[str, Any]


@dataclass(frozen=True)
class StretchRow:
    """A stretch of the clock's life, counted or not, and why, in the reader's language (PC 12)."""

    from_at: datetime
    to_at: datetime
    counted: bool
    seconds: int
    why: str
    assumed: bool


@dataclass(frozen=True)
class PromiseText:
    """The promise in force: how much, in which unit, on which calendar, and the sentences that say where from."""

    amount: str
    unit: str
    unit_label: str
    calendar: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class ClockPage:
    """A clock in full. `rungs`: (per cent, instant or None, whether people were told)."""

    reading: ClockReading
    promise: PromiseText
    policy: dict[str, Any]
    stretches: tuple[StretchRow, ...]
    rungs: tuple[tuple[int, datetime | None, bool], ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class TicketCircuit:
    """A circuit of the ticket: what the story says of it and how it does now (`live_state`: name of LiveState)."""

    id: int
    number: str
    name: str
    grade: str
    live_state: str
    since: datetime | None
    standing: str
    down_at: datetime | None
    restored_at: datetime | None


@dataclass(frozen=True)
class PauseRow:
    """A pause: `state` is asked, running, ended or refused; `may_decide`: this actor may approve or refuse it."""

    id: int
    reason: str
    reason_label: str
    evidence: str
    from_at: datetime
    limit_at: datetime | None
    to_at: datetime | None
    asked_by: str
    state: str
    approved_by: str
    may_decide: bool


@dataclass(frozen=True)
class SimilarFault:
    """An earlier ticket on one of the same circuits; `minutes` is how long it was open."""

    ticket_id: int
    number: str
    opened_at: datetime
    title: str
    cause_code: str
    minutes: int | None


@dataclass(frozen=True)
class TicketPage:
    """Everything a ticket's page shows, already read."""

    ticket: TicketRow
    contact: str
    story: list[StoryEntry]
    clocks: list[ClockPage]
    circuits: list[TicketCircuit]
    pauses: list[PauseRow]
    told: list[Message]
    similar: list[SimilarFault]
    parent: tuple[int, str] | None
    children: list[tuple[int, str]]
    shares: list[Share] = field(default_factory=list)
    rejudgings: list[RejudgingRow] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)


def visible_ticket(actor: Actor, ticket_id: int) -> Ticket:
    """Return a ticket with ROW_RELATIONS fetched. Raises TicketNotFound, also when it may not be seen."""
    found = visible_to(actor).select_related(*ROW_RELATIONS, "contact", "parent").filter(pk=ticket_id).first()
    if found is None:
        raise TicketNotFound(msgid("There is no such ticket among those you may see; look for its number in the list."))
    return found


def ticket_page(actor: Actor, ticket_id: int, *, at: datetime) -> TicketPage:
    """Return one ticket's page as it reads at the instant, for staff (about 12 queries whatever its length)."""
    ticket = visible_ticket(actor, ticket_id)
    file = files_of([ticket], kinds=None)[0]
    numbers, judge = circuit_numbers([file]), Judge(at)
    pauses = pause_rows(Pause.objects.filter(ticket=ticket).order_by("from_at", "id"), actor)
    _hide_others(file, actor)
    houses, wishes = departments(), rejudging_rows(file, numbers, actor)
    verbs = verbs_for(
        file, actor, pause_to_decide=any(p.may_decide for p in pauses),
        departments=sum(house.active for house in houses), wished=any(w.state == RejudgingState.ASKED for w in wishes),
    )  # fmt: skip
    return TicketPage(
        ticket=row_of(file, numbers, judge),
        contact=str(ticket.contact or ""),
        story=[entry_of(event, numbers) for event in file.story],
        clocks=[clock_page(clock, file, numbers, judge) for clock in file.clocks],
        circuits=_circuits(file),
        pauses=pauses,
        told=list(about("ticket", ticket.pk).filter(customer_id=ticket.customer_id, contact_id__isnull=False)),
        similar=_similar(file, actor),
        parent=_seen_parent(ticket, actor),
        children=[(child.pk, child.number) for child in visible_to(actor).filter(parent=ticket).order_by("id")],
        shares=shares_of(in_order(file.story), houses, at=at),
        rejudgings=wishes,
        verbs=verbs,
    )


def _seen_parent(ticket: Ticket, actor: Actor) -> tuple[int, str] | None:
    """Return the ticket above, unless the reader may not see it."""
    parent = ticket.parent
    if parent is None or not may_see(actor, customer_id=parent.customer_id, region_code=parent.region_code):
        return None
    return parent.pk, parent.number


def _hide_others(file: CaseFile, actor: Actor) -> None:
    """Take from the story the numbers of tickets above that the reader may not see: other customers'."""
    linked = [event for event in file.story if event.kind == EventKind.LINKED and "parent" in event.body]
    if linked and not actor.sees_everything:
        above = [event.body["parent"] for event in linked]
        seen = set(visible_to(actor).filter(pk__in=above).values_list("pk", flat=True))
        for event in linked:
            event.body = event.body if event.body["parent"] in seen else {}


def entry_of(event: TicketEvent, numbers: dict[int, str]) -> StoryEntry:
    """Put one event into the shape that pages show."""
    return StoryEntry(
        id=event.pk, at=event.at, recorded_at=event.recorded_at, kind=event.kind,
        kind_label=str(EventKind(event.kind).label), text=event.text, by=event.by_name,
        circuit_number=numbers.get(event.circuit_id, "") if event.circuit_id else "", for_customer=event.for_customer,
        backdated=event.recorded_at - event.at > timedelta(minutes=1), body=event.body,
    )  # fmt: skip


def clock_page(clock: Clock, file: CaseFile, numbers: dict[int, str], judge: Judge) -> ClockPage:
    """Explain one clock: promise, policy, every stretch and why, rungs, cautions (PC 12)."""
    verdict = verdict_of(clock, file, judge)
    told = passed_rungs(clock, verdict, file.story)
    return ClockPage(
        reading=reading_of(clock, verdict, numbers),
        promise=_promise(clock, promise_in_force(file, clock)),
        policy=clock.policy,
        stretches=stretch_rows(verdict),
        rungs=tuple((percent, at, percent in told) for percent, at in sorted(verdict.rungs.items())),
        cautions=tuple(_(CAUTION_TEXTS[c.code]).format(**c.params) for c in verdict.cautions),
    )


def stretch_rows(verdict: Verdict) -> tuple[StretchRow, ...]:
    """Word the derivation in the reader's language."""
    return tuple(
        StretchRow(s.from_at, s.to_at, s.counted, s.seconds, _why(s.why.code, dict(s.why.params)), s.assumed)
        for s in verdict.derivation
    )


def _why(code: str, params: dict[str, Any]) -> str:
    if params.get("reason") in PauseReason.values:
        params["reason"] = PauseReason(params["reason"]).label
    return _(WHY_TEXTS[code]).format(**params)


def _promise(clock: Clock, kept: dict[str, Any]) -> PromiseText:
    if clock.kind == ClockKind.DEPARTMENT:
        return _target(clock, kept)
    promise = HoldingPromise.from_json(kept)
    overridden = tuple(rival.sentence() for rival in promise.overridden)
    return PromiseText(
        f"{promise.amount.normalize():f}", promise.unit, str(Unit(promise.unit).label), promise.calendar,
        tuple(filter(None, (promise.sentence(), promise.repeat_sentence(), promise.reason(), *overridden))),
    )  # fmt: skip


def _target(clock: Clock, kept: dict[str, Any]) -> PromiseText:
    helps = clock.policy.get("pauses_help")
    said = (
        _("Internal target of %(department)s.") % {"department": department_name(kept)},
        _("Pauses hold this clock.") if helps else _("Pauses do not hold this clock."),
    )
    return PromiseText(str(kept["amount"]), kept["unit"], str(Unit(kept["unit"]).label), kept["calendar"], said)


def _circuits(file: CaseFile) -> list[TicketCircuit]:
    standing = standing_of(file.story)
    rows = Circuit.objects.select_related("live").in_bulk(standing)
    made = []
    for circuit_id, said in standing.items():
        circuit, (down_at, restored_at) = rows[circuit_id], since_of(file.story, circuit_id)
        live = LiveState(circuit.live_state).name.lower()
        made.append(
            TicketCircuit(
                circuit.pk,
                circuit.number,
                circuit.name,
                circuit.grade,
                live,
                circuit.live_since,
                said.value,
                down_at,
                restored_at,
            )
        )
    return made


def pause_rows(pauses: Iterable[Pause], actor: Actor) -> list[PauseRow]:
    """Put pauses into the shape that pages show."""
    return [
        PauseRow(
            id=row.pk,
            reason=row.reason,
            reason_label=str(PauseReason(row.reason).label),
            evidence=row.evidence,
            from_at=row.from_at,
            limit_at=row.limit_at,
            to_at=row.to_at,
            asked_by=row.asked_by,
            state=_pause_state(row),
            approved_by=row.approved_by,
            may_decide=_pause_state(row) == "asked"
            and actor.may("tickets.approve")
            and actor.user_id != row.asked_user_id,
        )
        for row in pauses
    ]


def _pause_state(row: Pause) -> str:
    if row.refused_at:
        return "refused"
    if row.needs_approval and not row.approved_at:
        return "asked"
    return "ended" if row.to_at else "running"


def _similar(file: CaseFile, actor: Actor) -> list[SimilarFault]:
    """List earlier tickets on the same circuits, newest first."""
    ticket = file.ticket
    on_circuits = TicketEvent.objects.filter(circuit_id__in=standing_of(file.story)).values("ticket_id")
    earlier = visible_to(actor).filter(
        Q(pk__in=on_circuits),
        opened_at__lt=ticket.opened_at,
        opened_at__gte=ticket.opened_at - timedelta(days=SIMILAR_DAYS),
    )
    return [
        SimilarFault(
            other.pk,
            other.number,
            other.opened_at,
            other.title,
            other.cause_code,
            int((other.resolved_at - other.opened_at).total_seconds() // 60) if other.resolved_at else None,
        )
        for other in earlier.exclude(pk=ticket.pk).order_by("-opened_at")[:5]
    ]
