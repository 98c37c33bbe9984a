"""Sites, devices, ports, ducts, cables, fibres and links from and to files (A7, E3)."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, msgid
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.actions.resources import (
    NewResource,
    add_resources,
    check_joints,
    depend,
    faults_in,
    resources_by_code,
)
from mainstay.network.inventory.choices import DeviceRole, ResourceKind, Technology
from mainstay.network.inventory.errors import BadInventory
from mainstay.network.inventory.finding import index_resources
from mainstay.network.inventory.models import Dependency, Resource
from mainstay.network.inventory.queries.places import visible_to
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.imports import changing, origin
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.search.actions import forget

COLUMNS = (
    Column("code", _("Resource code"), _("What identifies it, as the network manager names it."), "WH-ADM-01",
           required=True, longest=80, aliases=("资源编码", "设备编码", "编码", "resource_code")),
    Column("kind", _("Kind of resource"), _("Site, room, device, card, port, duct, cable, fibre or link."), "device",
           required=True, reads="choice", choices=ResourceKind.choices, aliases=("资源类型", "类型", "type")),
    Column("name", _("Name"), "", "汉口 ADM", required=True, longest=120, aliases=("资源名称", "设备名称")),
    Column("parent", _("Part of"), _("Code of what holds it; may stand later in the file."), "WH-HANKOU", longest=80,
           aliases=("上级资源", "所属", "parent_code", "所属局站")),
    Column("a_end", _("A end"), _("Links only: code of the port or device."), "", longest=80, aliases=("A端", "A端口")),
    Column("z_end", _("Z end"), _("Links only: code of the port or device."), "", longest=80, aliases=("Z端", "Z端口")),
    Column("runs_in", _("Runs in"), _("Codes of fibres, cables or links it fails with."), "", reads="list",
           aliases=("承载", "所属光缆")),
    Column("region_code", _("Region code"), _("Empty: that of what holds it, or of the A end."), "4201", longest=12,
           aliases=("区划代码", "region", "区域")),
    Column("role", _("Device role"), _("Devices only."), "backbone", reads="choice", choices=DeviceRole.choices),
    Column("technology", _("Technology"), "", "sdh", reads="choice", choices=Technology.choices, aliases=("制式",)),
    Column("vendor", _("Vendor"), "", "华为", longest=40, aliases=("厂家", "厂商")),
    Column("model", _("Model"), "", "OSN 1800", longest=60, aliases=("型号",)),
    Column("address", _("Address"), "", "", longest=200, aliases=("地址",)),
    Column("management_ip", _("Management address"), _("IP address."), "10.1.0.1", longest=39,
           aliases=("网管IP", "管理IP", "ip")),
    Column("latitude", _("Latitude"), "", "30.58", reads="decimal", aliases=("纬度",)),
    Column("longitude", _("Longitude"), "", "114.27", reads="decimal", aliases=("经度",)),
    *origin.COLUMNS,
)  # fmt: skip
_NEW = {field.name for field in fields(NewResource)}
_SETTABLE = ("name", "role", "technology", "vendor", "model", "address", "management_ip", "latitude", "longitude",
             "region_code")  # fmt: skip
_ENDS = {"parent": "parent_id", "a_end": "a_end_id", "z_end": "z_end_id"}


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Add the resources whose code is new, update the others (A7, E3). The same queries however many good rows."""
    require(by, Permission.WRITE_INVENTORY)
    there = resources_by_code(row.values["code"] for row in rows)
    found: dict[int, Written] = {}
    new: list[tuple[Given, NewResource]] = []
    known: list[Given] = []
    for row in rows:
        try:
            values = _typed(row)
            if row.values["code"] in there:
                known.append(Given(row.line, values))
            else:
                origin.check_origin(row, at=at, by=by)
                new.append((row, NewResource(**{"kind": "", "name": "", **values})))
        except MainstayError as error:
            found[row.line] = refused(error)
    found |= _add(new, at=at, by=by)
    found |= _update(known, there, at=at, by=by)
    return [found[row.line] for row in rows]


def _typed(row: Given) -> dict[str, Any]:
    """Return values as the room takes them. Raises BadInventory for an address or a place on no earth."""
    values = {name: value for name, value in row.values.items() if name in _NEW}
    for name, most in (("latitude", 90), ("longitude", 180)):
        if values.get(name) is not None:
            values[name] = float(values[name])
            if abs(values[name]) > most:
                raise _bad(row, values[name], name)
    if values.get("management_ip"):
        try:
            values["management_ip"] = str(ipaddress.ip_address(values["management_ip"]))
        except ValueError:
            raise _bad(row, values["management_ip"], "management_ip") from None
    elif "management_ip" in values:
        values["management_ip"] = None
    return values


def _bad(row: Given, value: object, field: str) -> BadInventory:
    return BadInventory(msgid("Resource {code}: “{value}” is not possible as {field}; correct it."),
                        code=row.values["code"], value=value, field=field)  # fmt: skip


def _add(new: Sequence[tuple[Given, NewResource]], *, at: datetime, by: Actor) -> dict[int, Written]:
    faults = faults_in([item for _row, item in new], by=by)
    found = {row.line: refused(fault) for (row, _i), fault in zip(new, faults, strict=True) if fault is not None}
    sound = [each for each, fault in zip(new, faults, strict=True) if fault is None]

    def add(part: Sequence[tuple[Given, NewResource]]) -> list[Resource]:
        return add_resources([item for _row, item in part], at=at, by=by)

    for (row, _item), made in zip(sound, changing.by_halves(sound, add), strict=True):
        if isinstance(made, MainstayError):
            found[row.line] = refused(made)
        else:
            found[row.line] = Written(Outcome.CREATED, "resource", made.pk, made.code)
    return found


def _update(rows: Sequence[Given], there: Mapping[str, Resource], *, at: datetime, by: Actor) -> dict[int, Written]:
    codes = {code for row in rows for code in _others(row) if code}
    named = resources_by_code(codes) if codes else {}
    runs_in = _runs_in([there[row.values["code"]] for row in rows if "runs_in" in row.values])
    found: dict[int, Written] = {}
    wanted: list[tuple[Given, dict[str, Any]]] = []
    for row in rows:
        try:
            wanted.append((row, _columns(row, there[row.values["code"]], named, by=by)))
        except MainstayError as error:
            found[row.line] = refused(error)

    def change(part: Sequence[tuple[Given, dict[str, Any]]]) -> list[Written]:
        return _change([(copy(there[row.values["code"]]), columns) for row, columns in part], named, runs_in,
                       "resource.update", at=at, by=by)  # fmt: skip

    for (row, _c), done in zip(wanted, changing.by_halves(wanted, change), strict=True):
        found[row.line] = refused(done) if isinstance(done, MainstayError) else done
    return found


def _others(row: Given) -> tuple[str, ...]:
    return (*(row.values.get(name) or "" for name in _ENDS), *row.values.get("runs_in", ()))


def _columns(row: Given, resource: Resource, named: Mapping[str, Resource], *, by: Actor) -> dict[str, Any]:
    values = row.values
    region = values.get("region_code", resource.region_code)
    for code in (resource.region_code, region):
        if not may_see(by, customer_id=None, region_code=code):
            raise NotAllowed(
                msgid("Resource {code} lies in region “{region}”, outside yours; ask a colleague there."),
                code=resource.code, region=region,
            )  # fmt: skip
    if values.get("kind", resource.kind) != resource.kind:
        raise BadInventory(msgid("Resource {code} is a {kind}; what it is cannot be changed, give it a new code."),
                           code=resource.code, kind=resource.kind)  # fmt: skip
    for code in _others(row):
        if code and code not in named:
            raise BadInventory(
                msgid("Resource {code} refers to {other}, which does not exist; add {other} first, or correct the "
                      "code."), code=resource.code, other=code,
            )  # fmt: skip
    if any(name in values for name in _ENDS):
        check_joints(_joined(resource, values), {code: each.kind for code, each in named.items()})
    columns = {name: values[name] for name in _SETTABLE if name in values}
    columns |= {column: named[values[name]].pk if values[name] else None
                for name, column in _ENDS.items() if name in values}  # fmt: skip
    return columns | ({"runs_in": sorted(values["runs_in"])} if "runs_in" in values else {})


def _joined(resource: Resource, values: Mapping[str, Any]) -> NewResource:
    """Say what a resource would be part of, and end at, for the rules that judge new ones."""
    parent, a_end, z_end = (values.get(name) or "" for name in _ENDS)
    return NewResource(resource.code, resource.kind, resource.name, parent, a_end, z_end)


def _change(
    wanted: Sequence[tuple[Resource, dict[str, Any]]], named: Mapping[str, Resource], runs_in: Mapping[int, list[str]],
    action: str, *, at: datetime, by: Actor,
) -> list[Written]:  # fmt: skip
    done: list[Written] = []
    changed = []
    pairs: list[tuple[Resource, Resource]] = []
    for resource, columns in wanted:
        own = {name: value for name, value in columns.items() if name != "runs_in"}
        each = changing.set_columns([(resource, own)])[0]
        changed.append(each)
        before, after = dict(each.before), dict(each.after)
        if "runs_in" in columns and columns["runs_in"] != runs_in.get(resource.pk, []):
            before["runs_in"], after["runs_in"] = runs_in.get(resource.pk, []), columns["runs_in"]
            pairs += [(resource, named[code]) for code in columns["runs_in"]]
        outcome = Outcome.UPDATED if after else Outcome.UNCHANGED
        done.append(Written(outcome, "resource", resource.pk, resource.code, None, before, after))
    real = [(each, told) for (each, _c), told in zip(wanted, done, strict=True) if told.after]
    changing.write_columns(changed)
    Dependency.objects.filter(resource__in=[r.pk for r, told in real if "runs_in" in (told.after or {})]).delete()
    depend(pairs)
    journal.record(action, [_told(r, told.before, told.after) for r, told in real], at=at, by=by)
    if real:
        index_resources([each for each, _told_ in real])
        bump_revision(resources=[each.pk for each, _told_ in real])
    return done


def _runs_in(resources: Sequence[Resource]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Dependency.objects.filter(resource__in=[each.pk for each in resources]).order_by("on__code")
    for pk, code in rows.values_list("resource_id", "on__code"):
        found.setdefault(pk, []).append(code)
    return found


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import; a resource that others are part of, end at or run over stays."""
    require(by, Permission.WRITE_INVENTORY)

    def take_out(resources: list[Resource]) -> None:
        ids = [each.pk for each in resources]
        journal.record("resource.take_back",
                       [_told(r, {"code": r.code, "kind": r.kind, "name": r.name}, None) for r in resources],
                       at=at, by=by)  # fmt: skip
        forget("resource", ids)
        Resource.objects.filter(pk__in=ids).update(parent=None, a_end=None, z_end=None)
        Dependency.objects.filter(resource__in=ids).delete()
        Resource.objects.filter(pk__in=ids).delete()
        bump_revision(resources=ids)

    def change(wanted: Sequence[tuple[Resource, dict[str, Any]]]) -> None:
        named = resources_by_code(code for _r, columns in wanted for code in columns.get("runs_in", ()))
        runs_in = _runs_in([resource for resource, _c in wanted])
        _change(wanted, named, runs_in, "resource.take_back", at=at, by=by)

    def former(model: Any, before: Mapping[str, Any] | None) -> dict[str, Any]:
        lists = {"runs_in": before["runs_in"]} if before and "runs_in" in before else {}
        return changing.former_values(model, before) | lists

    return changing.take_back(
        rows, visible_to(by), owned=("dependency.resource",), take_out=take_out, change=change, former=former
    )


def give(by: Actor, *, kinds: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Give every resource the actor may see, or those of some kinds, as they would be imported."""
    names = ("code", "kind", "name", "region_code", "role", "technology", "vendor", "model", "address",
             "management_ip", "latitude", "longitude")  # fmt: skip
    joined = {"parent": "parent__code", "a_end": "a_end__code", "z_end": "z_end__code"}
    rows = visible_to(by).filter(**({"kind__in": kinds} if kinds else {})).order_by("code")
    part: list[tuple[Any, ...]] = []
    for row in rows.values_list("pk", *names, *joined.values()).iterator(chunk_size=900):
        part.append(row)
        if len(part) == 900:
            yield from _with_runs_in(part, (*names, *joined))
            part = []
    yield from _with_runs_in(part, (*names, *joined))


def _with_runs_in(part: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    found: dict[int, list[str]] = {}
    rows = Dependency.objects.filter(resource__in=[row[0] for row in part]).order_by("on__code")
    for pk, code in rows.values_list("resource_id", "on__code"):
        found.setdefault(pk, []).append(code)
    for pk, *values in part:
        yield {**dict(zip(names, values, strict=True)), "runs_in": found.get(pk, []), "id": pk}


def _told(row: Resource, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    return Change("resource", row.pk, row.code, before, after, region_code=row.region_code)


RESOURCES = Kind(
    "resources", _("Network resources"), COLUMNS, ("code",), Permission.WRITE_INVENTORY, write, take_back, give,
    origin="resource", about=_("Sites, rooms, devices, cards, ports, ducts, cables, fibres and links, in any order."),
)  # fmt: skip
