"""Few resources that explain many reports: the story of the issue, and a slow obvious reference."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.common_cause import Candidate, Report, Suggestion, bursts, shared, suggest

CABLE, CORE, FIBRE = 1, 2, 3


def test_it_works() -> None:
    reports = [Report(n, n * 17, "4201", frozenset({CABLE, CORE})) for n in range(41)]
    reports += [Report(n, n * 17, "4201", frozenset({CORE})) for n in (41, 42)]
    reports[40] = Report(40, 720, "4201", frozenset({CABLE, CORE}))
    reports[41], reports[42] = (Report(n, 300, "4201", frozenset({CORE})) for n in (41, 42))
    (found,) = suggest(reports, [Candidate(CABLE, 60), Candidate(CORE, 3000)])
    assert found.resource == CABLE
    assert len(found.explained) == 41
    assert set(found.others) == {41, 42}
    assert found.last_s - found.first_s == 720


def test_a_part_of_the_cable_does_not_win_by_being_small() -> None:
    reports = [Report(n, 0, "42", frozenset({CABLE, FIBRE} if n < 10 else {CABLE})) for n in range(41)]
    (found,) = suggest(reports, [Candidate(CABLE, 60), Candidate(FIBRE, 10)])
    assert found.resource == CABLE


def test_reports_of_another_hour_are_another_matter() -> None:
    reports = [Report(n, 0 if n < 3 else 9000, "42", frozenset({CABLE})) for n in range(6)]
    assert [len(each.explained) for each in suggest(reports, [Candidate(CABLE, 9)])] == [3, 3]


def test_two_reports_are_no_group() -> None:
    assert suggest([Report(n, 0, "42", frozenset({CABLE})) for n in range(2)], [Candidate(CABLE, 2)]) == []


def test_of_equal_ones_the_lower_rank_is_named() -> None:
    reports = [Report(n, 0, "42", frozenset({CABLE, FIBRE})) for n in range(3)]
    assert suggest(reports, [Candidate(CABLE, 3, rank=1), Candidate(FIBRE, 3, rank=0)])[0].resource == FIBRE


REPORTS = st.lists(
    st.builds(
        Report,
        id=st.integers(0, 10_000),
        at_s=st.integers(0, 20_000),
        region=st.sampled_from(["4201", "4202"]),
        resources=st.frozensets(st.integers(1, 8), max_size=5),
    ),
    max_size=30,
    unique_by=lambda report: report.id,
)
CANDIDATES = st.lists(
    st.builds(Candidate, id=st.integers(1, 8), carried=st.integers(0, 50), rank=st.integers(0, 2)),
    max_size=8,
    unique_by=lambda candidate: candidate.id,
)


@given(REPORTS, CANDIDATES, st.integers(1, 4))
def test_the_same_as_counting_everything_anew_each_time(
    reports: list[Report], candidates: list[Candidate], least: int
) -> None:
    assert suggest(reports, candidates, least=least) == _slowly(reports, candidates, least)


def _slowly(reports: list[Report], candidates: list[Candidate], least: int) -> list[Suggestion]:
    found = []
    for burst in bursts(reports):
        left, groups = list(burst), []
        while True:
            options = []
            for candidate in candidates:
                count = sum(candidate.id in report.resources for report in left)
                if count >= least:
                    share = Fraction(count * count, max(candidate.carried, count))
                    options.append((share, -candidate.rank, -candidate.id))
            if not options:
                break
            resource = -max(options)[2]
            groups.append((resource, [report for report in left if resource in report.resources]))
            left = [report for report in left if resource not in report.resources]
        for resource, members in groups:
            first, last = members[0].at_s, members[-1].at_s
            regions = [member.region for member in members]
            others = [r.id for r in left if r.region in regions and first <= r.at_s <= last]
            found.append(Suggestion(resource, tuple(m.id for m in members), tuple(others), first, last))
    return sorted(found, key=lambda each: (-len(each.explained), each.first_s, each.resource))


@given(REPORTS, CANDIDATES)
def test_nothing_is_explained_twice_and_the_order_of_reports_does_not_matter(
    reports: list[Report], candidates: list[Candidate]
) -> None:
    found = suggest(reports, candidates)
    explained = [pk for each in found for pk in each.explained]
    assert len(explained) == len(set(explained))
    assert suggest(reversed(reports), reversed(candidates)) == found
    over = {report.id: report.resources for report in reports}
    assert all(each.resource in over[pk] for each in found for pk in each.explained)
    assert {each.resource for each in found} <= shared(reports)


@given(REPORTS, st.integers(0, 5000))
def test_bursts_lose_nothing_and_part_only_at_gaps(reports: list[Report], gap_s: int) -> None:
    found = bursts(reports, gap_s=gap_s)
    assert sorted(r.id for burst in found for r in burst) == sorted(r.id for r in reports)
    for one, other in pairwise(found):
        assert other[0].at_s - one[-1].at_s > gap_s
