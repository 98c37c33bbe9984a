"""Which promise holds for a circuit on a day? The most specific one, deterministically, overlaps shown (PC 14, D2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Generic, TypeVar

from mainstay.domain.errors import Refused, msgid

Terms = TypeVar("Terms")


class PromiseChoiceError(Refused):
    """Candidates that cannot be compared."""


class Level(IntEnum):
    """Where a promise is laid down; the lower the number the more specific.

    At every place what was agreed there in so many words comes first, then the SLA package applied there (D2); both
    come before whatever was laid down at a less specific place. A package that comes with a product stands above what
    the profile promises for the product, and below its grades (decision 0026).
    """

    CIRCUIT = 10
    CIRCUIT_PACKAGE = 15
    CONTRACT_LINE = 20
    LINE_PACKAGE = 25
    CONTRACT = 30
    CONTRACT_PACKAGE = 35
    CUSTOMER = 40
    CUSTOMER_PACKAGE = 45
    GRADE = 50
    PRODUCT_PACKAGE = 55
    PRODUCT = 60
    DEFAULT = 70


@dataclass(frozen=True)
class Candidate(Generic[Terms]):
    """A promise laid down at a level, valid on [valid_from, valid_to), None leaving an end open; `terms` are free."""

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

    `overlaps`: others of the winner's level that hold on the same day, best first: a mistake to show, not left to
    chance. `overridden`: candidates of less specific levels that hold, most specific first.
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
    """Choose circuit → contract line → contract → customer → grade → product → default, packages between (see Level).

    Within a level the one that began last wins, then the highest id; the order given never matters.
    Raises PromiseChoiceError when a candidate ends before it begins, or one (level, id) is given twice.
    """
    given = list(candidates)
    _check(given)
    holding = sorted((one for one in given if one.holds_on(on)), key=_rank)
    if not holding:
        return PromiseChoice(None, "nothing_holds", {"day": on.isoformat()})
    winner = holding[0]
    rivals = tuple(one for one in holding[1:] if one.level == winner.level)
    overridden = tuple(one for one in holding if one.level != winner.level)
    params: dict[str, object] = {"level": winner.level.name.lower(), "label": winner.label or str(winner.id)}
    if rivals:
        why, params["count"] = "latest_of_overlapping", len(rivals) + 1
    else:
        why = "most_specific" if overridden else "only_one"
    return PromiseChoice(winner, why, params, rivals, overridden)


def _rank(candidate: Candidate[Terms]) -> tuple[int, int, int]:
    began = candidate.valid_from.toordinal() if candidate.valid_from else 0
    return candidate.level, -began, -candidate.id


def _check(candidates: list[Candidate[Terms]]) -> None:
    seen: set[tuple[Level, int]] = set()
    for one in candidates:
        name = f"{one.level.name.lower()} {one.label or one.id}"
        if one.valid_from is not None and one.valid_to is not None and one.valid_to < one.valid_from:
            raise PromiseChoiceError(
                msgid("Promise {promise} ends on {end}, before it begins on {start}; correct its dates."),
                promise=name,
                end=one.valid_to.isoformat(),
                start=one.valid_from.isoformat(),
            )
        if (one.level, one.id) in seen:
            raise PromiseChoiceError(msgid("Promise {promise} is given twice; give each one once."), promise=name)
        seen.add((one.level, one.id))
