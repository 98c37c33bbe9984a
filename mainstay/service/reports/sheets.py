"""Puts a report's facts into a workbook: the same facts as the PDF, as real numbers, dates and durations."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext

from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.documents.tables import Sheet, TableColumn, xlsx
from mainstay.service.reports import saying
from mainstay.service.reports.facts import ReportFacts
from mainstay.service.service_levels.shapes import View


def workbook(facts: ReportFacts, kind: str, edition: saying.Edition, *, at: datetime) -> bytes:
    """Return a report as a workbook, in the active language."""
    title = saying.title_of(facts, kind)
    return xlsx(list(_sheets(facts, kind, edition, at)), title=title, author=settings.OPERATOR_NAME, at=at)


def _sheets(facts: ReportFacts, kind: str, edition: saying.Edition, at: datetime) -> Iterator[Sheet]:
    yield _summary(facts, kind, edition, at)
    yield _circuits(facts)
    yield _faults(facts)
    yield _works(facts)
    if facts.claims is not None:
        yield _claims(facts)
    yield _trend(facts)


def _summary(facts: ReportFacts, kind: str, edition: saying.Edition, at: datetime) -> Sheet:
    contract, felt = facts.result.contract, facts.result.felt
    told = saying.said(facts, kind, edition, at=at)
    above: list[tuple[str, object]] = [
        ("", saying.title_of(facts, kind)),
        (gettext("Document"), told["edition"]["number"]),
        (gettext("Version"), edition.version),
        (gettext("Corrects the version of"), told["edition"]["corrects"]),
        (gettext("Why"), edition.why),
        (gettext("Customer code"), facts.about.customer_code),
        (gettext("Contract"), facts.about.contract_number),
        (gettext("Period"), told["month"]["period"]),
        (gettext("Figures"), told["month"]["state"]),
        (gettext("Circuits"), len(facts.result.circuits)),
        (gettext("Availability (contract), at least"), contract.lower),
        (gettext("Availability (contract), at most"), contract.upper),
        (gettext("Availability (as felt), at least"), felt.lower),
        (gettext("Availability (as felt), at most"), felt.upper),
        (gettext("Interruptions"), contract.outages),
        (gettext("Minutes out of service"), contract.down_s // 60),
        *((f"{line['name']}: {gettext('kept')} / {gettext('missed')} / {gettext('open')}",
           f"{line['met']} / {line['missed']} / {line['open']}") for line in told["promises"]),
    ]  # fmt: skip
    kept = [(label, value) for label, value in above if not label or value not in ("", None)]
    return Sheet(gettext("Summary"), above=kept)


def _circuits(facts: ReportFacts) -> Sheet:
    columns = (
        TableColumn(gettext("Circuit"), width=22), TableColumn(gettext("Name"), width=32),
        TableColumn(gettext("Grade"), width=8), TableColumn(gettext("Contract"), width=18),
        *(TableColumn(f"{view}: {what}", kind) for view in (gettext("Contract view"), gettext("As felt"))
          for what, kind in ((gettext("at least"), "percent"), (gettext("at most"), "percent"),
                             (gettext("down"), "duration"), (gettext("interruptions"), "number"))),
        TableColumn(gettext("Degraded"), "duration"), TableColumn(gettext("State unknown"), "duration"),
        TableColumn(gettext("Planned work"), "duration"), TableColumn(gettext("Excluded"), "duration"),
        TableColumn(gettext("Target"), "percent"), TableColumn(gettext("Verdict"), width=12),
    )  # fmt: skip
    rows = [
        (c.number, c.name, c.grade, c.contract_number, *_view(c.contract), *_view(c.felt), c.contract.degraded_s,
         c.contract.unknown_s, c.contract.planned_s, c.contract.excluded_s, c.target, saying.availability_label(c))
        for c in facts.result.circuits
    ]  # fmt: skip
    return Sheet(gettext("Availability"), columns, rows)


def _view(view: View) -> tuple[Decimal, Decimal, int, int]:
    return view.lower, view.upper, view.down_s, view.outages


def _faults(facts: ReportFacts) -> Sheet:
    columns = (
        TableColumn(gettext("Ticket"), width=12), TableColumn(gettext("Circuits"), width=36),
        TableColumn(gettext("Began"), "instant"), TableColumn(gettext("Restored"), "instant"),
        TableColumn(gettext("Lasted"), "duration"), TableColumn(gettext("Cause"), width=20),
        TableColumn(gettext("Responsible"), width=16), TableColumn(gettext("Promised"), "duration"),
        TableColumn(gettext("Used of it"), "duration"), TableColumn(gettext("Restoration"), width=14),
    )  # fmt: skip
    rows = [
        (f.number, "\n".join(f.circuits), f.began_at, f.restored_at,
         int((f.restored_at - f.began_at).total_seconds()) if f.restored_at else None,
         saying.cause_label(f), saying.responsibility_label(f), f.promised_s or None,
         f.used_s if f.promised_s else None, saying.verdict_label(f))
        for f in facts.faults
    ]  # fmt: skip
    return Sheet(gettext("Faults"), columns, rows)


def _works(facts: ReportFacts) -> Sheet:
    columns = (
        TableColumn(gettext("Number"), width=20), TableColumn(gettext("Title"), width=36),
        TableColumn(gettext("From"), "instant"), TableColumn(gettext("To"), "instant"),
        TableColumn(gettext("Announced"), "instant"), TableColumn(gettext("Status"), width=12),
        TableColumn(gettext("Circuits"), width=36),
    )  # fmt: skip
    rows = [
        (w.number, w.title, w.from_at, w.to_at, w.announced_at, str(WorkStatus(w.status).label), "\n".join(w.circuits))
        for w in facts.works
    ]
    return Sheet(gettext("Planned work"), columns, rows)


def _claims(facts: ReportFacts) -> Sheet:
    columns = (
        TableColumn(gettext("Number"), width=16), TableColumn(gettext("Circuit"), width=22),
        TableColumn(gettext("Clause"), width=30), TableColumn(gettext("Derivation"), width=50),
        TableColumn(gettext("Amount (CNY)"), "money"), TableColumn(gettext("Status"), width=14),
    )  # fmt: skip
    rows = [
        (c.number, c.circuit, c.clause, "\n".join(c.derivation), c.amount_fen, c.status_label)
        for c in facts.claims or ()
    ]
    return Sheet(gettext("Compensation"), columns, rows)


def _trend(facts: ReportFacts) -> Sheet:
    columns = (
        TableColumn(gettext("Month"), "date"), TableColumn(gettext("Availability, at least"), "percent"),
        TableColumn(gettext("Minutes out of service"), "number", width=18),
    )  # fmt: skip
    rows = [(past.month, past.lower, None if past.down_s is None else past.down_s // 60) for past in facts.trend]
    return Sheet(gettext("Trend"), columns, rows)
