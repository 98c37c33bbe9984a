"""Who is told when a clock has used a share of its promise? The table, by grade (H3).

Levels are those of the duty roster: 1 the desk, 2 the supervisor, 3 the leader. A level nobody holds at that instant
falls to the next lower one. The account manager is told from 75 % on for the best grades, else when it is missed.
"""

from dataclasses import dataclass

BEST_GRADES = frozenset({"AAA", "AA"})


@dataclass(frozen=True)
class Rung:
    """From this share of the promise on: which levels are told, and whether the account manager is."""

    percent: int
    levels: tuple[int, ...]
    account_manager: bool = False


LADDERS: dict[bool, tuple[Rung, ...]] = {
    True: (
        Rung(50, (1,)),
        Rung(75, (1, 2), account_manager=True),
        Rung(100, (1, 2, 3), account_manager=True),
        Rung(150, (2, 3), account_manager=True),
    ),
    False: (
        Rung(50, (1,)),
        Rung(75, (1,)),
        Rung(100, (1, 2), account_manager=True),
        Rung(150, (2, 3), account_manager=True),
    ),
}
"""By whether the grade is one of BEST_GRADES."""


REPEATED = Rung(0, (1, 2), account_manager=True)
"""A repeated fault whose promise escalates at once (promise-clocks 21)."""


def rung_for(grade: str, percent: int) -> Rung:
    """Return the highest rung of the grade's ladder that the share has reached (the lowest rung below it)."""
    if percent == REPEATED.percent:
        return REPEATED
    ladder = LADDERS[grade in BEST_GRADES]
    reached = [rung for rung in ladder if rung.percent <= percent]
    return reached[-1] if reached else ladder[0]
