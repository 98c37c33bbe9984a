"""Which fault comes next, where, and how long does it last? Shares as duty desks know them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeVar

from mainstay.faces.demo import faults
from mainstay.faces.demo.faults import Fault
from mainstay.faces.demo.terrain import Device, Link, Terrain

T = TypeVar("T")
SHARES = {"tail": 28, "ring": 11, "trunk": 1, "duct": 2, "device": 7, "card": 7, "power": 4, "degraded": 15, "cpe": 25}
MINUTES = {
    "tail": 55, "ring": 85, "trunk": 50, "duct": 140, "device": 40, "card": 50, "power": 60, "degraded": 80, "cpe": 45,
}  # fmt: skip
"""Typical length of a fault by kind, in minutes."""
SMALL_LOAD, GREAT_LOAD = 9, 40
"""Up to how many paths a usual fault touches, and a rare one."""


@dataclass(frozen=True)
class Drawn:
    """A fault drawn, and how long it lasts."""

    fault: Fault
    lasts: timedelta


class Dice:
    """Draws faults on a terrain."""

    def __init__(self, terrain: Terrain, dice: Random) -> None:
        """Sort the terrain into what each kind of fault may hit."""
        self.terrain, self.dice = terrain, dice
        used = [link for link in terrain.links if link.load]
        self.tails = [link for link in used if link.code.endswith("/JR")]
        net = [link for link in used if not link.code.endswith("/JR")]
        self.small = [link for link in net if link.load <= SMALL_LOAD] or net
        self.rings = [link for link in net if SMALL_LOAD < link.load <= GREAT_LOAD] or net
        self.trunks = [link for link in net if link.load > GREAT_LOAD] or net
        self.boxes = [d for d in terrain.devices if d.role in ("converter", "router") and 0 < d.load <= SMALL_LOAD]
        self.devices = [d for d in terrain.devices if d.role == "access" and 0 < d.load <= SMALL_LOAD]
        self.sites = [d for d in terrain.devices if d.role == "access" and d.site and 0 < d.load <= SMALL_LOAD]
        self.cards = [c for c, e in terrain.cards.items() if 0 < self._load(e) <= SMALL_LOAD]
        self.ducts = [d for d, over in terrain.ducts.items() if sum(self._link(x).load for x in over) <= 2 * GREAT_LOAD]

    def _link(self, code: str) -> Link:
        return self.terrain.link_of[code]

    def _load(self, ends: Sequence[tuple[str, str]]) -> int:
        return sum(self._link(code).load for code, _ in ends)

    def draw(self, kind: str = "") -> Drawn:
        """Draw a fault, of any kind or of the one named."""
        kind = kind or self.dice.choices(list(SHARES), list(SHARES.values()))[0]
        minutes = min(MINUTES[kind] * self.dice.lognormvariate(0, 0.6), 600)
        return Drawn(self._makers()[kind](), timedelta(seconds=round(minutes * 60)))

    def _makers(self) -> dict[str, Callable[[], Fault]]:
        one = self._one
        return {
            "tail": lambda: faults.cut(one(self.tails if self.dice.random() < 0.5 else self.small)),
            "ring": lambda: faults.cut(one(self.small if self.dice.random() < 0.6 else self.rings)),
            "trunk": lambda: faults.cut(one(self.trunks)),
            "duct": self._duct,
            "device": lambda: faults.device_lost(one(self.devices), self.terrain),
            "card": lambda: faults.card_failed(one(self.cards), self.terrain),
            "power": lambda: faults.power_lost(one(self.sites), self.terrain),
            "degraded": lambda: faults.degraded(one(self.small)),
            "cpe": lambda: faults.customer_box_off(one(self.boxes)),
        }

    def _duct(self) -> Fault:
        if not self.ducts:
            return faults.cut(self._one(self.rings))
        duct = self._one(self.ducts)
        return faults.duct_dug_up(duct, [self._link(code) for code in self.terrain.ducts[duct]])

    def _one(self, of: Sequence[T]) -> T:
        return self.dice.choice(of)

    def noise(self) -> faults.Mark:
        """Draw an alarm that troubles nobody's service."""
        device: Device = self._one([d for d in self.terrain.devices if d.role in ("access", "aggregation")])
        if self.dice.random() < 0.3 and device.site:
            return faults.Mark("nms-power", device.site, self._one(("TEMPERATURE_HIGH", "DOOR_OPEN")), "环境告警")
        kinds = ("CPU_HIGH", "BGP_FLAP") if device.source == "nms-ip" else ("FAN_FAIL", "PROTECTION_SWITCH")
        return faults.Mark(device.source, device.code, self._one(kinds), "设备提示告警")
