"""What does each stretch of a circuit's month follow from? As kept with the result, in the reader's language (H7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from mainstay.domain.availability import State
from mainstay.network.alarms.models import AlarmSource, Impact
from mainstay.network.planned_work.models import PlannedWork
from mainstay.service.service_levels import ledger
from mainstay.service.service_levels.choices import STATES, Cause, Responsibility
from mainstay.service.service_levels.models import CircuitMonth, Exclusion, LedgerMonth
from mainstay.service.service_levels.months import bounds
from mainstay.service.service_levels.queries.reading import elapsed_s
from mainstay.service.service_levels.sentences import Names, sentence
from mainstay.service.service_levels.shapes import Span
from mainstay.service.tickets.models import Ticket


def spans_of(row: CircuitMonth, month: LedgerMonth, *, for_customer: bool) -> tuple[Span, ...]:
    """Return a result's stretches with the up ones between; no alarms for a customer (at most 4 queries)."""
    kept = ledger.kept(row.stretches)
    names = _names(kept)
    incidents = {} if for_customer else _incidents(kept)
    begin, _ = bounds(month.month)
    to_s = min(row.to_s, elapsed_s(month))
    found = []
    for one in _filled(kept, min(row.from_s, to_s), to_s):
        first = _leading(one)
        ticket = first.ticket_id if first else None
        responsibility = first.responsibility if first else ""
        work = next((piece.work_id for piece in one.pieces if piece.work_id), None)
        impacts = () if for_customer else tuple(sorted({p.impact_id for p in one.pieces if p.impact_id is not None}))
        found.append(
            Span(
                from_at=begin + timedelta(seconds=one.from_s), to_at=begin + timedelta(seconds=one.to_s),
                state=STATES[one.contract], felt=STATES[one.felt], why=sentence(one, names),
                responsibility=responsibility, ticket_id=ticket, ticket_number=names.tickets.get(ticket or 0, ""),
                work_id=work, impact_ids=impacts, work_number=names.works.get(work or 0, ""),
                proposal_id=next((p.proposal_id for p in one.pieces if p.proposal_id), None),
                incident_ids=tuple(sorted({incidents[pk] for pk in impacts if pk in incidents})),
                responsibility_label=str(Responsibility(responsibility).label) if ticket else "",
            )
        )  # fmt: skip
    return tuple(found)


def _incidents(kept: Iterable[ledger.Stretch]) -> dict[int, int]:
    impacts = {piece.impact_id for one in kept for piece in one.pieces if piece.impact_id is not None}
    return dict(Impact.objects.filter(pk__in=impacts).values_list("pk", "incident_id")) if impacts else {}


def _leading(one: ledger.Stretch) -> ledger.Piece | None:
    """Return the piece that says most about a stretch: one that counts before one that is excused."""
    outages = [piece for piece in one.pieces if piece.cause in ledger.IMPAIRS]
    return min(outages, key=lambda piece: (piece.kind, piece.impact_id is None), default=None)


def _filled(kept: Sequence[ledger.Stretch], from_s: int, to_s: int) -> Iterable[ledger.Stretch]:
    at = from_s
    for one in kept:
        if at < one.from_s:
            yield ledger.Stretch(at, one.from_s, State.UP, State.UP, ())
        yield one
        at = one.to_s
    if at < to_s:
        yield ledger.Stretch(at, to_s, State.UP, State.UP, ())


def _names(kept: Iterable[ledger.Stretch]) -> Names:
    pieces = [piece for one in kept for piece in one.pieces]
    refs = {cause: {p.ref for p in pieces if p.cause == cause and p.ref} for cause in (Cause.SILENCE, Cause.AGREED)}
    tickets = {p.ticket_id for p in pieces if p.ticket_id}
    works = {p.work_id for p in pieces if p.work_id}
    return Names(
        tickets={pk: Ticket(pk=pk).number for pk in tickets},
        works=_labels(PlannedWork, works, "number"),
        sources=_labels(AlarmSource, refs[Cause.SILENCE], "name"),
        exclusions=_labels(Exclusion, refs[Cause.AGREED], "why"),
    )


def _labels(model: type, keys: Collection[int], name: str) -> Mapping[int, str]:
    return dict(model._default_manager.filter(pk__in=keys).values_list("pk", name)) if keys else {}  # type: ignore[attr-defined]
