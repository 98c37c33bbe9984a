"""Which planned works does the demo know? Past ones, one that overran, one under way, some to come; and the answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from mainstay.faces.demo import cast, sources
from mainstay.faces.demo.chance import Dice, Drawn
from mainstay.faces.demo.facts.tables import HOME_PROVINCE
from mainstay.faces.demo.faults import Fault, Mark
from mainstay.faces.demo.history.people import EVERYONE, People
from mainstay.network.inventory.queries import circuits, places
from mainstay.network.inventory.queries.route import route
from mainstay.network.planned_work import actions as works
from mainstay.network.planned_work.actions.freezing import NewRule, add_rule
from mainstay.network.planned_work.choices import FreezeEffect, FreezeKind
from mainstay.platform.identity import queries as identity
from mainstay.service.announcements import queries as announcements
from mainstay.service.announcements.actions import NewAnswer, answer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG, SHORT = timedelta(hours=4), timedelta(hours=3)
DETAILS = "断开原光路，接入新光缆，逐芯测试衰耗，确认无误码后恢复业务"
PREPARATION = "请在窗口内避免批量业务，提前切换到备用线路，并安排值守人员"
DETAILS_EN = "We cut the old fibre over to the new cable, test it, and restore service once it is free of errors"
PREPARATION_EN = "Please run no batch jobs in the window, switch to your standby line before, and have someone at hand"
SAID = (("accepted", ""), ("prepared", "已切换备用线路"), ("accepted", "请按时完成"), ("prepared", ""))
WISH = ("other_time", "月末结算，希望改到周六凌晨")
STAGES = Callable[[Drawn, datetime], None]


@dataclass
class Windows:
    """Mutable: draws works into the days up to `at` and beyond, and lets people plan, approve, answer and end them."""

    at: datetime
    days: int
    dice: Random
    chance: Dice
    people: People
    stage: STAGES
    _ours: set[str] = field(default_factory=set)

    def draw(self, *, whole: bool) -> None:
        """Draw past works; with `whole` also what runs now and what is to come."""
        midnight = self.at.replace(hour=16, minute=0, second=0, microsecond=0) - DAY
        past = [midnight - timedelta(days=day) for day in range(3, self.days - 5, 4)]
        for index, from_at in enumerate(past):
            self._plan(from_at, LONG, overruns=index == 1, ends="rolled_back" if index == 2 else "done")
        if not whole:
            return
        self._plan(self.at - timedelta(minutes=40), SHORT)
        self._plan(midnight + 2 * DAY, LONG, late=True)
        self._plan(midnight + 4 * DAY, LONG)
        self._plan(midnight + 5 * DAY, SHORT, of_portal=True)
        self._plan(midnight + 5 * DAY, LONG, then="called off")
        self._plan(midnight + 6 * DAY, LONG, then="moved")
        self._draw_clash(midnight + 8 * DAY)
        self._simulation.later(self.at - 3 * DAY, self._freeze)

    @property
    def _simulation(self) -> Any:
        return self.people.simulation

    def _leader(self) -> Any:
        return self._simulation.person(self.people.staff["zhao.lei"])

    def _plan(
        self, from_at: datetime, lasts: timedelta, *, overruns: bool = False, late: bool = False, then: str = "",
        ends: str = "done", of_portal: bool = False,
    ) -> None:  # fmt: skip
        links = self.chance.tails if overruns else self.chance.small
        served = self._portal_links() if of_portal else set()
        ours = [each for each in links if self._is_ours(each.code)]
        link = self.dice.choice([each for each in ours if each.code in served] or ours)
        early = max(min(from_at - 7 * DAY, self.at - 2 * DAY), self.at - self.days * DAY + HOUR)
        planned_at = self.at - 5 * HOUR if late else early
        title = self.dice.choice(("光缆割接", "设备版本升级", "单板更换", "端口扩容"))
        new = self._new(f"GJ-{from_at:%y%m%d}-{link.code}"[:40], f"{link.name}{title}", from_at, lasts, link.code)
        after = HOUR if overruns else -HOUR / 2
        self._simulation.later(planned_at, partial(self._enter, new, then=then, ends=ends, silent=late, after=after))
        fault = Fault("work", (Mark(link.source, link.code, sources.types_of(link.source)[1], "割接断开"),), "own_work")
        over = lasts + timedelta(minutes=50) if overruns else lasts * 0.6
        self.stage(Drawn(fault, over - timedelta(minutes=20)), from_at + timedelta(minutes=20))

    def _portal_links(self) -> set[str]:
        """Return what the circuits of customers with a portal run over."""
        users = identity.users().filter(username__in=[name for name, _ in cast.PORTAL])
        rows = circuits.visible_to(EVERYONE).filter(customer__in=users.values("customer_id"))
        return {hop.resource.code for row in rows[:40] for path in route(row.pk).paths for hop in path.hops}

    def _is_ours(self, code: str) -> bool:
        if not self._ours:
            rows = places.visible_to(EVERYONE).filter(kind="link", region_code__startswith=HOME_PROVINCE)
            self._ours.update(rows.values_list("code", flat=True))
        return code in self._ours

    def _new(self, number: str, title: str, from_at: datetime, lasts: timedelta, code: str) -> works.NewWork:
        return works.NewWork(
            number=number, title=title, from_at=from_at, to_at=from_at + lasts, resources=(code,), details=DETAILS,
            preparation=PREPARATION, details_en=DETAILS_EN, preparation_en=PREPARATION_EN,
        )  # fmt: skip

    def _enter(self, new: works.NewWork, at: datetime, *, then: str, ends: str, silent: bool, after: timedelta) -> None:
        """Plan the work, have it approved by a second person, announce it; then it is answered, changed, ended."""
        officer = self._simulation.on_duty("42", at)
        pk = works.plan_work(new, at=at, by=officer).pk
        works.approve_work(pk, at=at, by=self._leader())
        works.announce_work(pk, at=at, by=officer)
        self._simulation.settings_changed()
        if not silent:
            self._simulation.later(at + 5 * HOUR, partial(self._answer, pk))
        if then == "called off":
            self._simulation.later(self.at - 20 * HOUR, partial(self._call_off, pk))
        elif then == "moved":
            self._simulation.later(self.at - 26 * HOUR, partial(self._move, pk, new))
        else:
            self._simulation.later(new.to_at + after, partial(self._finish, pk, ends))

    def _answer(self, pk: int, at: datetime) -> None:
        """Let customers answer: those with a portal themselves, others on the phone, some not at all."""
        portal = dict(
            identity.users().filter(username__in=[name for name, _ in cast.PORTAL]).values_list("customer_id", "pk")
        )
        officer = self._simulation.on_duty("42", at)
        for row in announcements.of_work(EVERYONE, pk).filter(told_at__isnull=False):
            chance = self.dice.random()
            if chance > 0.8:
                continue
            word, text = WISH if chance < 0.06 else self.dice.choice(SAID)
            user = portal.get(row.customer_id)
            by = self._simulation.person(user) if user else officer
            given = NewAnswer(word, text, person="" if user else "客户联系人")
            self._simulation.attempt(partial(answer, row.pk, given, at=at, by=by))

    def _call_off(self, pk: int, at: datetime) -> None:
        by = self._simulation.on_duty("42", at).because("天气预报有暴雨，割接取消")
        self._simulation.attempt(partial(works.cancel_work, pk, at=at, by=by))
        self._simulation.settings_changed()

    def _move(self, pk: int, new: works.NewWork, at: datetime) -> None:
        officer = self._simulation.on_duty("42", at)
        why = officer.because("应客户要求避开结算日")
        works.move_work(pk, new.from_at + DAY, new.to_at + DAY, at=at, by=why)
        works.approve_work(pk, at=at, by=self._leader())
        works.announce_work(pk, at=at, by=officer)
        self._simulation.settings_changed()

    def _finish(self, pk: int, ends: str, at: datetime) -> None:
        by = self._simulation.on_duty("42", at)
        note = "新光缆 3 芯衰耗超标，已倒回原光路" if ends == "rolled_back" else ""
        self._simulation.attempt(partial(works.finish_work, pk, at=at, by=by, result=ends, note=note))
        self._simulation.settings_changed()

    def _draw_clash(self, from_at: datetime) -> None:
        """Draw two works at once, each on one path of the same circuit; one waits to be approved."""
        pair = self._two_paths()
        if pair is None:
            return
        for index, code in enumerate(pair):
            begin = from_at + index * HOUR
            new = self._new(
                f"GJ-{begin:%y%m%d}-C{index + 1}", ("干线光缆割接", "环网设备升级")[index], begin, LONG, code
            )
            step = self._enter_clash if index == 0 else self._enter_waiting
            self._simulation.later(self.at - (30 - index) * HOUR, partial(step, new))

    def _enter_clash(self, new: works.NewWork, at: datetime) -> None:
        pk = works.plan_work(new, at=at, by=self._simulation.on_duty("42", at)).pk
        works.approve_work(pk, at=at, by=self._leader())

    def _enter_waiting(self, new: works.NewWork, at: datetime) -> None:
        works.plan_work(new, at=at, by=self._simulation.on_duty("42", at))

    def _two_paths(self) -> tuple[str, str] | None:
        """Return a link of the working and one of the protection path of a circuit, which the other lacks."""
        for row in circuits.visible_to(EVERYONE).filter(grade="AAA").order_by("pk")[:60]:
            paths = route(row.pk).paths
            if len(paths) < 2:
                continue
            links = [[hop.resource.code for hop in path.hops if hop.resource.kind == "link"] for path in paths[:2]]
            own = [[code for code in links[n] if code not in links[1 - n]] for n in (0, 1)]
            own = [[code for code in codes if self._is_ours(code)] for codes in own]
            if own[0] and own[1]:
                return own[0][len(own[0]) // 2], own[1][len(own[1]) // 2]
        return None

    def _freeze(self, at: datetime) -> None:
        """Lay down the freeze of a holiday, and the protection of a fair that asks for a mandate."""
        begin = self.at.replace(hour=16, minute=0, second=0, microsecond=0) + 11 * DAY
        by = self._leader()
        add_rule(
            NewRule("省级会议通信保障", begin, begin + 4 * DAY, FreezeKind.PROTECTION, FreezeEffect.MANDATE,
                    region_code="42", grades=("AAA", "AA"), why="会议期间重要电路不得割接，确需割接须有授权。"),
            at=at, by=by,
        )  # fmt: skip
        add_rule(
            NewRule("跨年封网", begin + 12 * DAY, begin + 16 * DAY, region_code="42", why="跨年停止一切非紧急割接。"),
            at=at, by=by,
        )  # fmt: skip
