"""Cells of tier tables: what people type, what is shown, what holds at the bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.errors import Refused
from mainstay.domain.tiering.conditions import Condition, condition_from
from mainstay.domain.tiering.facts import FactKind, Unit, number_from, number_text

YUAN = FactKind("billed_year", Unit.YUAN)
COUNT = FactKind("purchases", Unit.COUNT)
FLAG = FactKind("agreement", Unit.FLAG)
KIND = FactKind("kind", Unit.CHOICE, ("group", "organisation"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("≥ 5,000,000", "≥ 5,000,000"),
        (">=500万", "≥ 5,000,000"),
        ("500万", "≥ 5,000,000"),
        ("0.05亿元", "≥ 5,000,000"),
        ("20万–200万", "≥ 200,000 < 2,000,000"),
        ("200000-2000000", "≥ 200,000 < 2,000,000"),
        ("200,000 - 2,000,000", "≥ 200,000 < 2,000,000"),
        ("20万至200万", "≥ 200,000 < 2,000,000"),
        (">= 200,000, < 2,000,000", "≥ 200,000 < 2,000,000"),
        ("＞3000", "> 3,000"),
        ("≤ 99.50", "≤ 99.50"),
        ("= 12", "= 12"),
        ("未知", "unknown"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, shown: str) -> None:
    condition = condition_from(typed, YUAN)
    assert condition is not None
    assert condition.text(YUAN) == shown
    assert condition_from(shown, YUAN) == condition
    assert Condition.from_json(condition.as_json()) == condition


@pytest.mark.parametrize("typed", ["", "  ", "—", "不限", "any"])
def test_an_empty_cell_asks_for_nothing(typed: str) -> None:
    assert condition_from(typed, YUAN) is None


def test_flags_and_choices_are_words() -> None:
    assert condition_from("是", FLAG) == Condition(among=(True,))
    assert condition_from("no", FLAG) == Condition(among=(False,))
    assert condition_from("group, organisation", KIND) == Condition(among=("group", "organisation"))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("much", YUAN), ("1.005", YUAN), ("1.5", COUNT), ("200–100", YUAN), ("≥ 1 ≥ 2", COUNT), ("maybe", FLAG),
     ("person", KIND), ("< 5 > 5", COUNT)],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_words(typed: str, kind: FactKind) -> None:
    with pytest.raises(Refused):
        condition_from(typed, kind)


@given(st.integers(-(10**12), 10**12), st.sampled_from([Unit.YUAN, Unit.COUNT]))
def test_numbers_come_back_from_their_text(value: int, unit: Unit) -> None:
    assert number_from(number_text(value, unit), unit) == value
