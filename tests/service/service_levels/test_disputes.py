"""One proposes, another approves, the closed month gets a new version, the old one still opens (PC 15)."""

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.registry import handlers_of, listen
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.choices import LedgerState, Verdict
from mainstay.service.service_levels.errors import (
    NoSuchProposal,
    NoSuchResult,
    SecondPersonNeeded,
    WrongMonth,
    WrongProposal,
)
from mainstay.service.service_levels.events import ResultsRevised
from mainstay.service.service_levels.models import LedgerMonth
from mainstay.service.service_levels.queries import results
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.service.service_levels.stage import OVER, SEPTEMBER, on, outage, promise, ticket

HOUR = 3600


@pytest.fixture
def dispute(world: World, leader: Actor) -> Ticket:
    """The customer felt four hours; 1 h 20 min of them are said to be the customer's own fault. The month is closed."""
    promise(world, "99.5")
    LedgerMonth.objects.create(month=SEPTEMBER, reckoned_to=on(1))
    mine = ticket(world.circuit, on(10, 9), "operator")
    outage(world.circuit, on(10, 9), on(10, 11, 40), ticket=mine)
    theirs = ticket(world.circuit, on(10, 11, 40), "customer")
    outage(world.circuit, on(10, 11, 40), on(10, 13), ticket=theirs)
    actions.close_month(SEPTEMBER, OVER, world.actor("admin"))
    return theirs


def test_it_works(world: World, dispute: Ticket, officer: Actor, leader: Actor) -> None:
    before = results.circuit_result(leader, world.circuit.pk, SEPTEMBER)
    assert (before.contract.down_s, before.felt.down_s, before.version) == (9600, 4 * HOUR, 1)
    assert before.verdict == Verdict.MET
    proposal = actions.propose_responsibility(dispute.pk, "operator", "机房温度记录证明是我方", OVER, officer)
    assert proposal.changes[0]["before"]["down_s"] == 9600
    actions.decide(proposal.pk, True, "同意", OVER, leader)
    after = results.circuit_result(leader, world.circuit.pk, SEPTEMBER)
    assert (after.contract.down_s, after.version, after.verdict) == (4 * HOUR, 2, Verdict.MISSED)
    assert (after.contract.outages, after.contract.longest_s) == (1, 4 * HOUR)
    assert results.circuit_result(leader, world.circuit.pk, SEPTEMBER, 1).contract == before.contract
    old = results.evidence(leader, world.circuit.pk, SEPTEMBER, 1)
    new = results.evidence(leader, world.circuit.pk, SEPTEMBER)
    assert [span.state for span in old][2] == LedgerState.EXCLUDED
    assert [span.state for span in new][2] == LedgerState.DOWN
    assert new[2].proposal_id == proposal.pk
    assert Ticket.objects.get(pk=dispute.pk).responsibility == "operator"


def test_only_what_was_disputed_gets_a_new_version(
    world: World, dispute: Ticket, officer: Actor, leader: Actor
) -> None:
    proposal = actions.propose_responsibility(dispute.pk, "operator", "x", OVER, officer)
    actions.decide(proposal.pk, True, "", OVER, leader)
    other = results.circuit_result(leader, world.branch_circuit.pk, SEPTEMBER)
    assert (other.version, other.contract.down_s) == (2, 0)
    assert results.months(leader)[0].circuits == results.months(leader)[0].circuits == 3


def test_nobody_approves_what_they_proposed(dispute: Ticket, leader: Actor) -> None:
    proposal = actions.propose_responsibility(dispute.pk, "operator", "x", OVER, leader)
    with pytest.raises(SecondPersonNeeded):
        actions.decide(proposal.pk, True, "", OVER, leader)
    assert actions.decide(proposal.pk, False, "看错了", OVER, leader).state == "refused"


def test_who_may_not_approve_is_refused(dispute: Ticket, officer: Actor, technician: Actor) -> None:
    proposal = actions.propose_responsibility(dispute.pk, "operator", "x", OVER, officer)
    with pytest.raises(NotAllowed):
        actions.decide(proposal.pk, True, "", OVER, technician)


def test_customers_neither_propose_nor_decide(
    dispute: Ticket, officer: Actor, customer: Actor, outsider: Actor
) -> None:
    with pytest.raises(NotAllowed):
        actions.propose_responsibility(dispute.pk, "operator", "x", OVER, customer)
    proposal = actions.propose_responsibility(dispute.pk, "operator", "x", OVER, officer)
    for actor in (customer, outsider):
        with pytest.raises(NoSuchProposal):
            actions.decide(proposal.pk, True, "", OVER, actor)


def test_a_part_of_a_planned_stretch_can_be_made_to_count(world: World, officer: Actor, leader: Actor) -> None:
    mine = ticket(world.circuit, on(10, 9))
    outage(world.circuit, on(10, 9), on(10, 11), ticket=mine, planned=True)
    actions.close_month(SEPTEMBER, OVER, world.actor("admin"))
    with pytest.raises(WrongProposal, match="Nothing changes"):
        actions.propose_responsibility(mine.pk, "operator", "公告没有送到", OVER, officer)
    proposal = actions.propose_responsibility(
        mine.pk,
        "operator",
        "公告没有送到",
        OVER,
        officer,
        circuit_id=world.circuit.pk,
        from_at=on(10, 10),
        to_at=on(10, 11),
    )
    actions.decide(proposal.pk, True, "", OVER, leader)
    found = results.circuit_result(leader, world.circuit.pk, SEPTEMBER)
    assert (found.contract.planned_s, found.contract.down_s) == (HOUR, HOUR)


def test_what_else_happened_since_the_closing_does_not_find_its_way_in(
    world: World, dispute: Ticket, officer: Actor, leader: Actor
) -> None:
    outage(world.circuit, on(20, 1), on(20, 9))
    actions.bring_up_to(OVER, leader)
    proposal = actions.propose_responsibility(dispute.pk, "operator", "x", OVER, officer)
    actions.decide(proposal.pk, True, "", OVER, leader)
    assert results.circuit_result(leader, world.circuit.pk, SEPTEMBER).contract.down_s == 4 * HOUR


def test_a_second_proposal_waits_for_the_first(dispute: Ticket, officer: Actor) -> None:
    actions.propose_responsibility(dispute.pk, "operator", "x", OVER, officer)
    with pytest.raises(WrongProposal, match="waits for approval"):
        actions.propose_responsibility(dispute.pk, "force_majeure", "x", OVER, officer)


@pytest.mark.parametrize(("side", "why"), [("", "x"), ("nobody", "x"), ("operator", " ")])
def test_a_bad_proposal_is_refused(dispute: Ticket, officer: Actor, side: str, why: str) -> None:
    with pytest.raises(WrongProposal):
        actions.propose_responsibility(dispute.pk, side, why, OVER, officer)


def test_a_decided_proposal_is_not_decided_again(dispute: Ticket, officer: Actor, leader: Actor) -> None:
    proposal = actions.propose_responsibility(dispute.pk, "operator", "x", OVER, officer)
    actions.decide(proposal.pk, True, "", OVER, leader)
    with pytest.raises(WrongProposal, match="decided by"):
        actions.decide(proposal.pk, True, "", OVER, leader)


def test_a_revision_is_announced_with_its_circuits(
    world: World, dispute: Ticket, officer: Actor, leader: Actor
) -> None:
    heard: list[ResultsRevised] = []
    before = handlers_of(ResultsRevised)
    listen(ResultsRevised, lambda event, by: heard.append(event))
    try:
        proposal = actions.propose_responsibility(dispute.pk, "operator", "证据", OVER, officer)
        actions.decide(proposal.pk, True, "", OVER, leader)
    finally:
        listen(ResultsRevised, *before)
    assert heard == [ResultsRevised(SEPTEMBER, 2, (world.circuit.pk,), "证据")]


def test_a_month_is_closed_once_and_not_before_its_end(
    world: World, dispute: Ticket, leader: Actor, officer: Actor
) -> None:
    with pytest.raises(WrongMonth, match="closed by"):
        actions.close_month(SEPTEMBER, OVER, world.actor("admin"))
    with pytest.raises(WrongMonth, match="still runs"):
        actions.close_month(SEPTEMBER.replace(month=10), OVER, leader)
    with pytest.raises(NotAllowed):
        actions.close_month(SEPTEMBER, OVER, officer)


def test_whoever_may_not_see_a_circuit_learns_nothing_of_its_result(
    world: World, dispute: Ticket, outsider: Actor, customer: Actor
) -> None:
    assert results.circuit_result(customer, world.circuit.pk, SEPTEMBER).felt.down_s == 4 * HOUR
    assert all(span.impact_ids == () for span in results.evidence(customer, world.circuit.pk, SEPTEMBER))
    for ask in (results.circuit_result, results.evidence):
        with pytest.raises(NoSuchResult):
            ask(outsider, world.circuit.pk, SEPTEMBER)
    with pytest.raises(NoSuchResult):
        results.customer_result(outsider, world.bank.pk, SEPTEMBER)


def test_who_does_not_see_all_of_a_month_does_not_close_it(world: World, leader: Actor) -> None:
    with pytest.raises(NotAllowed, match="see all circuits"):
        actions.close_month(SEPTEMBER, OVER, leader)
