"""What is known of circuits in a month? Read flat, for a few circuits or for a hundred thousand (PC 15-19).

From alarms: impacts, unless somebody said that the circuit was not affected; silent sources. From tickets: what
customers reported without an alarm, what was judged anew about begin and end, and whose fault it was. From planned
work: which one excuses. From this room: agreed exclusions, approved proposals, when our data begin.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from mainstay.network.alarms.choices import IncidentKind
from mainstay.network.alarms.models import Impact, Incident
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries import places
from mainstay.network.planned_work import queries as planned_work
from mainstay.service.service_levels.choices import Cause, ProposalState
from mainstay.service.service_levels.ledger import Decision, Piece, in_order
from mainstay.service.service_levels.models import CircuitMonth, Exclusion, LedgerMonth, Proposal, Watch
from mainstay.service.service_levels.months import bounds, midnight, whole_s
from mainstay.service.tickets.choices import ClockKind, ClockState, EventKind, Origin, RejudgingKind, RejudgingState
from mainstay.service.tickets.models import Clock, Rejudging, Ticket, TicketEvent

IN_ONE_LIST = 900
_STATE = {LiveState.DOWN: "down", LiveState.DEGRADED: "degraded"}


@dataclass
class Known:
    """The pieces of circuits by id, within a month; `unended`: the circuits of which something still goes on."""

    pieces: dict[int, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    unended: set[int] = field(default_factory=set)


def known(month: LedgerMonth, rows: Sequence[CircuitMonth], *, at: datetime) -> Known:
    """Read everything about the circuits of some results, up to `at` (about ten queries)."""
    return _Reading(month, rows, at).all()


def _among(name: str, ids: Collection[int]) -> Q:
    """Return the condition for few ids; many are read by their range and sorted out by the reader."""
    if len(ids) <= IN_ONE_LIST:
        return Q(**{f"{name}__in": sorted(ids)})
    return Q(**{f"{name}__gte": min(ids), f"{name}__lte": max(ids)})


@dataclass(frozen=True)
class _Outage:
    """A piece on its way: whose and in which incident, not yet cut to the month."""

    circuit_id: int
    incident_id: int
    customer_id: int
    from_at: datetime
    to_at: datetime | None
    piece: Piece


class _Reading:
    def __init__(self, month: LedgerMonth, rows: Sequence[CircuitMonth], at: datetime) -> None:
        self.begin, self.end = bounds(month.month)
        self.at, self.month = min(at, self.end), month
        self.rows = {row.circuit_id: row for row in rows}
        self.found = Known()

    def all(self) -> Known:
        if not self.rows:
            return self.found
        outages = self._ticketed(list(self._impacts()))
        tickets = {one.piece.ticket_id for one in outages if one.piece.ticket_id is not None}
        outages = self._rejudged(outages, tickets) + list(self._reports())
        tickets = {one.piece.ticket_id for one in outages if one.piece.ticket_id is not None}
        for one in self._worked(outages):
            self._keep(one.circuit_id, one.from_at, one.to_at, one.piece)
        self._decide(self._decisions(tickets))
        self._silences()
        self._before()
        if self.found.pieces:
            self._exclusions()
        self.found.pieces = {circuit: in_order(pieces) for circuit, pieces in self.found.pieces.items()}
        return self.found

    def _keep(self, circuit_id: int, from_at: datetime, to_at: datetime | None, piece: Piece) -> None:
        """Cut a piece to what is reckoned of its circuit's month, and keep it if anything is left."""
        if to_at is None or to_at > self.at:
            self.found.unended.add(circuit_id)
        row, zero = self.rows[circuit_id], whole_s(self.begin)
        begin = max(whole_s(from_at) - zero, row.from_s)
        end = min(whole_s(min(to_at or self.at, self.at)) - zero, row.to_s)
        if begin < end:
            self.found.pieces[circuit_id].append(replace(piece, from_s=begin, to_s=end))

    def _overlapping(self, begin: str, end: str) -> Q:
        return Q(**{f"{begin}__lt": self.end}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": self.begin}))

    def _impacts(self) -> Iterable[_Outage]:
        rows = Impact.objects.filter(
            _among("circuit_id", self.rows), self._overlapping("from_at", "to_at"), not_affected_at__isnull=True,
            state__in=_STATE,
        )  # fmt: skip
        columns = ("pk", "circuit_id", "incident_id", "customer_id", "state", "planned", "from_at", "to_at")
        for pk, circuit, incident, customer, state, planned, from_at, to_at in rows.values_list(*columns):
            if circuit in self.rows:
                piece = Piece(0, 0, _STATE[LiveState(state)], Cause.IMPACT.value, impact_id=pk, planned=planned)
                yield _Outage(circuit, incident, customer, from_at, to_at, piece)

    def _ticketed(self, outages: list[_Outage]) -> list[_Outage]:
        """Say on which ticket each impact stands: its incident's for the customer, or the one whose story names it."""
        tickets = self._tickets({one.incident_id for one in outages})
        missing = {one.circuit_id for one in outages if (one.incident_id, one.customer_id) not in tickets}
        named = self._named(missing) if missing else {}
        found = []
        for one in outages:
            mine = tickets.get((one.incident_id, one.customer_id)) or named.get((one.circuit_id, one.incident_id)) or []
            before = [t for t in mine if t[1] <= (one.to_at or self.end)] or mine[:1]
            if before:
                pk, _, responsibility = before[-1]
                one = replace(one, piece=replace(one.piece, ticket_id=pk, responsibility=responsibility))
            found.append(one)
        return found

    def _tickets(self, incidents: set[int]) -> "dict[tuple[int, int], list[tuple[int, datetime, str]]]":
        found: dict[tuple[int, int], list[tuple[int, datetime, str]]] = defaultdict(list)
        if incidents:
            rows = Ticket.objects.filter(_among("incident_id", incidents)).order_by("opened_at", "pk")
            columns = ("incident_id", "customer_id", "pk", "opened_at", "responsibility")
            for incident, customer, pk, opened_at, responsibility in rows.values_list(*columns):
                found[incident, customer].append((pk, opened_at, responsibility))
        return found

    def _named(self, circuits: set[int]) -> "dict[tuple[int, int], list[tuple[int, datetime, str]]]":
        found: dict[tuple[int, int], list[tuple[int, datetime, str]]] = defaultdict(list)
        kinds = (EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED)
        rows = TicketEvent.objects.filter(_among("circuit_id", circuits), kind__in=kinds, at__lt=self.end)
        rows = rows.filter(at__gte=self.begin - timedelta(days=62)).order_by("at", "pk")
        columns = ("circuit_id", "body", "ticket_id", "at", "ticket__responsibility")
        for circuit, body, ticket, at, responsibility in rows.values_list(*columns):
            if circuit in circuits and body.get("incident"):
                found[circuit, body["incident"]].append((ticket, at, responsibility))
        return found

    def _reports(self) -> Iterable[_Outage]:
        """Give what customers reported and no alarm told of: as long as the restoration clock found it to be."""
        rows = Clock.objects.filter(
            _among("circuit_id", self.rows), self._overlapping("started_at", "stopped_at"),
            kind=ClockKind.RESTORATION, started_at__isnull=False,
        ).exclude(state=ClockState.CANCELLED)  # fmt: skip
        rows = rows.exclude(ticket__origin=Origin.IMPACT)
        columns = (
            "circuit_id",
            "ticket_id",
            "ticket__customer_id",
            "ticket__responsibility",
            "started_at",
            "stopped_at",
        )
        for circuit, ticket, customer, responsibility, from_at, to_at in rows.values_list(*columns):
            if circuit in self.rows:
                piece = Piece(0, 0, "down", Cause.REPORT.value, ticket_id=ticket, responsibility=responsibility)
                yield _Outage(circuit, 0, customer, from_at, to_at, piece)

    def _rejudged(self, outages: list[_Outage], tickets: set[int]) -> list[_Outage]:
        """Follow what two people agreed on about begin and end of a circuit's outage (PC 11)."""
        if not tickets:
            return outages
        kinds = (RejudgingKind.BEGAN, RejudgingKind.RESTORED)
        rows = Rejudging.objects.filter(_among("ticket_id", tickets), kind__in=kinds, state=RejudgingState.APPLIED)
        for ticket, kind, wanted in rows.order_by("decided_at", "pk").values_list("ticket_id", "kind", "wanted"):
            when = datetime.fromisoformat(wanted["from_at"])
            mine = [o for o in outages if o.piece.ticket_id == ticket and o.circuit_id == wanted["circuit_id"]]
            if kind == RejudgingKind.BEGAN:
                later = sorted((o for o in mine if when < o.from_at), key=lambda o: o.from_at)
                outages = outages + [replace(o, from_at=when, to_at=o.from_at) for o in later[:1]]
            else:
                cut = [o for o in mine if o.from_at < when and (o.to_at is None or when < o.to_at)]
                outages = [replace(o, to_at=when) if o in cut else o for o in outages]
        return outages

    def _worked(self, outages: list[_Outage]) -> list[_Outage]:
        """Name the planned work that excuses an impact, where its resources carry the circuit."""
        planned = [one for one in outages if one.piece.planned]
        if not planned:
            return outages
        windows = planned_work.windows_between(self.begin, self.end)
        carried = _carried(windows, {one.circuit_id for one in planned})
        spans = sorted({(w.from_at, w.to_at, w.work_id) for w in windows})
        found = []
        for one in outages:
            if one.piece.planned:
                over = (w for f, t, w in spans if f < (one.to_at or self.end) and one.from_at < t)
                work = next((w for w in over if one.circuit_id in carried.get(w, ())), None)
                one = replace(one, piece=replace(one.piece, work_id=work))
            found.append(one)
        return found

    def _decisions(self, tickets: set[int]) -> list[Decision]:
        """Return approved proposals, in the order of their approval."""
        if not tickets:
            return []
        rows = Proposal.objects.filter(_among("ticket_id", tickets), state=ProposalState.APPLIED)
        return [decision_of(row, self.begin) for row in rows.order_by("decided_at", "pk")]

    def _decide(self, decisions: Sequence[Decision]) -> None:
        """Apply what was approved. What was said of a whole ticket stands on the ticket, and may have changed there."""
        holders: dict[int, set[int]] = defaultdict(set)
        for circuit, pieces in self.found.pieces.items() if decisions else ():
            for piece in pieces:
                holders[piece.ticket_id or 0].add(circuit)
        for decision in decisions:
            for circuit in holders[decision.ticket_id]:
                self.found.pieces[circuit] = decision.confirmed(self.found.pieces[circuit], circuit)

    def _silences(self) -> None:
        """Nothing is known of circuits while the source that watches them is silent (PC 17)."""
        silent = Incident.objects.filter(
            self._overlapping("opened_at", "restored_at"), kind=IncidentKind.SILENT_SOURCE, source__isnull=False
        )
        spans = list(silent.values_list("source_id", "opened_at", "restored_at").order_by("opened_at", "pk"))
        if not spans:
            return
        watched = defaultdict(list)
        for source, region, technology in Watch.objects.values_list("source_id", "region_code", "technology"):
            watched[source].append((region, technology))
        technologies = _technologies(self.rows)
        for source, from_at, to_at in spans:
            wanted = watched.get(source, [("", "")])
            for circuit, row in self.rows.items():
                if _is_watched(row.region_code, technologies.get(circuit, ""), wanted):
                    self._keep(circuit, from_at, to_at, Piece(0, 0, "unknown", Cause.SILENCE.value, ref=source))

    def _before(self) -> None:
        since = self.month.data_from
        if since is not None and since > self.begin:
            for circuit in self.rows:
                self._keep(circuit, self.begin, min(since, self.at), Piece(0, 0, "unknown", Cause.BEFORE.value))

    def _exclusions(self) -> None:
        rows = Exclusion.objects.filter(self._overlapping("from_at", "to_at")).order_by("pk")
        for row in rows:
            mine = [c for c in list(self.found.pieces) if _is_for(row, self.rows[c])]
            for from_at, to_at in _windows(row, self.begin, self.end) if mine else ():
                for circuit in mine:
                    piece = Piece(0, 0, "agreed", Cause.AGREED.value, ref=row.pk)
                    self._keep(circuit, from_at, min(to_at, self.at), piece)


def decision_of(row: Proposal, begin: datetime) -> Decision:
    """Return an approved proposal as the ledger applies it, in seconds from a month's begin."""
    zero = whole_s(begin)
    from_s, to_s = (whole_s(at) - zero if at is not None else None for at in (row.from_at, row.to_at))
    return Decision(row.pk, row.ticket_id, row.responsibility, row.circuit_id, from_s, to_s)


def _carried(windows: Iterable[planned_work.Window], circuits: set[int]) -> dict[int, set[int]]:
    """Return, by work, which of the circuits run over its resources."""
    resources: dict[int, set[int]] = defaultdict(set)
    for window in windows:
        resources[window.work_id].add(window.resource_id)
    return {
        work: set(places.circuits_over(over).values_list("pk", flat=True)) & circuits
        for work, over in resources.items()
    }


def _technologies(circuits: Collection[int]) -> dict[int, str]:
    return dict(Circuit.objects.filter(_among("pk", circuits)).values_list("pk", "technology"))


def _is_watched(region: str, technology: str, wanted: Iterable[tuple[str, str]]) -> bool:
    return any(region.startswith(prefix) and technology in (known or technology,) for prefix, known in wanted)


def _is_for(row: Exclusion, result: CircuitMonth) -> bool:
    return (
        row.circuit_id == result.circuit_id
        or (row.contract_id is not None and row.contract_id == result.contract_id)
        or (row.customer_id is not None and row.customer_id == result.customer_id)
    )


def _windows(row: Exclusion, begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Give an exclusion's windows in a period: all of it, or its weekly one."""
    since, until = max(row.from_at, begin), min(row.to_at or end, end)
    if row.weekday is None:
        yield since, until
        return
    day: date = timezone.localtime(begin).date() - timedelta(days=1)
    while midnight(day) < end:
        if day.weekday() == row.weekday:
            opens, closes = (_minute(day, minute) for minute in (row.from_minute, row.to_minute))
            if max(opens, since) < min(closes, until):
                yield max(opens, since), min(closes, until)
        day += timedelta(days=1)


def _minute(day: date, minute: int) -> datetime:
    days, left = divmod(minute, 24 * 60)
    wall = datetime.combine(day + timedelta(days=days), datetime.min.time()) + timedelta(minutes=left)
    return timezone.make_aware(wall).astimezone(timezone.get_default_timezone())
