"""The shipped rules at every boundary: just below, at, just above (B1). Amounts in yuan; cents are a hundredth."""

from typing import Any

import pytest

from mainstay.accounts.tiers.facts.register import kinds
from mainstay.accounts.tiers.shipped import SHIPPED
from mainstay.domain.tiering.judging import Judge
from mainstay.domain.tiering.tables import check

JUDGES = {one.code: Judge(one.table) for one in SHIPPED}
SIGNED = {"agreement": True}
CENT = 0.01


def graded(code: str, **facts: Any) -> tuple[str, ...]:
    said = {name: round(value * 100) if name.endswith("_fen") else value for name, value in facts.items()}
    return JUDGES[code].outcome(said).codes


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.code)
def test_every_shipped_table_can_be_judged_and_says_where_it_comes_from(one: Any) -> None:
    check(one.table, kinds())
    assert one.source
    assert one.source_en
    assert {row.grade for row in one.rows} <= {grade.code for grade in one.grades}


@pytest.mark.parametrize(
    ("yuan", "grade"),
    [
        (10_000_000, "diamond"), (5_000_000 + CENT, "diamond"), (5_000_000, "diamond"),
        (5_000_000 - CENT, "platinum"), (2_000_000 + CENT, "platinum"), (2_000_000, "platinum"),
        (2_000_000 - CENT, "gold"), (200_000 + CENT, "gold"), (200_000, "gold"),
        (200_000 - CENT, "vip"), (10_000 + CENT, "vip"), (10_000, "vip"),
        (10_000 - CENT, None), (0, None),
    ],
)  # fmt: skip
def test_postal_mail_by_revenue_in_a_year(yuan: float, grade: str | None) -> None:
    expected = (grade,) if grade else ()
    assert graded("postal-mail", billed_year_fen=yuan, **SIGNED) == expected
    assert graded("postal-mail", billed_year_fen=yuan, agreement=False) == (), "without an agreement nobody is graded"
    assert graded("postal-mail", billed_year_fen=yuan) == ()


def test_postal_mail_registered_upstream_is_diamond_whatever_the_revenue() -> None:
    assert graded("postal-mail", registered_upstream=True, billed_year_fen=0, **SIGNED) == ("diamond",)
    assert graded("postal-mail", registered_upstream=True, **SIGNED) == ("diamond",)
    assert graded("postal-mail", registered_upstream=True, agreement=False) == ()


@pytest.mark.parametrize(
    ("group", "yuan", "grade"),
    [
        (1, 10_000, "vip"), (1, 9_999.99, None),
        (2, 9_000.01, "vip"), (2, 9_000, "vip"), (2, 8_999.99, None),
        (3, 8_000.01, "vip"), (3, 8_000, "vip"), (3, 7_999.99, None),
        (2, 199_999.99, "vip"), (2, 200_000, "gold"), (3, 180_000, "vip"), (3, 200_000, "gold"),
    ],
)  # fmt: skip
def test_cities_of_the_second_and_third_group_multiply_the_vip_bound(
    group: int, yuan: float, grade: str | None
) -> None:
    assert graded("postal-mail", billed_year_fen=yuan, city_group=group, **SIGNED) == ((grade,) if grade else ())


def test_postal_mail_says_who_approves_delegates_keeps_and_reports() -> None:
    grades = {grade.code: grade for one in SHIPPED if one.code == "postal-mail" for grade in one.grades}
    assert [grades[code].level for code in ("diamond", "platinum", "gold", "vip")] == [
        "province", "province", "city", "city",
    ]  # fmt: skip
    assert [code for code, grade in grades.items() if grade.may_delegate] == ["diamond"]
    assert [(code, grade.kept_by) for code, grade in grades.items() if grade.reported] == [("vip", "county")]


@pytest.mark.parametrize(("yuan", "high"), [(3_000 + CENT, True), (3_000, True), (3_000 - CENT, False), (0, False)])
def test_high_value_from_3000_yuan_a_month(yuan: float, high: bool) -> None:
    assert graded("telecom-kinds", billed_quarter_avg_fen=yuan) == (("high_value",) if high else ())


@pytest.mark.parametrize(("units", "group"), [(0, False), (1, False), (2, True), (3, True)])
def test_affiliated_units_make_a_group(units: int, group: bool) -> None:
    assert graded("telecom-kinds", affiliated_units=units) == (("group",) if group else ())


def test_kinds_may_overlap_and_two_make_the_special_grade() -> None:
    assert graded("telecom-kinds", is_public=True) == ("important",)
    for name in ("model_for_trade", "contested", "growing"):
        assert graded("telecom-kinds", **{name: True}) == ("strategic",)
    assert graded("telecom-kinds", model_for_trade=True, contested=True) == ("strategic",), "one kind, two rows"
    assert graded("telecom-kinds", is_public=True, billed_quarter_avg_fen=3_000) == (
        "special", "important", "high_value",
    )  # fmt: skip
    assert graded("telecom-kinds", is_public=True, affiliated_units=9, growing=True, billed_quarter_avg_fen=1) == (
        "special", "important", "group", "strategic",
    )  # fmt: skip


def test_business_kinds_ask_for_a_threshold_only_where_the_source_does() -> None:
    none = {"buys_internet": False, "buys_ip_gateway": False, "buys_vpdn": False, "uses_dialler": False}
    assert graded("business-kinds", buys_internet=True) == ("internet",)
    assert graded("business-kinds", buys_ip_gateway=True) == ("ip_gateway",), "applicants, no threshold"
    assert graded("business-kinds", buys_vpdn=True) == ("vpdn",)
    assert graded("business-kinds", is_agent=True) == ("agent",)
    for yuan, is_key in ((2_000 + CENT, True), (2_000, True), (2_000 - CENT, False)):
        assert graded("business-kinds", uses_dialler=True, billed_quarter_avg_fen=yuan) == (
            ("dialler",) if is_key else ()
        )
        assert graded("business-kinds", **none, billed_quarter_avg_fen=yuan) == (("other",) if is_key else ())
    assert graded("business-kinds", **{**none, "buys_internet": True}, billed_quarter_avg_fen=9_000) == ("internet",)


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"points": 51}, "a"), ({"points": 50}, "a"), ({"points": 49, "purchases": 2}, "b"),
        ({"purchases_2m": 6}, "a"), ({"purchases_2m": 5, "purchases": 5}, "b"),
        ({"purchases_2m": 4, "purchases": 4}, "b"),
        ({"named_by_head": True}, "a"),
        ({"purchases": 3}, "b"), ({"purchases": 2}, "b"), ({"purchases": 1}, "c"), ({"purchases": 0}, None),
        ({"visits_often": True}, "c"), ({}, None),
    ],
)  # fmt: skip
def test_retail_classes(facts: dict[str, Any], grade: str | None) -> None:
    assert graded("retail", **facts) == ((grade,) if grade else ())


@pytest.mark.parametrize(
    ("months", "grade"), [(0, "a"), (5, "a"), (6, "b"), (7, "b"), (11, "b"), (40, "b"), (None, "a")]
)
def test_half_a_year_without_a_visit_takes_one_class_down(months: int | None, grade: str) -> None:
    assert graded("retail", points=50, months_since_visit=months, months_since_purchase=1) == (grade,)


@pytest.mark.parametrize(("months", "grade"), [(10, "a"), (11, "a"), (12, "lapsed"), (13, "lapsed"), (None, "a")])
def test_a_year_without_a_purchase_lapses(months: int | None, grade: str) -> None:
    assert graded("retail", points=50, months_since_purchase=months, months_since_visit=0) == (grade,)
    lapsed = ("lapsed",) if grade == "lapsed" else ("b",)
    assert graded("retail", points=50, months_since_purchase=months, months_since_visit=6) == lapsed
    assert graded("retail", months_since_purchase=months) == (), "who was in no class cannot lapse"


def test_the_lowest_class_does_not_fall_further() -> None:
    assert graded("retail", purchases=1, months_since_visit=6) == ("c",)


@pytest.mark.parametrize(
    ("yuan", "grade"),
    [(1_000_000, "gold"), (1_000_000 - CENT, "silver"), (200_000, "silver"), (200_000 - CENT, "bronze"),
     (50_000, "bronze"), (50_000 - CENT, "standard"), (0, "standard")],
)  # fmt: skip
def test_service_grade_by_revenue(yuan: float, grade: str) -> None:
    assert graded("service-grade", billed_year_fen=yuan) == (grade,)


def test_who_has_no_figures_has_the_standard_service_grade() -> None:
    assert graded("service-grade") == ("standard",)


@pytest.mark.parametrize(
    ("products", "grade"), [(0, ()), (1, ("specialised",)), (2, ("comprehensive",)), (3, ("comprehensive",))]
)
def test_comprehensive_or_specialised_by_products(products: int, grade: tuple[str, ...]) -> None:
    assert graded("breadth", products=products) == grade


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"agreement": True, "billed_year_fen": 10_000}, ("cooperating",)),
        ({"agreement": True, "billed_year_fen": 10_000 - CENT}, ()),
        ({"agreement": False, "billed_year_fen": 10_000}, ("potential",)),
        ({"agreement": False, "billed_year_fen": 10_000 - CENT}, ()),
        ({"growth_percent": 50, "billed_quarter_avg_fen": 500}, ("potential",)),
        ({"growth_percent": 49, "billed_quarter_avg_fen": 500}, ()),
        ({"growth_percent": 51, "billed_quarter_avg_fen": 500 - CENT}, ()),
        ({"growing": True}, ("potential",)),
    ],
)  # fmt: skip
def test_cooperating_or_potential(facts: dict[str, Any], grade: tuple[str, ...]) -> None:
    assert graded("partnership", **facts) == grade


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"model_for_trade": True}, ("strategic",)), ({"contested": True}, ("strategic",)),
        ({"billed_year_fen": 10_000}, ("general",)), ({"billed_year_fen": 10_000 - CENT}, ()),
    ],
)  # fmt: skip
def test_strategic_or_general(facts: dict[str, Any], grade: tuple[str, ...]) -> None:
    assert graded("weight", **facts) == grade
