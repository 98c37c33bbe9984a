"""The most specific promise wins, deterministically, and overlaps are shown (PC 14)."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.promise_choice import (
    CHOICE_TEXTS,
    Candidate,
    Level,
    PromiseChoiceError,
    choose_promise,
)

TODAY = date(2026, 9, 21)


def candidate(level: Level, number: int = 1, begins: int | None = None, ends: int | None = None) -> Candidate[str]:
    """Return a candidate whose validity is given in days from today."""
    valid_from = None if begins is None else TODAY + timedelta(days=begins)
    valid_to = None if ends is None else TODAY + timedelta(days=ends)
    return Candidate(level, number, f"terms of {level.name} {number}", valid_from, valid_to)


def test_it_works() -> None:
    choice = choose_promise([candidate(Level.DEFAULT)], TODAY)
    assert choice.winner == candidate(Level.DEFAULT)
    assert (choice.why, choice.overlaps, choice.overridden) == ("only_one", (), ())


@pytest.mark.parametrize("winner", list(Level))
def test_the_most_specific_promise_wins(winner: Level) -> None:
    """PC 14: circuit → contract line → contract → customer → grade → product → default."""
    choice = choose_promise([candidate(level) for level in reversed(Level) if level >= winner], TODAY)
    assert choice.winner == candidate(winner)
    assert [one.level for one in choice.overridden] == [level for level in Level if level > winner]
    assert choice.why == ("only_one" if winner == Level.DEFAULT else "most_specific")


def test_validity_is_half_open() -> None:
    """PC 14: policies have effective dates."""
    old, new = candidate(Level.CUSTOMER, 1, -10, 0), candidate(Level.CUSTOMER, 2, 0)
    choice = choose_promise([old, new], TODAY)
    assert (choice.winner, choice.overlaps) == (new, ())
    assert choose_promise([old, new], TODAY - timedelta(days=1)).winner == old


def test_overlaps_are_shown_and_the_latest_to_begin_wins() -> None:
    """PC 14."""
    one, two, open_ended = (
        candidate(Level.CONTRACT, 1, -5),
        candidate(Level.CONTRACT, 2, -5),
        candidate(Level.CONTRACT, 3),
    )
    choice = choose_promise([open_ended, one, two, candidate(Level.DEFAULT)], TODAY)
    assert (choice.winner, choice.overlaps) == (two, (one, open_ended))
    assert CHOICE_TEXTS[choice.why].format(**choice.params).startswith("3 promises of the level contract overlap")


def test_overlaps_of_overridden_levels_do_not_trouble_the_winner() -> None:
    choice = choose_promise([candidate(Level.CIRCUIT), candidate(Level.GRADE, 1), candidate(Level.GRADE, 2)], TODAY)
    assert (choice.why, choice.overlaps, len(choice.overridden)) == ("most_specific", (), 2)


def test_where_nothing_holds_that_is_said() -> None:
    choice = choose_promise([candidate(Level.CIRCUIT, 1, 1)], TODAY)
    assert choice.winner is None
    assert CHOICE_TEXTS[choice.why].format(**choice.params) == "No promise holds on 2026-09-21."


def test_impossible_candidates_are_refused() -> None:
    """PC 20."""
    with pytest.raises(PromiseChoiceError, match="before it begins"):
        choose_promise([candidate(Level.CIRCUIT, 1, 2, 1)], TODAY)
    with pytest.raises(PromiseChoiceError, match="given twice"):
        choose_promise([candidate(Level.CIRCUIT), candidate(Level.CIRCUIT)], TODAY)


windows = st.tuples(st.integers(-20, 20), st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(st.tuples(st.sampled_from(Level), windows), max_size=12), st.randoms(use_true_random=False))
def test_the_order_given_never_matters(drawn: list[tuple[Level, tuple[int, int]]], dice: Random) -> None:
    """PC 14."""
    given_once = [candidate(level, number, *window) for number, (level, window) in enumerate(drawn)]
    expected = choose_promise(given_once, TODAY)
    mixed = list(given_once)
    dice.shuffle(mixed)
    assert choose_promise(mixed, TODAY) == expected
    holding = [one for one in given_once if one.holds_on(TODAY)]
    assert (expected.winner is None) == (not holding)
    if expected.winner is not None:
        assert expected.winner.level == min(one.level for one in holding)
        assert {expected.winner, *expected.overlaps, *expected.overridden} == set(holding)


IN_ORDER = (
    "CIRCUIT", "CIRCUIT_PACKAGE", "CONTRACT_LINE", "LINE_PACKAGE", "CONTRACT", "CONTRACT_PACKAGE", "CUSTOMER",
    "CUSTOMER_PACKAGE", "GRADE", "PRODUCT_PACKAGE", "PRODUCT", "DEFAULT",
)  # fmt: skip


def slowly_chosen(candidates: list[Candidate[str]]) -> Candidate[str] | None:
    """Choose as a person would: level by level as written above, of those that hold the last to begin."""
    for name in IN_ORDER:
        best: Candidate[str] | None = None
        for one in candidates:
            if one.level.name != name or not one.holds_on(TODAY):
                continue
            began = one.valid_from or date.min
            if best is None or (began, one.id) > (best.valid_from or date.min, best.id):
                best = one
        if best is not None:
            return best
    return None


@given(st.lists(st.tuples(st.sampled_from(Level), windows), max_size=14))
def test_packages_stand_just_below_what_was_agreed_at_their_place(drawn: list[tuple[Level, tuple[int, int]]]) -> None:
    """D2: the same answer as the slow way, whatever is laid down."""
    laid = [candidate(level, number, *window) for number, (level, window) in enumerate(drawn)]
    assert choose_promise(laid, TODAY).winner == slowly_chosen(laid)
    assert tuple(level.name for level in Level) == IN_ORDER
