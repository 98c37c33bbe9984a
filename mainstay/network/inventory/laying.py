"""Lays a network and its circuits into an empty house, in the hundred thousands (see `platform.bulk.laying`)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mainstay.accounts.customers.models import Customer
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.actions.resources import NewResource
from mainstay.network.inventory.actions.routes import Route, Routes
from mainstay.network.inventory.finding import FINDABLE, circuit_item, resource_item
from mainstay.network.inventory.models import Circuit, CircuitEnd, Dependency, Hop, Path, Resource
from mainstay.platform.bulk.laying import lay
from mainstay.platform.search.actions import SearchItem, lay_index

TABLES = (Resource, Dependency, Circuit, CircuitEnd, Path, Hop)
RESOURCE = (
    "id", "code", "kind", "name", "parent_id", "a_end_id", "z_end_id", "region_code", "role", "technology", "vendor",
    "model", "address", "management_ip", "latitude", "longitude",
)  # fmt: skip
CIRCUIT = (
    "id", "number", "customer_id", "contract_line_id", "product_id", "name", "grade", "technology", "reach",
    "bandwidth_kbps", "region_code", "opened_on",
)  # fmt: skip
END = (
    "circuit_id", "side", "site_name", "address", "contact_name", "contact_phone", "region_code", "converter_id",
    "interface", "protocol", "ip_address",
)  # fmt: skip
PATH = ("id", "circuit_id", "role")
HOP = ("path_id", "position", "resource_id")

Row = Sequence[Any]


def rows_of(new: Sequence[NewResource]) -> tuple[list[Row], dict[str, int], list[Row]]:
    """Return rows (columns RESOURCE), their ids by code, and the pairs (resource, on) of what they run in."""
    ids = {item.code: key for key, item in enumerate(new, start=1)}
    region: dict[str, str] = {}
    rows: list[Row] = []
    pairs: list[Row] = []
    for item in new:
        at = region[item.code] = item.region_code or region.get(item.parent or item.a_end, "")
        rows.append(
            (
                ids[item.code], item.code, item.kind, item.name, ids.get(item.parent), ids.get(item.a_end),
                ids.get(item.z_end), at, item.role, item.technology, item.vendor, item.model, item.address,
                item.management_ip, item.latitude, item.longitude,
            )
        )  # fmt: skip
        pairs += [(ids[item.code], ids[code]) for code in dict.fromkeys(item.runs_in)]
    return rows, ids, pairs


def lay_resources(rows: Iterable[Row]) -> int:
    """Write resources (columns RESOURCE); return how many."""
    return lay(Resource, RESOURCE, rows)


def lay_dependencies(pairs: Iterable[Row]) -> int:
    """Write what depends on what beyond containment: (resource, on); return how many."""
    return lay(Dependency, ("resource_id", "on_id"), pairs)


def lay_circuits(rows: Iterable[Row]) -> int:
    """Write circuits (columns CIRCUIT); return how many."""
    return lay(Circuit, CIRCUIT, rows)


def lay_ends(rows: Iterable[Row]) -> int:
    """Write ends (columns END); return how many."""
    return lay(CircuitEnd, END, rows)


def lay_paths(rows: Iterable[Row]) -> int:
    """Write paths (columns PATH), a circuit's together, the working one first; return how many."""
    return lay(Path, PATH, rows)


def lay_hops(rows: Iterable[Row]) -> int:
    """Write hops (columns HOP), path by path, in order; return how many."""
    return lay(Hop, HOP, rows)


def finish_network(sample: Sequence[int]) -> int:
    """Count the inventory as changed, and put the routes of some circuits to the rules; return how many routes hold.

    Raises BadRoute or BadInventory for one that does not join up.
    """
    bump_revision(everything=True)
    routes = list(_routes(sample))
    Routes.read(routes)
    return sum(1 + bool(route.protection) for route in routes)


def _routes(circuit_ids: Sequence[int]) -> Iterator[Route]:
    for start in range(0, len(circuit_ids), 500):
        found: dict[str, dict[str, list[str]]] = {}
        hops = Hop.objects.filter(path__circuit__in=circuit_ids[start : start + 500]).order_by("path", "position")
        for number, role, code in hops.values_list("path__circuit__number", "path__role", "resource__code"):
            found.setdefault(number, {}).setdefault(role, []).append(code)
        for number, ways in found.items():
            yield Route(number, tuple(ways["working"]), tuple(ways.get("protection", ())))


def lay_resource_findings(rows: Iterable[Row]) -> int:
    """Make laid resources findable; return how many are."""
    kind = RESOURCE.index("kind")
    return lay_index(
        resource_item(Resource(**dict(zip(RESOURCE, row, strict=True)))) for row in rows if row[kind] in FINDABLE
    )


def lay_circuit_findings(rows: Iterable[tuple[Row, str, str, Sequence[str]]]) -> int:
    """Make laid circuits findable: the row, the customer's name and short name, names and addresses of the ends."""
    return lay_index(_circuit_items(rows))


def _circuit_items(rows: Iterable[tuple[Row, str, str, Sequence[str]]]) -> Iterator[SearchItem]:
    for row, name, short_name, places in rows:
        circuit = Circuit(**dict(zip(CIRCUIT, row, strict=True)))
        circuit.customer = Customer(pk=circuit.customer_id, name=name, short_name=short_name)
        yield circuit_item(circuit, places)
