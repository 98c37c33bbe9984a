"""Lays contracts, their lines and special terms into an empty house (see `platform.bulk.laying`)."""

from collections.abc import Iterable, Sequence
from typing import Any

from mainstay.accounts.contracts.finding import item_of
from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.platform.bulk.laying import lay
from mainstay.platform.search.actions import lay_index

TABLES = (Contract, ContractLine, SpecialTerm)
CONTRACT = ("id", "number", "customer_id", "name", "signed_on", "starts_on", "ends_on")
LINE = ("id", "contract_id", "position", "product_id", "grade", "monthly_price_fen")
TERM = ("id", "contract_id", "metric", "amount", "unit", "calendar_id", "valid_from")

Row = Sequence[Any]


def lay_contracts(rows: Iterable[Row]) -> int:
    """Write contracts (columns CONTRACT); return how many."""
    return lay(Contract, CONTRACT, rows)


def lay_lines(rows: Iterable[Row]) -> int:
    """Write lines (columns LINE); return how many."""
    return lay(ContractLine, LINE, rows)


def lay_terms(rows: Iterable[Row]) -> int:
    """Write terms of contracts (columns TERM); return how many."""
    return lay(SpecialTerm, TERM, rows)


def lay_findings(rows: Iterable[tuple[tuple[int, str, str, int], str, str]]) -> int:
    """Make laid contracts findable: (id, number, name, customer's id), the customer's name and region."""
    return lay_index(item_of(*row) for row in rows)
