"""How are values, kinds and reasons of differences said to people?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mainstay.domain.reconciling import Step, route_steps
from mainstay.faces.ui.words import bandwidth_words
from mainstay.network.reconciliation.choices import DifferenceKind, Verdict
from mainstay.network.reconciliation.queries import sources
from mainstay.platform.imports import giving

ROUTES = ("working", "protection")
SHOWN_AS_NEW = 6


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
    steps: list[Step]


def said(row: Any) -> Said:
    """Say a difference; its source and other source are fetched."""
    covers, name = row.source.covers, row.field
    steps = list(route_steps(row.ours or [], row.theirs or [])) if name in ROUTES else []
    return Said(
        row, sources.fields_of(covers).get(name, _("The whole object")), str(DifferenceKind(row.kind).label),
        _whole(covers, row.ours) if not name else value(covers, name, row.ours),
        _whole(covers, row.theirs) if not name else value(covers, name, row.theirs),
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


def _whole(covers: str, given: Any) -> str:
    """Say what a new object would be, by its first few fields."""
    if not isinstance(given, Mapping):
        return "—"
    titles = sources.fields_of(covers)
    shown = [(name, each) for name, each in given.items() if name in titles and each not in ("", [])][:SHOWN_AS_NEW]
    return " · ".join(f"{titles[name]} {value(covers, name, each)}" for name, each in shown)
