"""What is the rent of a circuit in a month? From its contract line, dated by the contract (D1, H8).

A line's price is for the line: circuits in service under one line share it alike. A contract that held for part of the
month gives that share of its days, and so does each price where it changed within the month. The line is that of the
month's last day. All exact.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date, timedelta

from django.db.models import Count

from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.queries import PriceSpan, prices_of
from mainstay.domain.compensation import Rent
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.standing import as_of
from mainstay.service.compensation.holding import last_day


def rents_of(circuits: Iterable[Circuit], month: date) -> dict[int, Rent]:
    """Return rents by circuit id (3 queries); circuits without a running contract line are left out.

    Circuits have contract line and contract fetched.
    """
    then = as_of([copy(circuit) for circuit in circuits], last_day(month))
    wanted = [circuit for circuit in then if circuit.contract_line is not None]
    prices = prices_of(circuit.contract_line for circuit in wanted if circuit.contract_line is not None)
    in_service = Circuit.objects.filter(
        contract_line__in={circuit.contract_line_id for circuit in wanted}, status=CircuitStatus.ACTIVE
    )
    sharing = dict(in_service.values_list("contract_line").annotate(n=Count("pk")).order_by())
    found = {}
    for circuit in wanted:
        known = prices[circuit.contract_line_id or 0]
        rent = _rent(circuit, month, sharing.get(circuit.contract_line_id, 0), known)
        if rent is not None:
            found[circuit.pk] = rent
    return found


def _rent(circuit: Circuit, month: date, sharing: int, prices: Sequence[PriceSpan]) -> Rent | None:
    line = circuit.contract_line
    assert line is not None
    contract = line.contract
    after = last_day(month) + timedelta(days=1)
    begin = max(contract.starts_on, line.begins_on or month, month)
    end = min(contract.ends_on or after, line.dropped_on or after, after)
    if begin >= end or contract.status == ContractStatus.DRAFT:
        return None
    share = sharing + (circuit.status != CircuitStatus.ACTIVE)
    parts = tuple(_parts(prices, begin, end))
    price = parts[-1][0] if parts else line.monthly_price_fen
    return Rent(
        price, max(1, share), (end - begin).days, (after - month).days, contract.number, line.position,
        parts if len({price for price, _days in parts}) > 1 else (),
    )  # fmt: skip


def _parts(prices: Sequence[PriceSpan], begin: date, end: date) -> Iterator[tuple[int, int]]:
    """Give (price, days) of the stretches within [begin, end); the first price counts before its version, too."""
    for index, span in enumerate(prices):
        first = begin if index == 0 else max(begin, span.begin)
        last = end if index == len(prices) - 1 else min(end, span.end or end)
        if first < last:
            yield span.monthly_price_fen, (last - first).days
