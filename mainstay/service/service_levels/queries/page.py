"""One circuit's month, whole: result, evidence, versions, proposals; and its last twelve months (H7)."""

from datetime import date

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.service.service_levels.errors import NoSuchResult
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth, MonthVersion
from mainstay.service.service_levels.months import bounds
from mainstay.service.service_levels.queries.disputes import proposals_of
from mainstay.service.service_levels.queries.evidence import spans_of
from mainstay.service.service_levels.queries.reading import month_row, result_of, rows_at
from mainstay.service.service_levels.shapes import CircuitResult, MonthPage, VersionRow

_FETCHED = ("circuit", "customer", "contract")


def month_page(actor: Actor, circuit_id: int, month: date, version: int | None = None) -> MonthPage:
    """Return a circuit's month with its evidence as of a version (at most 11 queries). Raises NoSuchResult."""
    ledger_month = month_row(month)
    row = rows_at(ledger_month, version).filter(scope(actor), circuit=circuit_id).select_related(*_FETCHED).first()
    if row is None:
        raise NoSuchResult(msgid("There is no result of this circuit for {month}."), month=f"{month:%Y-%m}")
    spans = spans_of(row, ledger_month, for_customer=not actor.is_staff)
    tickets = {span.ticket_id for span in spans if span.ticket_id is not None}
    begin, end = bounds(month)
    return MonthPage(
        result=result_of(row, ledger_month, version), spans=spans,
        versions=_versions(ledger_month, circuit_id) if ledger_month.version else (),
        proposals=tuple(proposals_of(actor, tickets)), months=_months(circuit_id),
        reckoned_to=ledger_month.reckoned_to, closed_at=ledger_month.closed_at, closed_by=ledger_month.closed_by,
        from_at=begin, to_at=end,
    )  # fmt: skip


def latest_months(actor: Actor, circuit_id: int, *, limit: int = 12) -> list[CircuitResult]:
    """Return a circuit's months as they stand, the latest first (1 query)."""
    rows = CircuitMonth.objects.filter(scope(actor), circuit=circuit_id, until_version__isnull=True).defer("stretches")
    rows = rows.select_related("month", *_FETCHED).order_by("-month__month")[:limit]
    return [result_of(row, row.month, None) for row in rows]


def _months(circuit_id: int) -> tuple[date, ...]:
    rows = CircuitMonth.objects.filter(circuit=circuit_id, until_version__isnull=True).order_by("-month__month")
    return tuple(rows.values_list("month__month", flat=True))


def _versions(ledger_month: LedgerMonth, circuit_id: int) -> tuple[VersionRow, ...]:
    """Return all versions of the month, the latest first, with what this circuit came to in each."""
    mine = CircuitMonth.objects.filter(month=ledger_month, circuit=circuit_id).defer("stretches")
    rows = {row.version: row for row in mine.select_related(*_FETCHED).order_by("version")}
    found = []
    for version in MonthVersion.objects.filter(month=ledger_month).order_by("version"):
        row = rows[max(number for number in rows if number <= max(version.version, min(rows)))]
        result = result_of(row, ledger_month, version.version)
        changed = version.version in rows
        found.append(
            VersionRow(
                version.version, version.at, version.by_name, version.why, version.proposal_id, changed,
                result.contract, result.verdict,
            )
        )  # fmt: skip
    return tuple(reversed(found))
