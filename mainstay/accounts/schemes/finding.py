"""What can be found of scheme models, and by which words: name, type, what they answer (A6, D4)."""

from collections.abc import Iterable

from mainstay.accounts.schemes.models import SchemeModel
from mainstay.platform.search.actions import SearchItem, index

RANK = 60


def index_models(models: Iterable[SchemeModel]) -> None:
    """Make scheme models findable, in the caller's transaction (2 queries a model: parts and counter-schemes)."""
    index(
        SearchItem("scheme_model", row.pk, row.name, f"{row.code} · {row.get_scheme_type_display()}",
                   words=_words(row), rank=RANK)
        for row in models
    )  # fmt: skip


def _words(row: SchemeModel) -> tuple[str, ...]:
    counters = [word for counter in row.counters.all() for word in (counter.competitor, counter.rival)]
    parts = [part.name for part in row.parts.all()]
    return (row.code, row.summary[:200], *counters, *parts)
