"""What is the rent of a circuit in a month? From its contract line, dated by the contract (D1, H8).

A line's price is for the line: circuits in service under one line share it alike. A contract that held for part of the
month gives that share of its days. All exact.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count

from mainstay.domain.compensation import Rent
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit
from mainstay.service.compensation.holding import last_day


def rents_of(circuits: Iterable[Circuit], month: date) -> dict[int, Rent]:
    """Return rents by circuit id (1 query); circuits without a running contract line are left out.

    Circuits have contract line and contract fetched.
    """
    wanted = [circuit for circuit in circuits if circuit.contract_line is not None]
    in_service = Circuit.objects.filter(
        contract_line__in={circuit.contract_line_id for circuit in wanted}, status=CircuitStatus.ACTIVE
    )
    sharing = dict(in_service.values_list("contract_line").annotate(n=Count("pk")).order_by())
    found = {}
    for circuit in wanted:
        rent = _rent(circuit, month, sharing.get(circuit.contract_line_id, 0))
        if rent is not None:
            found[circuit.pk] = rent
    return found


def _rent(circuit: Circuit, month: date, sharing: int) -> Rent | None:
    line = circuit.contract_line
    assert line is not None
    contract = line.contract
    after = last_day(month) + timedelta(days=1)
    begin, end = max(contract.starts_on, month), min(contract.ends_on or after, after)
    if begin >= end:
        return None
    share = sharing + (circuit.status != CircuitStatus.ACTIVE)
    return Rent(
        line.monthly_price_fen, max(1, share), (end - begin).days, (after - month).days, contract.number, line.position
    )
