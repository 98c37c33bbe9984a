"""Circuits with their ends and routes from and to files (A7, E2, E3)."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade, Reach
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.network.inventory.actions.batches import Wanted, change_circuits, read_circuits, take_back_circuits
from mainstay.network.inventory.actions.circuits import NewCircuit, NewEnd, faults_in, open_circuits
from mainstay.network.inventory.choices import CircuitStatus, Technology
from mainstay.network.inventory.errors import BadInventory, UnknownCode
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_to
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import changing, origin
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused

_END = (
    ("site_name", _("site"), 120, "江汉机房", ("局站", "站点")),
    ("address", _("address"), 200, "", ("地址", "装机地址")),
    ("contact_name", _("contact"), 60, "", ("联系人",)),
    ("contact_phone", _("contact's phone"), 32, "", ("联系电话",)),
    ("region_code", _("region code"), 12, "4201", ("区划代码",)),
    ("converter", _("converter (code)"), 80, "", ("光猫", "协转")),
    ("router", _("router (code)"), 80, "", ("路由器",)),
    ("interface", _("interface"), 40, "", ("接口",)),
    ("protocol", _("protocol"), 40, "", ("协议",)),
    ("ip_address", _("IP address"), 39, "", ("IP",)),
)


class _Titled:
    """A title such as “A end: site”, put together in the reader's language."""

    def __init__(self, side: str, part: object) -> None:
        self.side, self.part = side, part

    def __str__(self) -> str:
        return str(_("{side} end: {part}")).format(side=self.side, part=self.part)


def _ends(side: str) -> Iterator[Column]:
    low = side.lower()
    for name, part, longest, example, words in _END:
        aliases = tuple(f"{side}端{word}" for word in words)
        yield Column(f"{low}_{name}", _Titled(side, part), "", example,  # type: ignore[arg-type]
                     longest=longest, aliases=aliases,
                     sensitive="circuit_end.contact_phone" if name == "contact_phone" else "")  # fmt: skip


COLUMNS = (
    Column("number", _("Circuit number"), _("What identifies the circuit."), "WH-HS-0001", required=True, longest=48,
           aliases=("电路代号", "电路编号", "电路", "专线号", "circuit", "circuit_no")),
    Column("customer", _("Customer code"), _("Whose circuit it is."), "C0001", required=True, longest=32,
           aliases=("客户编码", "customer_code", "客户号")),
    Column("product", _("Product code"), "", "digital-circuit", required=True, longest=32,
           aliases=("产品", "产品编码", "product_code")),
    Column("grade", _("Circuit grade"), _("AAA, AA, A, I, II or III."), "AAA", required=True, reads="choice",
           choices=CircuitGrade.choices, aliases=("等级", "保障等级")),
    Column("technology", _("Technology"), "", "sdh", required=True, reads="choice", choices=Technology.choices,
           aliases=("制式",)),
    Column("reach", _("Reach"), _("Within a city, within the province, between provinces."), "province", required=True,
           reads="choice", choices=tuple(each for each in Reach.choices if each[0]), aliases=("范围", "电路范围")),
    Column("bandwidth_kbps", _("Bandwidth in kbit/s"), "", "2048", required=True, reads="integer",
           aliases=("带宽", "速率", "bandwidth")),
    Column("name", _("Name"), "", "江城医院武汉—黄石", longest=160, aliases=("电路名称",)),
    Column("region_code", _("Region code"), _("Empty: that of the A end, else of the customer."), "", longest=12,
           aliases=("区划代码", "region")),
    Column("contract", _("Contract number"), "", "HT-0001", longest=40, aliases=("合同", "合同号", "合同编号")),
    Column("line", _("Contract line"), _("Position of the line in the contract."), "1", reads="integer",
           aliases=("合同行", "合同行号")),
    Column("status", _("Status"), _("“ceased” takes a circuit out of service; it stays readable."), "active",
           reads="choice", choices=CircuitStatus.choices, aliases=("状态", "电路状态")),
    Column("opened_on", _("Opened on"), "", "2026-01-01", reads="date", aliases=("开通日期", "开通时间")),
    *_ends("A"),
    *_ends("Z"),
    Column("working", _("Working path"), _("Codes of devices, ports and links from A to Z, in order."), "",
           reads="list", aliases=("主用路由", "路由")),
    Column("protection", _("Protection path"), _("The same for the protection path."), "", reads="list",
           aliases=("备用路由", "保护路由")),
    *origin.COLUMNS,
)  # fmt: skip
_NEW = {field.name for field in fields(NewCircuit)} - {"a", "z"}


@dataclass(frozen=True)
class _Blank:
    """What a new circuit has where the file says nothing; the room refuses what it needs."""

    values = {"customer": "", "product": "", "grade": "", "technology": "", "reach": "", "bandwidth_kbps": 0}


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Open the circuits whose number is new, change the others (A7). The same queries however many good rows."""
    require(by, Permission.WRITE_INVENTORY)
    numbers = [row.values["number"] for row in rows]
    there = read_circuits(Circuit.objects.filter(number__in=numbers))
    mine = set(visible_to(by).filter(number__in=numbers).values_list("number", flat=True))
    found = _open([row for row in rows if row.values["number"] not in there], at=at, by=by)
    wanted: list[Wanted] = []
    for row in rows:
        number = row.values["number"]
        if number in there and number not in mine:
            found[row.line] = refused(
                UnknownCode("Circuit {number}: there is no customer {code}; correct the code.",
                            number=number, code=row.values.get("customer", "—"))
            )  # fmt: skip
        elif number in there:
            wanted.append(Wanted(row.line, there[number], _changed(row)))

    def change(part: Sequence[Wanted]) -> list[Written]:
        fresh = [Wanted(each.line, copy(each.circuit), each.values) for each in part]
        return change_circuits(fresh, at=at, by=by)

    for each, done in zip(wanted, changing.by_halves(wanted, change), strict=True):
        found[each.line] = refused(done) if isinstance(done, MainstayError) else done
    return [found[row.line] for row in rows]


def _open(rows: Sequence[Given], *, at: datetime, by: Actor) -> dict[int, Written]:
    ceased = [row for row in rows if row.values.get("status") == CircuitStatus.CEASED]
    gone = {row.line: refused(_not_there(row)) for row in ceased} | origin.faults_in(rows, at=at, by=by)
    rows = [row for row in rows if row.line not in gone]
    new = [_new(row) for row in rows]
    faults = faults_in(new, by=by) if new else []
    found = gone | {row.line: refused(fault) for row, fault in zip(rows, faults, strict=True) if fault is not None}
    sound = [(row, item) for row, item, fault in zip(rows, new, faults, strict=True) if fault is None]
    made = open_circuits([item for _row, item in sound], at=at, by=by) if sound else []
    for (row, _item), circuit in zip(sound, made, strict=True):
        found[row.line] = Written(Outcome.CREATED, "circuit", circuit.pk, circuit.number)
    return found


def _not_there(row: Given) -> BadInventory:
    return BadInventory(msgid("Circuit {number} is not there, so it cannot be ceased; leave the row out."),
                        number=row.values["number"])  # fmt: skip


def _new(row: Given) -> NewCircuit:
    values = {name: value for name, value in row.values.items() if name in _NEW and value is not None}
    return NewCircuit(**{**_Blank.values, **values}, a=_new_end(row, "a"), z=_new_end(row, "z"))


def _new_end(row: Given, side: str) -> NewEnd:
    given = {name: row.values[f"{side}_{name}"] for name, *_rest in _END if row.values.get(f"{side}_{name}")}
    return NewEnd(**{"site_name": "", **given})


def _changed(row: Given) -> Mapping[str, Any]:
    return {name: value for name, value in row.values.items() if name != "number"}


def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import; a circuit that had faults or tickets since stays."""
    return take_back_circuits(rows, at=at, by=by)


def give(by: Actor) -> Iterator[dict[str, Any]]:
    """Give every circuit in service that the actor may see, with its ends and routes, as it would be imported."""
    rows = visible_to(by).filter(status="active").order_by("number")
    part: list[Circuit] = []
    for circuit in rows.iterator(chunk_size=500):
        part.append(circuit)
        if len(part) == 500:
            yield from _told(part)
            part = []
    yield from _told(part)


def _told(part: Sequence[Circuit]) -> Iterator[dict[str, Any]]:
    found = read_circuits(Circuit.objects.filter(pk__in=[circuit.pk for circuit in part]))
    for circuit in part:
        yield {**found[circuit.number].told(), "id": circuit.pk}


CIRCUITS = Kind(
    "circuits", _("Circuits"), COLUMNS, ("number",), Permission.WRITE_INVENTORY, write, take_back, give,
    origin="circuit", about=_("Leased lines with both ends, working and protection path."),
)  # fmt: skip
