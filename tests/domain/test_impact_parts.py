"""The parts the impact engine is made of, each against lists, sets and loops that say the same slowly."""

from itertools import combinations, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.impact.changing import Adjacent, allot, rank_anew, ring_among
from mainstay.domain.impact.explain import smallest_cover
from mainstay.domain.impact.levels import NEVER
from mainstay.domain.impact.rows import Rows, grown, last_of_each, positions, sorted_unique
from mainstay.domain.impact.states import (
    NO_OTHER,
    OF_ONE,
    OF_TWO,
    code_of,
    codes_of,
    level_of,
    packed,
    state_of,
    states_of,
    word_of,
)

LITTLE = st.integers(-3, 12)
TABLES = st.lists(st.lists(st.integers(0, 9), max_size=5), min_size=1, max_size=6)


def ints(values: object) -> np.ndarray:
    return np.array(values, np.int64)


def laid(table: list[list[int]]) -> Rows:
    return Rows.from_lengths(ints([len(row) for row in table]), np.array([c for row in table for c in row], np.int32))


def read(rows: Rows, count: int) -> list[list[int]]:
    return [rows.row(index).tolist() for index in range(count)]


@given(st.lists(LITTLE, max_size=12))
def test_sorting_drops_repeats_and_the_last_of_each_is_kept_in_order(values: list[int]) -> None:
    assert sorted_unique(ints(values)).tolist() == sorted(set(values))
    last = [place for place, value in enumerate(values) if value not in values[place + 1 :]]
    assert last_of_each(ints(values)).tolist() == last


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=6))
def test_positions_are_counted_up_one_by_one(spans: list[tuple[int, int]]) -> None:
    told = [start + step for start, length in spans for step in range(length)]
    assert positions(ints([s for s, _ in spans]), ints([n for _, n in spans])).tolist() == told


@given(st.lists(LITTLE, max_size=6), st.integers(0, 30), LITTLE)
def test_what_grows_keeps_what_it_held_and_is_filled_up(values: list[int], size: int, fill: int) -> None:
    found = grown(ints([values, values]), size, fill)
    assert found.shape[1] >= size
    for row in found.tolist():
        assert row[: len(values)] == values
        assert set(row[len(values) :]) <= {fill}


@given(TABLES, st.data())
def test_rows_put_anew_hold_what_lists_of_lists_hold(table: list[list[int]], data: st.DataObject) -> None:
    rows, model = laid(table), [list(row) for row in table]
    for _ in range(data.draw(st.integers(0, 10))):
        step = data.draw(st.sampled_from(["put", "put", "put", "widen", "compact"]))
        if step == "put":
            index = data.draw(st.integers(0, len(model) - 1))
            model[index] = data.draw(st.lists(st.integers(0, 9), max_size=12))
            start = rows.put(index, ints(model[index]))
            assert rows.columns[start : start + len(model[index])].tolist() == model[index]
        elif step == "widen":
            model += [[] for _ in range(data.draw(st.integers(0, 3)))]
            rows.widen(len(model))
        elif rows.compact(least=0):
            assert (rows.wasted, rows.used) == (0, sum(map(len, model)))
        assert read(rows, len(model)) == model
        asked = data.draw(st.lists(st.integers(0, len(model) - 1), max_size=4))
        columns, lengths = rows.gather(ints(asked))
        assert columns.tolist() == [column for index in asked for column in model[index]]
        assert lengths.tolist() == [len(model[index]) for index in asked]
        assert rows.columns[rows.where(ints(asked))[0]].tolist() == columns.tolist()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=20))
def test_pairs_are_grouped_by_row_each_once(pairs: list[tuple[int, int]]) -> None:
    rows = Rows.from_pairs(ints([row for row, _ in pairs]), ints([column for _, column in pairs]), 6)
    assert read(rows, 6) == [sorted({column for row, column in pairs if row == index}) for index in range(6)]


MEMBERS = st.sets(st.integers(0, 5), max_size=4)


@given(st.lists(st.tuples(MEMBERS, MEMBERS), min_size=1, max_size=5))
def test_who_changes_rows_leaves_the_old_ones_and_stands_in_the_new(moves: list[tuple[set[int], set[int]]]) -> None:
    model = [{by for by, (before, _) in enumerate(moves) if index in before} | {90 + index} for index in range(6)]
    rows, adjacent = laid([sorted(row) for row in model]), Adjacent()
    after = [{by for by, (_, later) in enumerate(moves) if index in later} | {90 + index} for index in range(6)]
    for by, (before, later) in enumerate(moves):
        adjacent.replace(ints(sorted(before)), ints(sorted(later)), by)
    told = [(index, start, row.tolist()) for index, start, row in adjacent.put(rows)]
    assert [index for index, _, _ in told] == [index for index in range(6) if model[index] != after[index]]
    assert read(rows, 6) == [sorted(row) for row in after]
    assert all(rows.starts[index] == start and row == sorted(after[index]) for index, start, row in told)


def climb(parents: dict[int, list[int]], start: int) -> bool:
    """Say whether a walk upwards from a resource comes back to it: as many steps as there are resources will do."""
    reached = {start}
    for _ in range(len(parents) + 1):
        reached = {above for here in reached for above in parents.get(here, [])}
        if start in reached:
            return True
    return False


@given(st.dictionaries(st.integers(0, 8), st.sets(st.integers(0, 8), max_size=3), max_size=5), st.data())
def test_a_ring_is_told_exactly_when_a_walk_upwards_comes_back(fresh: dict[int, set[int]], data: st.DataObject) -> None:
    known = [sorted(data.draw(st.sets(st.integers(0, n - 1), max_size=2))) if n else [] for n in range(6)]
    whole = dict(enumerate(known)) | {child: sorted(above) for child, above in fresh.items()}
    ring = ring_among({child: ints(sorted(above)) for child, above in fresh.items()}, laid(known), 6)
    assert bool(ring) == any(climb(whole, start) for start in whole)
    if ring:
        assert ring[0] == ring[-1]
        assert all(above in whole[child] for child, above in pairwise(ring))


def depth(parents: list[list[int]], resource: int) -> int:
    return max((1 + depth(parents, above) for above in parents[resource]), default=0)


@given(st.data())
def test_ranks_after_a_change_are_the_longest_ways_from_a_root(data: st.DataObject) -> None:
    def drawn(n: int) -> list[int]:
        return sorted(data.draw(st.sets(st.integers(0, n - 1), max_size=3))) if n else []

    before = [drawn(n) for n in range(7)]
    changed = data.draw(st.sets(st.integers(0, 6), max_size=3))
    after = [drawn(n) if n in changed else before[n] for n in range(7)]
    rank = np.array([depth(before, n) for n in range(7)], np.int32)
    down = [[child for child in range(7) if n in after[child]] for n in range(7)]
    rank_anew(changed, laid(after), laid(down), rank)
    assert rank.tolist() == [depth(after, n) for n in range(7)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=12))
def test_circuits_never_share_room_for_their_paths(asked: list[tuple[int, int]]) -> None:
    first, count, room = ints([0] * 4), np.zeros(4, np.int32), np.zeros(4, np.int32)
    used, wanted = 0, [0] * 4
    for circuit, paths in asked:
        wanted[circuit] = paths
        used = allot(first, count, room, circuit, paths, used)
        held = [set(range(first[c], first[c] + count[c])) for c in range(4)]
        assert [len(each) for each in held] == wanted
        assert all(not one & other for one, other in combinations(held, 2))
        assert all(path < used for each in held for path in each)


COUNTS = st.integers(0, 3) | st.integers(0, 65_535)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=6))
def test_a_code_says_which_of_the_four_counts_are_not_nought(counts: list[tuple[int, int, int, int]]) -> None:
    codes = ["".join("1" if count else "0" for count in reversed(four)) for four in counts]
    packed_words = np.array(counts, np.uint16).view(np.int64).reshape(-1)
    assert [format(code, "04b") for code in codes_of(packed_words).tolist()] == codes
    assert packed(np.array(counts) != 0).tolist() == codes_of(packed_words).tolist()
    unsigned = [int.from_bytes(b"".join(n.to_bytes(2, "little") for n in four), "little") for four in counts]
    assert [format(code_of(word), "04b") for word in unsigned] == codes
    for four, code in zip(counts, codes, strict=True):
        assert [level_of(int(code, 2), view) for view in (0, 1)] == [sum(map(bool, four[:2])), sum(map(bool, four[2:]))]


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_resource_adds_one_to_each_count_whose_instant_it_has(has: list[bool]) -> None:
    word = word_of([7 if each else NEVER for each in has])
    assert [word >> 16 * place & 0xFFFF for place in range(4)] == [int(each) for each in has]


def told_state(levels: list[int]) -> int:
    """Judge a circuit from the levels of its paths as the glossary does: working path first."""
    working, others = levels[0], levels[1:]
    if not any(levels):
        return 0
    if not others:
        return 2 if working == 1 else 3
    if all(level == 2 for level in levels):
        return 3
    if working == 0 or (working == 2 and 0 in others):
        return 1
    return 2


@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=5))
def test_states_follow_from_the_levels_of_all_paths(circuits: list[list[int]]) -> None:
    of = [(c[0], min(c[1:], default=NO_OTHER), max(c[1:], default=0)) for c in circuits]
    wanted = [told_state(levels) for levels in circuits]
    assert [int(state_of(*each)) for each in of] == wanted
    columns = [np.array(column, np.int8) for column in zip(*of, strict=True)]
    assert states_of(columns[0], columns[1], columns[2]).tolist() == wanted


def test_the_tables_for_one_and_two_paths_are_right_in_every_cell() -> None:
    def levels(code: int) -> tuple[int, int]:
        return (code & 1) + (code >> 1 & 1), (code >> 2 & 1) + (code >> 3 & 1)

    for one in range(16):
        assert [OF_ONE[one] & 3, OF_ONE[one] >> 2] == [told_state([level]) for level in levels(one)]
        for other in range(16):
            pair = OF_TWO[one + 16 * other]
            both = zip(levels(one), levels(other), strict=True)
            assert [pair & 3, pair >> 2] == [told_state(list(each)) for each in both]


@st.composite
def covers(draw: st.DrawFn) -> tuple[dict[int, int], dict[int, tuple[int, int, int]], int]:
    paths = draw(st.integers(1, 5))
    masks = draw(st.lists(st.integers(1, (1 << paths) - 1), min_size=1, max_size=7))
    reach = dict(enumerate(masks))
    everything = 0
    for mask in masks:
        everything |= mask
    preference = {f: (draw(st.integers(0, 2)), draw(st.integers(0, 2)), f) for f in reach}
    return reach, preference, everything


@settings(max_examples=200)
@given(covers())
def test_the_preferred_of_all_smallest_covers_is_chosen(
    case: tuple[dict[int, int], dict[int, tuple[int, int, int]], int],
) -> None:
    reach, preference, everything = case
    paths = [bit for bit in range(everything.bit_length()) if everything >> bit & 1]

    def reaches(chosen: tuple[int, ...]) -> bool:
        return all(any(reach[fault] >> path & 1 for fault in chosen) for path in paths)

    found = smallest_cover(reach, preference, everything, exact=True)
    fitting = [c for n in range(len(reach) + 1) for c in combinations(reach, n) if reaches(c)]
    least = [c for c in fitting if len(c) == len(fitting[0])]
    assert found == tuple(sorted(min(least, key=lambda c: sorted(preference[fault] for fault in c))))


@given(covers())
def test_beyond_what_is_searched_the_one_that_reaches_most_is_taken_each_time(
    case: tuple[dict[int, int], dict[int, tuple[int, int, int]], int],
) -> None:
    reach, preference, everything = case
    left, taken = {bit for bit in range(everything.bit_length()) if everything >> bit & 1}, set()
    while left:
        news = {fault: sum(reach[fault] >> path & 1 for path in left) for fault in reach}
        most = [fault for fault in reach if news[fault] == max(news.values())]
        taken.add(min(most, key=lambda fault: preference[fault]))
        left = {path for path in left if not any(reach[fault] >> path & 1 for fault in taken)}
    assert smallest_cover(reach, preference, everything, exact=False) == tuple(sorted(taken))
