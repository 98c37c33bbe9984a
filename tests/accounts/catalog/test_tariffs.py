"""Tariffs do not overlap, have versions, are looked up with reasons, and come from files and go back."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.catalog import prices
from mainstay.accounts.catalog.actions.policies import NewPolicy, save_policy
from mainstay.accounts.catalog.actions.products import NewProduct, add_products, change_product, move_product
from mainstay.accounts.catalog.actions.tariffs import NewTariff, end_tariff, lay_down_tariffs, revise_tariff
from mainstay.accounts.catalog.choices import LIFECYCLE_STATUS, Lifecycle, PolicyState
from mainstay.accounts.catalog.errors import BadCatalog, BadTariff
from mainstay.accounts.catalog.importing import TARIFFS, give, take_back, write
from mainstay.accounts.catalog.models import Tariff
from mainstay.accounts.catalog.policies import PolicyFilter, Target, policies_for, policies_matching, state_of
from mainstay.accounts.catalog.prices import PriceAsked
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.imports.registry import Given, Taken
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

BEGIN, DAY = date(2026, 1, 1), date(2026, 9, 1)
NEW = NewTariff("leased-line", 100_000, 280_000, BEGIN, speed_kbps=10_240, reach="local", region="4201")


def test_it_works(world: World, admin: Actor) -> None:
    (made,) = lay_down_tariffs([NEW], at=NOW, by=admin)
    found = prices.price(PriceAsked("leased-line", DAY, 8_000, "local", "4201"))
    assert (found.one_time_fen, found.monthly_fen, found.tariff) == (100_000, 280_000, made)
    assert [each.fate for each in found.considered] == ["chosen"]
    assert prices.price(PriceAsked("leased-line", DAY, 8_000, "local", "44")).tariff is None
    assert Entry.objects.get(action="tariff.add").after["monthly_fen"] == 280_000


def test_an_overlap_is_refused_by_name(world: World, admin: Actor) -> None:
    lay_down_tariffs([NEW], at=NOW, by=admin)
    with pytest.raises(BadTariff, match=r"overlaps the one from 2026-01-01 to — \(version 1\)"):
        lay_down_tariffs([NewTariff("leased-line", 0, 1, DAY, speed_kbps=10_240, reach="local", region="4201")],
                         at=NOW, by=admin)  # fmt: skip
    with pytest.raises(BadTariff, match="overlaps"):
        lay_down_tariffs([NewTariff("leased-line", 0, 1, DAY), NewTariff("leased-line", 0, 1, BEGIN)], at=NOW, by=admin)
    assert Tariff.objects.count() == 1


def test_a_new_version_ends_the_old_one(world: World, admin: Actor) -> None:
    (old,) = lay_down_tariffs([NEW], at=NOW, by=admin)
    new = revise_tariff(old.pk, one_time_fen=0, monthly_fen=250_000, on=DAY, at=NOW, by=admin)
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.version) == (DAY, DAY, 2)
    before = PriceAsked("leased-line", date(2026, 8, 31), 10_240, "local", "4201")
    after = PriceAsked("leased-line", DAY, 10_240, "local", "4201")
    assert [each.monthly_fen for each in prices.prices([before, after])] == [280_000, 250_000]
    end_tariff(new.pk, on=date(2026, 12, 1), at=NOW, by=admin)
    with pytest.raises(BadTariff, match="choose a day between"):
        end_tariff(new.pk, on=date(2027, 1, 1), at=NOW, by=admin)
    assert [row.version for row in prices.versions(new)] == [2, 1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"product": "x"}, "no product"),
        ({"region": "99"}, "no region"),
        ({"reach": "far"}, "no reach"),
        ({"valid_to": BEGIN}, "correct the dates"),
        ({"monthly_fen": -1}, "0 or more"),
    ],
)
def test_what_is_wrong_is_named(world: World, admin: Actor, more: dict[str, object], said: str) -> None:
    with pytest.raises(BadTariff, match=said):
        lay_down_tariffs([NewTariff(**({f: getattr(NEW, f) for f in NEW.__dataclass_fields__} | more))],
                         at=NOW, by=admin)  # fmt: skip


def test_only_those_with_settings_write(world: World) -> None:
    for name in ("wang.min", "li.qiang", "zhao.lei", "zhou.ying"):
        with pytest.raises(NotAllowed):
            lay_down_tariffs([NEW], at=NOW, by=world.actor(name))


def rows(*given: dict[str, object]) -> list[Given]:
    return [Given(n, values) for n, values in enumerate(given, start=2)]


def test_files_come_in_and_go_out_the_same(world: World, admin: Actor) -> None:
    lay_down_tariffs([NEW], at=NOW, by=admin)
    (given,) = give(admin)
    told = write(rows({k: v for k, v in given.items() if v not in (None, "")}), at=NOW, by=admin)
    assert [each.outcome for each in told] == ["unchanged"]
    changed = {k: v for k, v in given.items() if v not in (None, "")} | {"monthly": given["monthly"] + 1}
    fresh = {"product": "leased-line", "valid_from": BEGIN, "monthly": given["monthly"]}
    overlapping = fresh | {"valid_from": DAY}
    told = write(rows(changed, fresh, overlapping), at=NOW, by=admin)
    assert [each.outcome for each in told] == ["updated", "created", "refused"]
    assert Tariff.objects.count() == 2
    taken = [Taken("tariff", t.object_id or 0, t.label, t.outcome == "created", t.before, t.after) for t in told[:2]]
    assert take_back(taken, at=NOW, by=admin) == [None, None]
    assert [row.monthly_fen for row in Tariff.objects.all()] == [280_000]


def test_an_import_costs_the_same_for_two_rows_and_twenty(world: World, admin: Actor) -> None:
    def cost(count: int, first: int) -> int:
        part = rows(*({"product": "leased-line", "speed_kbps": first + n, "valid_from": BEGIN} for n in range(count)))
        with CaptureQueriesContext(connection) as queries:
            write(part, at=NOW, by=admin)
        return len(queries)

    assert cost(2, 100) == cost(20, 200)
    assert TARIFFS.may_lack == ("speed_kbps", "reach", "region")


def test_a_product_goes_through_its_life(world: World, admin: Actor) -> None:
    (row,) = add_products([NewProduct("sd-wan", "SD-WAN", "SD-WAN", "vpn", "draft", speeds_kbps=(10_240, 2_048),
                                      reaches=("local",))], at=NOW, by=admin)  # fmt: skip
    assert row.speeds_kbps == [2_048, 10_240]
    move_product(row.pk, "sold", on=DAY, at=NOW, by=admin)
    row = move_product(row.pk, "withdrawn", on=date(2026, 12, 1), at=NOW, by=admin)
    assert (row.sold_from, row.sold_to, LIFECYCLE_STATUS[Lifecycle(row.lifecycle)]) == (
        DAY,
        date(2026, 12, 1),
        "Retired",
    )
    with pytest.raises(BadCatalog, match="cannot go"):
        move_product(row.pk, "draft", on=DAY, at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="changed meanwhile"):
        change_product(row.pk, NewProduct("sd-wan", "x", "x"), revision=1, at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="far"):
        change_product(
            row.pk, NewProduct("sd-wan", "x", "x", reaches=("far",)), revision=row.revision, at=NOW, by=admin
        )


POLICY = NewPolicy(
    "YX-2026-01", "银行客户专线优惠", "签约两年及以上，首年月租八折。", BEGIN, date(2027, 1, 1), region_code="42",
    customer_kinds=("organisation",), industries=("J",), products=("leased-line",), figures=(("折扣", "80%"),),
)  # fmt: skip


def test_policies_are_found_by_whom_they_are_for(world: World, admin: Actor) -> None:
    row = save_policy(POLICY, at=NOW, by=admin)
    assert policies_for(Target("organisation", "gold", "J66", "4201"), on=DAY) == [row]
    assert policies_for(Target("individual", "gold", "J66", "4201"), on=DAY) == []
    assert policies_for(Target("organisation", "gold", "G", "4201"), on=DAY) == []
    assert policies_for(Target("organisation", "gold", "J", "44"), on=DAY) == []
    assert policies_for(Target("organisation", "gold", "J", "42"), on=date(2027, 1, 1)) == []
    assert state_of(row, date(2025, 1, 1)) == PolicyState.COMING
    found = policies_matching(PolicyFilter(DAY, text="银行", product="leased-line", state="in_force"))
    assert list(found) == [row]
    assert list(policies_matching(PolicyFilter(DAY, text="yhkh"))) == [row]  # initials
    changed = save_policy(POLICY, policy_id=row.pk, at=NOW, by=admin)
    assert changed.version == 2
    with pytest.raises(BadCatalog, match="exists already"):
        save_policy(POLICY, at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="nowhere"):
        save_policy(NewPolicy("b", "b", "b", BEGIN, products=("nowhere",)), at=NOW, by=admin)
