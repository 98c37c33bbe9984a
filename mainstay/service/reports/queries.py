"""Read runs of reports, months that can be reported, and one report as it would be made now."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.documents import queries as documents
from mainstay.platform.documents import rendering
from mainstay.platform.jobs import queries as jobs
from mainstay.platform.jobs.models import Job
from mainstay.service.reports import saying, sheets
from mainstay.service.reports.choices import ReportKind, Subject
from mainstay.service.reports.errors import BadReport, NoSuchSubject
from mainstay.service.reports.facts import ReportFacts
from mainstay.service.reports.making import facts_by_subject
from mainstay.service.reports.scoping import contracts, customers, visible_ids
from mainstay.service.service_levels.models import LedgerMonth


@dataclass(frozen=True)
class ReportMonth:
    """A month of which there are figures."""

    month: date
    version: int
    closed: bool


def report_months() -> list[ReportMonth]:
    """Return the months of which there are figures, the newest first (1 query)."""
    rows = LedgerMonth.objects.order_by("-month").values_list("month", "version", "closed_at")
    return [ReportMonth(month, version, closed_at is not None) for month, version, closed_at in rows]


def is_closed(month: date) -> bool:
    """Say whether a month's figures are final (1 query)."""
    return LedgerMonth.objects.filter(month=month, closed_at__isnull=False).exists()


def runs(actor: Actor) -> QuerySet[Job]:
    """Return the runs the actor may see, the newest first."""
    return jobs.visible_to(actor).filter(kind__in=Subject.values)


def counts(found: list[Job]) -> dict[int, dict[str, int]]:
    """Return by run how many documents were made, sent, and have characters no font has (1 query)."""
    return documents.counts_of_jobs([job.pk for job in found])


def customer_choices(actor: Actor, *, most: int = 2000) -> list[tuple[int, str]]:
    """Return (id, name) of customers the actor may make reports for, by name (1 query)."""
    return list(customers(actor).order_by("name").values_list("pk", "name")[:most])


def names_of(actor: Actor, customer_ids: set[int]) -> dict[int, str]:
    """Return customers' names by id (1 query)."""
    return dict(customers(actor).filter(pk__in=customer_ids).values_list("pk", "name"))


def contracts_of(actor: Actor, customer_ids: list[int]) -> list[int]:
    """Return the contracts of some customers that the actor may see (1 query)."""
    return list(contracts(actor).filter(customer_id__in=customer_ids).values_list("pk", flat=True))


def facts_of(actor: Actor, subject: str, pk: int, month: date) -> ReportFacts:
    """Return the facts of one report. Raises NoSuchSubject, also when it may not be seen, and BadReport."""
    if subject not in Subject.values or not visible_ids(actor, subject, [pk]):
        raise NoSuchSubject(msgid("There is nothing with the number {id} that you may see reports of."), id=pk)
    found = facts_by_subject(subject, [pk], month).get(pk)
    if found is None:
        raise BadReport(
            msgid("There are no figures for {month}: no circuit was in service, or the month is not reckoned yet."),
            month=f"{month:%Y-%m}",
        )
    return found


def preview(
    actor: Actor, subject: str, pk: int, month: date, *, kind: str, language: str, format: str, at: datetime  # noqa: A002
) -> tuple[str, bytes]:  # fmt: skip
    """Return (file name, bytes) of a report as it would be made now; it is kept nowhere. Raises as `facts_of`."""
    if kind not in ReportKind.values:
        raise NoSuchSubject(msgid("There is no report “{kind}”; choose from the list."), kind=kind)
    with override(language):
        facts, edition = facts_of(actor, subject, pk, month), saying.Edition()
        name = saying.file_name(facts, kind, language, format, 0)
        if format == "xlsx":
            return name, sheets.workbook(facts, kind, edition, at=at)
        told: dict[str, Any] = saying.said(facts, kind, edition, at=at)
        return name, rendering.pdf(kind, told, language=language, at=at)


def last_month(at: datetime) -> date:
    """Return the first day of the month before an instant's, in the shown zone."""
    from mainstay.service.service_levels.months import previous

    return previous(timezone.localtime(at).date().replace(day=1))
