"""What other properties pass by: deadlines still to come, what runs under what, plain sums of compensation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.business_time import Calendar, Unit
from mainstay.domain.compensation import (
    Amount,
    AmountUnit,
    Cap,
    ClauseKind,
    ClauseSet,
    Event,
    Per,
    Rent,
    Step,
    check_clauses,
)
from mainstay.domain.compensation.lines import decimal, money, spoken
from mainstay.domain.compensation.reckoning import united_s
from mainstay.domain.errors import Refused
from mainstay.domain.impact import ImpactEngine
from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, EventKind, Phase, Promise, judge
from mainstay.domain.root_cause import Alarm
from tests.domain.clock_cast import OFFICE, SPLIT, beijing
from tests.domain.test_business_time_properties import works
from tests.domain.test_compensation_properties import clause_sets
from tests.domain.test_impact import Batch, Network, above, columns, level_of, retell, since, stories, unplanned
from tests.domain.test_promise_clock_properties import MINUTE, Story, Walk, is_counted
from tests.domain.test_promise_clock_properties import stories as clock_stories
from tests.domain.test_root_cause_properties import Call, World, tell
from tests.domain.test_root_cause_properties import stories as alarm_stories

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)


@settings(max_examples=30)
@given(clock_stories())
def test_a_deadline_to_come_is_found_by_walking_on(story: Story) -> None:
    walk = Walk(story)
    verdict = judge(story.promise, ClockPolicy(resolved_counts=story.counts), story.log, story.end)
    if verdict.phase not in (Phase.RUNNING, Phase.PAUSED):
        assert verdict.projected_deadline_at is None
        return
    used, at = list(walk.used), story.end
    while len(used) < walk.promise.amount:
        if is_counted(walk.promise, at):
            used.append(at)
        at += MINUTE
    due = used[walk.promise.amount - 1] + MINUTE
    assert verdict.projected_deadline_at == due
    assert verdict.deadline_at == (due if verdict.phase == Phase.RUNNING or due <= story.end else None)


PAUSES = st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), max_size=3)


@settings(max_examples=30)
@given(st.integers(0, 9 * 1440), st.sampled_from([OFFICE, SPLIT]), st.integers(0, 3), PAUSES)
def test_a_promise_in_days_is_put_off_by_the_working_minutes_of_its_pauses(
    offset: int, calendar: Calendar, days: int, pauses: list[tuple[int, int]]
) -> None:
    start = beijing(9, 14) + MINUTE * offset
    log, at, held = [ClockEvent(EventKind.START, start, 1)], start, list[tuple[datetime, int]]()
    for number, (run, pause) in enumerate(pauses):
        log.append(ClockEvent(EventKind.PAUSE, at + MINUTE * run, 2 + 2 * number, reason="access_denied"))
        log.append(ClockEvent(EventKind.RESUME, at + MINUTE * (run + pause), 3 + 2 * number))
        worked = sum(works(calendar, at + MINUTE * n) for n in range(run, run + pause))
        held.append((at + MINUTE * run, worked))
        at += MINUTE * (run + pause)
    zone, due, counted = ZoneInfo(calendar.tz), start, set[Any]()
    today, minute = start.astimezone(zone).date(), start
    # Same day: until closing time, or that of the next working day once it is past; else the n-th day after today.
    rest = [start + MINUTE * n for n in range(1440)]
    rest = [each for each in rest if each.astimezone(zone).date() == today and works(calendar, each)]
    if days == 0 and rest:
        due = rest[-1] + MINUTE
    else:
        while len(counted) <= max(1, days):
            if works(calendar, minute) and minute.astimezone(zone).date() > today:
                counted.add(minute.astimezone(zone).date())
                due = minute + MINUTE if len(counted) <= max(1, days) else due
            minute += MINUTE
    for paused_at, left in held:
        while left and paused_at < due:  # what was missed already is not put off any more
            left -= works(calendar, due)
            due += MINUTE
    promise = Promise(days, Unit.WORKING_DAYS, calendar) if days else Promise(1, Unit.SAME_DAY, calendar)
    assert judge(promise, ClockPolicy(), log, at).deadline_at == due


@settings(max_examples=40)
@given(stories())
def test_levels_and_unplanned_begins_are_those_of_a_walk_upwards(story: tuple[Network, list[Batch]]) -> None:
    network, batches = story
    engine, faults = ImpactEngine(network.graph()), dict[tuple[int, bool], tuple[int, int]]()
    for batch in batches:
        engine.set_levels(*columns(batch))
        retell(faults, batch)
    everything = range(network.resources)
    own = [max(faults.get((r, True), (0, 0))[0], faults.get((r, False), (0, 0))[0]) for r in everything]
    assert engine.own_levels().tolist() == own
    assert engine.effective_levels().tolist() == [level_of(network, faults, r) for r in everything]
    for circuit in range(len(network.circuits)):
        assert engine.since(circuit, unplanned=True) == since(network, unplanned(faults), circuit)
    graph = engine.graph
    for here in everything:
        assert graph.parents(here).tolist() == sorted({p for c, p in network.depends if c == here})
        assert graph.children(here).tolist() == sorted({c for c, p in network.depends if p == here})
        assert graph.under([here] * 70).tolist() == sorted(above(network, here) | {here})
        assert graph.under([here]).tolist() == sorted(above(network, here) | {here})
    assert {tuple(pair) for pair in graph.depends().tolist()} == set(network.depends)


@settings(max_examples=40)
@given(alarm_stories(), st.dictionaries(st.integers(1, 12), st.integers(1, 5)), st.integers(1, 9))
def test_groups_get_back_the_ids_most_of_their_alarms_had(
    story: tuple[World, list[Call]], known: dict[int, int], fresh: int
) -> None:
    world, calls = story
    book, active = world.book(), dict[int, Alarm]()
    for call in calls:
        tell(book, active, call)
    before = {group.cause: {member.alarm for member in group.members} for group in book.groups()}
    book.recall({alarm: group for alarm, group in known.items() if alarm in active}, fresh)
    after = {group.cause: group.id for group in book.groups()}
    assert {group.cause: {m.alarm for m in group.members} for group in book.groups()} == before
    votes = [(-sum(known.get(alarm) == group for alarm in members), group, cause)
             for cause, members in before.items() for group in set(known.values())]  # fmt: skip
    wanted: dict[int, int] = {}
    for count, group, cause in sorted(votes):
        if count and group not in wanted.values() and cause not in wanted:
            wanted[cause] = group
    free = max([fresh, *(group + 1 for group in wanted.values())])
    for cause in sorted(before):
        if cause not in wanted:
            wanted[cause], free = free, free + 1
    assert after == wanted
    assert all(book.placement(alarm).group == book.group_of(alarm) for alarm in active)


@given(st.fractions(0, 500, max_denominator=900), st.integers(1, 6))
def test_a_fraction_is_written_as_long_division_on_paper_writes_it(value: Fraction, places: int) -> None:
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    for _ in range(places):
        digit, rest = divmod(rest * 10, value.denominator)
        digits += str(digit)
    while digits.endswith("0"):
        digits = digits[:-1]
    assert decimal(value, places) == (f"{whole}.{digits}" if digits else str(whole))
    assert Fraction(str(money(value))) == value
    assert spoken(Amount(value, AmountUnit.PERCENT)) == f"{decimal(value)}%"


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=6))
def test_outages_together_cover_each_second_once(spans: list[tuple[int, int]]) -> None:
    seconds = {second for begin, length in spans for second in range(begin, begin + length)}
    at = [BEGIN + timedelta(seconds=n) for n in range(61)]
    assert united_s([Event(at[begin], at[begin + length]) for begin, length in spans]) == len(seconds)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 9)), min_size=1, max_size=3), st.integers(1, 4))
def test_a_rent_of_several_prices_is_paid_day_by_day(parts: list[tuple[int, int]], circuits: int) -> None:
    a_month = sum((Fraction(price, 30) for price, days in parts for _ in range(days)), Fraction(0))
    rent = Rent(parts[-1][0], circuits, sum(days for _, days in parts), 30, parts=tuple(parts))
    assert sum(rent.fen for _ in range(circuits)) == a_month


FAULTS = ("code", "cap", "ignored", "pay", "days", "free", "year", "step", "order")


@settings(max_examples=40)
@given(clause_sets().filter(lambda clauses: bool(clauses.clauses)), st.sampled_from(FAULTS))
def test_sound_clauses_are_taken_and_any_one_fault_is_refused(clauses: ClauseSet, fault: str) -> None:
    check_clauses(clauses)
    first, nothing = clauses.clauses[0], Amount(Fraction(0), AmountUnit.FEN)
    two = (Step(Fraction(99), Amount(Fraction(5), AmountUnit.FEN)), Step(Fraction(98), Amount(Fraction(5), AmountUnit.FEN)))  # fmt: skip  # noqa: E501
    wrong = {
        "pay": replace(first, kind=ClauseKind.EVENT, amount=nothing),
        "days": replace(first, kind=ClauseKind.REPEAT, repeat_days=0),
        "free": replace(first, free_events=-1),
        "year": replace(first, caps=(Cap(Per.YEAR, Amount(Fraction(9), AmountUnit.FEN)),)),
        "step": replace(first, kind=ClauseKind.AVAILABILITY, steps=()),
        "order": replace(first, kind=ClauseKind.AVAILABILITY, steps=two),
    }
    spoilt = replace(clauses, clauses=(wrong.get(fault, first), *clauses.clauses[1:]))
    if fault == "code":
        spoilt = replace(clauses, clauses=(*clauses.clauses, first))
    elif fault == "cap":
        spoilt = replace(clauses, caps=(*clauses.caps, Cap(Per.MONTH, nothing)))
    elif fault == "ignored":
        spoilt = replace(clauses, ignored_below_fen=-1)
    with pytest.raises(Refused):
        check_clauses(spoilt)


@given(st.sampled_from(ActorKind), st.sets(st.sampled_from("abc")), st.sets(st.sampled_from(["", "42"])), st.booleans())
def test_what_an_actor_may_is_looked_up_in_a_list(
    kind: ActorKind, held: set[str], regions: set[str], limited: bool
) -> None:
    actor = Actor(kind, "x", permissions=frozenset(held), regions=tuple(regions),
                  customer_ids=frozenset({1}) if limited else None)  # fmt: skip
    everywhere = {"system": True, "staff": "" in regions and not limited, "customer": False, "nobody": False}
    assert actor.sees_everything == everywhere[kind.value]
    assert [p for p in "abc" if actor.may(p)] == ([*"abc"] if kind.value == "system" else sorted(held))
