"""Are 10,000 random ledgers what counting second by second gives? `python -m tests.drills.availability [cases]`."""

import random
import sys

from mainstay.domain.availability import spans, views
from tests.domain.availability_cases import Case


def drawn(dice: random.Random) -> Case:
    """Draw a case: few or many facts, short or long."""
    periods = [(begin := dice.randrange(50), begin + dice.randrange(300)) for _ in range(dice.randrange(1, 4))]
    many = 400 if dice.random() < 0.005 else 16
    longest = dice.choice((3, 40, 300))
    facts = []
    for _ in range(dice.randrange(many)):
        begin = dice.randrange(-20, 380)
        facts.append((dice.randrange(len(periods)), begin, begin + dice.randrange(longest), dice.randrange(8)))
    return Case(periods, facts)


def main(count: int) -> None:
    """Compare; stop at the first that differs."""
    dice, circuits = random.Random(20261122), 0
    for number in range(count):
        case = drawn(dice)
        expected, found = case.expected(), case.reckoned()
        for circuit, period in enumerate(case.periods):
            circuits += 1
            alone = views(spans(case.of(circuit), *period))
            if not expected[circuit] == found.views(circuit) == alone:
                raise SystemExit(f"case {number}, circuit {circuit}: {case}\n{expected[circuit]}\n{alone}")
    print(f"{count} random cases, {circuits} circuits: arrays, sweep and seconds agree")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
