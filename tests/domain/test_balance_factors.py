"""Factors over arrays of daily figures say what a slow reference says, account by account and day by day."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.balance_factors import (
    MISSING,
    Bound,
    Together,
    by_owner,
    carried,
    judge,
    points,
    stock_sums,
    sums,
)

cell = st.one_of(st.just(MISSING), st.integers(-(10**12), 10**12))


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    """Draw accounts with the same number of days each."""
    width = draw(st.integers(1, 9))
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))


def reference_carried(row: list[int]) -> list[int]:
    found, last = [], 0
    for each in row:
        last = last if each == MISSING else each
        found.append(last)
    return found


@given(tables(), st.integers(1, 9))
def test_a_balance_holds_until_the_next_and_flows_count_once(table: list[list[int]], last: int) -> None:
    days = np.array(table, np.int64)
    last = min(last, days.shape[1])
    assert carried(days).tolist() == [reference_carried(row) for row in table]
    assert stock_sums(days, last).tolist() == [sum(reference_carried(row)[-last:]) for row in table]
    assert sums(days, last).tolist() == [sum(0 if each == MISSING else each for each in row[-last:]) for row in table]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(-(10**9), 10**9)), max_size=20))
def test_rows_are_added_up_by_owner(rows: list[tuple[int, int]]) -> None:
    rows.sort(key=lambda row: row[0])
    owners, totals = by_owner(np.array([v for _, v in rows], np.int64), np.array([o for o, _ in rows], np.int64))
    wanted = {owner: sum(v for o, v in rows if o == owner) for owner, _ in rows}
    assert dict(zip(owners.tolist(), totals.tolist(), strict=True)) == wanted


bounds = st.lists(st.builds(Bound, st.integers(1, 10**15), st.integers(0, 1_000)), min_size=1, max_size=4)


@given(bounds, st.data(), st.sampled_from(list(Together)))
def test_a_slow_reference_judges_the_same(factors: list[Bound], data: st.DataObject, together: Together) -> None:
    count = data.draw(st.integers(1, 4))
    values = [data.draw(st.lists(st.integers(-(10**15), 10**15), min_size=count, max_size=count)) for _ in factors]
    least = data.draw(st.integers(1, 1_000))
    passes, scores = judge([np.array(each, np.int64) for each in values], factors, together, least)
    for place in range(count):
        mine = [each[place] for each in values]
        if together == Together.WEIGHTS:
            score = sum(b.weight * (min(max(v, 0), b.least) * 1_000 // b.least)
                        for v, b in zip(mine, factors, strict=True))  # fmt: skip
            assert (bool(passes[place]), int(scores[place])) == (score >= least * 1_000, score)
        else:
            each = [v >= b.least for v, b in zip(mine, factors, strict=True)]
            assert bool(passes[place]) == (all(each) if together == Together.ALL else any(each))


def test_full_points_are_reached_at_the_least_and_never_exceeded() -> None:
    found = points(np.array([-5, 0, 50, 100, 10**15]), Bound(100, 40))
    assert found.tolist() == [0, 0, 20_000, 40_000, 40_000]
