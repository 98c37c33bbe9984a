"""More names than two characters can make: a brand has a third when all of two are taken."""

from itertools import product
from random import Random

from mainstay.faces.demo.names import FIRST, SECOND, TAKEN, Names


class ManyNames(Names):
    """Gives brands of three characters, each once, in an order drawn by the dice; the mobile numbers have seven."""

    def __init__(self, dice: Random) -> None:
        """Draw the order of all brands there are."""
        super().__init__(dice)
        threes = (*product(FIRST, FIRST, SECOND), *product(FIRST, SECOND, SECOND))
        self._left = ["".join(three) for three in threes if "".join(three[:2]) not in TAKEN]
        self._brands = 0
        dice.shuffle(self._left)

    def brand(self) -> str:
        """Return a brand nobody here has yet; beyond seventy thousand they come again with a number."""
        turn, place = divmod(self._brands, len(self._left))
        self._brands += 1
        return self._left[place] if not turn else f"{self._left[place]}{turn + 1}"

    def mobile(self) -> str:
        """Return a mobile number of the right form that is nobody's."""
        self.numbers += 1
        return f"1990{self.numbers:07d}"
