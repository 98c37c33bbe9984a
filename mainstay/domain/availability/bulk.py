"""The ledgers of a million circuits at once: one sort, one running count, no loop over circuits (H7).

Facts of all circuits are cut into begins and ends, each packed into one integer (circuit, second, end or begin, kind)
and sorted. A running sum holds, in the eight bytes of one word, how many facts of each kind hold; which bytes are not
zero says the state. Whole numbers throughout.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.availability.kinds import CONTRACT, FELT, Fact, Kind, LedgerError, State, View
from mainstay.domain.availability.spans import spans, views
from mainstay.domain.errors import msgid

Ints = NDArray[np.int64]

MOST_AT_ONCE = 120
"""Facts of one circuit that the running count holds; a circuit with more is swept by itself."""
_ENDS = 8
_STEP: Ints = np.array([(-1 if code & _ENDS else 1) * (1 << 8 * (code & 7)) for code in range(16)], np.int64)
_CONTRACT = np.array(CONTRACT, np.int8)
_FELT = np.array(FELT, np.int8)


@dataclass(frozen=True)
class ViewSums:
    """One view of many circuits, by circuit: the fields of `View` without total and up."""

    down_s: Ints
    degraded_s: Ints
    unknown_s: Ints
    planned_s: Ints
    excluded_s: Ints
    outages: Ints
    longest_s: Ints


@dataclass(frozen=True)
class Sums:
    """Both views of many circuits; `total_s` by circuit."""

    total_s: Ints
    contract: ViewSums
    felt: ViewSums

    def views(self, circuit: int) -> tuple[View, View]:
        """Return both views of one circuit: contract, felt."""
        return self._view(self.contract, circuit), self._view(self.felt, circuit)

    def _view(self, found: ViewSums, circuit: int) -> View:
        one = {field.name: int(getattr(found, field.name)[circuit]) for field in fields(found)}
        total = int(self.total_s[circuit])
        return View(total_s=total, up_s=total - sum(one[name] for name in _SECONDS), **one)


_SECONDS = ("down_s", "degraded_s", "unknown_s", "planned_s", "excluded_s")


def sums(circuits: Ints, from_s: Ints, to_s: Ints, kinds: Ints, *, begin_s: Ints, end_s: Ints) -> Sums:
    """Reckon the ledgers of circuits 0..n-1 over [begin_s, end_s), arrays of n, from facts: four arrays alike.

    Facts may overlap, repeat, touch and reach beyond the period; their order does not matter. Raises LedgerError.
    """
    count = len(begin_s)
    if np.any(to_s < from_s) or np.any(end_s < begin_s):
        raise LedgerError(msgid("Some stretches of time end before they begin; correct them."))
    if len(circuits) and (circuits.min() < 0 or circuits.max() >= count):
        raise LedgerError(msgid("Some facts name circuits that are not among the {count} given."), count=count)
    since, until = np.maximum(from_s, begin_s[circuits]), np.minimum(to_s, end_s[circuits])
    held = since < until
    if not held.all():
        circuits, since, until, kinds = circuits[held], since[held], until[held], kinds[held]
    busy = np.flatnonzero(np.bincount(circuits, minlength=count) > MOST_AT_ONCE)
    if not len(busy):
        return _swept(circuits, since, until, kinds, begin_s, end_s)
    few = ~np.isin(circuits, busy)
    found = _swept(circuits[few], since[few], until[few], kinds[few], begin_s, end_s)
    for circuit in busy.tolist():
        _sweep_alone(found, circuit, np.flatnonzero(circuits == circuit), (since, until, kinds), (begin_s, end_s))
    return found


def _sweep_alone(found: Sums, circuit: int, mine: Ints, facts: tuple[Ints, ...], period: tuple[Ints, Ints]) -> None:
    rows = zip(*(column[mine].tolist() for column in facts), strict=True)
    given = [Fact(since, until, Kind(kind)) for since, until, kind in rows]
    both = views(spans(given, int(period[0][circuit]), int(period[1][circuit])))
    for view, into in zip(both, (found.contract, found.felt), strict=True):
        for field in fields(into):
            getattr(into, field.name)[circuit] = getattr(view, field.name)


def _swept(circuits: Ints, since: Ints, until: Ints, kinds: Ints, begin_s: Ints, end_s: Ints) -> Sums:
    count, total = len(begin_s), end_s - begin_s
    if not len(circuits):
        return Sums(total, _nothing(count), _nothing(count))
    first = int(since.min())
    bits = (int(until.max()) - first).bit_length()
    if bits + count.bit_length() > 58:
        raise LedgerError(
            msgid("{count} circuits over so long a time do not fit one reckoning; split it."), count=count
        )
    keys = np.empty(2 * len(circuits), np.int64)
    lane = (circuits << bits) - first
    keys[: len(circuits)] = (lane + since) << 4 | kinds
    keys[len(circuits) :] = (lane + until) << 4 | kinds | _ENDS
    keys.sort()
    holding = np.cumsum(_STEP[keys & 15])
    keys >>= 4
    length = np.diff(keys, append=keys[-1])
    told = np.flatnonzero((length > 0) & (holding != 0))
    begins, length = keys[told], length[told]
    mask = np.packbits(holding[told].view(np.uint8).reshape(-1, 8) != 0, axis=1, bitorder="little")[:, 0]
    lanes = begins >> bits
    edges = np.flatnonzero(np.diff(lanes, prepend=-1))
    ledger = _Ledger(begins, length, edges, lanes[edges], bits, count)
    return Sums(total, ledger.view(_CONTRACT[mask]), ledger.view(_FELT[mask]))


@dataclass(frozen=True)
class _Ledger:
    """Stretches in which something holds, in order: packed begin, length; where those of each circuit begin."""

    begins: Ints
    length: Ints
    edges: Ints
    circuits: Ints
    bits: int
    count: int

    def view(self, state: NDArray[np.int8]) -> ViewSums:
        seconds = {name: self._seconds(state == one) for name, one in zip(_SECONDS, _STATES, strict=True)}
        return ViewSums(**seconds, **self._outages(np.flatnonzero(state == State.DOWN)))

    def _seconds(self, chosen: NDArray[np.bool_]) -> Ints:
        found = np.zeros(self.count, np.int64)
        if chosen.any():
            found[self.circuits] = np.add.reduceat(self.length * chosen, self.edges)
        return found

    def _outages(self, down: Ints) -> dict[str, Ints]:
        outages, longest = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)
        if len(down):
            begins = self.begins[down]
            ends = begins + self.length[down]
            fresh = np.flatnonzero(np.append(True, begins[1:] != ends[:-1]))
            lasted = ends[np.append(fresh[1:], len(begins)) - 1] - begins[fresh]
            whose = begins[fresh] >> self.bits
            outages = np.bincount(whose, minlength=self.count).astype(np.int64)
            edges = np.flatnonzero(np.diff(whose, prepend=-1))
            longest[whose[edges]] = np.maximum.reduceat(lasted, edges)
        return {"outages": outages, "longest_s": longest}


_STATES = (State.DOWN, State.DEGRADED, State.UNKNOWN, State.PLANNED, State.EXCLUDED)


def _nothing(count: int) -> ViewSums:
    return ViewSums(*(np.zeros(count, np.int64) for _ in fields(ViewSums)))
