"""Packages are approved, sold, inherited and explained; discounts wait for a second person (D2)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.accounts.packages.actions import NewVersion, decide_version, propose_version
from mainstay.accounts.packages.actions.loading import load_packages
from mainstay.accounts.packages.errors import BadPackage
from mainstay.accounts.packages.models import Package
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, NotFound
from mainstay.domain.promise_choice import choose_promise
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.standing import standing_on
from mainstay.platform.journal.models import Entry
from mainstay.service.promises import queries, selling
from mainstay.service.promises.choices import UseStatus
from mainstay.service.promises.errors import BadPromise, NoSuchUse
from mainstay.service.promises.holding import HoldingPromise, holding
from mainstay.service.promises.laid_down import LaidDown
from mainstay.service.promises.models import CircuitTerm, PackageUse
from mainstay.service.promises.overlapping import overlaps
from mainstay.service.promises.package_uses import visible_uses
from mainstay.service.promises.selling import Sale
from tests.cast import NOW, World
from tests.service.promises.laying import BEGIN, applied, minutes, package

DAY = date(2026, 9, 1)


def holds(world: World, circuit: Any = None) -> HoldingPromise:
    """Return the restoration promise of a circuit, the bank's by default."""
    found = queries.promise_for((circuit or world.circuit).pk, "restoration", NOW)
    assert found is not None
    return found


def test_it_works(world: World) -> None:
    version = package(world, "gold", minutes(45))
    use = applied(world, version, contract_id=world.contract.pk, position=1)
    found = holds(world)
    assert (found.level, found.amount, found.term_id, found.owner_id) == ("line_package", 45, use.pk, use.pk)
    assert [(rival.level, rival.amount) for rival in found.overridden] == [("grade", 60)]
    assert HoldingPromise.from_json(found.as_json()) == found
    assert holds(world, world.logistics_circuit).level == "grade"
    assert Entry.objects.get(action="promise.package").object_kind == "contract"


def test_a_package_is_inherited_from_customer_contract_and_product(world: World) -> None:
    applied(world, package(world, "p-product", minutes(59)), product="leased-line")
    assert holds(world).level == "grade"  # grades of the profile stand above what comes with a product
    applied(world, package(world, "p-customer", minutes(58)), customer_id=world.bank.pk)
    assert (holds(world).amount, holds(world, world.branch_circuit).amount) == (58, 58)
    applied(world, package(world, "p-branch", minutes(70)), customer_id=world.branch.pk)
    assert holds(world, world.branch_circuit).amount == 70  # the nearest of the group
    applied(world, package(world, "p-contract", minutes(57)), contract_id=world.contract.pk)
    applied(world, package(world, "p-circuit", minutes(30)), circuit_id=world.circuit.pk)
    found = holds(world)
    assert [found.level, *(rival.level for rival in found.overridden)] == [
        "circuit_package", "contract_package", "customer_package", "grade", "product_package",
    ]  # fmt: skip


def test_what_was_agreed_in_words_stands_above_the_package_at_its_place(world: World) -> None:
    applied(world, package(world, "gold", minutes(45)), contract_id=world.contract.pk)
    term = {"metric": "restoration", "unit": "natural_minutes", "calendar": world.calendar_always, "valid_from": BEGIN}
    SpecialTerm.objects.create(customer=world.bank, amount=40, **term)
    assert holds(world).level == "contract_package"
    SpecialTerm.objects.create(contract=world.contract, amount=50, **term)
    assert (holds(world).level, holds(world).amount) == ("contract", 50)


def test_a_package_holds_for_its_products_and_grades_only(world: World) -> None:
    Product.objects.create(code="dark-fibre", name="裸光纤", name_en="Dark fibre")
    other = package(world, "fibre", minutes(20), products=("dark-fibre",))
    applied(world, other, customer_id=world.bank.pk)
    assert holds(world).level == "grade"
    with pytest.raises(BadPromise, match="not for the product"):
        applied(world, other, circuit_id=world.circuit.pk)
    graded = package(world, "graded", minutes(50), minutes(25, grade="AAA"))
    applied(world, graded, customer_id=world.bank.pk)
    assert holds(world).amount == 25


def test_a_large_discount_waits_for_another_person(world: World, manager: Actor, leader: Actor) -> None:
    version = package(world, "gold", minutes(45))
    sale = Sale(version.pk, BEGIN, circuit_id=world.circuit.pk, price_fen=70_000)
    with pytest.raises(BadPromise, match="needs a reason"):
        selling.apply_package(sale, at=NOW, by=manager)
    use = selling.apply_package(replace(sale, why="竞争"), at=NOW, by=manager)
    assert (use.status, use.discount_percent, holds(world).level) == (UseStatus.WAITING, Decimal("12.50"), "grade")
    with pytest.raises(NotAllowed):
        selling.decide_package(use.pk, approve=True, at=NOW, by=manager)
    with pytest.raises(BadPromise, match="say why"):
        selling.decide_package(use.pk, approve=False, at=NOW, by=leader)
    selling.decide_package(use.pk, approve=True, at=NOW, by=leader)
    assert holds(world).level == "circuit_package"
    with pytest.raises(BadPromise, match="decided already"):
        selling.decide_package(use.pk, approve=True, at=NOW, by=leader)


def test_nobody_decides_on_their_own(world: World, admin: Actor) -> None:
    version = package(world, "gold", minutes(45))
    sale = Sale(version.pk, BEGIN, circuit_id=world.circuit.pk, price_fen=0, why="试用")
    use = selling.apply_package(sale, at=NOW, by=admin)
    with pytest.raises(BadPromise, match="somebody else"):
        selling.decide_package(use.pk, approve=True, at=NOW, by=admin)
    new = NewVersion(DAY, 90_000, (minutes(40),))
    proposed = propose_version(version.package_id, new, at=NOW, by=admin)
    with pytest.raises(BadPackage, match="somebody else"):
        decide_version(proposed.pk, approve=True, at=NOW, by=admin)
    with pytest.raises(BadPromise, match="not approved"):
        applied(world, proposed, customer_id=world.bank.pk)


def test_a_new_version_leaves_what_was_sold(world: World, admin: Actor, leader: Actor) -> None:
    version = package(world, "gold", minutes(45))
    applied(world, version, circuit_id=world.circuit.pk)
    second = propose_version(version.package_id, NewVersion(DAY, 90_000, (minutes(40),)), at=NOW, by=admin)
    decide_version(second.pk, approve=True, at=NOW, by=leader)
    assert holds(world).amount == 45


def test_the_same_package_is_not_sold_twice_and_others_overlap_visibly(world: World, manager: Actor) -> None:
    gold, silver = package(world, "gold", minutes(45)), package(world, "silver", minutes(50))
    use = applied(world, gold, circuit_id=world.circuit.pk)
    with pytest.raises(BadPromise, match="already"):
        applied(world, gold, circuit_id=world.circuit.pk)
    applied(world, silver, circuit_id=world.circuit.pk, valid_from=date(2026, 2, 1))
    found = holds(world)
    assert (found.amount, found.why, [rival.amount for rival in found.overlaps]) == (50, "latest_of_overlapping", [45])
    (overlap,) = overlaps(manager, DAY)
    assert (overlap.level, overlap.metric, overlap.loser.term_id) == ("circuit_package", "restoration", use.pk)
    selling.end_package(use.pk, on=DAY, at=NOW, by=manager)
    assert overlaps(manager, DAY) == []


def test_overlaps_of_terms_are_listed_within_the_reader_s_scope(world: World, manager: Actor) -> None:
    term = {"metric": "restoration", "unit": "natural_minutes", "calendar": world.calendar_always}
    for amount, begin in ((40, BEGIN), (50, DAY)):
        CircuitTerm.objects.create(circuit=world.logistics_circuit, amount=amount, valid_from=begin, **term)
        SpecialTerm.objects.create(line=world.line, amount=amount, valid_from=begin, **term)
    (mine,) = overlaps(manager, DAY)
    assert (mine.place, mine.winner.sentence, mine.begin) == ("HT-2026-0001 · 1", "50 分钟", DAY)
    assert [one.level for one in overlaps(world.actor("admin"), DAY)] == ["circuit", "contract_line"]


def test_others_see_no_package_of_the_bank(world: World, outsider: Actor, customer: Actor) -> None:
    use = applied(world, package(world, "gold", minutes(45)), customer_id=world.bank.pk)
    for actor in (outsider, world.actor("liu.fang"), world.actor("huang.wei")):
        assert not visible_uses(actor).exists()
        with pytest.raises((NoSuchUse, NotAllowed)):
            selling.end_package(use.pk, on=DAY, at=NOW, by=actor)
    assert visible_uses(customer).count() == 1
    sale = Sale(use.version_id, BEGIN, circuit_id=world.logistics_circuit.pk)
    with pytest.raises(NotFound):
        selling.apply_package(sale, at=NOW, by=world.actor("wang.min"))


def test_shipped_packages_wait_for_marketing(world: World, admin: Actor) -> None:
    made = load_packages(at=NOW, by=admin)
    assert {row.package.kind for row in made} == {"sla", "maintenance", "quality", "protection"}
    levels = Package.objects.filter(kind="protection").order_by("protection_level")
    assert [row.protection_level for row in levels] == [1, 2, 3]
    assert {row.status for row in made} == {"proposed"}
    assert load_packages(at=NOW, by=admin) == []


@pytest.mark.parametrize("seed", range(12))
def test_packages_and_terms_mixed_hold_as_the_slow_way_says(world: World, seed: int) -> None:
    """D2: every kind of row is gone through one by one, most specific place first."""
    dice = Random(seed)
    versions = [package(world, f"p{n}", minutes(100 + n)) for n in range(4)]
    places: list[dict[str, Any]] = [
        {"circuit_id": world.circuit.pk}, {"contract_id": world.contract.pk, "position": 1},
        {"contract_id": world.contract.pk}, {"customer_id": world.bank.pk}, {"product": "leased-line"},
    ]  # fmt: skip
    for version in versions:
        start = DAY + timedelta(days=dice.randint(-40, 10))
        end = start + timedelta(days=dice.randint(1, 60)) if dice.random() < 0.5 else None
        applied(world, version, valid_from=start, valid_to=end, **dice.choice(places))
    term = {"metric": "restoration", "unit": "natural_minutes", "calendar": world.calendar_always}
    owners: list[dict[str, Any]] = [{"line": world.line}, {"contract": world.contract}, {"customer": world.bank}]
    for n, owner in enumerate(owners):
        if dice.random() < 0.4:
            start = DAY + timedelta(days=dice.randint(-40, 10))
            SpecialTerm.objects.create(amount=200 + n, valid_from=start, **owner, **term)
    assert holds(world).amount == slowly(world)


def slowly(world: World) -> int:
    """Find the bank's circuit's promise by going through all rows."""
    tried: list[list[tuple[date, int, int]]] = []

    def uses(**place: Any) -> None:
        rows = [use for use in PackageUse.objects.filter(**place) if _on(use)]
        tried.append([(use.valid_from, use.pk, int(use.version.terms.get().amount)) for use in rows])

    def terms(**place: Any) -> None:
        rows = [term for term in SpecialTerm.objects.filter(**place) if _on(term)]
        tried.append([(term.valid_from, term.pk, int(term.amount)) for term in rows])

    uses(circuit=world.circuit)
    for name, owner in (("line", world.line), ("contract", world.contract), ("customer", world.bank)):
        terms(**{name: owner})
        uses(**{name: owner})
    for found in tried:
        if found:
            return max(found)[2]
    return 60  # the profile's for AAA, which stands above a package that comes with the product


def _on(row: Any) -> bool:
    return bool(row.valid_from <= DAY and (row.valid_to is None or row.valid_to > DAY))


@pytest.mark.parametrize("seed", range(6))
def test_circuits_that_share_a_promise_get_what_each_would_get_alone(world: World, seed: int) -> None:
    dice = Random(seed)
    circuits = lay_circuits(world, dice)
    places: list[dict[str, Any]] = [
        {"product": "leased-line"}, {"customer_id": world.bank.pk}, {"customer_id": world.branch.pk},
        {"contract_id": world.contract.pk}, {"contract_id": world.contract.pk, "position": 1},
        {"circuit_id": dice.choice(circuits)},
    ]  # fmt: skip
    for number, place in enumerate(dice.sample(places, 2)):
        applied(world, package(world, f"p-{number}", minutes(50 + number)), **place)
    SpecialTerm.objects.create(
        customer=dice.choice([world.bank, world.logistics]), metric="restoration", amount=33, unit="minutes_24x7",
        calendar=world.profile.terms.get(grade="AAA").calendar, valid_from=BEGIN,
    )  # fmt: skip
    metrics = ("restoration", "response")
    together = queries.promises_on(circuits, metrics, DAY)
    assert together == {
        (circuit, metric): promise
        for circuit in circuits
        for metric in metrics
        if (promise := alone(circuit, metric)) is not None
    }
    assert together


def lay_circuits(world: World, dice: Random) -> list[int]:
    """Lay 30 circuits of all customers, grades and reaches; give all ids."""
    other = Product.objects.create(code="x", name="x", name_en="x")
    more = [
        Circuit(
            number=f"N-{n}", customer=dice.choice([world.bank, world.branch, world.logistics]),
            contract_line=dice.choice([world.line, None]), product=dice.choice([world.product, other]),
            grade=dice.choice(["AAA", "AA", "I"]), technology="mstp", reach=dice.choice(["local", "province"]),
            bandwidth_kbps=1, region_code="4201",
        )
        for n in range(30)
    ]  # fmt: skip
    Circuit.objects.bulk_create(more)
    return list(Circuit.objects.values_list("pk", flat=True))


def alone(circuit: int, metric: str) -> HoldingPromise | None:
    """Choose for one circuit among all that is laid down for it."""
    (then,) = standing_on([circuit], DAY)
    return holding(metric, DAY, choose_promise(LaidDown.read([then], [metric], DAY).candidates(then, metric), DAY))
