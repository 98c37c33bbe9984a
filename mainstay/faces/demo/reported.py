"""The demo's reports: last month's, of the portal's customers, sent; one of a manager's others as a draft; a schedule."""

from datetime import datetime

from mainstay.domain.actor import Actor
from mainstay.faces.demo import cast
from mainstay.platform.documents import queries as documents
from mainstay.platform.documents.actions import NewSchedule, save_schedule
from mainstay.platform.documents.choices import Audience
from mainstay.platform.identity.queries import actor_named, users
from mainstay.platform.jobs import running
from mainstay.service.reports.actions import ask_run
from mainstay.service.reports.choices import ReportKind, Subject
from mainstay.service.reports.making import Asked
from mainstay.service.service_levels.months import month_of, previous

MAKER, MOST = "admin", 3


def report(*, at: datetime, by: Actor) -> int:
    """Make and send last month's reports of a few customers, leave drafts of one; return how many there are."""
    maker = actor_named(MAKER)
    if maker is None:
        return 0
    month, customers = previous(month_of(at)), _customers()[:MOST]
    both, files = (ReportKind.SERVICE.value, ReportKind.SLA.value), ("pdf", "xlsx")
    _run(Asked(month, both[:1], ("zh-hans", "en"), ("pdf",), True, Audience.NOBODY.value), customers, at=at, by=maker)
    _run(Asked(month, both[1:], ("zh-hans",), files), customers[:1], at=at, by=maker)
    _schedule(both, at=at, by=actor_named("wang.min") or maker)
    return documents.document_list(by).count()


def _customers() -> list[int]:
    names = [name for name, _shown in cast.PORTAL]
    return [user.customer_id for user in users().filter(username__in=names) if user.customer_id]


def _run(asked: Asked, customers: list[int], *, at: datetime, by: Actor) -> None:
    if not customers:
        return
    job = ask_run(Subject.CUSTOMERS, customers, asked, at=at, by=by, title="客户月报", language="zh-hans")
    while running.advance(job.pk, at=at):
        pass


def _schedule(reports: tuple[str, ...], *, at: datetime, by: Actor) -> None:
    new = NewSchedule("每月服务报告与 SLA 报告", Subject.CUSTOMERS.value, reports, day=5, hour=6)
    save_schedule(new, at=at, by=by)
