"""Storms, thresholds, probes, comparisons, availability and causes, by references that look at one thing a time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.availability.bounds import Outcome, base_s, fraction
from mainstay.domain.availability.bounds import judge as judge_share
from mainstay.domain.availability.kinds import Kind, State, View, contract_of, felt_of
from mainstay.domain.probing import Answer, BadPacket, echo, figures, ntp, stamp
from mainstay.domain.reconciling import compare, route_steps, same, too_many
from mainstay.domain.root_cause import Role
from mainstay.domain.root_cause.facts import densest
from mainstay.domain.root_cause.layout import Layout
from mainstay.domain.storm import Facts, Placed, Signal, Thresholds, group_by_origin, signals, weight
from mainstay.domain.storm import State as StormState
from mainstay.domain.storm import judge as judge_storm
from mainstay.domain.threshold_watch import CALM, Limit, judge
from tests.domain.test_root_cause_properties import World, plants, worlds

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMITS = Thresholds(rate_least=6, rate_times=2.0, backlog=8, behind_s=4, causes=5, calm_share=0.5, calm_s=5)
SEEN = st.builds(Facts, st.integers(0, 20), st.integers(0, 6), st.integers(0, 12), st.integers(0, 6), st.integers(0, 7))


def speaking(seen: Facts, share: int) -> set[str]:
    """Name the signals at a share of the thresholds, in hundredths."""
    usual = max(6, 2 * seen.usual_per_minute)
    told = {"rate": (seen.per_minute, usual), "backlog": (seen.waiting, 8), "behind": (seen.behind_s, 4),
            "causes": (seen.causes, 5)}  # fmt: skip
    return {name for name, (value, most) in told.items() if value and 100 * value >= share * most}


@given(st.lists(st.tuples(st.integers(1, 4), SEEN | st.just(Facts(0, 0, 0, 0, 0))), max_size=20))
def test_a_storm_is_what_looking_back_over_all_that_was_seen_says(walk: list[tuple[int, Facts]]) -> None:
    at, state, since, seen_since = BEGIN, StormState(), None, list[tuple[datetime, bool]]()
    for seconds, seen in walk:
        at += seconds * SECOND
        assert {str(signal) for signal in signals(seen, LIMITS)} == speaking(seen, 100)
        state = judge_storm(state, seen, LIMITS, at=at)
        if since is None:
            since, seen_since = (at, []) if speaking(seen, 100) else (None, [])
        else:
            seen_since.append((at, not speaking(seen, 50)))
            quiet = [when for place, (when, _) in enumerate(seen_since) if all(calm for _, calm in seen_since[place:])]
            if quiet and at - quiet[0] >= 5 * SECOND:
                since = None
        assert state.since == since
    assert set(Signal) == {"rate", "backlog", "behind", "causes"}


@given(st.dictionaries(st.sampled_from(["AAA", "AA", "A", "I", "II", "III", "?"]), st.integers(0, 9)),
       st.none() | st.integers(-20_000, 20_000))  # fmt: skip
def test_a_weight_is_added_up_circuit_by_circuit(hit: dict[str, int], left: int | None) -> None:
    worth = 0
    for grade, count in hit.items():
        for _ in range(count):
            worth += 2 ** ["III", "II", "I", "A", "AA", "AAA"].index(grade) if grade != "?" else 1
    if left is None or left >= 4 * 3600:
        times = Fraction(1)
    else:
        times = Fraction(4) if left <= 0 else Fraction(1) + Fraction(3 * (4 * 3600 - left), 4 * 3600)
    assert weight(hit, left) == pytest.approx(float(worth * times))


KEYS = st.lists(st.sampled_from("abc"), max_size=2, unique=True)
CAUSES = st.lists(
    st.builds(Placed, st.integers(1, 40), st.integers(0, 15).map(lambda minute: BEGIN + minute * 60 * SECOND),
              st.fixed_dictionaries({"duct": KEYS, "site": KEYS, "region": KEYS})),
    unique_by=lambda cause: cause.id, max_size=14,
)  # fmt: skip


@given(CAUSES)
def test_origins_are_found_as_a_person_would_with_a_map_and_a_pencil(causes: list[Placed]) -> None:
    left, found = list(causes), []
    for level, least in (("duct", 2), ("site", 2), ("region", 3)):
        sizes = Counter(key for cause in left for key in cause.anchors[level])
        for key in sorted(sizes, key=lambda key: (-sizes[key], key)):
            here = sorted((c for c in left if key in c.anchors[level]), key=lambda cause: (cause.at, cause.id))
            while here:
                together = [cause for cause in here if cause.at <= here[0].at + timedelta(minutes=5)]
                here = here[len(together) :]
                if len(together) >= least:
                    found.append((level, key, [cause.id for cause in together], together[0].at))
                    left = [cause for cause in left if cause not in together]
    origins, rest = group_by_origin(causes)
    found.sort(key=lambda each: (-len(each[2]), each[3], each[0], each[1]))
    assert [(o.level, o.key, list(o.ids), o.first_at) for o in origins] == found
    assert rest == [cause.id for cause in left]


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 6)), st.integers(1, 3), st.integers(1, 3))
def test_what_stands_began_with_the_first_period_of_the_row_that_raised_it(
    values: dict[int, int], up: int, down: int
) -> None:
    watch, periods = CALM, sorted(values)
    for place, period in enumerate(periods):
        before, watch = watch, judge(watch, Limit(4, 2, up, down), period, values[period])[0]
        if watch.standing and not before.standing:
            assert watch.since == min(range(period - up + 1, period + 1))
            assert all(values[each] >= 4 for each in range(period - up + 1, period + 1))
        elif watch.standing:
            assert watch.since == before.since
        assert watch.is_calm == (not watch.standing and watch.run == 0)
        assert watch.period == period
        assert judge(watch, Limit(4, 2, up, down), periods[place // 2], 6)[0] == watch


NANO = st.integers(0, 10**7)
TRIPS = st.lists(st.tuples(st.integers(0, 12), NANO, NANO, NANO, st.booleans()), max_size=12)


def nearest(value: Fraction) -> int:
    """Round by trying: the whole number with the least distance, of two the greater."""
    low = value.numerator // value.denominator
    return min((low + 1, low), key=lambda whole: abs(whole - value))


@given(TRIPS, st.booleans(), st.integers(0, 3), st.booleans())
def test_figures_are_those_of_a_table_filled_packet_by_packet(
    trips: list[tuple[int, int, int, int, bool]], agree: bool, more: int, counts: bool
) -> None:
    answers, by_packet = [], dict[int, tuple[int, int, int, int | None]]()
    counter = 100
    for packet, out, held, back, skipped in sorted(trips, key=lambda trip: trip[0]):
        counter += (packet not in by_packet) + skipped
        counted = counter if counts else None
        sent = 10**15 + packet * 10**8
        answers.append(Answer(packet, sent, sent + out + held + back, sent + out, sent + out + held, counted, agree))
        by_packet.setdefault(packet, (out, held, back, counted))
    highest = max(by_packet, default=0)
    sent_count = highest + 1 + more
    found = figures(sent_count, answers)
    assert (found.sent, found.returned) == (sent_count, len(by_packet))
    assert found.loss_ppm == nearest(Fraction((sent_count - len(by_packet)) * 10**6, sent_count))
    if not by_packet:
        assert (found.delay_us, found.variation_us, found.out_us, found.back_us) == (None, None, None, None)
        return
    us = 1000 * len(by_packet)
    assert found.delay_us == nearest(Fraction(sum(out + back for out, _, back, _ in by_packet.values()), us))
    assert found.out_us == (nearest(Fraction(sum(t[0] for t in by_packet.values()), us)) if agree else None)
    assert found.back_us == (nearest(Fraction(sum(t[2] for t in by_packet.values()), us)) if agree else None)
    steps = []
    for packet in range(highest):
        if packet in by_packet and packet + 1 in by_packet:
            (one, _, two, _), (three, _, four, _) = by_packet[packet], by_packet[packet + 1]
            steps.append(abs(three + four - one - two))
    assert found.variation_us == (nearest(Fraction(sum(steps), 1000 * len(steps))) if steps else None)
    seen = None
    if counts and 0 in by_packet and sent_count - 1 in by_packet:
        numbers = range(by_packet[0][3] or 0, (by_packet[highest][3] or 0) + 1)
        seen = len(numbers) if len(by_packet) <= len(numbers) <= sent_count else None
    lost = None if seen is None else nearest(Fraction((sent_count - seen) * 10**6, sent_count))
    lost_back = None if seen is None else nearest(Fraction((seen - len(by_packet)) * 10**6, seen))
    assert (found.out_loss_ppm, found.back_loss_ppm) == (lost, lost_back)


@given(st.binary(max_size=60))
def test_a_checksum_is_added_up_with_the_carry_put_back_each_time(message: bytes) -> None:
    total = 0
    for place in range(0, len(message), 2):
        total += message[place] * 256 + (message[place + 1] if place + 1 < len(message) else 0)
        if total > 65_535:
            total -= 65_535
    assert (echo.checksum(message) - (65_535 - total)) % 65_535 == 0


@given(st.integers(0, 2**63), st.integers(0, 10**18))
def test_an_ntp_stamp_is_its_exact_seconds_since_1900(at_ns: int, near: int) -> None:
    found = ntp.to_ntp(at_ns)
    exact = Fraction(at_ns, 10**9) + (70 * 365 + 17) * 86_400
    whole = nearest(exact * 2**32)
    assert found == whole % 2**64
    again = ntp.from_ntp(found, near_ns=near)
    assert (again - at_ns) % (2**32 * 10**9) == 0
    assert abs(again - near) <= 2**31 * 10**9 + 1


@settings(max_examples=60)
@given(st.booleans(), st.integers(0, 2**62))
def test_an_error_is_told_by_the_least_multiplier_that_is_not_too_small(synchronised: bool, error_ns: int) -> None:
    said = stamp.error_estimate(synchronised=synchronised, error_ns=error_ns)
    told = [(multiplier << scale, scale) for scale in range(64) for multiplier in range(1, 256)]
    enough = [each for each in told if each[0] * 10**9 >= error_ns << 32]
    assert (said & 0xFF) << (said >> 8 & 0x3F) == min(enough)[0]
    assert stamp.is_synchronised(said) == synchronised
    assert not stamp.is_synchronised(said & 0xFF00)


@given(st.binary(min_size=44, max_size=60))
def test_what_a_packet_says_is_read_byte_by_byte(packet: bytes) -> None:
    def number(first: int, length: int) -> int:
        return sum(byte * 256**place for place, byte in enumerate(reversed(packet[first : first + length])))

    fields = [number(*each) for each in ((0, 4), (4, 8), (12, 2), (14, 2))]
    assert stamp.unpack_request(packet) == stamp.Request(*fields)
    sequence, at, error, session = fields
    asked = stamp.Request(number(24, 4), number(28, 8), number(36, 2), session)
    wanted = stamp.Reflected(sequence, at, error, number(16, 8), asked, number(40, 1))
    assert stamp.unpack_reflected(packet) == wanted
    with pytest.raises(BadPacket):
        echo.unpack_reply(b"\x08" + packet)


VALUES = st.one_of(st.none(), st.sampled_from(["", "a", "b", 1, (), ("x",)]))
ROWS = st.dictionaries(st.sampled_from("klm"), st.tuples(VALUES, VALUES), max_size=3)
EMPTY = {None: 1, "": 1, (): 1}


@given(ROWS, ROWS, ROWS, st.booleans())
def test_what_is_agreed_after_a_comparison_is_what_both_sides_say(
    agreed: dict[str, tuple[object, ...]], theirs: dict[str, tuple[object, ...]], ours: dict[str, tuple[object, ...]],
    full: bool,
) -> None:  # fmt: skip
    found = compare(agreed, theirs, ours, fields=("p", "q"), full=full)  # type: ignore[arg-type]
    both = [key for key in theirs if key in ours]
    assert found.seen == len(both)
    now = {key: tuple(row) for key, row in {**agreed, **found.agreed}.items()}
    for key in set(agreed) | set(now):
        for place in (0, 1):
            was = agreed[key][place] if key in agreed else None
            said, have = (theirs[key][place], ours[key][place]) if key in both else (None, None)
            alike = said == have or (said in EMPTY and have in EMPTY)
            assert now[key][place] == (said if said is not None and alike else was)
            assert same(said, have) == alike  # type: ignore[arg-type]
    assert set(found.agreed) == {key for key in both if key not in agreed or now[key] != tuple(agreed[key])}


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_each_hop_of_two_routes_says_where_it_stands(ours: list[str], theirs: list[str]) -> None:
    steps = list(route_steps(ours, theirs))
    mine = [(step.position, step.code) for step in steps if step.side != "theirs"]
    other = [(step.position, step.code) for step in steps if step.side == "theirs"]
    assert mine == list(enumerate(ours, 1))
    assert all(theirs[position - 1] == code for position, code in other)
    assert [position for position, _ in other] == sorted({position for position, _ in other})
    both = [step.code for step in steps if step.side == "both"]
    shared = any(set(both) == set() and code in theirs for code in ours)
    assert not shared
    assert (ours == theirs) == all(step.side == "both" for step in steps)


@given(st.integers(0, 30), st.sampled_from([0, 7, 20, 40, 60]), st.sampled_from([0, 5, 10, 33, 50, 100]))
def test_a_run_stops_when_one_by_one_more_than_the_share_is_reached(count: int, among: int, percent: int) -> None:
    allowed = 0
    while Fraction(allowed + 1) <= Fraction(among * percent, 100):
        allowed += 1
    assert too_many(count, among, percent) == (percent != 0 and count > max(3, allowed))


def test_every_mixture_of_what_is_said_of_a_second_has_the_state_the_rules_name() -> None:
    for mask in range(256):
        said = {kind.name for kind in Kind if mask >> kind.value & 1}
        endings = {name.rpartition("_")[2] for name in said}
        felt = next((name for name in ("DOWN", "DEGRADED", "UNKNOWN") if name in endings), "UP")
        ladder = [
            ("UP", felt == "UP"), ("EXCLUDED", "AGREED" in said), ("DOWN", "DOWN" in said),
            ("DEGRADED", "DEGRADED" in said), ("PLANNED", any(name.startswith("PLANNED") for name in said)),
            ("EXCLUDED", any(name.startswith("EXCLUDED") for name in said)), ("UNKNOWN", True),
        ]  # fmt: skip
        assert felt_of(mask) == State[felt]
        assert contract_of(mask) == State[next(name for name, holds in ladder if holds)]


SECONDS = st.integers(0, 40)


@given(SECONDS, SECONDS, SECONDS, SECONDS, st.integers(0, 40), st.none() | st.integers(0, 10**6))
def test_a_promise_is_judged_by_trying_every_way_unknown_time_may_have_been(
    up: int, down: int, unknown: int, left_out: int, to_come: int, target: int | None
) -> None:
    planned = left_out // 2
    total = up + down + unknown + left_out
    view = View(total, up, down, 0, unknown, planned, left_out - planned, 0, 0)
    assert base_s(view) == up + down + unknown
    base, cut = up + down + unknown, Decimal(10) ** -6
    low, high = fraction(view)
    for bound, available in ((low, up), (high, up + unknown)):
        exact = Fraction(available, base) if base else Fraction(1)
        assert Fraction(bound) <= exact < Fraction(bound) + Fraction(cut)
    found = judge_share(view, target, still_to_come_s=to_come)
    if target is None:
        assert found == Outcome.NO_PROMISE
        return
    promised = Fraction(target, 10**6)

    def kept(available: int, of: int) -> bool:
        return not of or Fraction(available, of) >= promised

    could = [kept(up + was_up + to_come, base + to_come) for was_up in range(unknown + 1)]
    so_far = [kept(up + was_up, base) for was_up in range(unknown + 1)]
    wanted = Outcome.MISSED if not any(could) else Outcome.MET if all(so_far) else Outcome.UNDECIDED
    assert found == wanted


@given(st.dictionaries(st.integers(0, 20), st.integers(0, 12), max_size=7), st.integers(0, 6))
def test_the_most_that_fall_into_one_window_are_found_among_all_sets(raised: dict[int, int], window: int) -> None:
    best: tuple[int, ...] = ()
    for size in range(1, len(raised) + 1):
        fitting = [
            chosen for chosen in combinations(sorted(raised, key=lambda key: (raised[key], key)), size)
            if max(raised[key] for key in chosen) - min(raised[key] for key in chosen) <= window
        ]  # fmt: skip
        if fitting:
            best = min(fitting, key=lambda chosen: min(raised[key] for key in chosen))
    found = densest({key: float(at) for key, at in raised.items()}, float(window))
    assert len(found) == len(best)
    assert sorted(raised[key] for key in found) == sorted(raised[key] for key in best)


@given(st.one_of(worlds(), plants()))
def test_what_lies_around_a_resource_is_what_a_walk_over_all_pairs_finds(world: World) -> None:
    layout = Layout(world.graph, world.roles)
    for here, _role in enumerate(world.roles):
        over, under = [p for c, p in world.depends if c == here], [c for c, p in world.depends if p == here]
        reached = {*over}
        for _ in world.roles:
            reached |= {parent for child, parent in world.depends if child in reached}
        assert layout.above(here) == reached
        assert layout.ends(here) == {parent for parent in over if world.roles[parent] == Role.EQUIPMENT}
        assert layout.media(here) == [parent for parent in over if world.roles[parent] == Role.MEDIUM]
        assert list(layout.links(here)) == [child for child in under if world.roles[child] == Role.LINK]
        assert layout.dependants(here) == len(under)
        assert all(layout.rank(parent) < layout.rank(here) for parent in over)
        assert layout.rank(here) == max((layout.rank(parent) + 1 for parent in over), default=0)
