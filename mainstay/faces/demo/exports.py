"""What do the network managers of the demo province export? The inventory, a little older and a little different (E3).

Two systems: 传输网管 delivers cards and ports of the backbone city as CSV in GBK, 综合资管 delivers circuits. Of each a
first export that agrees, taken at once, and a second one that does not: dropped into its folder, it is taken in by the
sweeper like any other. Among the differences: a renamed port, another vendor, a vanished card, new cards, a
circuit with another bandwidth, a conflict, a hop moved, one bad row.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from mainstay.domain.actor import Actor
from mainstay.network.inventory.importing_circuits import CIRCUITS
from mainstay.network.inventory.queries import values
from mainstay.network.inventory.queries.values import Plain
from mainstay.network.reconciliation import drops
from mainstay.network.reconciliation.actions import running, sources
from mainstay.network.reconciliation.actions.sources import SourceSettings
from mainstay.platform.imports.registry import Given

RESOURCE_FIELDS = ("kind", "name", "parent", "region_code", "vendor", "model")
RESOURCE_HEAD = ("资源编码", "资源类型", "资源名称", "上级资源", "区划代码", "厂家", "型号")
CIRCUIT_FIELDS = ("bandwidth_kbps", "technology", "working", "protection")
CIRCUIT_HEAD = ("电路代号", "带宽", "制式", "主用路由", "保护路由")
KINDS = ("device", "card", "port")
TRANSPORT, RESOURCES = "nms-transport", "rms-circuits"

Row = dict[str, str]


def connect(*, at: datetime, by: Actor, dice: Random) -> int:
    """Make both sources, let the first export of each agree, drop the second; return how many rows were dropped."""
    devices = SourceSettings(
        "传输网管", resource_kinds=KINDS, region_code="42", file_pattern="传输网管-*.csv", encoding="gb18030",
        every_minutes=15, late_after_minutes=2880, default_rule="source", on_new="ask", vanish_after=1, rank=2,
    )  # fmt: skip
    circuits = SourceSettings(
        "综合资源管理系统", region_code="42", file_pattern="电路-*.csv", every_minutes=60, late_after_minutes=2880,
        default_rule="ask", vanish_after=1, rank=4,
    )  # fmt: skip
    rows = 0
    for code, covers, settings in ((TRANSPORT, "resources", devices), (RESOURCES, "circuits", circuits)):
        source = sources.save_source(code, covers, settings, at=at - timedelta(days=2), by=by)
        if code == TRANSPORT:
            sources.set_rules(source.pk, {"name": ("ask", None), "model": ("ours", None)}, at=at, by=by)
        head, first, second = _exports(covers, dice)
        encoding = "gb18030" if code == TRANSPORT else "utf-8"
        stem = settings.file_pattern.split("*")[0]
        written_at = at - timedelta(days=1)
        raw = _file(head, first, encoding)
        run = running.take_in(source.pk, raw, file_name=f"{stem}{written_at:%Y%m%d}.csv", file_at=written_at,
                              at=written_at, by=by)  # fmt: skip
        running.advance(run.pk, clock=lambda: at - timedelta(days=1))
        if code == RESOURCES:
            _change_ours(first, at=at, by=by)
        _drop(drops.folder_of(source) / f"{stem}{at:%Y%m%d}.csv", _file(head, second, encoding), at)
        rows += len(second)
    return rows


def _exports(covers: str, dice: Random) -> tuple[tuple[str, ...], list[Row], list[Row]]:
    if covers == "resources":
        found = values.resources(RESOURCE_FIELDS, kinds=KINDS, region="42")
        first = list(_rows(found, RESOURCE_HEAD))
        return RESOURCE_HEAD, first, list(_changed_resources(first, dice))
    found = {number: each for number, each in values.circuits(CIRCUIT_FIELDS, region="42").items() if each.here}
    first = list(_rows(found, CIRCUIT_HEAD))
    return CIRCUIT_HEAD, first, list(_changed_circuits(first, dice))


def _rows(found: dict[str, Plain], head: Sequence[str]) -> Iterator[Row]:
    for code in sorted(found):
        cells = ["|".join(each) if isinstance(each, tuple) else str(each or "") for each in found[code].row]
        yield dict(zip(head, [code, *cells], strict=True))


def _changed_resources(rows: list[Row], dice: Random) -> Iterator[Row]:
    """Rename ports, change vendors, lose cards, find new ones, spoil a row."""
    ports = [row for row in rows if row["资源类型"] == "port"]
    renamed = {row["资源编码"] for row in dice.sample(ports, min(6, len(ports)))}
    devices = [row for row in rows if row["资源类型"] == "device"]
    swapped = {row["资源编码"] for row in dice.sample(devices, min(4, len(devices)))}
    holders = {row["上级资源"] for row in rows}
    leaves = [row for row in rows if row["资源类型"] != "device" and row["资源编码"] not in holders]
    lost = {row["资源编码"] for row in dice.sample(leaves, min(3, len(leaves)))} - renamed
    for number, row in enumerate(rows):
        if row["资源编码"] in lost:
            continue
        told = dict(row)
        if row["资源编码"] in renamed:
            told["资源名称"] = f"{row['资源名称']}（扩容后）"
        if row["资源编码"] in swapped:
            told["厂家"] = "烽火" if row["厂家"] != "烽火" else "中兴"
        if number == 40:
            told["资源类型"] = "机框"
        yield told
    for row in devices[:2]:
        card = {"资源编码": f"{row['资源编码']}-17", "资源名称": f"{row['资源名称']} 17 槽业务板"}
        yield {**row, **card, "资源类型": "card", "上级资源": row["资源编码"], "型号": "EGS4"}


def _changed_circuits(rows: list[Row], dice: Random) -> Iterator[Row]:
    """Change bandwidths, move a hop of a protected circuit to its other path, lose a circuit."""
    picked = [rows[0]["电路代号"], *(row["电路代号"] for row in dice.sample(rows[2:], min(8, len(rows) - 2)))]
    protected = [row["电路代号"] for row in rows if row["保护路由"]]
    swapped = set(dice.sample(protected, min(2, len(protected))))
    lost = set(picked[-1:])
    for row in rows:
        if row["电路代号"] in lost:
            continue
        told = dict(row)
        if row["电路代号"] in picked:
            told["带宽"] = str(int(row["带宽"]) * 2)
        if row["电路代号"] in swapped:
            told["主用路由"], told["保护路由"] = row["保护路由"], row["主用路由"]
        yield told


def _change_ours(rows: list[Row], *, at: datetime, by: Actor) -> None:
    """Let somebody here change two bandwidths, of which the second export changes one, too."""
    for row in rows[:2]:
        CIRCUITS.write([Given(1, {"number": row["电路代号"], "bandwidth_kbps": int(row["带宽"]) * 4})], at=at, by=by)


def _file(head: Sequence[str], rows: Iterable[Row], encoding: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, head)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def _drop(path: Path, raw: bytes, at: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    os.utime(path, (at.timestamp(), at.timestamp()))
