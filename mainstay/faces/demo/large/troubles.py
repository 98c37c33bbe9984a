"""Which alarms were behind the cases, and which stand now that trouble nobody's service? Rows for the alarm room."""

from collections.abc import Iterator
from random import Random

import numpy as np

from mainstay.faces.demo import sources
from mainstay.faces.demo.faults import CAUSES, SEVERITIES
from mainstay.faces.demo.large.accounts import Row
from mainstay.faces.demo.large.happenings import DOWN, Cases, Longs
from mainstay.faces.demo.large.lines import Place
from mainstay.faces.demo.large.turns import NOTICED_S
from mainstay.platform.bulk.laying import instant_text

SETTLED_S = 15 * 60
"""How long after it was restored an incident closed."""
TYPES = {sources.IP: ("CPU_HIGH", "BGP_FLAP"), sources.TRANSPORT: ("FAN_FAIL", "PROTECTION_SWITCH", "RDI", "AIS")}


class Troubles:
    """The incidents of the cases with an alarm each, then alarms that stand."""

    def __init__(
        self, cases: Cases, detected: Longs, places: list[Place], cards: dict[int, str], source_ids: dict[str, int]
    ) -> None:
        """Find the first case of every incident; `cards`: codes by id."""
        some = np.flatnonzero(cases.incident)
        _, first = np.unique(cases.incident[some], return_index=True)
        self.first = some[first]
        self.cases, self.detected, self.places, self.cards, self.source_ids = cases, detected, places, cards, source_ids
        self.standing: list[Row] = []
        self.number_of: list[int] = []
        """The number of each incident's alarm: alarms are numbered as they came in."""

    def _facts(self) -> Iterator[tuple[int, int, int, int, int, Place, str, str, int, str]]:
        """Give of each incident: number, opened, ended, detected, state, place, resource's code, type, id, source."""
        cases = self.cases
        for number, at in enumerate(self.first.tolist(), start=1):
            place = self.places[int(cases.place[at])]
            down, of_card = cases.kind[at] == DOWN, bool(cases.card[at])
            code, pk = f"ZH-{place.number:06d}/JR", place.tail
            kind = "LINK_DOWN" if down else "PACKET_LOSS" if place.source == sources.IP else "SIGNAL_DEGRADE"
            if of_card:
                code, pk, kind = self.cards[place.card], place.card, "CARD_FAIL"
            times = int(cases.opened[at]), int(cases.ended[at]), int(self.detected[at])
            yield number, *times, 3 if down else 2, place, code, kind, pk, place.source

    def incidents(self) -> Iterator[Row]:
        """Give the incidents, all closed."""
        for number, opened, ended, detected, state, place, code, _, pk, _ in self._facts():
            name = f"接入链路 {code[:9]}" if code.startswith("ZH-") else f"{code.replace('/', ' ')} 支路板"
            yield (
                number, "closed", pk, name, place.region, state, instant_text(opened), instant_text(detected),
                instant_text(ended), instant_text(ended + SETTLED_S),
            )  # fmt: skip

    def alarms(self) -> Iterator[Row]:
        """Give the alarms that caused them, all cleared."""
        for number, opened, ended, _, state, _, _, kind, pk, source in self._facts():
            begun, over = instant_text(opened), instant_text(ended)
            yield (
                self.number_of[number - 1], self.source_ids[source], pk, kind, CAUSES.get(kind, ""),
                SEVERITIES.get(kind, "critical"), state - 1, "", begun, begun, over, over, number,
                True, '{"code": "cause"}',
            )  # fmt: skip

    def draw_standing(self, count: int, at_s: int, dice: Random) -> None:
        """Draw alarms without effect on service that came in the last month and still stand."""
        offers = [(p, kind) for p in range(len(self.places)) for kind in TYPES[self.places[p].source][:2]]
        chosen = dice.sample(offers, min(count, len(offers)))
        drawn = sorted((at_s - 13 * 3_600 - dice.randrange(30 * 86_400), *one) for one in chosen)
        came = np.array([*self.detected[self.first], *(raised + NOTICED_S for raised, *_ in drawn)], np.int64)
        numbers = np.empty(len(came), np.int64)
        numbers[np.argsort(came, kind="stable")] = np.arange(1, len(came) + 1)
        self.number_of = numbers[: len(self.first)].tolist()
        for number, (raised, p, kind) in zip(numbers[len(self.first) :].tolist(), drawn, strict=True):
            place, at = self.places[p], instant_text(raised)
            self.standing.append(
                (
                    number, self.source_ids[place.source], place.converter, kind, "", SEVERITIES.get(kind, "critical"),
                    0, "设备提示告警", at, at, at, None, None, True, '{"code": "cause"}', raised, place.number,
                )
            )  # fmt: skip

    def standing_alarms(self) -> Iterator[Row]:
        """Give the alarms that stand."""
        return (row[:15] for row in self.standing)

    def reports(self) -> Iterator[Row]:
        """Give what was received of all this, in order: each alarm raised, and cleared if it was."""
        facts = [(o, e, d, code, kind, source) for _, o, e, d, _, _, code, kind, _, source in self._facts()]
        raised = [(d, 0, n) for n, (_, _, d, *_) in enumerate(facts, start=1)]
        cleared = [(e + NOTICED_S, 1, n) for n, (_, e, *_) in enumerate(facts, start=1)]
        stands = [(int(str(row[15])) + NOTICED_S, 2, place) for place, row in enumerate(self.standing)]
        for key, (received, what, n) in enumerate(sorted([*raised, *cleared, *stands]), start=1):
            at = instant_text(received)
            if what == 2:
                row = self.standing[n]
                yield (
                    key, row[1], "", "raise", f"ZH-{row[16]:06d}", row[3], "", row[5], row[8], at, row[7], "stored",
                    row[0],
                )  # fmt: skip
                continue
            opened, ended, _, code, kind, source = facts[n - 1]
            said = (SEVERITIES.get(kind, "critical"), opened, "stored") if what == 0 else ("cleared", ended, "cleared")
            yield (
                key, self.source_ids[source], "", "raise" if what == 0 else "clear", code, kind, CAUSES.get(kind, ""),
                said[0], instant_text(said[1]), at, "", said[2], self.number_of[n - 1],
            )  # fmt: skip
