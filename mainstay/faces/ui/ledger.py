"""How is a month of a circuit drawn: days, and within a day minutes, both views one above the other?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from mainstay.faces.ui import words
from mainstay.faces.ui.tags.marks import read

CELL = 10
"""Width of a day in the month's strip."""
_WORST = ("down", "unknown", "degraded", "planned", "excluded", "up")
"""Which state a day's cell shows, where it has several."""


@dataclass(frozen=True)
class Bar:
    """A stretch within a day: minutes from midnight, which lane, its state, what it says."""

    x: str
    width: str
    y: int
    state: str
    title: str


@dataclass
class Day:
    """A day: where its cell is, the state of its cell in each view, its bars, how long it was down in each view."""

    on: date
    x: int
    contract: str = "up"
    felt: str = "up"
    down_s: int = 0
    felt_s: int = 0
    bars: list[Bar] = field(default_factory=list)

    @property
    def tells(self) -> bool:
        """Say whether anything but up is to be told of it, and not of all of it the same unknown."""
        return self.felt != "up"

    @property
    def title(self) -> str:
        """Say the day in words."""
        return f"{self.on:%Y-%m-%d} · {words.state_word(self.contract)} · {words.state_word(self.felt)}"


def days_of(spans: Sequence[Any]) -> list[Day]:
    """Cut spans at midnight of the reader's zone and gather them by day, in order."""
    found: dict[date, Day] = {}
    for span in spans:
        for begin, end in _cut(read(span, "from_at"), read(span, "to_at")):
            on = timezone.localtime(begin).date()
            day = found.setdefault(on, Day(on, len(found) * CELL))
            _put(day, span, begin, end)
    return list(found.values())


def _put(day: Day, span: Any, begin: datetime, end: datetime) -> None:
    contract, felt = (str(read(span, name).value) for name in ("state", "felt"))
    seconds = int((end - begin).total_seconds())
    day.contract, day.felt = _worse(day.contract, contract), _worse(day.felt, felt)
    day.down_s += seconds if contract == "down" else 0
    day.felt_s += seconds if felt == "down" else 0
    since = (begin - _midnight(begin)).total_seconds() / 60
    times = f"{timezone.localtime(begin):%H:%M:%S}–{timezone.localtime(end):%H:%M:%S}"
    for y, state in ((0, contract), (18, felt)):
        if state != "up":
            title = f"{times} · {words.state_word(state)} · {words.duration_words(seconds)}"
            day.bars.append(Bar(f"{since:.2f}", f"{max(seconds / 60, 1.5):.2f}", y, state, title))


def _worse(one: str, other: str) -> str:
    return min(one, other, key=_WORST.index)


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _cut(begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    while begin < end:
        following = timezone.make_aware(
            datetime.combine(timezone.localtime(begin).date() + timedelta(days=1), datetime.min.time())
        )
        yield begin, min(end, following)
        begin = following
