"""Random ledgers: some circuits, their periods, facts of every kind, and what the reference makes of them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from mainstay.domain.availability import Fact, Kind, Sums, View, reference, sums


@dataclass(frozen=True)
class Case:
    """Circuits with their periods, and facts as (circuit, from, to, kind)."""

    periods: list[tuple[int, int]]
    facts: list[tuple[int, int, int, int]]

    def of(self, circuit: int) -> list[Fact]:
        """Return one circuit's facts."""
        return [Fact(begin, end, Kind(kind)) for c, begin, end, kind in self.facts if c == circuit]

    def expected(self) -> list[tuple[View, View]]:
        """Return both views of each circuit, counted second by second."""
        return [reference.views(self.of(c), *period) for c, period in enumerate(self.periods)]

    def reckoned(self) -> Sums:
        """Return what the arrays give."""
        columns = np.array(self.facts, np.int64).reshape(-1, 4).T
        periods = np.array(self.periods, np.int64).reshape(-1, 2)
        return sums(*columns, begin_s=periods[:, 0], end_s=periods[:, 1])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case; facts overlap, touch, repeat, are empty, and reach beyond the period."""
    starts = draw(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), min_size=1, max_size=4))
    periods = [(begin, begin + length) for begin, length in starts]
    fact = st.tuples(
        st.integers(0, len(periods) - 1), st.integers(-10, 90), st.integers(0, 40), st.sampled_from(list(Kind))
    )
    facts = draw(st.lists(fact, max_size=14))
    return Case(periods, [(circuit, begin, begin + length, int(kind)) for circuit, begin, length, kind in facts])
