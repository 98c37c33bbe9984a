"""Ask for a run of reports; send what was made. The documents themselves are made by `many`, as a job."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.documents import queries as documents
from mainstay.platform.documents.choices import Audience, Format, Language
from mainstay.platform.documents.models import Document
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.models import Job
from mainstay.service.reports.choices import ReportKind, Subject
from mainstay.service.reports.errors import BadReport
from mainstay.service.reports.making import Asked
from mainstay.service.reports.queries import is_closed
from mainstay.service.reports.scoping import contracts, customers, visible_ids
from mainstay.service.reports.sending import send_documents


def ask_run(
    subject: str, ids: Iterable[int] | None, asked: Asked, *, at: datetime, by: Actor, title: str = "",
    language: str = "",
) -> Job:  # fmt: skip
    """Ask for the reports of customers (contracts; None: all the actor sees) of a month, as a job.

    Raises NotAllowed, and BadReport: nothing chosen, or to be sent before the month is closed.
    """
    require(by, Permission.MAKE_REPORTS)
    check(subject, asked)
    rows = contracts(by) if subject == Subject.CONTRACTS else customers(by)
    wanted = list(rows.values_list("pk", flat=True)) if ids is None else visible_ids(by, subject, ids)
    if not wanted:
        raise BadReport(msgid("Nobody is chosen that you may make reports for; choose from the list."))
    return jobs.ask(subject, wanted, asked.arguments(), at=at, by=by, title=title, language=language)


def check(subject: str, asked: Asked) -> None:
    """Refuse what cannot be made. Raises BadReport."""
    right: dict[str, tuple[Collection[str], Collection[str]]] = {
        msgid("reports"): (asked.reports, ReportKind.values),
        msgid("languages"): (asked.languages, Language.values),
        msgid("formats"): (asked.formats, Format.values),
        msgid("subject"): ((subject,), Subject.values),
    }
    for name, (given, known) in right.items():
        if not given or not set(given) <= set(known):
            raise BadReport(msgid("Choose some of the {name}: {known}."), name=name, known=", ".join(known))
    if asked.send and asked.audience not in Audience.values:
        raise BadReport(msgid("Say who is to be told; choose from the list."))
    if asked.send and not is_closed(asked.month):
        raise BadReport(
            msgid("{month} is not closed yet; make drafts, and send once it is."), month=f"{asked.month:%Y-%m}"
        )


@transaction.atomic
def send_drafts(document_ids: Sequence[int], audience: str, *, at: datetime, by: Actor) -> int:
    """Send documents that were made and not sent yet; return how many went out. Raises NotAllowed, BadReport."""
    require(by, Permission.MAKE_REPORTS)
    if audience not in Audience.values:
        raise BadReport(msgid("Say who is to be told; choose from the list."))
    rows = [row for row in (documents.document(by, pk) for pk in document_ids) if row.sent_at is None]
    for row in rows:
        if row.month is not None and not is_closed(row.month):
            raise BadReport(
                msgid("{month} is not closed yet; make drafts, and send once it is."), month=f"{row.month:%Y-%m}"
            )
    of_customers: dict[int | None, list[Document]] = {}
    for row in rows:
        of_customers.setdefault(row.customer_id, []).append(row)
    for mine in of_customers.values():
        send_documents(mine, audience=audience, channels=(), at=at, by=by)
    return len(rows)
