"""Which proposals of another responsibility are there, what would each change, what did it change (PC 15)?"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.service_levels.choices import ProposalState, Responsibility
from mainstay.service.service_levels.errors import NoSuchProposal
from mainstay.service.service_levels.models import Proposal
from mainstay.service.service_levels.shapes import Change, ProposalRow


def proposals(actor: Actor, *, state: str = "", page: int = 1) -> Page[Any]:
    """Return a page of ProposalRow, what waits first (3 queries)."""
    rows = _visible(actor).filter(**({"state": state} if state in ProposalState.values else {}))
    found = Paginator(rows.order_by("-asked_at", "-pk"), 50).get_page(page)
    found.object_list = told(found.object_list, actor)
    return found


def waiting(actor: Actor) -> int:
    """Return how many proposals the actor may decide (1 query)."""
    if not actor.may(Permission.APPROVE):
        return 0
    count: int = _visible(actor).filter(state=ProposalState.ASKED).exclude(asked_user_id=actor.user_id).count()
    return count


def proposal(actor: Actor, proposal_id: int) -> ProposalRow:
    """Return one proposal (2 queries). Raises NoSuchProposal."""
    row = _visible(actor).filter(pk=proposal_id).first()
    if row is None:
        raise NoSuchProposal(msgid("There is no such proposal among the tickets you may see; check the address."))
    return told([row], actor)[0]


def proposals_of(actor: Actor, ticket_ids: Iterable[int]) -> list[ProposalRow]:
    """Return the proposals for tickets, the newest first (2 queries)."""
    wanted = sorted(set(ticket_ids))
    return told(_visible(actor).filter(ticket__in=wanted).order_by("-asked_at", "-pk"), actor) if wanted else []


def told(rows: Iterable[Proposal], actor: Actor) -> list[ProposalRow]:
    """Return proposals as people read them."""
    given = list(rows)
    circuits: set[int] = {one["circuit"] for row in given for one in row.changes}
    circuits |= {row.circuit_id for row in given if row.circuit_id is not None}
    numbers = dict(Circuit.objects.filter(pk__in=circuits).values_list("pk", "number"))
    return [_row(row, actor, numbers) for row in given]


def _visible(actor: Actor) -> Any:
    rows = Proposal.objects.select_related("ticket__customer")
    if not actor.is_staff:
        return rows.none()
    return rows.filter(scope(actor, customer="ticket__customer_id", region="ticket__region_code"))


def _row(row: Proposal, actor: Actor, numbers: Mapping[int, str]) -> ProposalRow:
    own = row.asked_user_id is not None and row.asked_user_id == actor.user_id
    waits, approves = row.state == ProposalState.ASKED, actor.may(Permission.APPROVE)
    return ProposalRow(
        id=row.pk, ticket_id=row.ticket_id, ticket_number=row.ticket.number, customer_name=row.ticket.customer.name,
        customer_id=row.ticket.customer_id, circuit_number=numbers.get(row.circuit_id or 0, ""), from_at=row.from_at,
        to_at=row.to_at, responsibility=row.responsibility,
        responsibility_label=str(Responsibility(row.responsibility).label),
        was_label=str(Responsibility(row.was).label),
        why=row.why, state=row.state, state_label=str(ProposalState(row.state).label), asked_by=row.asked_by,
        asked_at=row.asked_at, decided_by=row.decided_by, decided_at=row.decided_at, decided_why=row.decided_why,
        changes=tuple(_change(one, numbers) for one in row.changes), may_approve=waits and approves and not own,
        may_refuse=waits and (approves or own), is_own=own,
    )  # fmt: skip


def _change(one: Mapping[str, Any], numbers: Mapping[int, str]) -> Change:
    before, after = one["before"], one["after"]
    return Change(
        date.fromisoformat(one["month"]), one["circuit"], numbers.get(one["circuit"], ""), before["down_s"],
        after["down_s"], before["excluded_s"] + before["planned_s"], after["excluded_s"] + after["planned_s"],
        before["outages"], after["outages"],
    )  # fmt: skip
