"""What schedules can make of reports: which month is ready, for whom one is due (D3), with which arguments."""

from datetime import date
from typing import Any

from mainstay.domain.actor import Actor
from mainstay.platform.documents.models import Schedule
from mainstay.platform.documents.occasions import Occasion
from mainstay.platform.identity.choices import Permission
from mainstay.service.reports.cadence import due_in
from mainstay.service.reports.choices import ReportKind, Subject
from mainstay.service.reports.making import Asked
from mainstay.service.reports.queries import is_closed
from mainstay.service.reports.scoping import contracts, customers


def _objects(actor: Actor, schedule: Schedule, month: date) -> list[int]:
    """Return whom a schedule is for in a month: within its owner's scope today, and due."""
    if schedule.kind == Subject.CONTRACTS:
        rows = contracts(actor).filter(**({"customer_id__in": schedule.customer_ids} if schedule.customer_ids else {}))
        return due_in(schedule.kind, list(rows.values_list("pk", flat=True)), month, schedule.cadence)
    chosen = customers(actor).filter(**({"pk__in": schedule.customer_ids} if schedule.customer_ids else {}))
    return due_in(schedule.kind, list(chosen.values_list("pk", flat=True)), month, schedule.cadence)


def _arguments(schedule: Schedule, month: date) -> dict[str, Any]:
    return Asked(
        month, tuple(schedule.templates), tuple(schedule.languages), tuple(schedule.formats), schedule.send,
        schedule.audience, tuple(schedule.channels),
    ).arguments()  # fmt: skip


OCCASIONS = tuple(
    Occasion(
        kind=subject.value, name=subject.label, permission=Permission.MAKE_REPORTS, templates=tuple(ReportKind.values),
        is_ready=is_closed, objects=_objects, arguments=_arguments,
    )
    for subject in Subject
)  # fmt: skip
