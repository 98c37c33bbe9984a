"""One circuit's ledger, stretch by stretch, with what each stretch follows from: the evidence (H7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mainstay.domain.availability.kinds import CONTRACT, FELT, Fact, State, View, checked


@dataclass(frozen=True)
class Stretch:
    """[from_s, to_s) in one state per view; `facts`: which of the given facts hold, by position."""

    from_s: int
    to_s: int
    contract: State
    felt: State
    facts: tuple[int, ...]


def spans(facts: Sequence[Fact], from_s: int, to_s: int) -> list[Stretch]:
    """Cut [from_s, to_s) wherever a fact begins or ends; no gap, no overlap, in order. Raises LedgerError."""
    checked(from_s, to_s)
    for fact in facts:
        checked(fact.from_s, fact.to_s)
    cuts = {from_s, to_s}
    cuts |= {instant for fact in facts for instant in (fact.from_s, fact.to_s) if from_s < instant < to_s}
    found: list[Stretch] = []
    ordered = sorted(cuts)
    for begin, end in pairwise(ordered):
        holding = tuple(place for place, fact in enumerate(facts) if fact.from_s <= begin and end <= fact.to_s)
        mask = 0
        for place in holding:
            mask |= 1 << facts[place].kind
        if found and found[-1].facts == holding:
            found[-1] = Stretch(found[-1].from_s, end, found[-1].contract, found[-1].felt, holding)
        else:
            found.append(Stretch(begin, end, CONTRACT[mask], FELT[mask], holding))
    return found


def views(stretches: Iterable[Stretch]) -> tuple[View, View]:
    """Sum stretches that follow each other without a gap: contract, felt."""
    given = list(stretches)
    return (
        _summed([(stretch.to_s - stretch.from_s, stretch.contract) for stretch in given]),
        _summed([(stretch.to_s - stretch.from_s, stretch.felt) for stretch in given]),
    )


def _summed(parts: Sequence[tuple[int, State]]) -> View:
    seconds = dict.fromkeys(State, 0)
    outages = longest = running = 0
    for length, state in parts:
        seconds[state] += length
        outages += state == State.DOWN and running == 0 and length > 0
        running = running + length if state == State.DOWN else 0
        longest = max(longest, running)
    return View(
        sum(seconds.values()), seconds[State.UP], seconds[State.DOWN], seconds[State.DEGRADED],
        seconds[State.UNKNOWN], seconds[State.PLANNED], seconds[State.EXCLUDED], outages, longest,
    )  # fmt: skip
