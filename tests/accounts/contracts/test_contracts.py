"""Contracts are registered with lines and special terms, end once, and show before they expire."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.catalog.errors import BadTerm
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts import queries
from mainstay.accounts.contracts.actions import (
    NewContract,
    NewLine,
    agree_contract_terms,
    agree_terms,
    end_contract,
    register_contracts,
)
from mainstay.accounts.contracts.errors import BadContract, NoSuchContract
from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.models import Entry
from mainstay.platform.search.queries import find
from tests.cast import NOW, World

TERMS = Terms("restoration", Decimal(45), "natural_minutes", "24x7", date(2026, 9, 1))
NEW = NewContract(
    "HT-2026-0100",
    "C0002",
    "黄石分行组网协议",
    date(2026, 8, 1),
    date(2026, 9, 1),
    date(2027, 9, 1),
    lines=(NewLine(1, "leased-line", "AAA", 500_000, terms=(TERMS,)), NewLine(2, "leased-line", "A", 100_000)),
    terms=(replace(TERMS, amount=Decimal(90)),),
)


def test_it_works(world: World, admin: Actor, customer: Actor) -> None:
    (made,) = register_contracts([NEW], at=NOW, by=admin)
    found = queries.contract(customer, made.pk)
    assert [(line.position, line.grade, line.terms.count()) for line in found.lines.all()] == [
        (1, "AAA", 1),
        (2, "A", 0),
    ]
    assert [term.amount for term in found.terms.all()] == [90]
    entry = Entry.objects.get(action="contract.register")
    assert (entry.customer_id, entry.after["lines"][0]["product"]) == (world.branch.pk, "leased-line")
    for text in ("HT20260100", "组网协议"):
        assert ("contract", str(made.pk)) in [(f.kind, f.id) for f in find(text, admin)]


def test_an_account_manager_registers_contracts_of_the_portfolio_only(world: World, manager: Actor) -> None:
    (made,) = register_contracts([NEW], at=NOW, by=manager)
    assert made.customer == world.branch
    with pytest.raises(BadContract, match="no customer C0003"):
        register_contracts([replace(NEW, number="HT-2026-0101", customer="C0003")], at=NOW, by=manager)
    with pytest.raises(NoSuchContract):
        agree_contract_terms(world.logistics_contract.pk, [TERMS], at=NOW, by=manager)


def test_a_line_that_is_not_there_and_an_ended_contract_take_no_terms(world: World, manager: Actor) -> None:
    with pytest.raises(BadContract, match="has no line 7"):
        agree_contract_terms(world.contract.pk, [TERMS], position=7, at=NOW, by=manager)
    end_contract(world.contract.pk, on=date(2026, 9, 1), at=NOW, by=manager)
    with pytest.raises(BadContract, match="ended on"):
        agree_contract_terms(world.contract.pk, [TERMS], at=NOW, by=manager)


def test_who_may_not(world: World, officer: Actor, customer: Actor) -> None:
    for actor in (officer, customer):
        with pytest.raises(NotAllowed):
            register_contracts([NEW], at=NOW, by=actor)
        with pytest.raises(NotAllowed):
            end_contract(world.contract.pk, on=date(2026, 9, 1), at=NOW, by=actor)
        with pytest.raises(NotAllowed):
            agree_terms(world.bank.pk, [TERMS], at=NOW, by=actor)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "HT-2026-0001"}, "is registered already"),
        ({"number": " "}, "has no number"),
        ({"customer": "C9999"}, "no customer C9999"),
        ({"ends_on": date(2026, 9, 1)}, "not after its begin"),
        ({"lines": (NewLine(0, "leased-line", "A"),)}, "position 0"),
        ({"lines": (NewLine(1, "leased-line", "A"), NewLine(1, "leased-line", "A"))}, "position 1"),
        ({"lines": (NewLine(1, "smoke", "A"),)}, "product “smoke”"),
        ({"lines": (NewLine(1, "leased-line", "Z"),)}, "grade “Z”"),
        ({"lines": (NewLine(1, "leased-line", "A", -1),)}, "price -1"),
    ],
)
def test_what_is_refused(world: World, admin: Actor, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadContract, match=said):
        register_contracts([replace(NEW, **change)], at=NOW, by=admin)
    with pytest.raises(BadContract, match="given twice"):
        register_contracts([NEW, NEW], at=NOW, by=admin)
    with pytest.raises(BadTerm, match="HT-2026-0100"):
        register_contracts([replace(NEW, terms=(replace(TERMS, unit="percent"),))], at=NOW, by=admin)
    assert Contract.objects.count() == 2


def test_a_contract_ends_once(world: World, admin: Actor) -> None:
    with pytest.raises(BadContract, match="cannot end"):
        end_contract(world.contract.pk, on=date(2025, 1, 1), at=NOW, by=admin)
    end_contract(world.contract.pk, on=date(2026, 10, 1), at=NOW, by=admin.because("客户退租"))
    assert Entry.objects.get(action="contract.end").before == {"status": "active", "ends_on": None}
    with pytest.raises(BadContract, match="ended on 2026-10-01 already"):
        end_contract(world.contract.pk, on=date(2026, 10, 1), at=NOW, by=admin)


def test_terms_are_agreed_for_a_whole_customer(world: World, admin: Actor) -> None:
    agree_terms(world.bank.pk, [TERMS], at=NOW, by=admin)
    assert [term.amount for term in queries.customer_terms([world.bank.pk])] == [45]
    assert queries.customer_terms([world.branch.pk]) == []
    with pytest.raises(NoSuchCustomer):
        agree_terms(world.bank.pk, [TERMS], at=NOW, by=replace(admin, regions=("44",)))


def test_only_what_one_may_see_is_read(world: World, manager: Actor, outsider: Actor, officer: Actor) -> None:
    assert [c.number for c in queries.by_customer(manager, world.bank.pk)] == ["HT-2026-0001"]
    assert queries.by_customer(outsider, world.bank.pk) == []
    assert [c.number for c in queries.contract_list(outsider)] == ["HT-2026-0002"]
    assert queries.contract_list(officer, text="汉江")[0].monthly_fen == 880_000
    for read in (queries.contract, queries.visible_contract):
        with pytest.raises(NoSuchContract):
            read(outsider, world.contract.pk)


def test_contracts_about_to_end_are_listed(world: World, admin: Actor, officer: Actor, outsider: Actor) -> None:
    register_contracts([NEW], at=NOW, by=admin)
    assert [c.number for c in queries.expiring(officer, date(2027, 10, 1), after=date(2026, 9, 1))] == ["HT-2026-0100"]
    assert queries.expiring(officer, date(2027, 9, 1)) == []
    assert queries.expiring(outsider, date(2028, 1, 1)) == []


def test_queries_do_not_grow_with_rows(world: World, admin: Actor, django_assert_num_queries: Any) -> None:
    register_contracts([replace(NEW, number=f"N-{n}") for n in range(20)], at=NOW, by=admin)
    with django_assert_num_queries(2):
        assert [row.customer.name for row in queries.contract_list(admin)]
    with django_assert_num_queries(6):
        for row in queries.by_customer(admin, world.branch.pk):
            assert [line.product.name for line in row.lines.all()]
            assert [term.calendar.code for line in row.lines.all() for term in line.terms.all()]
            assert [term.calendar.code for term in row.terms.all()]
