"""Sites, devices, cables and links, each from a file of its own: resources with the columns that matter (A7, E3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.network.inventory.actions.resources import resources_by_code
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.inventory.importing_resources import COLUMNS, RESOURCES, give, write
from mainstay.platform.imports import origin
from mainstay.platform.imports.registry import Column, Given, Kind, Written

_BY_NAME = {column.name: column for column in COLUMNS}


def _kind(name: str, title: Promise, holds: Sequence[ResourceKind], columns: Sequence[str], about: Promise) -> Kind:
    """Return a kind of some resources; where a row does not say what it is, it is the first of `holds`."""

    def write_parts(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
        there = resources_by_code(row.values["code"] for row in rows)
        told = [
            row if row.values["code"] in there else Given(row.line, {"kind": holds[0].value, **row.values})
            for row in rows
        ]
        return write(told, at=at, by=by)

    def give_parts(by: Actor) -> Iterator[Mapping[str, Any]]:
        return (row for row in give(by, kinds=[each.value for each in holds]))

    return replace(
        RESOURCES, name=name, title=title, about=about, columns=_columns(holds, columns), write=write_parts,
        give=give_parts,
    )  # fmt: skip


def _columns(holds: Sequence[ResourceKind], names: Sequence[str]) -> tuple[Column, ...]:
    what = replace(
        _BY_NAME["kind"], required=False, example=holds[0].value, choices=[(each.value, each.label) for each in holds],
        about=_("Empty: the first of these."),
    )  # fmt: skip
    return tuple(what if name == "kind" else _BY_NAME[name] for name in ("code", "kind", "name", *names, *origin.NAMES))


SITES = _kind(
    "sites", _("Sites and rooms"), (ResourceKind.SITE, ResourceKind.ROOM),
    ("parent", "region_code", "address", "latitude", "longitude"),
    _("Where equipment stands: sites, and the rooms in them."),
)  # fmt: skip
DEVICES = _kind(
    "devices", _("Devices, cards and ports"), (ResourceKind.DEVICE, ResourceKind.CARD, ResourceKind.PORT),
    ("parent", "region_code", "role", "technology", "vendor", "model", "management_ip", "address"),
    _("Equipment: devices in sites or rooms, cards in devices, ports in cards or devices."),
)  # fmt: skip
CABLES = _kind(
    "cables", _("Cables, ducts and fibres"), (ResourceKind.CABLE, ResourceKind.DUCT, ResourceKind.FIBRE),
    ("parent", "region_code", "runs_in", "a_end", "z_end"),
    _("What lies outside: ducts, cables in them, fibres in cables."),
)  # fmt: skip
LINKS = _kind(
    "links", _("Links"), (ResourceKind.LINK,), ("a_end", "z_end", "runs_in", "region_code", "technology"),
    _("Connections between two ports or devices, and what they run in."),
)  # fmt: skip
PARTS = (SITES, DEVICES, CABLES, LINKS)
