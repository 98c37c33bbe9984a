"""What do the network managers report when something fails? Root alarm, symptoms around it, and the clears."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mainstay.faces.demo import sources
from mainstay.faces.demo.terrain import Device, Link, Terrain
from mainstay.network.alarms.actions.intake import NewReport

CAUSES = {
    "LOS": "lossOfSignal", "LOF": "lossOfFrame", "PORT_DOWN": "lossOfSignal", "LINK_DOWN": "transmissionError",
    "CARD_FAIL": "equipmentMalfunction", "NE_OFFLINE": "equipmentMalfunction", "POWER_LOSS": "powerProblem",
    "DEVICE_UNREACHABLE": "equipmentMalfunction", "MAINS_FAIL": "powerProblem", "SIGNAL_DEGRADE": "degradedSignal",
    "PACKET_LOSS": "degradedSignal", "OPTICAL_POWER_LOW": "degradedSignal",
    "TEMPERATURE_HIGH": "temperatureUnacceptable", "FIBRE_BREAK": "transmissionError",
    "CPE_OFFLINE": "equipmentMalfunction",
}  # fmt: skip
"""Probable causes of X.733 by alarm type."""
SEVERITIES = {
    "RDI": "warning", "AIS": "minor", "PROTECTION_SWITCH": "warning", "SIGNAL_DEGRADE": "major", "PACKET_LOSS": "major",
    "OPTICAL_POWER_LOW": "major", "MAINS_FAIL": "major", "FAN_FAIL": "minor", "CPU_HIGH": "minor", "BGP_FLAP": "minor",
    "TEMPERATURE_HIGH": "minor", "DOOR_OPEN": "warning",
}  # fmt: skip
"""Perceived severities by alarm type; the rest are critical."""


@dataclass(frozen=True)
class Mark:
    """An alarm that stands while a fault lasts: who reports it, on what, of which type; `after` begins it later."""

    source: str
    ref: str
    type: str
    text: str = ""
    after: timedelta = timedelta(0)

    def raised(self, at: datetime) -> NewReport:
        """Return the report that raises it."""
        return NewReport(
            self.ref, self.type, SEVERITIES.get(self.type, "critical"), at,
            external_id=f"{self.ref}:{self.type}:{at:%m%d%H%M%S}"[:80],
            probable_cause=CAUSES.get(self.type, ""), text=self.text,
        )  # fmt: skip

    def cleared(self, at: datetime) -> NewReport:
        """Return the report that clears it."""
        return NewReport(self.ref, self.type, "cleared", at)


@dataclass(frozen=True)
class Fault:
    """A fault as the managers see it: alarms that stand together; what people find was the cause, and whose."""

    name: str
    marks: tuple[Mark, ...]
    cause_code: str = "equipment"
    responsibility: str = "operator"
    finding: str = ""
    works_on: tuple[str, ...] = field(default=())

    def by_source(self) -> dict[str, list[Mark]]:
        """Return the alarms by source."""
        found: dict[str, list[Mark]] = {}
        for mark in self.marks:
            found.setdefault(mark.source, []).append(mark)
        return found


def cut(link: Link) -> Fault:
    """Return the alarms of a cut link: no signal at both its ends, the link itself, defects told to the far ends."""
    port, dead, _ = sources.types_of(link.source)
    ends = [Mark(link.source, end, port, "收无光") for end in (link.a_end, link.z_end) if "/" in end]
    told = [Mark(link.source, end, "RDI", "远端缺陷指示") for end in (link.a_end, link.z_end) if "/" in end]
    told = told if link.source == sources.TRANSPORT else []
    marks = (Mark(link.source, link.code, dead, f"{link.name} 中断"), *ends, *told)
    return Fault("cut", marks, "cable_cut", "operator", "光缆被外力挖断，熔接恢复", works_on=(link.code,))


def duct_dug_up(duct: str, links: Iterable[Link]) -> Fault:
    """Return the alarms of everything in a duct cut at once."""
    marks = tuple(mark for link in links for mark in cut(link).marks if mark.type != "RDI")
    return Fault("duct", marks, "cable_cut", "operator", "管道被施工机械挖断，光缆全断", works_on=(duct,))


def device_lost(device: Device, terrain: Terrain) -> Fault:
    """Return the alarms of a dead device: itself, and no signal at the far ends of its links."""
    _, _, dead = sources.types_of(device.source)
    marks = (Mark(device.source, device.code, dead, f"{device.name} 脱管"), *_deaf(device.links, terrain))
    return Fault("device", marks, "equipment", "operator", "主控板故障，更换后恢复", works_on=(device.code,))


def card_failed(card: str, terrain: Terrain) -> Fault:
    """Return the alarms of a dead card: itself, and no signal at the far ends of the links at its ports."""
    device = terrain.device_of[card.split("/", 1)[0]]
    marks = (Mark(device.source, card, "CARD_FAIL", f"{device.name} 单板故障"), *_deaf(terrain.cards[card], terrain))
    return Fault("card", marks, "equipment", "operator", "更换单板后恢复", works_on=(card,))


def power_lost(device: Device, terrain: Terrain) -> Fault:
    """Return the alarms of a site whose mains fails and whose battery runs empty half an hour later."""
    later = timedelta(minutes=30)
    dark = device_lost(device, terrain).marks
    marks = (
        Mark(sources.POWER, device.site, "MAINS_FAIL", "市电停电，蓄电池供电"),
        Mark(sources.POWER, device.site, "POWER_LOSS", "蓄电池放电终止", later),
        *(Mark(m.source, m.ref, m.type, m.text, later) for m in dark),
    )
    return Fault("power", marks, "power", "operator", "市电检修停电，油机发电恢复", works_on=(device.site,))


def degraded(link: Link) -> Fault:
    """Return the alarms of a link that works badly."""
    bad = "PACKET_LOSS" if link.source == sources.IP else "SIGNAL_DEGRADE"
    marks = [Mark(link.source, link.code, bad, "误码率超过门限")]
    if "/" in link.a_end:
        marks.append(Mark(link.source, link.a_end, "OPTICAL_POWER_LOW" if bad == "SIGNAL_DEGRADE" else "CPU_HIGH"))
    return Fault("degraded", tuple(marks), "equipment", "operator", "尾纤弯折，整理后误码消除", works_on=(link.code,))


def customer_box_off(device: Device) -> Fault:
    """Return the alarm of a converter or router at the customer's that went off."""
    cause, finding = "customer_equipment", "客户路由器死机，重启恢复"
    if device.role == "converter":
        cause, finding = "customer_power", "客户机房停电"
    marks = (Mark(sources.IP, device.code, "CPE_OFFLINE", f"{device.name} 掉线"),)
    return Fault("cpe", marks, cause, "customer", finding, works_on=(device.code,))


def _deaf(ends: Iterable[tuple[str, str]], terrain: Terrain) -> list[Mark]:
    """Return no-signal marks at the far ends of links, as far as those are ports that somebody watches."""
    marks = []
    for code, far in ends:
        link = terrain.link_of[code]
        if "/" in far:
            marks.append(Mark(link.source, far, sources.types_of(link.source)[0], "收无光"))
    return marks
