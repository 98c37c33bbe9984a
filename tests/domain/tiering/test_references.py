"""What tables of tiers and clauses are made of, against references that try every number, grade and row in turn."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.errors import Refused
from mainstay.domain.tiering.conditions import Condition, condition_from
from mainstay.domain.tiering.facts import UNKNOWN, FactKind, Unit, Value, number_from, number_text, scaled
from mainstay.domain.tiering.judging import NO_ROW, Outcome, meaning, one_down
from mainstay.domain.tiering.moving import Move, grades_in, mask_of, masks_of, move, moves
from mainstay.domain.tiering.tables import FACTOR_FACT, Effect, Table, check, contents_into, used_columns
from tests.domain.tiering.test_judging import GRADES, KINDS, TABLES, conditions, values

BOUNDS = st.none() | st.integers(-3, 9)
RANGES = st.builds(Condition, low=BOUNDS, high=BOUNDS, low_in=st.booleans(), high_in=st.booleans())
ANY_KIND = st.sampled_from(sorted(KINDS))


def numbers(condition: Condition) -> set[int]:
    """List which of some numbers lie within: from the lower bound on, step by step, up to the upper one."""
    low = -20 if condition.low is None else condition.low
    high = 20 if condition.high is None else condition.high
    inside = set(range(low, high + 1))
    if condition.low is not None and not condition.low_in:
        inside.discard(low)
    if condition.high is not None and not condition.high_in:
        inside.discard(high)
    return inside


def has_room(condition: Condition) -> bool:
    """Say whether a number, whole or a half, lies within: between 0 and 1 there is room, if for no whole number."""
    low = -20 if condition.low is None else condition.low
    high = 20 if condition.high is None else condition.high
    halves = [Fraction(n, 2) for n in range(2 * low, 2 * high + 1)]
    halves = [half for half in halves if half != condition.low or condition.low_in]
    return any(half != condition.high or condition.high_in for half in halves)


@given(RANGES)
def test_a_range_holds_the_numbers_a_walk_from_bound_to_bound_meets(condition: Condition) -> None:
    assert {number for number in range(-20, 21) if condition.holds(number)} == numbers(condition)
    assert not condition.holds(None)


@given(ANY_KIND, st.data())
def test_a_condition_written_down_is_read_again(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    asked = data.draw(conditions(kind))
    assert Condition.from_json(asked.as_json()) == replace(
        asked, low_in=asked.low_in or asked.low is None, high_in=asked.high_in and asked.high is not None
    )
    typed = asked.text(kind)
    if asked.known is None and not asked.among and not has_room(asked):
        with pytest.raises(Refused):
            condition_from(typed, kind)
        return
    read = condition_from(typed, kind)
    assert read is not None
    for value in [None, True, False, *kind.options] if not kind.is_number else [None, *range(-20, 21)]:
        assert read.holds(value) == asked.holds(value)


@given(st.integers(0, 10**9), st.sampled_from(["", "万", "亿", "k", "M"]), st.integers(0, 3), st.booleans(),
       st.sampled_from([Unit.YUAN, Unit.COUNT]))  # fmt: skip
def test_a_number_is_worth_its_digits_times_what_its_word_says(
    digits: int, word: str, places: int, negative: bool, unit: Unit
) -> None:
    whole, rest = divmod(digits, 10**places)
    typed = f"{'-' if negative else ''}{whole:,}{f'.{rest:0{places}d}' if places else ''}{word}"
    worth = Fraction(digits, 10**places) * (-1 if negative else 1)
    for _ in range({"": 0, "k": 3, "万": 4, "M": 6, "亿": 8}[word] + (2 if unit == Unit.YUAN else 0)):
        worth *= 10
    if worth.denominator != 1 or abs(worth) >= 10**17:
        with pytest.raises(Refused):
            number_from(typed, unit)
        return
    assert number_from(typed, unit) == worth
    assert number_from(number_text(int(worth), unit), unit) == worth


@given(st.integers(-500, 500), st.integers(1, 100))
def test_a_scaled_bound_is_the_nearest_whole_number_half_away_from_nought(value: int, percent: int) -> None:
    exact = Fraction(value * percent, 100)
    near = sorted(range(-501, 502), key=lambda whole: (abs(whole - exact), -abs(whole)))
    assert scaled(value, Decimal(percent) / 100) == near[0]


@given(ANY_KIND, st.data())
def test_a_fact_in_an_array_comes_out_as_it_went_in(name: str, data: st.DataObject) -> None:
    value = data.draw(values(KINDS[name]))
    code = KINDS[name].code(value)
    assert (code == UNKNOWN) == (value is None)
    assert KINDS[name].value(code) == value


@given(TABLES, st.data())
def test_rows_that_fit_mean_what_is_crossed_out_on_paper(table: Table, data: st.DataObject) -> None:
    fits = tuple(data.draw(st.lists(st.integers(0, len(table.rows) - 1), max_size=4, unique=True)))
    decay = data.draw(st.integers(NO_ROW, len(table.decays) - 1))
    paper = {grade: [place for place in fits if table.rows[place].grade == grade] for grade in GRADES}
    kinds = [grade for grade in GRADES if paper[grade] and grade != table.overlap]
    if table.overlap and len(kinds) > 1 and not paper[table.overlap]:
        paper[table.overlap] = [fits[0]]
    said = [(grade, places[0]) for grade, places in paper.items() if places]
    effect = table.decays[decay].effect if said and decay != NO_ROW else None
    if effect == Effect.LAPSE:
        said = [("gone", said[0][1])] if table.lapsed else []
    if effect == Effect.DOWN:
        ladder = {"S": "A", "A": "B", "B": "C", "C": "C" if table.lapsed else "gone"}
        said = [(ladder[grade], row) for grade, row in said]
        assert [one_down(table, grade) for grade in ladder] == list(ladder.values())
    assert meaning(table, fits, decay) == Outcome(tuple(said), fits, decay if effect else NO_ROW)


HELD = st.lists(st.sampled_from(GRADES), max_size=4).map(tuple)


@given(st.lists(st.tuples(HELD, HELD), min_size=1, max_size=6), st.sampled_from(["", "gone"]))
def test_a_move_is_named_by_laying_the_two_lists_of_grades_side_by_side(
    changes: list[tuple[tuple[str, ...], tuple[str, ...]]], lapsed: str
) -> None:
    table, wanted = Table(GRADES, (), lapsed=lapsed), []
    for before, after in changes:
        was, now = ([g for g in GRADES if g in held and g != lapsed] for held in (before, after))
        if set(before) == set(after):
            wanted.append(0)
        elif not was or not now:
            wanted.append(Move.LAPSE if not now else Move.NEW)
        elif was[0] != now[0]:
            wanted.append(Move.RISE if GRADES.index(now[0]) < GRADES.index(was[0]) else Move.FALL)
        elif len(was) != len(now):
            wanted.append(Move.RISE if len(now) > len(was) else Move.FALL)
        else:
            wanted.append(Move.SIDEWAYS)
        for held in (before, after):
            assert grades_in(GRADES, mask_of(table, held)) == [grade for grade in GRADES if grade in held]
    columns = [
        masks_of(table, tuple(Outcome(tuple((grade, 0) for grade in pair[side])) for pair in changes))
        for side in (0, 1)
    ]
    assert moves(table, columns[0], columns[1]).tolist() == wanted
    assert [move(table, int(a), int(b)) for a, b in np.stack(columns, axis=1)] == wanted


@settings(max_examples=60)
@given(TABLES, TABLES)
def test_a_table_is_kept_whole_and_told_from_any_other(table: Table, other: Table) -> None:
    assert contents_into(replace(other, **{name: getattr(table, name) for name in ("policy", "overlap", "lapsed")}),
                         table.contents()).contents() == table.contents()  # fmt: skip
    again = contents_into(table, table.contents())
    assert again.digest() == table.digest()
    same = (table.contents(), table.policy, table.overlap, table.lapsed) == (
        other.contents(), other.policy, other.overlap, other.lapsed,
    )  # fmt: skip
    assert (table.digest() == other.digest()) == same
    asked: list[str] = []
    for part in table.parts:
        for name in part.when:
            if name not in asked:
                asked.append(name)
    assert used_columns(table.parts) == asked
    factor = [FACTOR_FACT] if table.factors and any(r.scaled for r in table.rows) and FACTOR_FACT not in asked else []
    assert list(table.facts) == asked + factor


@settings(max_examples=60)
@given(TABLES, st.sets(st.sampled_from(sorted(KINDS))), st.sets(st.sampled_from(GRADES)), st.integers(-1, 3))
def test_a_table_is_refused_for_any_one_thing_that_is_not_known(
    table: Table, known: set[str], grades: set[str], factor: int
) -> None:
    table = replace(table, grades=tuple(sorted(grades)), factors={2: Decimal(factor) / 2})
    faults = [row for row in table.rows if row.grade not in grades]
    names = [name for part in table.parts for name in part.when if name not in known]
    kinds: dict[str, FactKind] = {name: KINDS[name] for name in known}
    if not faults and not names and factor in (1, 2):
        check(table, kinds)
        return
    with pytest.raises(Refused):
        check(table, kinds)


@settings(max_examples=60)
@given(TABLES, st.fixed_dictionaries({name: values(kind) for name, kind in KINDS.items()}))
def test_a_scaled_row_stands_once_more_for_each_factor_just_before_itself(
    table: Table, facts: dict[str, Value]
) -> None:
    rules = list(table.rules())
    for place, row in enumerate(table.rows):
        mine = [rule for number, rule in rules if number == place]
        assert mine[-1] == row
        assert len(mine) == 1 + (len(table.factors) if row.scaled else 0)
        for (group, factor), rule in zip(table.factors.items(), mine[:-1], strict=False):
            fits = facts[FACTOR_FACT] == group
            for name, asked in row.when.items():
                if name == FACTOR_FACT:
                    continue
                low = None if asked.low is None else scaled(asked.low, factor)
                fits = fits and replace(asked, low=low).holds(facts[name])
            assert fits == all(asked.holds(facts[name]) for name, asked in rule.when.items())
    assert [number for number, _ in rules] == sorted(number for number, _ in rules)
