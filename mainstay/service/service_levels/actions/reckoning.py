"""Reckon months as they run: what changed since the last time, or everything from scratch; both give the same."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

import numpy as np
from django.db import transaction
from django.db.models import Q

from mainstay.accounts.catalog.choices import Metric
from mainstay.domain import availability
from mainstay.domain.actor import Actor
from mainstay.network.alarms.choices import IncidentKind
from mainstay.network.alarms.models import Alarm, Impact, Incident
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit
from mainstay.platform.bulk.rows import insert_many, update_many
from mainstay.platform.journal.models import Entry
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.promises.queries import promises_for
from mainstay.service.service_levels import ledger
from mainstay.service.service_levels.facts import IN_ONE_LIST, Known, known
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth, Touched
from mainstay.service.service_levels.months import bounds, following, length_s, midnight, month_of, whole_s
from mainstay.service.tickets.models import Ticket, TicketEvent

AT_ONCE = 5_000
"""Circuits reckoned in one go; so many kept rows are in memory."""
IN_ONE_WRITE = 500
"""Rows written in one transaction."""
MILLION = 1_000_000

_CONTRACT = ("down_s", "degraded_s", "unknown_s", "planned_s", "excluded_s", "outages", "longest_s")
_FELT = ("down_s", "degraded_s", "unknown_s", "outages", "longest_s")
FIGURES = (*_CONTRACT, *(f"felt_{name}" for name in _FELT))
"""The columns of a result that are reckoned, but for `stretches` and `running`."""


def bring_up_to(at: datetime, by: Actor) -> int:
    """Reckon every month that is not closed up to an instant; return how many circuits were reckoned anew.

    Only circuits of which something changed or still goes on are looked at.
    """
    heard = list(Touched.objects.order_by("pk").values_list("pk", "circuit_id", "ticket_id")[:20_000])
    circuits = {circuit for _, circuit, _ in heard if circuit is not None}
    circuits |= circuits_of({ticket for _, _, ticket in heard if ticket is not None})
    month = month_of(at)
    if not LedgerMonth.objects.filter(month=month).exists():
        begin_month(month, data_from=_data_from())
    total = 0
    for row in LedgerMonth.objects.filter(closed_at__isnull=True, month__lte=month).order_by("month"):
        total += _bring(row, circuits, at)
    for part in _parts([pk for pk, _, _ in heard]):
        Touched.objects.filter(pk__in=part).delete()
    return total


def reckon_month(month: date, *, at: datetime, by: Actor) -> LedgerMonth:
    """Reckon a month that is not closed from scratch, up to `at` or to its end."""
    row = LedgerMonth.objects.filter(month=month).first() or begin_month(month, data_from=_data_from())
    if row.closed_at is None:
        _add_circuits(row, at)
        _reckon(row, _all_rows(row), at)
        _note(row, at)
    return row


def begin_month(month: date, *, data_from: datetime | None) -> LedgerMonth:
    """Make a month of which nothing is reckoned yet; before `data_from` nothing is known (None: all of it is)."""
    begin, _ = bounds(month)
    row, _ = LedgerMonth.objects.get_or_create(month=month, defaults={"reckoned_to": begin, "data_from": data_from})
    return row


def circuits_of(tickets: Collection[int]) -> set[int]:
    """Return the circuits tickets are about."""
    found: set[int] = set()
    for part in _parts(sorted(tickets)):
        named = TicketEvent.objects.filter(ticket__in=part, circuit__isnull=False)
        found |= set(named.values_list("circuit_id", flat=True).distinct())
        incidents = Ticket.objects.filter(pk__in=part, incident__isnull=False)
        pairs = set(incidents.values_list("incident_id", "customer_id"))
        impacts = Impact.objects.filter(incident__in={i for i, _ in pairs}, customer__in={c for _, c in pairs})
        found |= set(impacts.values_list("circuit_id", flat=True).distinct())
    return found


def _data_from() -> datetime | None:
    """Return when our data begin: with the first thing the house wrote down, or the first alarm or ticket it knows."""
    firsts = (
        Entry.objects.order_by("pk").values_list("at", flat=True).first(),
        Alarm.objects.order_by("raised_at").values_list("raised_at", flat=True).first(),
        Ticket.objects.order_by("opened_at", "pk").values_list("opened_at", flat=True).first(),
    )
    return min((at for at in firsts if at is not None), default=None)


def _bring(month: LedgerMonth, circuits: set[int], at: datetime) -> int:
    _add_circuits(month, at)
    silences = _silences(month)
    if silences != month.silences:
        rows: Iterable[Sequence[CircuitMonth]] = _all_rows(month)
    else:
        rows = _some_rows(month, circuits)
    count = _reckon(month, rows, at)
    _note(month, at, silences)
    return count


def _note(month: LedgerMonth, at: datetime, silences: dict[str, str] | None = None) -> None:
    month.reckoned_to = min(at, bounds(month.month)[1])
    month.silences = _silences(month) if silences is None else silences
    LedgerMonth.objects.filter(pk=month.pk, closed_at__isnull=True).update(
        reckoned_to=month.reckoned_to, silences=month.silences
    )


def _silences(month: LedgerMonth) -> dict[str, str]:
    begin, end = bounds(month.month)
    ended = Q(restored_at__isnull=True) | Q(restored_at__gt=begin)
    rows = Incident.objects.filter(ended, kind=IncidentKind.SILENT_SOURCE, opened_at__lt=end)
    return {str(pk): until.isoformat() if until else "" for pk, until in rows.values_list("pk", "restored_at")}


def _all_rows(month: LedgerMonth) -> Iterator[list[CircuitMonth]]:
    last = 0
    while True:
        rows = CircuitMonth.objects.filter(month=month, version=1, circuit_id__gt=last).order_by("circuit_id")
        part = list(rows[:AT_ONCE])
        if not part:
            return
        yield part
        last = part[-1].circuit_id


def _some_rows(month: LedgerMonth, circuits: set[int]) -> Iterator[list[CircuitMonth]]:
    rows = CircuitMonth.objects.filter(month=month, version=1)
    wanted = circuits | set(rows.filter(running=True).values_list("circuit_id", flat=True))
    for part in _parts(sorted(wanted)):
        yield list(rows.filter(circuit__in=part).order_by("circuit_id"))


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + IN_ONE_LIST] for start in range(0, len(ids), IN_ONE_LIST))


def _reckon(month: LedgerMonth, parts: Iterable[Sequence[CircuitMonth]], at: datetime) -> int:
    """Reckon results part by part and write those that are others now; return how many were looked at."""
    count = 0
    for rows in parts:
        found = known(month, rows, at=at)
        changed = _changed(month, rows, found, at)
        for start in range(0, len(changed), IN_ONE_WRITE):
            _write(month, changed[start : start + IN_ONE_WRITE])
        count += len(rows)
    return count


@transaction.atomic
def _write(month: LedgerMonth, rows: Sequence[CircuitMonth]) -> None:
    """Write reckoned results, unless the month was closed meanwhile."""
    if LedgerMonth.objects.select_for_update().filter(pk=month.pk, closed_at__isnull=True).exists():
        columns = (*FIGURES, "stretches", "running")
        update_many(CircuitMonth, columns, [(*(getattr(row, name) for name in columns), row.pk) for row in rows])


def _changed(month: LedgerMonth, rows: Sequence[CircuitMonth], found: Known, at: datetime) -> list[CircuitMonth]:
    """Put the new figures into rows and return those that changed."""
    begin, end = bounds(month.month)
    elapsed = whole_s(min(at, end)) - whole_s(begin)
    sums = _sums(rows, found, elapsed)
    changed = []
    for place, row in enumerate(rows):
        pieces = found.pieces.get(row.circuit_id, [])
        whole = ledger.stretches(pieces, *in_service(row, elapsed)) if pieces else []
        views = sums.views(place) if pieces else (_NOTHING, _NOTHING)
        new = {**figures_of(*views), "stretches": ledger.worth_keeping(whole),
               "running": row.circuit_id in found.unended}  # fmt: skip
        if any(getattr(row, name) != value for name, value in new.items()):
            for name, value in new.items():
                setattr(row, name, value)
            changed.append(row)
    return changed


_NOTHING = availability.View(0, 0, 0, 0, 0, 0, 0, 0, 0)


def in_service(row: CircuitMonth, elapsed_s: int) -> tuple[int, int]:
    """Return the part of the month a circuit was in service, as far as it is reckoned."""
    to_s = min(row.to_s, elapsed_s)
    return min(row.from_s, to_s), to_s


def figures_of(contract: availability.View, felt: availability.View) -> dict[str, int]:
    """Return a result's columns of both views."""
    return {
        **{name: getattr(contract, name) for name in _CONTRACT},
        **{f"felt_{name}": getattr(felt, name) for name in _FELT},
    }


def _sums(rows: Sequence[CircuitMonth], found: Known, elapsed: int) -> availability.Sums:
    facts = [
        (place, piece.from_s, piece.to_s, int(piece.kind))
        for place, row in enumerate(rows)
        for piece in found.pieces.get(row.circuit_id, ())
    ]
    columns = np.array(facts, np.int64).reshape(-1, 4).T
    service = np.array([in_service(row, elapsed) for row in rows], np.int64).reshape(-1, 2)
    return availability.sums(*columns, begin_s=service[:, 0], end_s=service[:, 1])


_NEW = (
    "month_id", "circuit_id", "customer_id", "contract_id", "region_code", "grade", "from_s", "to_s",
    "target_millionths", "promise",
)  # fmt: skip


def _add_circuits(month: LedgerMonth, at: datetime) -> int:
    """Give every circuit in service a result of the month, with what is promised on its first day in it."""
    begin = midnight(month.month)
    opened = Q(opened_on__isnull=True) | Q(opened_on__lt=following(month.month))
    there = CircuitMonth.objects.filter(month=month, version=1).values("circuit_id")
    new = Circuit.objects.filter(opened, status=CircuitStatus.ACTIVE).exclude(pk__in=there).order_by("pk")
    columns = ("pk", "customer_id", "contract_line__contract_id", "region_code", "grade", "opened_on")
    waiting = list(new.values_list(*columns))
    for start in range(0, len(waiting), IN_ONE_LIST):
        part = waiting[start : start + IN_ONE_LIST]
        promises = _promised(part, month.month)
        rows = []
        for pk, customer, contract, region, grade, on in part:
            from_s = max(0, whole_s(midnight(on)) - whole_s(begin)) if on is not None and on > month.month else 0
            target, promise = frozen_promise(promises.get(pk))
            rows.append(
                (month.pk, pk, customer, contract, region, grade, from_s, length_s(month.month), target, promise)
            )
        insert_many(CircuitMonth, _NEW, rows)
    if waiting:
        _reckon(month, _some_rows(month, {pk for pk, *_ in waiting}), at)
    return len(waiting)


def _promised(part: Sequence[tuple[object, ...]], month: date) -> dict[int, HoldingPromise]:
    found: dict[int, HoldingPromise] = {}

    def first_day(one: tuple[object, ...]) -> date:
        on = one[-1]
        return on if isinstance(on, date) and on > month else month

    for day, ones in groupby(sorted(part, key=first_day), key=first_day):
        found |= promises_for(
            [int(str(one[0])) for one in ones], Metric.AVAILABILITY, midnight(day) + timedelta(hours=1)
        )
    return found


def frozen_promise(promise: HoldingPromise | None) -> tuple[int | None, dict[str, object]]:
    """Return a promised share in millionths, and what says where it is laid down."""
    if promise is None:
        return None, {}
    told = {
        "level": promise.level, "label": promise.label, "amount": str(promise.amount), "unit": promise.unit,
        "term_id": promise.term_id, "profile": promise.profile, "version": promise.version,
        "on": promise.on.isoformat(),
    }  # fmt: skip
    return int(promise.amount * MILLION / 100), told
