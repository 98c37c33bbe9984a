"""The ledger, second by second: slow, obvious, what the others are checked against. For tests and drills only."""

from collections.abc import Iterable

from mainstay.domain.availability.kinds import Fact, State, View, checked, contract_of, felt_of


def states(facts: Iterable[Fact], from_s: int, to_s: int) -> list[tuple[State, State]]:
    """Return, for each second of [from_s, to_s), the state under the contract and the state as felt."""
    given = list(facts)
    checked(from_s, to_s)
    for fact in given:
        checked(fact.from_s, fact.to_s)
    found = []
    for second in range(from_s, to_s):
        mask = 0
        for fact in given:
            if fact.from_s <= second < fact.to_s:
                mask |= 1 << fact.kind
        found.append((contract_of(mask), felt_of(mask)))
    return found


def views(facts: Iterable[Fact], from_s: int, to_s: int) -> tuple[View, View]:
    """Return both views of a circuit: contract, felt."""
    by_second = states(facts, from_s, to_s)
    return _count([contract for contract, _ in by_second]), _count([felt for _, felt in by_second])


def _count(seconds: list[State]) -> View:
    outages = longest = running = 0
    for state in seconds:
        running = running + 1 if state == State.DOWN else 0
        outages += running == 1
        longest = max(longest, running)
    return View(
        total_s=len(seconds),
        up_s=seconds.count(State.UP),
        down_s=seconds.count(State.DOWN),
        degraded_s=seconds.count(State.DEGRADED),
        unknown_s=seconds.count(State.UNKNOWN),
        planned_s=seconds.count(State.PLANNED),
        excluded_s=seconds.count(State.EXCLUDED),
        outages=outages,
        longest_s=longest,
    )
