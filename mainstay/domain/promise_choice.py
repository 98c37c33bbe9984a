"""Which promise holds for a circuit on a day? The most specific one, deterministically, with overlaps shown (PC 14, D2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Generic, TypeVar

from mainstay.domain.errors import MainstayError, msgid

Terms = TypeVar("Terms")


class PromiseChoiceError(MainstayError):
    """Candidates that cannot be compared."""


class Level(IntEnum):
    """Where a promise is laid down; the lower the number the more specific."""

    CIRCUIT = 1
    CONTRACT_LINE = 2
    CONTRACT = 3
    CUSTOMER = 4
    GRADE = 5
    PRODUCT = 6
    DEFAULT = 7


@dataclass(frozen=True)
class Candidate(Generic[Terms]):
    """A promise laid down at a level, valid on [valid_from, valid_to); None leaves that end open. `terms` is the caller's."""

    level: Level
    id: int
    terms: Terms
    valid_from: date | None = None
    valid_to: date | None = None
    label: str = ""

    def holds_on(self, day: date) -> bool:
        """Say whether the day lies in the validity."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class PromiseChoice(Generic[Terms]):
    """The winner (None when nothing holds), why as a code of CHOICE_TEXTS, rivals at its level, and what it overrides.

    `overlaps`: other candidates of the winner's level that hold on the same day, best first: a mistake to show, not left to chance.
    `overridden`: candidates of less specific levels that hold, most specific first.
    """

    winner: Candidate[Terms] | None
    why: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    overlaps: tuple[Candidate[Terms], ...] = ()
    overridden: tuple[Candidate[Terms], ...] = ()


CHOICE_TEXTS: Mapping[str, str] = {
    "nothing_holds": msgid("No promise holds on {day}."),
    "only_one": msgid("The only promise that holds: {level} {label}."),
    "most_specific": msgid("The most specific promise that holds: {level} {label}."),
    "latest_of_overlapping": msgid("{count} promises of the level {level} overlap; the latest to begin wins: {label}."),
}


def choose_promise(candidates: Iterable[Candidate[Terms]], on: date) -> PromiseChoice[Terms]:
    """Choose circuit → contract line → contract → customer → grade → product → default.

    Within a level the one that began last wins, then the highest id; the order given never matters.
    Raises PromiseChoiceError when a candidate ends before it begins, or one (level, id) is given twice.
    """
    raise NotImplementedError
