"""Which threshold holds for a circuit's metric? The most specific: of the circuit, its product, its grade, any."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mainstay.domain.threshold_watch import Limit
from mainstay.network.performance.models import Threshold

WEIGHTS = (4, 2, 1)
"""How much circuit, product and grade make a threshold more specific."""


@dataclass
class RuleBook:
    """All thresholds by metric, oldest first; read once for many circuits."""

    by_metric: dict[str, list[Threshold]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "RuleBook":
        """Read all thresholds (1 query)."""
        return cls.of(Threshold.objects.order_by("pk"))

    @classmethod
    def of(cls, thresholds: Iterable[Threshold]) -> "RuleBook":
        """Make a book of thresholds in the order of their ids."""
        book = cls()
        for threshold in thresholds:
            book.by_metric.setdefault(threshold.metric, []).append(threshold)
        return book

    def holding(self, metric: str, *, circuit_id: int, product_id: int, grade: str) -> Threshold | None:
        """Return the threshold that decides, None where none fits or the one that does is switched off.

        Of two that are as specific as each other the older decides.
        """
        asked = (circuit_id, product_id, grade)
        best, found = -1, None
        for threshold in self.by_metric.get(metric, ()):
            said = (threshold.circuit_id, threshold.product_id, threshold.grade)
            if all(not word or word == fact for word, fact in zip(said, asked, strict=True)):
                score = sum(weight for word, weight in zip(said, WEIGHTS, strict=True) if word)
                if score > best:
                    best, found = score, threshold
        return found if found is not None and found.watched else None


def limit_of(threshold: Threshold) -> Limit:
    """Return what the watch needs of a threshold."""
    return Limit(threshold.raise_at, threshold.clear_at, threshold.raise_periods, threshold.clear_periods)
