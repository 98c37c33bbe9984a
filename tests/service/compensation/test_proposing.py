"""What is owed is proposed once; what changes is reversed and proposed anew; nothing is lost (H8, PC 15)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.compensation import Amount, AmountUnit, Clause, ClauseKind, ClauseSet
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.models import Circuit
from mainstay.platform.journal.models import Entry
from mainstay.service.compensation import effects
from mainstay.service.compensation.actions import deciding, proposing
from mainstay.service.compensation.actions.clauses import Place, end, revise
from mainstay.service.compensation.errors import BadClaim, WrongStep
from mainstay.service.compensation.models import Claim
from mainstay.service.compensation.month_facts import facts_of
from mainstay.service.service_levels import actions as levels
from mainstay.service.tickets.events import TicketChanged
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.service.compensation.stage import (
    HOURS,
    STEPS,
    SWEEPER,
    WAIVED,
    all_of_them,
    claims,
    clauses,
    close,
    faulty_september,
    late_repair,
    sweep,
)
from tests.service.service_levels.stage import OVER, SEPTEMBER, on, outage, ticket

RENT = 880_000


@pytest.fixture
def month(world: World, leader: Actor) -> tuple[Ticket, Ticket]:
    """Close a September in which 9,600 s count: 99.63 %."""
    clauses(world)
    found = faulty_september(world)
    close()
    return found


def test_it_works(world: World, month: tuple[Ticket, Ticket]) -> None:
    assert claims(world.circuit) == [("reckoned", "proposed", RENT * 5 // 100)]
    claim = Claim.objects.get()
    assert (claim.customer_id, claim.contract_id, claim.month) == (world.bank.pk, world.contract.pk, SEPTEMBER)
    assert (claim.clause_name, claim.result_version, claim.proposed_user_id) == ("可用率阶梯", 1, None)
    assert [line["code"] for line in claim.lines] == ["price", "rent", "not_ours", "availability", "step", "total"]
    entry = Entry.objects.get(action="compensation.propose")
    assert (entry.object_label, entry.customer_id) == (claim.number, world.bank.pk)


def test_the_same_facts_are_proposed_once(world: World, month: tuple[Ticket, Ticket]) -> None:
    for _ in range(2):
        effects.ask_month(SEPTEMBER, f"again{_}", at=OVER)
        sweep()
    assert proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER) == 0
    assert len(claims(world.circuit)) == 1


def dispute(theirs: Ticket, side: str, officer: Actor, leader: Actor) -> None:
    proposal = levels.propose_responsibility(theirs.pk, side, "机房温度记录", OVER, officer)
    levels.decide(proposal.pk, True, "同意", OVER, leader)
    sweep()


def test_a_revised_result_replaces_what_was_only_proposed(
    world: World, month: tuple[Ticket, Ticket], officer: Actor, leader: Actor
) -> None:
    dispute(month[1], "operator", officer, leader)
    assert claims(world.circuit) == [("reckoned", "superseded", 44_000), ("reckoned", "proposed", 88_000)]


def test_a_revised_result_takes_back_what_was_granted_and_proposes_anew(
    world: World, month: tuple[Ticket, Ticket], officer: Actor, leader: Actor
) -> None:
    old = Claim.objects.get()
    deciding.approve(old.pk, at=OVER, by=leader)
    dispute(month[1], "operator", officer, leader)
    assert claims(world.circuit) == [
        ("reckoned", "approved", 44_000),
        ("reversal", "proposed", -44_000),
        ("reckoned", "proposed", 88_000),
    ]
    _, reversal, new = all_of_them()
    assert (reversal.reverses_id, new.waits_for_id, new.result_version) == (old.pk, reversal.pk, 2)
    with pytest.raises(WrongStep):
        deciding.approve(new.pk, at=OVER, by=leader)
    deciding.approve(reversal.pk, at=OVER, by=leader)
    deciding.approve(new.pk, at=OVER, by=leader)
    assert [c[1] for c in claims(world.circuit)] == ["reversed", "offset", "approved"]
    assert Claim.objects.get(pk=old.pk).facts == old.facts  # the old one still opens


def test_what_came_back_to_what_was_granted_leaves_it(
    world: World, month: tuple[Ticket, Ticket], officer: Actor, leader: Actor
) -> None:
    deciding.approve(Claim.objects.get().pk, at=OVER, by=leader)
    dispute(month[1], "operator", officer, leader)
    dispute(month[1], "customer", officer, leader)
    assert [c[1] for c in claims(world.circuit)] == ["approved", "superseded", "superseded"]


def test_what_is_no_longer_owed_is_taken_back(
    world: World, month: tuple[Ticket, Ticket], officer: Actor, leader: Actor
) -> None:
    deciding.approve(Claim.objects.get().pk, at=OVER, by=leader)
    dispute(month[0], "force_majeure", officer, leader)
    assert [c[:2] for c in claims(world.circuit)] == [("reckoned", "approved"), ("reversal", "proposed")]
    reversal = Claim.objects.get(kind="reversal")
    deciding.reject(reversal.pk, "仍按原结果赔", at=OVER, by=leader)
    proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER)
    assert [c[1] for c in claims(world.circuit)] == ["approved", "rejected"]


def test_what_was_rejected_is_not_proposed_again(world: World, month: tuple[Ticket, Ticket], leader: Actor) -> None:
    deciding.reject(Claim.objects.get().pk, "客户放弃", at=OVER, by=leader)
    assert proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER) == 0


def test_nothing_is_proposed_where_no_clause_holds(world: World, leader: Actor) -> None:
    faulty_september(world)
    close()
    assert all_of_them() == []


def test_clauses_that_changed_are_followed_when_somebody_asks(
    world: World, month: tuple[Ticket, Ticket], admin: Actor
) -> None:
    terms = Claim.objects.get().clause_terms
    assert terms is not None
    only_the_deepest = ClauseSet((replace(STEPS, steps=STEPS.steps[1:]),))
    revise(terms.pk, "赔偿条款", only_the_deepest, valid_from=date(2026, 9, 15), at=OVER, by=admin)
    proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER)
    assert claims(world.circuit) == [("reckoned", "superseded", 44_000)]


def test_a_late_repair_waives_the_rent_when_its_ticket_is_closed(world: World) -> None:
    clauses(world, WAIVED)
    of = ticket(world.circuit, on(10, 9), "operator")
    late_repair(of, world.circuit)
    event = TicketChanged(of.pk, of.customer_id, of.region_code, "closed", OVER)
    effects.on_ticket_changed(event, SWEEPER)
    sweep()
    assert claims(world.circuit) == [("reckoned", "proposed", RENT)]
    effects.on_ticket_changed(event, SWEEPER)
    sweep()
    assert len(claims(world.circuit)) == 1


def test_a_ticket_that_is_worked_on_pays_nothing_yet(world: World) -> None:
    clauses(world, WAIVED)
    of = ticket(world.circuit, on(10, 9), "operator")
    Ticket.objects.filter(pk=of.pk).update(status="resolved")
    late_repair(of, world.circuit)
    assert proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER) == 0


def test_a_late_repair_of_somebody_elses_fault_pays_nothing(world: World) -> None:
    clauses(world, WAIVED)
    of = ticket(world.circuit, on(10, 9), "customer")
    late_repair(of, world.circuit)
    assert proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER) == 0


def test_a_repair_and_the_months_availability_are_put_together_when_it_closes(world: World, leader: Actor) -> None:
    clauses(world, STEPS, HOURS)
    ours, _ = faulty_september(world)
    late_repair(ours, world.circuit)
    proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER)
    assert claims(world.circuit) == [("reckoned", "proposed", 17_600)]
    close()
    assert claims(world.circuit) == [("reckoned", "superseded", 17_600), ("reckoned", "proposed", 44_000)]


def test_the_rent_is_shared_and_counted_by_days(world: World, leader: Actor) -> None:
    clauses(world)
    faulty_september(world)
    Circuit.objects.filter(pk=world.branch_circuit.pk).update(contract_line=world.line)
    world.contract.starts_on = date(2026, 9, 16)
    world.contract.save()
    close()
    sharing = Circuit.objects.filter(contract_line=world.line).count()
    assert claims(world.circuit) == [("reckoned", "proposed", RENT * 15 // 30 // sharing * 5 // 100)]


def test_an_outage_over_the_end_of_a_month_is_one(world: World, leader: Actor) -> None:
    clauses(world, Clause("each", ClauseKind.EVENT, "每次中断", amount=Amount(Fraction(5000), AmountUnit.FEN)))
    faulty_september(world)
    outage(world.circuit, on(30, 23), on(31, 2), ticket=ticket(world.circuit, on(30, 23), "operator"))
    close()
    assert claims(world.circuit) == [("reckoned", "proposed", 10_000)]
    at = OVER + timedelta(days=1)
    levels.bring_up_to(at, SWEEPER)
    row = Circuit.objects.select_related("contract_line__contract").get(pk=world.circuit.pk)
    october = facts_of(date(2026, 10, 1), [row])[row.pk].facts
    assert [(event.continues, event.after) for event in october.events] == [(True, None)]


def test_clauses_of_the_contract_win_over_those_for_all(world: World, leader: Actor, manager: Actor) -> None:
    clauses(world)
    clauses(world, HOURS, place=Place(contract_id=world.contract.pk))
    faulty_september(world)
    close()
    assert all_of_them() == []


def test_clauses_that_ended_do_not_hold(world: World, leader: Actor, admin: Actor) -> None:
    terms = clauses(world)
    end(terms.pk, on=date(2026, 9, 30), at=OVER, by=admin)
    faulty_september(world)
    close()
    assert all_of_them() == []


def test_people_enter_what_no_clause_gives(world: World, manager: Actor, technician: Actor, outsider: Actor) -> None:
    new = proposing.NewClaim(world.bank.pk, date(2026, 9, 17), 12_345, "与客户协商", world.circuit.pk)
    claim = proposing.propose_by_hand(new, at=OVER, by=manager)
    assert (claim.kind, claim.status, claim.month, claim.contract_id) == (
        "manual", "proposed", SEPTEMBER, world.contract.pk,
    )  # fmt: skip
    assert proposing.review(SEPTEMBER, [world.circuit.pk], at=OVER, by=SWEEPER) == 0
    for actor in (technician, outsider):
        with pytest.raises(NotAllowed):
            proposing.propose_by_hand(new, at=OVER, by=actor)


@pytest.mark.parametrize(("amount", "why"), [(0, "x"), (-1, "x"), (1, " ")])
def test_a_manual_one_needs_amount_and_reason(world: World, manager: Actor, amount: int, why: str) -> None:
    with pytest.raises(BadClaim):
        proposing.propose_by_hand(proposing.NewClaim(world.bank.pk, SEPTEMBER, amount, why), at=OVER, by=manager)


def test_a_manual_one_names_a_circuit_of_that_customer(world: World, admin: Actor) -> None:
    new = proposing.NewClaim(world.bank.pk, SEPTEMBER, 1, "x", world.trade_circuit.pk)
    with pytest.raises(BadClaim):
        proposing.propose_by_hand(new, at=OVER, by=admin)
