"""Clauses as data: versions, the most specific wins, overlaps shown, what is shipped, trying out (D2, PC 14)."""

from datetime import date

import pytest

from mainstay.accounts.catalog.models import PromiseProfile
from mainstay.domain.actor import Actor
from mainstay.domain.compensation import BadClauses, Clause, ClauseKind, ClauseSet, clause_set_from
from mainstay.domain.errors import NotAllowed, NotFound
from mainstay.network.inventory.models import Circuit
from mainstay.service.compensation.actions import clauses as actions
from mainstay.service.compensation.actions.clauses import NewTerms, Place
from mainstay.service.compensation.errors import BadClaim, BadTerms
from mainstay.service.compensation.holding import HoldingClauses, clauses_for
from mainstay.service.compensation.models import ClauseTerms
from mainstay.service.compensation.queries import clauses as queries
from mainstay.service.compensation.shipped import S1
from tests.cast import World
from tests.service.compensation.stage import HOURS, STEPS, clauses, close, faulty_september
from tests.service.service_levels.stage import OVER, SEPTEMBER


def holding(world: World, month: date = SEPTEMBER) -> HoldingClauses | None:
    row = Circuit.objects.select_related("contract_line__contract").get(pk=world.circuit.pk)
    return clauses_for([row], month).get(row.pk)


def test_it_works(world: World) -> None:
    terms = clauses(world)
    found = holding(world)
    assert found is not None
    assert (found.terms_id, found.level, found.why) == (terms.pk, "default", "only_one")
    assert holding(world, date(2025, 12, 1)) is None


def test_the_most_specific_wins_in_order(world: World) -> None:
    places = (
        Place(), Place(product=world.product.code), Place(grade="AAA"), Place(customer_id=world.bank.pk),
        Place(contract_id=world.contract.pk), Place(contract_id=world.contract.pk, position=1),
        Place(circuit_id=world.circuit.pk),
    )  # fmt: skip
    levels = []
    for place in places:
        clauses(world, place=place)
        found = holding(world)
        assert found is not None
        levels.append((found.level, len(found.overridden)))
    assert levels == [
        ("default", 0), ("product", 1), ("grade", 2), ("customer", 3), ("contract", 4), ("contract_line", 5),
        ("circuit", 6),
    ]  # fmt: skip


def test_overlaps_are_shown_and_the_latest_wins(world: World) -> None:
    old, new = clauses(world), clauses(world, HOURS, begin=date(2026, 6, 1))
    found = holding(world)
    assert found is not None
    assert (found.terms_id, [rival.terms_id for rival in found.overlaps]) == (new.pk, [old.pk])
    assert found.reason()


def test_a_set_of_a_profile_holds_while_that_profile_is_in_force(world: World) -> None:
    PromiseProfile.objects.create(code="s1", name="S1")
    clauses(world, place=Place(profile="s1"))
    assert holding(world) is None
    clauses(world, place=Place(profile="S3"))
    assert holding(world) is not None


def test_the_group_of_a_customer_lends_its_clauses(world: World) -> None:
    clauses(world, place=Place(customer_id=world.bank.pk))
    row = Circuit.objects.select_related("contract_line__contract").get(pk=world.branch_circuit.pk)
    assert clauses_for([row], SEPTEMBER)[row.pk].level == "customer"


def test_a_change_makes_a_version_and_the_old_one_stays(world: World, admin: Actor) -> None:
    old = clauses(world)
    new = actions.revise(old.pk, "新条款", ClauseSet((HOURS,)), valid_from=date(2026, 10, 1), at=OVER, by=admin)
    old.refresh_from_db()
    assert (new.version, old.valid_to, new.before_id) == (2, date(2026, 10, 1), old.pk)
    september, october = holding(world), holding(world, date(2026, 10, 1))
    assert september is not None
    assert october is not None
    assert (september.terms_id, october.terms_id) == (old.pk, new.pk)
    assert [row.version for row in queries.versions(admin, new, on=date(2026, 10, 5))] == [2, 1]


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2025, 1, 1)])
def test_a_change_from_before_the_begin_is_refused(world: World, admin: Actor, on: date) -> None:
    with pytest.raises(BadTerms):
        actions.revise(clauses(world).pk, "x", ClauseSet((HOURS,)), valid_from=on, at=OVER, by=admin)


def test_unsound_clauses_are_refused(world: World, admin: Actor) -> None:
    bad = ClauseSet((Clause("x", ClauseKind.EVENT),))
    with pytest.raises(BadClauses):
        actions.lay_down(NewTerms("x", bad, SEPTEMBER), at=OVER, by=admin)


def test_managers_agree_clauses_with_their_customers_and_not_for_all(world: World, manager: Actor) -> None:
    mine = NewTerms("合同条款", ClauseSet((STEPS,)), SEPTEMBER, place=Place(contract_id=world.contract.pk))
    assert actions.lay_down(mine, at=OVER, by=manager).level == "contract"
    with pytest.raises(NotAllowed):
        actions.lay_down(NewTerms("x", ClauseSet((STEPS,)), SEPTEMBER), at=OVER, by=manager)
    with pytest.raises(NotFound):
        actions.lay_down(mine, at=OVER, by=world.actor("liu.fang"))


def test_others_do_not_read_what_was_agreed(world: World, outsider: Actor, customer: Actor) -> None:
    own = clauses(world, place=Place(customer_id=world.bank.pk))
    everybodys = clauses(world)
    assert [row.pk for row in queries.visible_to(world.actor("liu.fang"))] == [everybodys.pk]
    assert {row.pk for row in queries.visible_to(world.actor("wang.min"))} == {own.pk, everybodys.pk}
    assert not queries.visible_to(outsider).exists()


def test_what_is_shipped_invents_no_figures(world: World, admin: Actor) -> None:
    for code in ("s1", "s3", "s4"):
        PromiseProfile.objects.get_or_create(code=code, defaults={"name": code})
    assert actions.load_shipped(at=OVER, by=admin) == 4
    assert actions.load_shipped(at=OVER, by=admin) == 0
    by_code = {row.profile.code: row for row in ClauseTerms.objects.exclude(profile=None).select_related("profile")}
    assert clause_set_from(by_code["s1"].terms) == S1
    assert all(clause_set_from(by_code[code].terms).clauses == () for code in ("s3", "s4"))
    assert holding(world) is None  # the example never holds


def test_trying_out_writes_nothing_and_says_why(world: World, leader: Actor) -> None:
    faulty_september(world)
    close()
    found = queries.try_out(leader, "WH-HS-E1-0001", SEPTEMBER, ClauseSet((STEPS,)), name="草案")
    assert (found.amount_fen, found.closed, found.name) == (44_000, True, "草案")
    assert found.lines[-1].endswith("440.00.") or "440.00" in found.lines[-1]
    assert queries.try_out(leader, "WH-HS-E1-0001", SEPTEMBER).amount_fen == 0
    with pytest.raises(BadClaim):
        queries.try_out(leader, "GZ-GZ-E1-0004", SEPTEMBER)
