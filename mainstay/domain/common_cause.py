"""Which few resources explain why so many customers report a fault at once? Reports in, suggestions out (H1, G3).

Reports that follow each other without a long gap may have one cause. Within such a burst the resource is chosen whose
share speaks loudest: explained² / carried, the product of two shares but for a constant: how many of the reports run
over it, and how many of all that runs over it is reported. A core device that carries everything explains every report
and says nothing; a fibre of one line says much of one report. The chosen one's reports are taken out and the rest is
asked again, until nothing explains enough: few resources, most reports.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

GAP_S = 3600
LEAST = 3


@dataclass(frozen=True)
class Report:
    """A report nobody has tied yet: when (seconds, any epoch), and what its circuit runs over (empty: not known)."""

    id: int
    at_s: int
    region: str
    resources: frozenset[int]


@dataclass(frozen=True)
class Candidate:
    """A resource: how many circuits run over it in all, and which of two equal ones is rather named (low first)."""

    id: int
    carried: int
    rank: int = 0


@dataclass(frozen=True)
class Suggestion:
    """Reports that may be one incident on `resource`; ids in order of report.

    `others`: reports of the same time and region that do not run over it and that nothing else explains.
    """

    resource: int
    explained: tuple[int, ...]
    others: tuple[int, ...]
    first_s: int
    last_s: int


def shared(reports: Iterable[Report], *, least: int = LEAST) -> set[int]:
    """Return the resources that at least so many reports run over: those worth looking at."""
    counts: dict[int, int] = {}
    for report in reports:
        for resource in report.resources:
            counts[resource] = counts.get(resource, 0) + 1
    return {resource for resource, count in counts.items() if count >= least}


def bursts(reports: Iterable[Report], *, gap_s: int = GAP_S) -> list[list[Report]]:
    """Part reports where nobody reported for longer than the gap; in order of time."""
    found: list[list[Report]] = []
    for report in sorted(reports, key=_order):
        if found and report.at_s - found[-1][-1].at_s <= gap_s:
            found[-1].append(report)
        else:
            found.append([report])
    return found


def suggest(
    reports: Iterable[Report], candidates: Iterable[Candidate], *, least: int = LEAST, gap_s: int = GAP_S
) -> list[Suggestion]:
    """Return what may be one cause each, the most reports first; a report is explained by one suggestion at most.

    A resource that is no candidate explains nothing. Of equal ones the lower rank wins, then the lower id.
    """
    known = {candidate.id: candidate for candidate in candidates}
    found = [each for burst in bursts(reports, gap_s=gap_s) for each in _explain(burst, known, least)]
    return sorted(found, key=lambda each: (-len(each.explained), each.first_s, each.resource))


def _explain(burst: Sequence[Report], known: Mapping[int, Candidate], least: int) -> list[Suggestion]:
    over: dict[int, set[int]] = {}
    for place, report in enumerate(burst):
        for resource in report.resources & known.keys():
            over.setdefault(resource, set()).add(place)
    chosen: list[tuple[int, list[int]]] = []
    while over:
        best = max(over, key=lambda resource: _weight(known[resource], len(over[resource])))
        members = sorted(over.pop(best))
        if len(members) < least:
            over = {resource: places for resource, places in over.items() if len(places) >= least}
            continue
        chosen.append((best, members))
        for places in over.values():
            places.difference_update(members)
        over = {resource: places for resource, places in over.items() if len(places) >= least}
    taken = {place for _, members in chosen for place in members}
    left = [report for place, report in enumerate(burst) if place not in taken]
    return [_suggestion(resource, [burst[place] for place in members], left) for resource, members in chosen]


def _weight(candidate: Candidate, explained: int) -> tuple[Fraction, int, int]:
    return Fraction(explained * explained, max(candidate.carried, explained, 1)), -candidate.rank, -candidate.id


def _suggestion(resource: int, members: Sequence[Report], left: Iterable[Report]) -> Suggestion:
    regions = {report.region for report in members}
    first_s, last_s = members[0].at_s, members[-1].at_s
    others = tuple(r.id for r in left if r.region in regions and first_s <= r.at_s <= last_s)
    return Suggestion(resource, tuple(r.id for r in members), others, first_s, last_s)


def _order(report: Report) -> tuple[int, int]:
    return report.at_s, report.id
