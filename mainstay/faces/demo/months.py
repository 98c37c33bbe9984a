"""The demo's service levels: last month closed, this one reckoned, one result in dispute."""

from datetime import datetime, timedelta

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import actor_named
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.choices import LedgerState
from mainstay.service.service_levels.errors import WrongProposal
from mainstay.service.service_levels.months import bounds, month_of, previous
from mainstay.service.service_levels.queries import results

CLOSER, DISPUTER = "admin", "li.qiang"


def close_last(*, at: datetime, by: Actor) -> int:
    """Close the last month, reckon this one, and leave one proposal for a second person; return circuits missed.

    The province's books begin before its history: what is not told of was up.
    """
    month = previous(month_of(at))
    actions.begin_month(month, data_from=None)
    actions.begin_month(month_of(at), data_from=None)
    closer = actor_named(CLOSER) or by
    closed_at = min(at, bounds(month)[1] + timedelta(days=2, hours=2))
    actions.close_month(month, closed_at, closer)
    actions.bring_up_to(at, by)
    late = list(results.missed(month))
    _dispute([one.circuit_id for one in late], at=at, by=by)
    return len(late)


def _dispute(circuit_ids: list[int], *, at: datetime, by: Actor) -> None:
    """Let the duty officer propose that a customer is responsible for their longest outage."""
    month, officer = previous(month_of(at)), actor_named(DISPUTER) or by
    for circuit_id in circuit_ids[:20]:
        spans = results.evidence(by, circuit_id, month)
        down = [span for span in spans if span.state == LedgerState.DOWN and span.ticket_id is not None]
        longest = max(down, key=lambda span: span.seconds, default=None)
        if longest is None or longest.ticket_id is None:
            continue
        try:
            actions.propose_responsibility(
                longest.ticket_id, "customer", "客户机房 UPS 检修，提供了停电通知与值班记录", at, officer,
                circuit_id=circuit_id, from_at=longest.from_at, to_at=longest.to_at,
            )  # fmt: skip
        except WrongProposal:
            continue
        return
