"""Judge the clocks of many tickets anew, part by part: after a year's table came that was not known (PC 2, 11, 26).

Frozen promises and hours stay; what was a guess is judged by what is known now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.tickets.casework import CaseFile, Casework, load_files
from mainstay.service.tickets.choices import LIVE_TICKETS
from mainstay.service.tickets.clocks import VERDICT_COLUMNS, Judge
from mainstay.service.tickets.queries.lists import visible_to
from mainstay.service.tickets.reading_many import Asked, read_many
from mainstay.service.tickets.translation import in_order

STEADY = tuple(column for column in VERDICT_COLUMNS if column != "used_s")
"""What does not change by time passing alone."""


def live_tickets(actor: Actor) -> list[int]:
    """Return the tickets of a job over all that is open and visible, oldest first."""
    return list(visible_to(actor).filter(status__in=LIVE_TICKETS).order_by("id").values_list("pk", flat=True))


def rejudge_part(
    ids: Sequence[int], arguments: Mapping[str, Any], kept: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> dict[str, Any]:
    """Judge some live tickets anew, in the caller's transaction; keeps how many `changed` so far."""
    require(by, Permission.APPROVE)
    files = load_files(Q(pk__in=list(ids), status__in=LIVE_TICKETS) & scope(by))
    work = Casework(files, action="ticket.rejudge_many", at=at, by=by)
    work.files = changed_files(files, work.judge)
    if work.files:
        work.save()
    return {"changed": int(kept.get("changed", 0)) + len(work.files)}


def changed_files(files: Sequence[CaseFile], judge: Judge) -> list[CaseFile]:
    """Return the files of which a clock reads otherwise than it is written down, all read at once."""
    asked: list[Asked] = []
    for file in files:
        story = in_order(file.story)
        asked += [(clock, story, max(judge.at, clock.judged_at or judge.at)) for clock in file.clocks]
    read = iter(read_many(asked, judge))
    return [file for file in files if any([_differs(clock, next(read)) for clock in file.clocks])]  # noqa: C419


def _differs(clock: Any, judged: Mapping[str, Any]) -> bool:
    return any(getattr(clock, column) != judged[column] for column in STEADY)
