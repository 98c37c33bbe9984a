"""How are values, kinds and reasons of differences said to people?"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from mainstay.domain.reconciling import Step, route_steps
from mainstay.faces.ui.words import bandwidth_words
from mainstay.network.reconciliation.choices import DifferenceKind, Verdict
from mainstay.network.reconciliation.queries import sources
from mainstay.platform.imports import giving

ROUTES = ("working", "protection")
SHOWN_BESIDE = 1
"""Hops the same that are shown on either side of a change."""
SHOWN_AS_NEW = 6


@dataclass(frozen=True)
class Shown:
    """A hop as it is shown; `folded`: so many hops that are the same stand here."""

    side: str
    code: str
    folded: int = 0


@dataclass(frozen=True)
class Said:
    """A difference in words. `steps`: two routes laid side by side."""

    row: Any
    what: Any
    kind: str
    ours: str
    theirs: str
    agreed: str
    other: str
    why: str
    problem: str
    steps: list[Shown]


def said(row: Any) -> Said:
    """Say a difference; its source and other source are fetched."""
    covers, name = row.source.covers, row.field
    steps = _folded(list(route_steps(row.ours or [], row.theirs or []))) if name in ROUTES else []
    return Said(
        row, sources.fields_of(covers).get(name, _("The whole object")), str(DifferenceKind(row.kind).label),
        _here(row) if not name else value(covers, name, row.ours),
        _there(row) if not name else value(covers, name, row.theirs),
        value(covers, name, row.agreed) if name and row.agreed is not None else "",
        f"{row.other_source.name}: {value(covers, name, row.other_value)}" if row.other_source else "",
        str(Verdict(row.verdict).label), giving.sentence(row.problem, row.problem_values or {}), steps,
    )  # fmt: skip


def value(covers: str, name: str, given: Any) -> str:
    """Say one value in the reader's language; a dash for nothing."""
    if given in (None, "", []):
        return "—"
    if isinstance(given, list | tuple):
        return " → ".join(given) if name in ROUTES else " ".join(given)
    if name == "bandwidth_kbps":
        return bandwidth_words(float(given))
    return sources.choices_of(covers, name).get(str(given), str(given))


def _folded(steps: list[Step]) -> list[Shown]:
    """Leave out the middle of stretches in which both routes are the same."""
    shown: list[Shown] = []
    for both, stretch in groupby(steps, key=lambda step: step.side == "both"):
        same = [Shown(step.side, step.code) for step in stretch]
        hidden = len(same) - 2 * SHOWN_BESIDE
        if both and hidden > 1:
            same = [*same[:SHOWN_BESIDE], Shown("both", "", hidden), *same[-SHOWN_BESIDE:]]
        shown += same
    return shown


def _here(row: Any) -> str:
    words = {DifferenceKind.VANISHED: _("in service"), DifferenceKind.GONE_HERE: _("out of service")}
    return words.get(row.kind, "—")


def _there(row: Any) -> str:
    return _("not in the export") if row.kind == DifferenceKind.VANISHED else _whole(row.source.covers, row.theirs)


def _whole(covers: str, given: Any) -> str:
    """Say what a new object would be, by its first few fields."""
    if not isinstance(given, Mapping):
        return "—"
    titles = sources.fields_of(covers)
    shown = [(name, each) for name, each in given.items() if name in titles and each not in ("", [])][:SHOWN_AS_NEW]
    return " · ".join(f"{titles[name]} {value(covers, name, each)}" for name, each in shown)
