"""What is owed for a month: the kinds of clauses, caps, rounding, whose fault it was, refusals (H8, D3, PC 15, 21)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from mainstay.domain.compensation import (
    Amount,
    AmountUnit,
    BadClauses,
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
    reckon,
)

DAY = datetime(2026, 10, 5, tzinfo=UTC)
RENT = Rent(price_fen=880_000, days=31, month_days=31)
MONTH_S = 31 * 86400


def percent(value: str) -> Amount:
    return Amount(Fraction(value), AmountUnit.PERCENT)


def fen(value: int) -> Amount:
    return Amount(Fraction(value), AmountUnit.FEN)


def outage(minutes: int, *, side: str = "operator", day: int = 0, **more: object) -> Event:
    begin = DAY + timedelta(days=day)
    return Event(begin, begin + timedelta(minutes=minutes), side, ticket="T-000001", **more)  # type: ignore[arg-type]


def month(*events: Event, late: tuple[LateRepair, ...] = (), **more: object) -> MonthFacts:
    return MonthFacts(date(2026, 10, 1), MONTH_S, RENT, events, late, **more)  # type: ignore[arg-type]


STEPS = Clause(
    "steps", ClauseKind.AVAILABILITY, "可用率",
    steps=(Step(Fraction("99.9"), percent("5")), Step(Fraction("99.5"), percent("10"))),
)  # fmt: skip
HOURS = Clause("hours", ClauseKind.STARTED_HOUR, "超时", amount=percent("1"))
WAIVED = Clause("waived", ClauseKind.LATE_REPAIR, "免租", amount=percent("100"))


def due(facts: MonthFacts, *clauses: Clause, **more: object) -> int:
    made = ClauseSet(clauses, **more)  # type: ignore[arg-type]
    check_clauses(made)
    return reckon(made, facts).due_fen


def said(facts: MonthFacts, *clauses: Clause) -> list[str]:
    return [line.code for line in reckon(ClauseSet(clauses), facts).lines]


def test_it_works() -> None:
    found = reckon(ClauseSet((STEPS,)), month(outage(60)))
    assert found.due_fen == 44_000
    assert [line.code for line in found.lines] == ["price", "rent", "availability", "step", "total"]


def test_the_deepest_step_reached_counts() -> None:
    assert due(month(outage(44)), STEPS) == 0
    assert due(month(outage(45)), STEPS) == 44_000
    assert due(month(outage(240)), STEPS) == 88_000


def test_a_step_is_reached_below_it_and_not_at_it() -> None:
    exactly = MonthFacts(date(2026, 10, 1), 600_000, RENT, (outage(10),))
    assert due(exactly, STEPS) == 0
    assert due(replace(exactly, base_s=599_999), STEPS) == 44_000


def test_each_started_hour_over_the_promise_is_paid() -> None:
    late = LateRepair("T-000001", promised_s=3600, used_s=3600 + 3601, responsibility="operator")
    assert due(month(late=(late,)), HOURS) == 2 * 8_800
    assert due(month(late=(replace(late, used_s=3600),)), HOURS) == 0


def test_the_months_rent_is_waived_once_however_many_repairs_were_late() -> None:
    late = LateRepair("T-000001", promised_s=48 * 3600, used_s=50 * 3600, responsibility="operator")
    assert due(month(late=(late, late)), WAIVED) == 880_000


def test_terminal_faults_are_excluded() -> None:
    clause = replace(WAIVED, excluded_causes=frozenset({"customer_equipment"}))
    late = LateRepair("T-000001", 3600, 7200, "operator", "customer_equipment")
    assert due(month(late=(late,)), clause) == 0
    assert "cause_excluded" in said(month(late=(late,)), clause)


def test_a_repeated_outage_has_its_own_clause() -> None:
    clause = Clause("again", ClauseKind.REPEAT, "重复", amount=fen(5_000), repeat_days=30)
    first, again = outage(5), outage(5, day=10, after=DAY + timedelta(minutes=5))
    assert due(month(first, again), clause) == 5_000
    assert due(month(first, replace(again, after=DAY - timedelta(days=30))), clause) == 0


def test_an_outage_that_began_before_the_month_is_paid_for_once() -> None:
    clause = Clause("each", ClauseKind.EVENT, "每次", amount=fen(5_000))
    assert due(month(replace(outage(60), continues=True)), clause) == 0
    assert due(month(replace(outage(60), continues=True)), STEPS) == 44_000


def test_the_first_outages_may_be_free() -> None:
    clause = Clause("each", ClauseKind.EVENT, "每次", amount=fen(5_000), free_events=1)
    assert due(month(outage(5), outage(5, day=1), outage(5, day=2)), clause) == 10_000


@pytest.mark.parametrize("side", ["customer", "other_operator", "force_majeure"])
def test_only_the_operator_pays(side: str) -> None:
    assert due(month(outage(240, side=side)), STEPS) == 0
    assert "not_ours" in said(month(outage(240, side=side)), STEPS)


def test_what_nobody_decided_counts_unless_the_clauses_say_otherwise() -> None:
    assert due(month(outage(240, side="")), STEPS) == 88_000
    assert due(month(outage(240, side="")), STEPS, undecided_counts=False) == 0


def test_unknown_time_is_not_down_unless_the_clauses_say_so() -> None:
    assert due(month(unknown_s=14_400), STEPS) == 0
    assert due(month(unknown_s=14_400), STEPS, unknown_counts=True) == 88_000


def test_the_highest_counts_or_all_add_up() -> None:
    late = LateRepair("T-000001", 3600, 3 * 3600, "operator")
    facts = month(outage(180), late=(late,))
    assert due(facts, STEPS, HOURS) == 44_000
    assert due(facts, STEPS, HOURS, combining=Combining.ADD) == 44_000 + 17_600


def test_caps_of_event_month_and_year() -> None:
    late = LateRepair("T-000001", 3600, 30 * 3600, "operator")
    each = replace(HOURS, caps=(Cap(Per.EVENT, percent("10")),))
    assert due(month(late=(late, late)), each) == 2 * 88_000
    assert due(month(late=(late, late)), replace(each, caps=(*each.caps, Cap(Per.MONTH, percent("15"))))) == 132_000
    assert due(month(late=(late, late)), each, caps=(Cap(Per.MONTH, fen(100_000)),)) == 100_000
    in_year = (Cap(Per.YEAR, percent("100")),)
    assert due(month(late=(late,), paid_in_year_fen=800_000), each, caps=in_year) == 80_000
    assert due(month(late=(late,), paid_in_year_fen=900_000), each, caps=in_year) == 0


def test_least_amounts() -> None:
    small = Clause("each", ClauseKind.EVENT, "每次", amount=fen(300), at_least_fen=1_000)
    assert due(month(outage(5)), small) == 1_000
    assert due(month(outage(5)), replace(small, at_least_fen=0), ignored_below_fen=500) == 0


def test_an_amount_is_rounded_once_and_by_the_rule_that_is_named() -> None:
    third = replace(month(outage(60)), rent=Rent(price_fen=1_000, circuits=3, days=31, month_days=31))
    clause = Clause("each", ClauseKind.EVENT, "每次", amount=percent("50"))
    exact = {rule: due(third, clause, rounding=rule) for rule in Rounding}
    assert exact == {Rounding.HALF_UP: 167, Rounding.UP: 167, Rounding.DOWN: 166}
    half = replace(third, rent=Rent(price_fen=101))
    assert due(half, clause) == 51


def test_before_the_month_is_closed_only_repairs_are_judged() -> None:
    late = LateRepair("T-000001", 3600, 7200, "operator")
    open_month = month(outage(600), late=(late,), closed=False)
    assert due(open_month, STEPS, HOURS) == 8_800
    assert "month_open" in said(open_month, STEPS, HOURS)


def test_without_rent_shares_give_nothing_and_it_is_said() -> None:
    facts = replace(month(outage(240)), rent=None)
    assert due(facts, STEPS) == 0
    assert "no_rent" in said(facts, STEPS)


@pytest.mark.parametrize(
    "clause",
    [
        Clause("", ClauseKind.EVENT, amount=fen(1)),
        Clause("a", ClauseKind.AVAILABILITY),
        Clause("a", ClauseKind.EVENT),
        Clause("a", ClauseKind.REPEAT, amount=fen(1)),
        Clause("a", ClauseKind.EVENT, amount=fen(1), caps=(Cap(Per.YEAR, fen(1)),)),
        Clause("a", ClauseKind.EVENT, amount=fen(1), caps=(Cap(Per.MONTH, fen(0)),)),
        replace(STEPS, steps=(*STEPS.steps, Step(Fraction(99), percent("10")))),
        replace(STEPS, steps=(*STEPS.steps, Step(Fraction(99), fen(10)))),
        replace(STEPS, steps=(Step(Fraction(101), percent("10")),)),
    ],
)
def test_unsound_clauses_are_refused(clause: Clause) -> None:
    with pytest.raises(BadClauses):
        check_clauses(ClauseSet((clause,)))


def test_a_code_given_twice_is_refused() -> None:
    with pytest.raises(BadClauses, match="steps"):
        check_clauses(ClauseSet((STEPS, STEPS)))
