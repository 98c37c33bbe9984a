"""The sums of results, as the database adds them up: conditions and expressions. Whole numbers only."""

from collections.abc import Mapping
from typing import Any

from django.db.models import BigIntegerField, Count, F, IntegerField, Max, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Least

from mainstay.domain.availability import View

MILLION = 1_000_000

_ALLOWED = Cast(MILLION - F("target_millionths"), BigIntegerField())
_WHOLE = F("to_s") - F("from_s") - F("planned_s") - F("excluded_s")
_PROMISED = Q(target_millionths__isnull=False)

MISSED = _PROMISED & Q(down_s__gt=_ALLOWED * _WHOLE / MILLION)
"""Missed, not to be mended by what is left of the month: the same as `domain.availability.judge` says."""

_CONTRACT = ("down_s", "degraded_s", "unknown_s", "planned_s", "excluded_s", "outages")
_FELT = ("felt_down_s", "felt_degraded_s", "felt_unknown_s", "felt_outages")


def total(elapsed_s: int) -> Any:
    """Return the seconds a circuit was in service, as far as its month is reckoned."""
    until = Least(F("to_s"), Value(elapsed_s), output_field=IntegerField())
    return until - Least(F("from_s"), until, output_field=IntegerField())


def kept(elapsed_s: int) -> Q:
    """Return the condition that a promise is kept so far, whatever is unknown."""
    base = total(elapsed_s) - F("planned_s") - F("excluded_s")
    return _PROMISED & Q(down_s__lte=_ALLOWED * base / MILLION - F("unknown_s"))


def undecided(elapsed_s: int) -> Q:
    """Return the condition that a promise is neither kept nor missed yet."""
    return _PROMISED & ~MISSED & ~kept(elapsed_s)


def adding(elapsed_s: int) -> dict[str, Any]:
    """Return what is counted and added up of a set of results; read it with `added`."""
    found: dict[str, Any] = {f"sum_{name}": Coalesce(Sum(name), 0) for name in (*_CONTRACT, *_FELT)}
    found |= {
        "sum_total": Coalesce(Sum(total(elapsed_s)), 0, output_field=BigIntegerField()),
        "max_longest": Coalesce(Max("longest_s"), 0),
        "max_felt": Coalesce(Max("felt_longest_s"), 0),
        "circuits": Count("pk"),
        "missed": Count("pk", filter=MISSED),
        "undecided": Count("pk", filter=undecided(elapsed_s)),
        "promised": Count("pk", filter=_PROMISED),
        "touched": Count("pk", filter=Q(felt_outages__gt=0)),
    }
    return found


def added(row: Mapping[str, Any]) -> tuple[View, View]:
    """Return both views of a set of results: contract, felt."""
    whole = int(row["sum_total"])
    down, degraded, unknown, planned, excluded, outages = (int(row[f"sum_{name}"]) for name in _CONTRACT)
    up = whole - down - degraded - unknown - planned - excluded
    felt = [int(row[f"sum_{name}"]) for name in _FELT]
    return (
        View(whole, up, down, degraded, unknown, planned, excluded, outages, int(row["max_longest"])),
        View(whole, whole - sum(felt[:3]), felt[0], felt[1], felt[2], 0, 0, felt[3], int(row["max_felt"])),
    )
