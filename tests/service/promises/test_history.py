"""“Which promise held on 3 March?” is answered by what was laid down, and how circuits stood, on that day (PC 14)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.catalog.actions.profiles import NewTerm, activate_profile, add_terms, create_profile, revise_term
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts.actions import NewContract, NewLine, Revision, change_contract, register_contracts
from mainstay.accounts.contracts.models import Contract, SpecialTerm
from mainstay.domain.actor import Actor
from mainstay.network.inventory.actions.agreements import put_under_line
from mainstay.network.inventory.actions.grading import regrade_circuit
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.standing import spans
from mainstay.service.promises.errors import BadPromise, NoSuchCircuits
from mainstay.service.promises.explaining import Explained, explain
from tests.cast import World
from tests.service.promises.laying import applied, minutes, package

MARCH, SEPTEMBER = date(2026, 3, 3), date(2026, 9, 1)
IN_JUNE = datetime(2026, 6, 10, 3, tzinfo=UTC)
NEW = NewContract("HT-2026-0300", "C0001", "新协议", date(2025, 12, 1), date(2026, 1, 1),
                  lines=(NewLine(1, "leased-line", "AAA", 500_000),))  # fmt: skip


def on(actor: Actor, day: date, number: str = "WH-HS-E1-0001") -> Explained:
    """Return what held for a circuit on a day."""
    (found,), unknown = explain(actor, [number], day)
    assert unknown == []
    return found


def restoration(found: Explained) -> tuple[str, int]:
    """Return level and amount of the restoration promise."""
    promise = found.promises["restoration"]
    assert promise is not None
    return promise.level, int(promise.amount)


def special(world: World, amount: int, **owner: Any) -> SpecialTerm:
    """Agree a restoration from the begin of 2026 on."""
    return SpecialTerm.objects.create(metric="restoration", amount=amount, unit="natural_minutes",
                                      calendar=world.calendar_always, valid_from=date(2026, 1, 1), **owner)  # fmt: skip


def test_the_line_of_then_counts(world: World, admin: Actor, manager: Actor) -> None:
    special(world, 45, contract=world.contract)
    (other,) = register_contracts([NEW], at=IN_JUNE, by=admin)
    special(world, 30, contract=other)
    put_under_line(other.pk, 1, ["WH-HS-E1-0001"], at=IN_JUNE, by=manager)
    then, now = on(manager, MARCH), on(manager, SEPTEMBER)
    assert (then.contract, restoration(then)) == ("HT-2026-0001", ("contract", 45))
    assert (now.contract, restoration(now)) == ("HT-2026-0300", ("contract", 30))
    assert on(manager, date(2026, 6, 9)).contract == "HT-2026-0001"
    assert on(manager, date(2026, 6, 10)).contract == "HT-2026-0300"
    assert [one.end for one in spans(Circuit.objects.get(pk=world.circuit.pk))] == [None, date(2026, 6, 10)]


def test_the_grade_of_then_counts(world: World, admin: Actor) -> None:
    regrade_circuit(world.circuit.pk, "A", at=IN_JUNE, by=admin)
    assert (on(admin, MARCH).grade, restoration(on(admin, MARCH))) == ("AAA", ("grade", 60))
    assert (on(admin, SEPTEMBER).grade, restoration(on(admin, SEPTEMBER))) == ("A", ("grade", 180))


def test_several_changes_of_one_day_leave_what_was_before_it(world: World, admin: Actor) -> None:
    for grade in ("A", "AA", "III"):
        regrade_circuit(world.circuit.pk, grade, at=IN_JUNE, by=admin)
    assert (on(admin, MARCH).grade, on(admin, date(2026, 6, 10)).grade) == ("AAA", "III")


def test_the_profile_and_its_terms_of_then_count(world: World, admin: Actor) -> None:
    terms = Terms("restoration", Decimal(500), "natural_minutes", "24x7", date(2020, 1, 1))
    revise_term(world.profile.terms.get(grade="AAA").pk,
                Terms("restoration", Decimal(50), "natural_minutes", "24x7", date(2026, 5, 1)),
                at=IN_JUNE, by=admin)  # fmt: skip
    assert (restoration(on(admin, MARCH)), restoration(on(admin, date(2026, 5, 2)))) == (("grade", 60), ("grade", 50))
    other = create_profile("own", "自有", at=IN_JUNE, by=admin)
    add_terms(other.pk, [NewTerm(terms)], at=IN_JUNE, by=admin)
    activate_profile(other.pk, at=IN_JUNE, by=admin)
    assert restoration(on(admin, MARCH)) == ("grade", 60)
    assert restoration(on(admin, SEPTEMBER)) == ("default", 500)


def test_packages_and_contract_versions_of_then_count(world: World, admin: Actor) -> None:
    applied(world, package(world, "gold", minutes(45)), contract_id=world.contract.pk, valid_to=date(2026, 5, 1))
    wanted = Revision(
        date(2026, 7, 1), "汉江银行专线服务协议", None, (NewLine(2, "leased-line", "A", 100),), why="换条目"
    )
    special(world, 20, line=world.line)
    change_contract(world.contract.pk, wanted, at=IN_JUNE, by=admin)
    then, now = on(admin, MARCH), on(admin, SEPTEMBER)
    assert (then.version, then.position, restoration(then)) == (1, 1, ("contract_line", 20))
    assert [rival.level for rival in then.promises["restoration"].overridden] == ["contract_package", "grade"]
    assert (now.contract, restoration(now)) == ("", ("grade", 60))  # the line was dropped in version 2


def test_a_draft_promises_nothing(world: World, admin: Actor) -> None:
    special(world, 45, contract=world.contract)
    Contract.objects.filter(pk=world.contract.pk).update(status="draft")
    assert restoration(on(admin, SEPTEMBER)) == ("grade", 60)


def test_others_learn_nothing(world: World, manager: Actor, customer: Actor) -> None:
    found, unknown = explain(manager, ["WH-HS-E1-0001", world.logistics_circuit.number, "X-1"], SEPTEMBER)
    assert [one.number for one in found] == ["WH-HS-E1-0001"]
    assert unknown == [world.logistics_circuit.number, "X-1"]
    for actor in (world.actor("liu.fang"), world.actor("wu.tong"), world.actor("huang.wei")):
        with pytest.raises(NoSuchCircuits):
            explain(actor, ["WH-HS-E1-0001"], SEPTEMBER)
    with pytest.raises(BadPromise):
        explain(manager, [], SEPTEMBER)
    with pytest.raises(BadPromise):
        explain(manager, [f"N-{n}" for n in range(1_001)], SEPTEMBER)


def test_many_circuits_are_read_flat(world: World, admin: Actor, django_assert_max_num_queries: Any) -> None:
    applied(world, package(world, "gold", minutes(45)), customer_id=world.bank.pk)
    rows = [
        Circuit(number=f"N-{n}", customer=world.branch, contract_line=world.line, product=world.product, grade="AA",
                technology="mstp", reach="local", bandwidth_kbps=1, region_code="4201")
        for n in range(60)
    ]  # fmt: skip
    Circuit.objects.bulk_create(rows)
    regrade_circuit(Circuit.objects.get(number="N-1").pk, "A", at=IN_JUNE, by=admin)
    with django_assert_max_num_queries(22):
        found, _unknown = explain(admin, [f"N-{n}" for n in range(60)], MARCH)
    assert {one.grade for one in found} == {"AA"}
