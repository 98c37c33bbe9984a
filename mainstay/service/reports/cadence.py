"""How often was a customer, or a contract, promised its report? The most frequent of its circuits' promises (D3)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from mainstay.accounts.catalog.choices import Metric
from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit
from mainstay.platform.documents.choices import Cadence
from mainstay.service.promises.models import CircuitTerm
from mainstay.service.promises.queries import promises_for
from mainstay.service.reports.choices import Subject
from mainstay.service.service_levels.months import bounds

QUARTER = 3


def due_in(subject: str, ids: Collection[int], month: date, cadence: str) -> list[int]:
    """Return for which customers (contracts) a report of this month is due; a period ends with the calendar's.

    Without a promise of its own it is monthly. Every third month: March, June, September, December.
    """
    if cadence == Cadence.MONTHLY:
        return list(ids)
    if cadence == Cadence.QUARTERLY:
        return list(ids) if month.month % QUARTER == 0 else []
    months = months_promised(subject, ids, month)
    return [pk for pk in ids if month.month % months.get(pk, 1) == 0]


def months_promised(subject: str, ids: Collection[int], month: date) -> dict[int, int]:
    """Return every how many months a report is promised, by customer (contract); who has no promise is left out.

    Three queries where nobody was promised any; else seven for 900 circuits.
    """
    if not _any_terms():
        return {}
    field = "contract_line__contract_id" if subject == Subject.CONTRACTS else "customer_id"
    wanted, owners = sorted(ids), dict[int, int]()
    for start in range(0, len(wanted), 900):
        mine = Q(**{f"{field}__in": wanted[start : start + 900]})
        owners |= dict(Circuit.objects.filter(mine, status=CircuitStatus.ACTIVE).values_list("pk", field))
    found: dict[int, list[int]] = defaultdict(list)
    for circuit, promise in promises_for(owners, Metric.REPORT, bounds(month)[0]).items():
        found[owners[circuit]].append(max(1, int(promise.amount)))
    return {owner: min(months) for owner, months in found.items()}


def _any_terms() -> bool:
    return any(rows.objects.filter(metric=Metric.REPORT).exists() for rows in (PromiseTerm, SpecialTerm, CircuitTerm))
