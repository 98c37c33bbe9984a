"""Which tariff holds for a product at a speed, a reach and a place on a day, and why not the others (D4)?

A tariff says "any" by speed 0, reach "" and region "". Of those that fit, the one for the narrower region wins (its
code is the longer), then one that names the reach, then the smallest speed step that carries what is asked; one without
a speed comes last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """Why a tariff does or does not hold."""

    CHOSEN = "chosen"
    NOT_YET = "not_yet"
    OVER = "over"
    OTHER_REACH = "other_reach"
    OTHER_REGION = "other_region"
    TOO_SLOW = "too_slow"
    WIDER_REGION = "wider_region"
    ANY_REACH = "any_reach"
    LARGER_STEP = "larger_step"


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff of one product: prices in fen, valid on [valid_from, valid_to); None leaves the end open."""

    id: int
    speed_kbps: int
    reach: str
    region: str
    valid_from: date
    valid_to: date | None
    one_time_fen: int
    monthly_fen: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be priced: a speed (0: none is asked), a reach ("": none), a region's code, a day."""

    speed_kbps: int
    reach: str
    region: str
    on: date


@dataclass(frozen=True, slots=True)
class Judged:
    """A tariff and its fate."""

    tariff: Tariff
    fate: Fate


@dataclass(frozen=True, slots=True)
class Choice:
    """The tariff that holds, None where there is none, and every tariff with its fate, the chosen one first."""

    tariff: Tariff | None
    judged: tuple[Judged, ...]


def choose(tariffs: Iterable[Tariff], asked: Asked) -> Choice:
    """Choose the tariff that holds; two alike (which a catalogue refuses) are decided by the later begin, then id."""
    fits: list[Tariff] = []
    judged: list[Judged] = []
    for tariff in tariffs:
        misfit = _misfit(tariff, asked)
        if misfit is None:
            fits.append(tariff)
        else:
            judged.append(Judged(tariff, misfit))
    if not fits:
        return Choice(None, tuple(judged))
    fits.sort(key=_preference)
    best = fits[0]
    losers = [Judged(each, _reason(each, best)) for each in fits[1:]]
    return Choice(best, (Judged(best, Fate.CHOSEN), *losers, *judged))


def overlap(one: Tariff, other: Tariff) -> bool:
    """Say whether two tariffs of a product speak of the same cell on the same day."""
    same = (one.speed_kbps, one.reach, one.region) == (other.speed_kbps, other.reach, other.region)
    before = one.valid_to is not None and one.valid_to <= other.valid_from
    after = other.valid_to is not None and other.valid_to <= one.valid_from
    return same and not before and not after


def _misfit(tariff: Tariff, asked: Asked) -> Fate | None:
    if tariff.valid_from > asked.on:
        return Fate.NOT_YET
    if tariff.valid_to is not None and tariff.valid_to <= asked.on:
        return Fate.OVER
    if not asked.region.startswith(tariff.region):
        return Fate.OTHER_REGION
    if tariff.reach not in ("", asked.reach):
        return Fate.OTHER_REACH
    if tariff.speed_kbps and (not asked.speed_kbps or tariff.speed_kbps < asked.speed_kbps):
        return Fate.TOO_SLOW
    return None


def _preference(tariff: Tariff) -> tuple[int, bool, bool, int, int, int]:
    return (-len(tariff.region), tariff.reach == "", tariff.speed_kbps == 0, tariff.speed_kbps,
            -tariff.valid_from.toordinal(), -tariff.id)  # fmt: skip


def _reason(loser: Tariff, best: Tariff) -> Fate:
    if len(loser.region) < len(best.region):
        return Fate.WIDER_REGION
    if loser.reach != best.reach:
        return Fate.ANY_REACH
    return Fate.LARGER_STEP
