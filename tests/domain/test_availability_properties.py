"""Every ledger the arrays reckon, and every one swept alone, is what counting second by second gives (PC 16-19)."""

import random

from hypothesis import given, settings

from mainstay.domain.availability import spans, views
from tests.domain.availability_cases import Case, cases


@settings(max_examples=300)
@given(cases())
def test_the_arrays_give_what_counting_seconds_gives(case: Case) -> None:
    found = case.reckoned()
    assert [found.views(circuit) for circuit in range(len(case.periods))] == case.expected()


@settings(max_examples=200)
@given(cases())
def test_stretches_sum_up_to_what_counting_seconds_gives(case: Case) -> None:
    for circuit, period in enumerate(case.periods):
        found = spans(case.of(circuit), *period)
        assert views(found) == case.expected()[circuit]
        assert [one.to_s for one in found[:-1]] == [one.from_s for one in found[1:]]
        assert sum(one.to_s - one.from_s for one in found) == period[1] - period[0]


def test_a_circuit_with_hundreds_of_facts_is_reckoned_as_well() -> None:
    dice = random.Random(7)
    facts = [
        (dice.choice((0, 0, 0, 1)), begin := dice.randrange(500), begin + 9, dice.randrange(8)) for _ in range(600)
    ]
    case = Case([(0, 500), (100, 400)], facts)
    assert [case.reckoned().views(circuit) for circuit in (0, 1)] == case.expected()
