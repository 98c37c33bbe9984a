"""What must hold of storms whatever the network does: no flicker, no lost cause, no lighter weight for more harm."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.storm import Facts, Placed, State, Thresholds, group_by_origin, judge, signals, weight

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
LIMITS = Thresholds()
CALM, LOUD = Facts(10, 10, 0, 0, 3), Facts(5000, 10, 0, 0, 3)
BETWEEN = Facts(400, 10, 0, 0, 3)

facts = st.builds(
    Facts,
    per_minute=st.integers(0, 5000),
    usual_per_minute=st.floats(0, 200),
    waiting=st.integers(0, 10_000),
    behind_s=st.integers(0, 120),
    causes=st.integers(0, 500),
)
steps = st.lists(st.tuples(st.integers(1, 120), facts), max_size=60)
grades = st.dictionaries(st.sampled_from(["AAA", "AA", "A", "I", "II", "III"]), st.integers(0, 50))
lefts = st.one_of(st.none(), st.floats(-1e6, 1e6))


def test_it_begins_at_once_and_ends_after_the_calm() -> None:
    state = judge(State(), LOUD, LIMITS, at=BEGIN)
    assert state.since == BEGIN
    for second in range(1, LIMITS.calm_s + 1):
        state = judge(state, CALM, LIMITS, at=BEGIN + timedelta(seconds=second))
        assert state.raging
    assert not judge(state, CALM, LIMITS, at=BEGIN + timedelta(seconds=LIMITS.calm_s + 1)).raging


def test_between_the_thresholds_it_stays_what_it_was() -> None:
    at = BEGIN + timedelta(hours=1)
    assert not judge(State(), BETWEEN, LIMITS, at=at).raging
    assert judge(State(since=BEGIN), BETWEEN, LIMITS, at=at).raging


@given(steps)
def test_a_storm_lasts_at_least_its_calm_and_nothing_ends_while_a_signal_stands(walk: list[tuple[int, Facts]]) -> None:
    at, state = BEGIN, State()
    for seconds, seen in walk:
        at += timedelta(seconds=seconds)
        after = judge(state, seen, LIMITS, at=at)
        if state.since and not after.raging:
            assert state.calm_since is not None
            assert at - state.calm_since >= timedelta(seconds=LIMITS.calm_s)
            assert at - state.since >= timedelta(seconds=LIMITS.calm_s)
            assert not signals(seen, LIMITS, share=LIMITS.calm_share)
        if signals(seen, LIMITS):
            assert after.raging
        assert after.since in (None, at, state.since)
        state = after


@given(facts, facts)
def test_more_of_everything_is_never_less_of_a_storm(one: Facts, more: Facts) -> None:
    both = Facts(
        one.per_minute + more.per_minute,
        one.usual_per_minute,
        one.waiting + more.waiting,
        one.behind_s + more.behind_s,
        one.causes + more.causes,
    )
    assert signals(one, LIMITS) <= signals(both, LIMITS)


@given(grades, lefts, st.sampled_from(["AAA", "AA", "A", "I", "II", "III"]))
def test_one_more_circuit_weighs_more(hit: dict[str, int], left: float | None, grade: str) -> None:
    assert weight(hit | {grade: hit.get(grade, 0) + 1}, left) > weight(hit, left)


@given(grades, st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_less_time_never_weighs_less(hit: dict[str, int], left: float, less: float) -> None:
    assert weight(hit, left - less) >= weight(hit, left) >= weight(hit, None)


keys = st.lists(st.sampled_from("abcd"), max_size=2, unique=True)
causes = st.lists(
    st.builds(
        Placed,
        id=st.integers(1, 60),
        at=st.integers(0, 3600).map(lambda s: BEGIN + timedelta(seconds=s)),
        anchors=st.fixed_dictionaries({"duct": keys, "site": keys, "region": keys}),
    ),
    unique_by=lambda cause: cause.id,
    max_size=40,
)


@given(causes, st.randoms())
def test_every_cause_has_one_place_and_its_group_shares_what_it_says(given_: list[Placed], dice: object) -> None:
    origins, left = group_by_origin(given_)
    placed = [pk for origin in origins for pk in origin.ids] + left
    assert sorted(placed) == sorted(cause.id for cause in given_)
    by_id = {cause.id: cause for cause in given_}
    for origin in origins:
        times = [by_id[pk].at for pk in origin.ids]
        assert (min(times), max(times)) == (origin.first_at, origin.last_at)
        assert origin.last_at - origin.first_at <= timedelta(minutes=5)
        assert all(origin.key in by_id[pk].anchors[origin.level] for pk in origin.ids)
        assert len(origin.ids) >= (3 if origin.level == "region" else 2)
    mixed = list(given_)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert group_by_origin(mixed)[0] == origins
