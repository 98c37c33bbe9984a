"""Which promise is frozen on which clock? Asked of the real room once per kind of circuit, then written for each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mainstay.accounts.catalog.choices import GRADE_RANK, Metric
from mainstay.faces.demo.large.accounts import Row
from mainstay.platform.bulk.laying import instant_text
from mainstay.service.promises.queries import promises_of

DAY = "0001-01-01"
"""Stands in the text of a promise where the day belongs."""
METRICS = (Metric.RESTORATION.value, Metric.RESPONSE.value)


@dataclass(frozen=True)
class Kept:
    """A promise as text to be frozen, and its terms."""

    before: str
    after: str
    amount: int
    unit: str
    calendar: str

    def text(self, at_s: int) -> str:
        """Return it as chosen on the day of an instant in China."""
        return f"{self.before}{instant_text(at_s + 8 * 3600)[:10]}{self.after}"


@dataclass(frozen=True)
class Promises:
    """Promises by circuit: of its kind, or (from an instant on, when its contract began) of its own."""

    of_kind: dict[tuple[object, object, str], Kept]
    own: dict[int, tuple[int, Kept]]
    kinds: list[tuple[object, object]]
    """By circuit id: grade and product."""

    def restoration(self, circuit: int, at_s: int) -> Kept:
        """Return the promise of restoration that held for a circuit at an instant."""
        own = self.own.get(circuit)
        if own is not None and own[0] <= at_s:
            return own[1]
        return self.of_kind[(*self.kinds[circuit], METRICS[0])]

    def response(self, circuit: int) -> Kept:
        """Return the promise of response that held for a circuit."""
        return self.of_kind[(*self.kinds[circuit], METRICS[1])]


def read_promises(circuits: Sequence[Row], special: set[int], signed: dict[int, int], at: datetime) -> Promises:
    """Ask for the promises; `signed`: since when the contracts of special circuits run, by circuit."""
    kinds: list[tuple[object, object]] = [(None, None), *((row[6], row[4]) for row in circuits)]
    sample: dict[tuple[object, object], int] = {}
    for pk, kind in enumerate(kinds):
        if pk and pk not in special:
            sample.setdefault(kind, pk)
    found = promises_of([*sample.values(), *special], METRICS, at)
    of_kind = {(*kind, metric): _kept(found[pk, metric].as_json()) for kind, pk in sample.items() for metric in METRICS}
    own = {pk: (signed[pk], _kept(found[pk, METRICS[0]].as_json())) for pk in special}
    return Promises(of_kind, own, kinds)


def _kept(plain: dict[str, Any]) -> Kept:
    before, after = json.dumps({**plain, "on": DAY}, ensure_ascii=False).split(DAY)
    return Kept(before, after, int(float(plain["amount"])), plain["unit"], plain["calendar"])


def rank_of(grade: object) -> int:
    """Return the rank of a grade, 0 is the best."""
    return GRADE_RANK[str(grade)]
