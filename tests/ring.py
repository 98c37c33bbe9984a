"""The network on the stage of the tests: a protected ring, a line apart, four circuits and what stands at their ends.

Nodes of the ring, clockwise: A 汉口 and B 光谷 in Wuhan (4201), C 港区 and D 大冶 in Huangshi (4202).

    A ──AB── B          bank circuit (AAA, protected): A–B–C, and A–D–C
    │        │          branch circuit (AA): C–D          logistics circuit (A): C–B
    DA       BC         trade circuit (A, outside region 42): E–F in Guangzhou (4401)
    │        │          Each link runs in its own fibre, cable and duct; both its ends are ports on a card.
    D ──CD── C
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from mainstay.network.alarms.models import AlarmSource, EffectRule
from mainstay.network.inventory.models import Circuit, CircuitEnd, Dependency, Hop, Path, Resource

if TYPE_CHECKING:
    from tests.cast import World

NODES = {
    "A": ("汉口", "4201"),
    "B": ("光谷", "4201"),
    "C": ("港区", "4202"),
    "D": ("大冶", "4202"),
    "E": ("天河", "4401"),
    "F": ("番禺", "4401"),
}
LINKS = ("AB", "BC", "CD", "DA", "EF")


def build_network(world: "World") -> None:
    """Build sites, devices, links and what they run in, and the source of their alarms."""

    def keep(rows: Iterable[Resource]) -> None:
        world.resources |= {row.code: row for row in Resource.objects.bulk_create(list(rows))}

    def part(kind: str, code: str, name: str, holder: str | None = None, region: str = "", **more: Any) -> Resource:
        parent = world.resources[holder] if holder else None
        return Resource(code=code, kind=kind, name=name, parent=parent, region_code=region, **more)

    nodes, devices = NODES.items(), {"role": "aggregation", "technology": "mstp", "vendor": "长江光电"}
    keep(
        [part("site", f"site-{n}", f"{name}机房", None, region) for n, (name, region) in nodes]
        + [part("duct", f"duct-{n}", f"{n} 管道", None, NODES[n[0]][1]) for n in LINKS]
    )
    keep(
        [part("device", f"device-{n}", f"{name} MSTP", f"site-{n}", region, **devices) for n, (name, region) in nodes]
        + [part("cable", f"cable-{n}", f"{n} 光缆", f"duct-{n}", NODES[n[0]][1]) for n in LINKS]
    )
    keep(
        [part("card", f"card-{n}", f"{name} 1 槽线路板", f"device-{n}", region) for n, (name, region) in nodes]
        + [part("fibre", f"fibre-{n}", f"{n} 1 号纤芯", f"cable-{n}", NODES[n[0]][1]) for n in LINKS]
    )
    keep(
        part("port", f"port-{n}-{side}", f"{name} {side} 口", f"card-{n}", region)
        for n, (name, region) in nodes
        for side in ("east", "west", "client")
    )
    keep(
        part(
            "link", f"link-{n}", f"{NODES[n[0]][0]}—{NODES[n[1]][0]}", None, NODES[n[0]][1],
            a_end=world.resources[f"port-{n[0]}-east"], z_end=world.resources[f"port-{n[1]}-west"], technology="mstp",
        )
        for n in LINKS
    )  # fmt: skip
    Dependency.objects.bulk_create(
        Dependency(resource=world.resources[f"link-{n}"], on=world.resources[f"fibre-{n}"]) for n in LINKS
    )
    world.source = AlarmSource.objects.create(code="nms", name="传输网管")
    rules = (("LOS", "", 2), ("SIGNAL_DEGRADED", "", 1), ("", "critical", 2), ("", "major", 1), ("", "", 0))
    EffectRule.objects.bulk_create(
        EffectRule(source=world.source, alarm_type=kind, severity=severity, effect=effect)
        for kind, severity, effect in rules
    )


# number, customer, grade, reach, region, nodes of the ends, and the ways by role: nodes and links in order
CIRCUITS = (
    ("WH-HS-E1-0001", "bank", "AAA", "province", "4201", "AC", {"working": "A AB B BC C", "protection": "A DA D CD C"}),
    ("HS-HS-E1-0002", "branch", "AA", "local", "4202", "CD", {"working": "C CD D"}),
    ("HS-WH-E1-0003", "logistics", "A", "province", "4202", "CB", {"working": "C BC B"}),
    ("GZ-GZ-E1-0004", "trade", "A", "local", "4401", "EF", {"working": "E EF F"}),
)


def open_circuits(world: "World") -> None:
    """Open the circuits, with their ways and their equipment."""
    lines = {"bank": world.line, "logistics": world.logistics_line}
    circuits = Circuit.objects.bulk_create(
        Circuit(
            number=number, customer=getattr(world, owner), contract_line=lines.get(owner), product=world.product,
            name=f"{NODES[ends[0]][0]}—{NODES[ends[1]][0]}", grade=grade, technology="mstp", reach=reach,
            bandwidth_kbps=2048, region_code=region, opened_on=date(2026, 1, 1),
        )
        for number, owner, grade, reach, region, ends, _ in CIRCUITS
    )  # fmt: skip
    world.circuit, world.branch_circuit, world.logistics_circuit, world.trade_circuit = circuits
    boxes = _install_equipment(world, circuits)
    paths = Path.objects.bulk_create(
        Path(circuit=circuit, role=role)
        for circuit, plan in zip(circuits, CIRCUITS, strict=True)
        for role in plan[6]
    )  # fmt: skip
    ways = [way for plan in CIRCUITS for way in plan[6].values()]
    Hop.objects.bulk_create(
        Hop(path=path, position=position, resource=resource)
        for path, way in zip(paths, ways, strict=True)
        for position, resource in enumerate(_hops(world, boxes, path.circuit, way), start=1)
    )


def _install_equipment(world: "World", circuits: list[Circuit]) -> dict[str, Resource]:
    """Put a converter and a router at each end; both stand at the customer's, in no site of ours."""
    places = [(c, side, node) for c, plan in zip(circuits, CIRCUITS, strict=True) for side, node in zip("AZ", plan[5], strict=True)]  # fmt: skip  # noqa: E501
    boxes = {
        row.code: row
        for row in Resource.objects.bulk_create(
            Resource(
                code=f"{role}-{circuit.number}-{side}", kind="device", role=role, region_code=NODES[node][1],
                name=f"{circuit.number} {side} 端{label}", vendor="华讯", model=model,
            )
            for circuit, side, node in places
            for role, label, model in (("converter", "协议转换器", "MC-E1"), ("router", "路由器", "R2600"))
        )
    }  # fmt: skip
    world.resources |= boxes
    CircuitEnd.objects.bulk_create(
        CircuitEnd(
            circuit=circuit, side=side, site_name=f"{NODES[node][0]}营业部", region_code=NODES[node][1],
            address=f"{NODES[node][0]}路 1 号", contact_name="周颖", contact_phone="13800000001",
            converter=boxes[f"converter-{circuit.number}-{side}"], router=boxes[f"router-{circuit.number}-{side}"],
            interface="E1", protocol="HDLC", ip_address=f"10.0.{circuit.pk % 250}.{1 if side == 'A' else 2}",
        )
        for circuit, side, node in places
    )  # fmt: skip
    return boxes


def _hops(world: "World", boxes: dict[str, Resource], circuit: Circuit, way: str) -> list[Resource]:
    """List converter, client port, nodes and links, client port, converter: the tails are shared by all ways."""
    steps = way.split()
    middle = [world.resources[f"{'device' if len(step) == 1 else 'link'}-{step}"] for step in steps]
    return [
        boxes[f"converter-{circuit.number}-A"],
        world.resources[f"port-{steps[0]}-client"],
        *middle,
        world.resources[f"port-{steps[-1]}-client"],
        boxes[f"converter-{circuit.number}-Z"],
    ]
