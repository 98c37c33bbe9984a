"""Crossings: raised after enough periods in a row, with hysteresis; gaps and latecomers; against a slow reference."""

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.threshold_watch import CALM, Limit, Step, Watch, judge

LIMIT = Limit(raise_at=90, clear_at=80, raise_periods=3, clear_periods=2)


def run(limit: Limit, samples: list[tuple[int, int]]) -> list[tuple[int, Step]]:
    watch = CALM
    found: list[tuple[int, Step]] = []
    for period, value in samples:
        watch, step = judge(watch, limit, period, value)
        if step != Step.NOTHING:
            found.append((period, step))
    return found


def test_it_works() -> None:
    samples = list(enumerate([50, 95, 95, 95, 85, 95, 80, 85, 70, 80, 50]))
    assert run(LIMIT, samples) == [(3, Step.CROSSED), (9, Step.CLEARED)]


def test_it_stands_since_the_first_period_of_the_row() -> None:
    watch = CALM
    for period in (7, 8, 9):
        watch, _ = judge(watch, LIMIT, period, 90)
    assert watch == Watch(9, 0, standing=True, since=7)


def test_a_gap_neither_raises_nor_clears() -> None:
    assert run(LIMIT, [(1, 95), (2, 95), (4, 95), (5, 95)]) == []
    assert run(Limit(90, 80, 1, 2), [(1, 95), (2, 10), (4, 10), (5, 10)]) == [(1, Step.CROSSED), (5, Step.CLEARED)]


def test_a_period_judged_already_changes_nothing() -> None:
    watch, _ = judge(CALM, LIMIT, 5, 95)
    assert judge(watch, LIMIT, 5, 95) == (watch, Step.NOTHING)
    assert judge(watch, LIMIT, 4, 95) == (watch, Step.NOTHING)


def test_between_the_two_values_nothing_flaps() -> None:
    wild = [(period, 95 if period % 2 else 81) for period in range(100)]
    assert run(Limit(90, 80), wild) == [(1, Step.CROSSED)]


def reference(limit: Limit, values: dict[int, int]) -> list[tuple[int, Step]]:
    """Look back over the last periods at every period, without remembering rows."""
    found: list[tuple[int, Step]] = []
    standing, changed = False, -1
    for period in sorted(values):
        needed = limit.clear_periods if standing else limit.raise_periods
        last = range(period - needed + 1, period + 1)
        if last[0] <= changed or not all(each in values for each in last):
            continue
        if all((values[each] <= limit.clear_at) if standing else (values[each] >= limit.raise_at) for each in last):
            standing, changed = not standing, period
            found.append((period, Step.CROSSED if standing else Step.CLEARED))
    return found


@given(
    st.dictionaries(st.integers(0, 60), st.integers(0, 10), max_size=60),
    st.integers(1, 10), st.integers(1, 5), st.integers(1, 5), st.integers(0, 9),
)  # fmt: skip
def test_it_agrees_with_looking_back(values: dict[int, int], top: int, up: int, down: int, under: int) -> None:
    limit = Limit(top, min(under, top - 1), up, down)
    assert run(limit, sorted(values.items())) == reference(limit, values)
