"""By which rules do tickets open, and clocks start, stop and warn? Data, frozen on every clock (PC 8, 10, 14, 24)."""

from dataclasses import dataclass, field
from typing import Any

from mainstay.domain.promise_clock import ClockPolicy, StartAt, StopAt

VERSION = 1


@dataclass(frozen=True)
class TicketPolicy:
    """The rules in force. Minutes are natural minutes.

    `impact` and `report` judge restoration clocks by how the ticket came about; `response` the time until somebody of
    ours takes it; `feedback` the time from word to word to the customer; `department` the time a ticket is with a
    department. `degraded_opens`: a degraded circuit opens a ticket; `degraded_counts`: its clock runs as if it were
    down. `update_minutes`: when the customer hears from us again where no progress report is promised, by grade ("" is
    the rest). `close_after_minutes`: a ticket that nobody confirms closes by itself. `repeat_days`: the same circuit
    again within so many days (PC 21).
    """

    impact: ClockPolicy = ClockPolicy(StartAt.EVENT, StopAt.CLEAR)
    report: ClockPolicy = ClockPolicy(StartAt.REPORT, StopAt.CLEAR)
    response: ClockPolicy = ClockPolicy(StartAt.DETECTION, StopAt.CLEAR, rungs=(75, 100))
    feedback: ClockPolicy = ClockPolicy(StartAt.DETECTION, StopAt.CLEAR, rungs=(100,))
    department: ClockPolicy = ClockPolicy(StartAt.EVENT, StopAt.CLEAR, rungs=(75, 100))
    degraded_opens: bool = True
    degraded_counts: bool = False
    update_minutes: dict[str, int] = field(default_factory=lambda: {"AAA": 30, "AA": 30, "A": 60, "": 120}, hash=False)
    warn_update_minutes: int = 10
    close_after_minutes: int = 48 * 60
    repeat_days: int = 7

    def update_after(self, grade: str) -> int:
        """Return after how many minutes a customer of the grade hears from us again."""
        return self.update_minutes.get(grade, self.update_minutes[""])


DEFAULT = TicketPolicy()


def frozen(policy: ClockPolicy) -> dict[str, Any]:
    """Write a policy down as it is kept on a clock."""
    return {
        "version": VERSION,
        "start_at": policy.start_at.value,
        "stop_at": policy.stop_at.value,
        "resolved_counts": policy.resolved_counts,
        "rungs": list(policy.rungs),
    }


def thawed(kept: dict[str, Any]) -> ClockPolicy:
    """Read a policy as it was kept on a clock."""
    return ClockPolicy(
        StartAt(kept["start_at"]), StopAt(kept["stop_at"]), kept["resolved_counts"], tuple(kept["rungs"])
    )
