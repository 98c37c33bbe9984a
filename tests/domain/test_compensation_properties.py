"""What must hold of every compensation, whatever the clauses and the month (H8)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.compensation import (
    LINE_TEXTS,
    Amount,
    AmountUnit,
    Cap,
    Clause,
    ClauseKind,
    ClauseSet,
    Combining,
    Event,
    LateRepair,
    MonthFacts,
    Per,
    Rent,
    Rounding,
    Step,
    check_clauses,
    clause_set_from,
    facts_from,
    plain_clause_set,
    plain_facts,
    reckon,
)
from tests.domain.compensation_reference import sum_of, total_due

BEGIN = datetime(2026, 9, 30, 16, tzinfo=UTC)
MONTH_S = 31 * 86400
SIDES = st.sampled_from(["operator", "operator", "", "customer", "other_operator", "force_majeure"])
CAUSES = st.sampled_from(["", "cable_cut", "customer_power"])

percents = st.integers(1, 2000).map(lambda n: Amount(Fraction(n, 7), AmountUnit.PERCENT))
sums = st.integers(1, 900).map(lambda n: Amount(Fraction(n), AmountUnit.FEN))
amounts = percents | sums
caps = st.builds(Cap, per=st.sampled_from([Per.EVENT, Per.MONTH]), amount=amounts)
set_caps = st.builds(Cap, per=st.sampled_from(list(Per)), amount=amounts)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Step, ...]:
    """Draw steps that pay more the deeper they lie."""
    below = sorted(draw(st.sets(st.integers(1, 100_000), min_size=1, max_size=4)), reverse=True)
    unit = draw(st.sampled_from(list(AmountUnit)))
    pays = sorted(draw(st.sets(st.integers(1, 300), min_size=len(below), max_size=len(below))))
    return tuple(Step(Fraction(b, 1000), Amount(Fraction(p), unit)) for b, p in zip(below, pays, strict=True))


@st.composite
def clause_sets(draw: st.DrawFn) -> ClauseSet:
    """Draw sound clause sets."""
    clauses = [
        Clause(
            code=f"c{number}", kind=draw(st.sampled_from(list(ClauseKind))), amount=draw(amounts),
            steps=draw(ladders()), free_events=draw(st.integers(0, 2)), repeat_days=draw(st.integers(1, 30)),
            excluded_causes=draw(st.sampled_from([frozenset(), frozenset({"customer_power"})])),
            caps=tuple(draw(st.lists(caps, max_size=2))), at_least_fen=draw(st.sampled_from([0, 0, 50, 400])),
        )
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return ClauseSet(
        tuple(clauses), draw(st.sampled_from(list(Combining))), draw(st.sampled_from(list(Rounding))),
        tuple(draw(st.lists(set_caps, max_size=2))), draw(st.sampled_from([0, 0, 100])), draw(st.booleans()),
        draw(st.booleans()),
    )  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Draw an outage of at most an hour or so."""
    begin = BEGIN + timedelta(seconds=draw(st.integers(0, MONTH_S - 5000)))
    after = draw(st.none() | st.integers(0, 40 * 86400).map(lambda s: begin - timedelta(seconds=s)))
    end = begin + timedelta(seconds=draw(st.integers(0, 4000)))
    return Event(begin, end, draw(SIDES), draw(CAUSES), "T-1", after, draw(st.booleans()))


repairs = st.builds(
    LateRepair, ticket=st.just("T-2"), promised_s=st.integers(0, 9000), used_s=st.integers(0, 40_000),
    responsibility=SIDES, cause=CAUSES,
)  # fmt: skip
rents = st.none() | st.builds(
    Rent, price_fen=st.integers(0, 900), circuits=st.integers(1, 3), days=st.integers(0, 31), month_days=st.just(31)
)
months = st.builds(
    MonthFacts, month=st.just(date(2026, 10, 1)), base_s=st.integers(0, 20_000) | st.just(MONTH_S), rent=rents,
    events=st.lists(events(), max_size=4).map(lambda found: tuple(sorted(found, key=lambda e: e.from_at))),
    late=st.lists(repairs, max_size=3).map(tuple), unknown_s=st.integers(0, 3000),
    paid_in_year_fen=st.integers(0, 600), closed=st.booleans(),
)  # fmt: skip


@given(clause_sets(), months)
@settings(max_examples=400, deadline=None)
def test_it_is_what_the_slow_reference_says(clauses: ClauseSet, month: MonthFacts) -> None:
    check_clauses(clauses)
    assert reckon(clauses, month).due_fen == total_due(clauses, month)


@given(clause_sets(), months)
def test_it_is_never_negative_and_never_over_a_cap(clauses: ClauseSet, month: MonthFacts) -> None:
    found = reckon(clauses, month)
    assert found.due_fen >= 0
    for cap in clauses.caps:
        if cap.per == Per.MONTH:
            assert found.due_fen <= sum_of(cap.amount, month.rent_fen)
        if cap.per == Per.YEAR:
            left = sum_of(cap.amount, month.rent_fen) - month.paid_in_year_fen
            assert found.due_fen <= max(Fraction(0), left)
    for awarded in found.clauses:
        clause = next(one for one in clauses.clauses if one.code == awarded.code)
        for cap in clause.caps:
            assert cap.per != Per.MONTH or awarded.due_fen <= sum_of(cap.amount, month.rent_fen)


@given(clause_sets(), months)
def test_nothing_is_owed_for_what_others_did(clauses: ClauseSet, month: MonthFacts) -> None:
    others = replace(
        month,
        unknown_s=0,
        events=tuple(replace(event, responsibility="customer") for event in month.events),
        late=tuple(replace(late, responsibility="force_majeure") for late in month.late),
    )
    assert reckon(clauses, others).due_fen == 0


@given(clause_sets(), months, st.integers(1, 5000))
def test_longer_outages_never_cost_less(clauses: ClauseSet, month: MonthFacts, longer_s: int) -> None:
    more = tuple(replace(event, to_at=event.to_at + timedelta(seconds=longer_s)) for event in month.events)
    assert reckon(clauses, replace(month, events=more)).due_fen >= reckon(clauses, month).due_fen


@given(clause_sets(), months, repairs)
def test_a_further_late_repair_never_costs_less(clauses: ClauseSet, month: MonthFacts, late: LateRepair) -> None:
    more = replace(month, late=(*month.late, late))
    assert reckon(clauses, more).due_fen >= reckon(clauses, month).due_fen


@given(clause_sets(), months)
def test_overlapping_outages_are_united(clauses: ClauseSet, month: MonthFacts) -> None:
    only_steps = replace(clauses, clauses=tuple(c for c in clauses.clauses if c.kind == ClauseKind.AVAILABILITY))
    twice = replace(month, events=tuple(event for event in month.events for _ in range(2)))
    assert reckon(only_steps, twice).due_fen == reckon(only_steps, month).due_fen


@given(clause_sets(), months)
def test_every_step_is_said_and_the_last_line_is_the_sum(clauses: ClauseSet, month: MonthFacts) -> None:
    found = reckon(clauses, month)
    assert {line.code for line in found.lines} <= set(LINE_TEXTS)
    assert found.lines[-1].params == {"due_fen": found.due_fen}
    for line in found.lines:
        LINE_TEXTS[line.code].format(**line.params)
    chosen = sum(one.due_fen for one in found.clauses)
    assert chosen >= found.due_fen


@given(clause_sets(), months)
def test_what_is_kept_as_plain_values_comes_back_the_same(clauses: ClauseSet, month: MonthFacts) -> None:
    assert clause_set_from(plain_clause_set(clauses)) == clauses
    assert facts_from(plain_facts(month)) == month
