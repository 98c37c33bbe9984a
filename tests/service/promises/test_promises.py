"""The most specific promise wins, says why, and is frozen as it was (promise-clocks 14, 26)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from mainstay.accounts.catalog.actions.profiles import NewTerm, activate_profile, add_terms, create_profile, end_term
from mainstay.accounts.catalog.errors import BadTerm
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.errors import NoSuchCircuit
from mainstay.network.inventory.models import Circuit
from mainstay.platform.journal.models import Entry
from mainstay.service.promises import queries
from mainstay.service.promises.actions import end_circuit_term, set_circuit_term
from mainstay.service.promises.errors import BadPromise, NoSuchCircuitTerm
from mainstay.service.promises.holding import HoldingPromise
from tests.cast import NOW, World

BEGIN = date(2026, 1, 1)
TERMS = Terms("restoration", Decimal(30), "natural_minutes", "24x7", BEGIN)


def holds(circuit: Circuit, metric: str = "restoration") -> HoldingPromise:
    found = queries.promise_for(circuit.pk, metric, NOW)
    assert found is not None
    return found


def special(world: World, amount: int, **place: Any) -> None:
    SpecialTerm.objects.create(
        metric="restoration", amount=amount, unit="natural_minutes", calendar=world.calendar_always, valid_from=BEGIN,
        **place,
    )  # fmt: skip


def test_it_works(world: World) -> None:
    found = holds(world.circuit)
    assert (found.amount, found.unit, found.calendar) == (60, "natural_minutes", "24x7")
    assert (found.level, found.label, found.profile, found.version) == ("grade", "AAA", "S3", 1)
    with translation.override("en"):
        assert found.sentence() == "circuit grade AAA: 60 minutes"
        assert found.reason() == "The only promise that holds: circuit grade AAA."


def test_each_level_overrides_those_below(world: World, admin: Actor) -> None:
    circuit = world.circuit
    add_terms(world.profile.pk, [NewTerm(replace(TERMS, amount=Decimal(999)))], at=NOW, by=admin)
    assert [rival.level for rival in holds(circuit).overridden] == ["default"]
    special(world, 55, customer=world.bank)
    assert (holds(circuit).level, holds(circuit).amount) == ("customer", 55)
    special(world, 50, contract=world.contract)
    assert (holds(circuit).level, holds(circuit).label) == ("contract", "HT-2026-0001")
    special(world, 45, line=world.line)
    assert (holds(circuit).level, holds(circuit).amount) == ("contract_line", 45)
    set_circuit_term(circuit.pk, TERMS, why="重保", at=NOW, by=admin)
    found = holds(circuit)
    assert (found.level, found.amount) == ("circuit", 30)
    assert [rival.level for rival in found.overridden] == ["contract_line", "contract", "customer", "grade", "default"]


def test_a_group_s_term_holds_for_its_subsidiaries_unless_they_have_their_own(world: World) -> None:
    special(world, 55, customer=world.bank)
    assert (holds(world.branch_circuit).amount, holds(world.branch_circuit).label) == (55, "汉江银行股份有限公司")
    special(world, 50, customer=world.branch)
    assert holds(world.branch_circuit).amount == 50
    assert holds(world.logistics_circuit).level == "grade"


def test_a_contract_s_terms_hold_only_while_it_runs(world: World) -> None:
    special(world, 45, line=world.line)
    special(world, 50, contract=world.contract)
    world.contract.ends_on = date(2026, 9, 1)
    world.contract.save(update_fields=["ends_on"])
    assert holds(world.circuit).level == "grade"


def test_overlapping_terms_are_shown_and_the_last_to_begin_wins(world: World) -> None:
    special(world, 45, line=world.line)
    special(world, 40, line=world.line)
    found = holds(world.circuit)
    assert (found.why, [rival.amount for rival in found.overlaps]) == ("latest_of_overlapping", [45])


def test_within_a_level_product_and_reach_make_a_term_more_exact(world: World, admin: Actor) -> None:
    terms = [
        NewTerm(replace(TERMS, amount=Decimal(70)), grade="AAA", reach="province"),
        NewTerm(replace(TERMS, amount=Decimal(71)), grade="AAA", reach="country"),
        NewTerm(replace(TERMS, amount=Decimal(80)), grade="AAA", product="leased-line"),
        NewTerm(replace(TERMS, amount=Decimal(90)), product="leased-line"),
    ]
    add_terms(world.profile.pk, terms[:2], at=NOW, by=admin)
    assert (holds(world.circuit).amount, holds(world.circuit).overlaps) == (70, ())
    add_terms(world.profile.pk, terms[2:], at=NOW, by=admin)
    found = holds(world.circuit)
    assert (found.level, found.amount, [rival.level for rival in found.overridden]) == ("grade", 80, ["product"])


def test_the_day_is_that_of_the_operator_s_zone(world: World, admin: Actor) -> None:
    set_circuit_term(world.circuit.pk, replace(TERMS, valid_from=date(2026, 9, 2)), why="升级", at=NOW, by=admin)
    at_midnight = NOW + timedelta(hours=16)
    before = queries.promise_for(world.circuit.pk, "restoration", at_midnight - timedelta(seconds=1))
    after = queries.promise_for(world.circuit.pk, "restoration", at_midnight)
    assert before is not None
    assert after is not None
    assert (before.level, after.level) == ("grade", "circuit")


def test_nothing_promised_is_none(world: World) -> None:
    assert queries.promise_for(world.circuit.pk, "response", NOW) is None
    assert queries.promises_for([10**9], "restoration", NOW) == {}
    assert [promise.metric for promise in queries.all_promises(world.circuit.pk, NOW)] == ["restoration"]


def test_a_frozen_promise_comes_back_as_it_was(world: World) -> None:
    special(world, 45, line=world.line)
    special(world, 40, line=world.line)
    found = holds(world.circuit)
    assert HoldingPromise.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_another_profile_changes_what_holds_but_not_what_is_frozen(world: World, admin: Actor) -> None:
    frozen = holds(world.circuit).as_json()
    other = create_profile("own", "自有", at=NOW, by=admin)
    add_terms(other.pk, [NewTerm(replace(TERMS, amount=Decimal(500)))], at=NOW, by=admin)
    activate_profile(other.pk, at=NOW, by=admin)
    assert (holds(world.circuit).profile, holds(world.circuit).level) == ("own", "default")
    assert HoldingPromise.from_json(frozen).amount == 60


def test_an_ended_term_holds_no_more(world: World, admin: Actor) -> None:
    term = world.profile.terms.get(grade="AAA")
    end_term(term.pk, on=date(2026, 9, 1), at=NOW, by=admin)
    assert queries.promise_for(world.circuit.pk, "restoration", NOW) is None


def test_a_storm_is_read_flat(world: World, django_assert_max_num_queries: Any) -> None:
    special(world, 55, customer=world.bank)
    Product.objects.create(code="x", name="x", name_en="x")
    more = [
        Circuit(
            number=f"N-{n}", customer=world.branch, contract_line=world.line, product=world.product, grade="AA",
            technology="mstp", reach="local", bandwidth_kbps=1, region_code="4201",
        )
        for n in range(40)
    ]  # fmt: skip
    circuits = [world.circuit, *Circuit.objects.bulk_create(more)]
    with django_assert_max_num_queries(10):
        found = queries.promises_for([circuit.pk for circuit in circuits], "restoration", NOW)
    assert {promise.amount for promise in found.values()} == {55}
    assert len(found) == 41


def test_a_circuit_s_own_term_is_set_and_ended_with_its_reason(world: World, admin: Actor) -> None:
    term = set_circuit_term(world.circuit.pk, TERMS, why="两会重保", at=NOW, by=admin)
    entry = Entry.objects.get(action="circuit.term")
    assert (entry.why, entry.customer_id) == ("两会重保", world.bank.pk)
    end_circuit_term(term.pk, on=date(2026, 9, 1), at=NOW, by=admin)
    assert holds(world.circuit).level == "grade"
    with pytest.raises(BadPromise):
        end_circuit_term(term.pk, on=BEGIN, at=NOW, by=admin)
    assert [row.pk for row in queries.circuit_terms(world.circuit.pk)] == [term.pk]


def test_who_may_not(world: World, admin: Actor, officer: Actor, customer: Actor) -> None:
    for actor in (officer, customer):
        with pytest.raises(NotAllowed):
            set_circuit_term(world.circuit.pk, TERMS, why="想要", at=NOW, by=actor)
    term = set_circuit_term(world.circuit.pk, TERMS, why="重保", at=NOW, by=admin)
    elsewhere = replace(admin, regions=("44",))
    with pytest.raises(NoSuchCircuit):
        set_circuit_term(world.circuit.pk, TERMS, why="想要", at=NOW, by=elsewhere)
    with pytest.raises(NoSuchCircuitTerm):
        end_circuit_term(term.pk, on=date(2026, 9, 1), at=NOW, by=elsewhere)


@pytest.mark.parametrize(
    "change", [{"calendar": "moon"}, {"amount": Decimal(0)}, {"unit": "percent"}, {"valid_to": BEGIN}, {"metric": "x"}]
)
def test_what_is_refused(world: World, admin: Actor, change: dict[str, Any]) -> None:
    with pytest.raises(BadTerm, match="WH-HS-E1-0001"):
        set_circuit_term(world.circuit.pk, replace(TERMS, **change), why="重保", at=NOW, by=admin)
    with pytest.raises(BadPromise, match="needs a reason"):
        set_circuit_term(world.circuit.pk, TERMS, why=" ", at=NOW, by=admin)
