"""Makes customers, contracts and circuits findable, some firms at a time: what is said of one firm is read once."""

from collections.abc import Iterator

from mainstay.accounts.contracts import laying as contracts
from mainstay.accounts.customers import laying as customers
from mainstay.faces.demo.large.accounts import Firm, Register, Row
from mainstay.faces.demo.large.lines import Works
from mainstay.network.inventory import laying as inventory

AT_ONCE = 1_000
"""Firms at a time: the words of so many are remembered by the search room."""


def lay_findings(register: Register, works: Works) -> None:
    """Lay the entries of all firms with their contracts and circuits."""
    begun = 0
    for start in range(0, len(register.firms), AT_ONCE):
        firms = register.firms[start : start + AT_ONCE]
        customers.lay_findings(register.rows[start : start + AT_ONCE], {firm.id: firm.people for firm in firms})
        signed = zip(firms, works.contracts[start : start + AT_ONCE], strict=True)
        contracts.lay_findings(
            ((firm.id, str(row[1]), str(row[3]), firm.id), firm.name, firm.region) for firm, row in signed
        )
        ended = begun + sum(firm.wanted for firm in firms)
        inventory.lay_circuit_findings(_circuits(firms, works, begun, ended))
        begun = ended


def _circuits(firms: list[Firm], works: Works, begun: int, ended: int) -> Iterator[tuple[Row, str, str, list[str]]]:
    by_id = {firm.id: firm for firm in firms}
    for place in range(begun, ended):
        row = works.circuits[place]
        firm = by_id[int(str(row[2]))]
        ends = works.ends[place * 2], works.ends[place * 2 + 1]
        yield row, firm.name, firm.short_name, [str(word) for end in ends for word in (end[2], end[3]) if word]
