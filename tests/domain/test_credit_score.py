"""Points by rules: bounds, shares, caps; the same for one customer as for all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.credit_score import MOST, Band, Rule, bands, points, scores

BANDS = [Band("A", 800), Band("B", 500), Band("C", 0)]


def column(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_a_rule_holds_from_its_lower_bound_to_below_its_upper() -> None:
    found = points([Rule("late", -40, 1, 31)], {"late": column(0, 1, 30, 31)})
    assert found.tolist() == [[0, -40, -40, 0]]


def test_points_for_each_of_a_fact_are_capped() -> None:
    rules = [Rule("late", -20, per=1, most=50), Rule("yuan", 1, per=1_000)]
    found = points(rules, {"late": column(0, 2, 9), "yuan": column(999, 1_000, 2_500)})
    assert found.tolist() == [[0, -40, -50], [0, 1, 2]]


def test_a_score_stays_within_its_bounds_and_has_a_band() -> None:
    found = scores(700, np.array([[400, -900, 100, -200]]))
    assert found.tolist() == [1_000, 0, 800, 500]
    assert bands(BANDS, found) == ["A", "C", "A", "B"]


RULES = st.lists(
    st.builds(
        Rule, st.sampled_from(["a", "b"]), st.integers(-300, 300), st.none() | st.integers(0, 50),
        st.none() | st.integers(0, 90), st.integers(0, 5), st.integers(0, 200),
    ), min_size=1, max_size=6,
)  # fmt: skip
FACTS = st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 100)), min_size=1, max_size=8)


@given(RULES, FACTS, st.integers(0, MOST))
def test_together_is_as_alone(rules: list[Rule], facts: list[tuple[int, int]], base: int) -> None:
    together = points(rules, {"a": column(*(a for a, _ in facts)), "b": column(*(b for _, b in facts))})
    for place, (a, b) in enumerate(facts):
        alone = points(rules, {"a": column(a), "b": column(b)})
        assert alone[:, 0].tolist() == together[:, place].tolist()
        assert scores(base, alone)[0] == scores(base, together)[place]
    for rule, given_points in zip(rules, together, strict=True):
        assert all(not rule.most or abs(each) <= rule.most for each in given_points)
