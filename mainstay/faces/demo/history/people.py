"""What do duty desk, engineers, managers and customers do about incidents and tickets, and when?"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from mainstay.domain.actor import Actor, system
from mainstay.faces.demo import cast
from mainstay.faces.demo.faults import Fault
from mainstay.faces.demo.history.simulation import Simulation
from mainstay.network.alarms.actions import steering
from mainstay.network.alarms.queries import incidents
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.messages import queries as messages
from mainstay.platform.messages.actions import mark_read
from mainstay.service.tickets.actions import opening, pausing, settling, working
from mainstay.service.tickets.choices import CauseCode, Origin, PauseReason, Responsibility, TicketKind, TicketStatus
from mainstay.service.tickets.queries import lists

EVERYONE = system("demo")
CALLS = (
    "已致电客户技术联系人，告知正在抢修",
    "客户来电询问进度，已告知预计恢复时间",
    "已电话通知客户，客户同意等待抢修结果",
)
NOTES = (
    "抢修人员已出发，预计 30 分钟到达现场", "OTDR 测试定位断点，距机房 3.2 公里", "备件已从中心库调拨",
    "已切换至备用光路，观察中", "现场正在熔接，剩余 12 芯", "机房值守人员配合重启板卡", "与代维单位确认到场时间",
)  # fmt: skip
REPORTS = (
    "专线不通，请尽快处理", "网点业务办理缓慢，疑似丢包", "视频会议卡顿", "ping 总部网关超时", "上网时断时续",
    "语音中继有杂音",
)  # fmt: skip
FINDINGS = (
    (CauseCode.CONFIGURATION, Responsibility.OPERATOR, "VLAN 配置遗漏，补充后恢复"),
    (CauseCode.NO_FAULT_FOUND, Responsibility.CUSTOMER, "测试电路正常，客户侧流量打满"),
    (CauseCode.CUSTOMER_EQUIPMENT, Responsibility.CUSTOMER, "客户交换机端口协商异常"),
    (CauseCode.EQUIPMENT, Responsibility.OPERATOR, "更换尾纤后恢复"),
    (CauseCode.OTHER_OPERATOR, Responsibility.OTHER_OPERATOR, "对端运营商局内跳线松动"),
)


RETRIED_AFTER = timedelta(hours=3)
"""When an officer tries again to settle a ticket that could not be settled."""
AT_WORK = (TicketStatus.OPEN, TicketStatus.ASSIGNED, TicketStatus.PAUSED)


@dataclass
class People:
    """Mutable: what has been seen of incidents and tickets, and the faults behind them."""

    simulation: Simulation
    faults: dict[str, Fault] = field(default_factory=dict)
    newest_incident: int = 0
    newest_ticket: int = 0
    incidents_seen: int = 0
    tickets_seen: int = 0
    unsettled: dict[int, Fault | None] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Learn who works here."""
        self.staff = dict(identity.users().values_list("username", "pk"))
        self.dice = self.simulation.dice

    def watch(self, at: datetime) -> None:
        """See what is new and plan what to do about it."""
        news = incidents.visible_to(EVERYONE).filter(pk__gt=self.newest_incident).order_by("pk")
        for pk, region, kind in news.values_list("pk", "region_code", "kind"):
            self.newest_incident = pk
            self.incidents_seen += 1
            if kind == "fault" and self.dice.random() < 0.85:
                self._plan_incident(pk, region, at)
        opened = lists.visible_to(EVERYONE).filter(pk__gt=self.newest_ticket).order_by("pk")
        columns = (
            "pk",
            "region_code",
            "origin",
            "customer_id",
            "customer__account_manager_id",
            "incident__cause__code",
        )
        for pk, region, origin, customer_id, manager_id, cause in opened.values_list(*columns):
            self.newest_ticket = pk
            self.tickets_seen += 1
            fault = self.faults.get(cause or "")
            self.unsettled[pk] = fault
            if origin == Origin.IMPACT:
                self._plan_ticket(pk, region, (customer_id, manager_id), fault, at)
        self._see_resolved(at)

    def _see_resolved(self, at: datetime) -> None:
        if not self.unsettled:
            return
        done = lists.visible_to(EVERYONE).filter(pk__in=list(self.unsettled)).order_by("pk")
        settled = done.filter(status__in=(TicketStatus.RESOLVED, TicketStatus.CLOSED))
        for pk, status, region, manager_id in settled.values_list(
            "pk", "status", "region_code", "customer__account_manager_id"
        ):
            fault = self.unsettled.pop(pk)
            if status == TicketStatus.RESOLVED:
                self._plan_end(pk, region, manager_id, fault, at)

    def _act(self, at: datetime, act: Any, ticket: int, *words: Any, by: Actor, **more: Any) -> None:
        """Have somebody do something to a ticket at an instant, if it is still possible then."""

        def then(now: datetime) -> None:
            self.simulation.attempt(partial(act, ticket, *words, at=now, by=by, **more))

        self.simulation.later(at, then)

    def _officer(self, region: str, at: datetime) -> Actor:
        return self.simulation.on_duty(region, at)

    def _plan_incident(self, pk: int, region: str, at: datetime) -> None:
        claimed_at = at + self.simulation.minutes(4)
        by = self._officer(region, claimed_at)
        self._act(claimed_at, steering.claim, pk, by=by)
        if self.dice.random() < 0.4:
            said_at = claimed_at + self.simulation.minutes(6)
            eta, update = said_at + timedelta(minutes=90), said_at + timedelta(minutes=30)
            self._act(said_at, steering.promise, pk, by=by, eta_at=eta, next_update_at=update)

    def _plan_ticket(
        self, pk: int, region: str, customer: tuple[int, int | None], fault: Fault | None, at: datetime
    ) -> None:
        slow = self.dice.random() < 0.06
        claimed_at = at + self.simulation.minutes(40 if slow else 5)
        by = self._officer(region, claimed_at)
        self._act(claimed_at, working.claim, pk, by=by)
        if self.dice.random() < 0.25:
            self._act(claimed_at + self.simulation.minutes(8), working.assign, pk, self._engineer(region), by=by)
        if self.dice.random() < 0.4:
            self._act(
                claimed_at + self.simulation.minutes(9), working.record_call, pk, self.dice.choice(CALLS),
                by=by, inbound=self.dice.random() < 0.4,
            )  # fmt: skip
        if self.dice.random() < 0.35:
            self._act(claimed_at + self.simulation.minutes(22), working.note, pk, self.dice.choice(NOTES), by=by)
        if self.dice.random() < 0.15:
            said_at = claimed_at + self.simulation.minutes(15)
            self._act(said_at, working.promise_next_update, pk, said_at + timedelta(minutes=45), by=by)
        if fault and fault.responsibility == Responsibility.CUSTOMER and self.dice.random() < 0.7:
            self._plan_pause(pk, PauseReason.CUSTOMER_FAULT, "A 端环回测试正常，客户侧设备无响应", by, claimed_at)
        elif self.dice.random() < 0.05:
            self._plan_pause(
                pk, PauseReason.ACCESS_DENIED, "客户机房无人，电话 027-55500000 告知稍后开门", by, claimed_at
            )
        if self.dice.random() < 0.08:
            self.simulation.later(at + self.simulation.minutes(14), partial(self._call_in, customer))

    def _engineer(self, region: str) -> int:
        engineers = cast.with_duty(Duty.CUSTOMER_ENGINEER)
        near = [m.username for m in cast.STAFF if m.duty == Duty.TECHNICIAN and region.startswith(m.region)]
        return self.staff[self.dice.choice(near or engineers)]

    def _call_in(self, customer: tuple[int, int | None], at: datetime) -> None:
        """A customer reports what is known already."""
        customer_id, manager_id = customer
        by = self.simulation.person(manager_id) if manager_id else self._officer("42", at)
        report = opening.Report(self.dice.choice(REPORTS), Origin.PHONE, customer_id)
        self._report(report, customer_id, at, by)

    def _report(self, report: opening.Report, customer_id: int, at: datetime, by: Actor) -> None:
        """Take a report; where it opened a ticket of its own, plan the work on it."""
        if self.simulation.attempt(partial(opening.report_fault, report, at=at, by=by)):
            self.simulation.look()
            newest = lists.visible_to(EVERYONE).filter(customer_id=customer_id).order_by("-pk").first()
            if newest is not None and newest.opened_at == at and newest.origin != Origin.IMPACT:
                self._plan_resolution(newest.pk, newest.region_code, at)

    def _plan_pause(self, pk: int, reason: str, evidence: str, by: Actor, claimed_at: datetime) -> None:
        asked_at = claimed_at + self.simulation.minutes(12)
        limit = 120 if reason == PauseReason.ACCESS_DENIED else None
        asked = pausing.PauseRequest(reason, evidence, limit)
        self._act(asked_at, pausing.pause, pk, asked, by=by)
        if reason == PauseReason.CUSTOMER_FAULT:
            self.simulation.later(asked_at + self.simulation.minutes(9), partial(self._approve, pk))
        elif self.dice.random() < 0.6:
            self._act(asked_at + self.simulation.minutes(50), pausing.resume, pk, by=by)

    def _approve(self, pk: int, at: datetime) -> None:
        """A leader decides on a pause that was asked for."""
        leader = self.simulation.person(self.staff[self.dice.choice(cast.with_duty(Duty.LEADER))])
        waiting = lists.visible_to(EVERYONE).filter(
            pk=pk, pauses__needs_approval=True, pauses__approved_at__isnull=True, pauses__refused_at__isnull=True
        )
        for pause_id in waiting.values_list("pauses__pk", flat=True):
            if self.dice.random() < 0.85:
                self.simulation.attempt(partial(pausing.approve_pause, pause_id, at=at, by=leader))
            else:
                why = "测试记录不完整，不予挂起"
                self.simulation.attempt(partial(pausing.refuse_pause, pause_id, why, at=at, by=leader))

    def _plan_end(self, pk: int, region: str, manager_id: int | None, fault: Fault | None, at: datetime) -> None:
        """Say whose fault it was, ask the customer, put the ticket away; a few are taken up again."""
        officer = self._officer(region, at)
        if fault and self.dice.random() < 0.7:
            self._act(
                at + self.simulation.minutes(60), settling.decide_responsibility, pk, fault.responsibility,
                fault.finding or "按抢修记录认定", by=officer,
            )  # fmt: skip
        if self.dice.random() < 0.03:
            self.simulation.later(at + self.simulation.minutes(70), partial(self._take_up_again, pk, region))
            return
        if self.dice.random() < 0.72:
            confirmed_at = at + self.simulation.minutes(180, 0.8)
            by = self.simulation.person(manager_id) if manager_id else officer
            self._act(confirmed_at, settling.confirm, pk, by=by, text="客户确认业务正常")
            closed_at = confirmed_at + self.simulation.minutes(90)
            self._act(closed_at, settling.close, pk, by=self._officer(region, closed_at))

    def _take_up_again(self, pk: int, region: str, at: datetime) -> None:
        by = self._officer(region, at)
        if self.simulation.attempt(partial(settling.reopen, pk, "客户反映仍有间断丢包", at=at, by=by)):
            self.unsettled[pk] = None
            self._plan_resolution(pk, region, at)

    def _plan_resolution(self, pk: int, region: str, at: datetime) -> None:
        cause, side, text = self.dice.choice(FINDINGS)
        claimed_at = at + self.simulation.minutes(7)
        by = self._officer(region, claimed_at)
        self._act(claimed_at, working.claim, pk, by=by)
        self._act(claimed_at + self.simulation.minutes(20), working.note, pk, self.dice.choice(NOTES), by=by)
        found = settling.Resolution(cause, side, text)
        done_at = claimed_at + self.simulation.minutes(75)
        self.simulation.later(done_at, partial(self._resolve, pk, region, found))

    def _resolve(self, pk: int, region: str, found: settling.Resolution, at: datetime) -> None:
        """Call a ticket done; where that is refused, as one of its circuits is out again, look again later."""
        by = self._officer(region, at)
        self.simulation.attempt(partial(settling.resolve, pk, found, at=at, by=by))
        if lists.visible_to(EVERYONE).filter(pk=pk, status__in=AT_WORK).exists():
            self.simulation.later(at + RETRIED_AFTER, partial(self._resolve, pk, region, found))
        self.simulation.look()

    def read_messages(self, at: datetime) -> None:
        """Have the staff read what they were told."""
        for user_id in self.staff.values():
            reader = self.simulation.person(user_id)
            unread = messages.inbox(reader).filter(read_at__isnull=True)
            mark_read(list(unread.values_list("pk", flat=True)), at=at, by=reader)

    def report_by_hand(self, circuit: tuple[int, int, int | None], portal_user: int | None, at: datetime) -> None:
        """Have a customer report a fault no alarm tells of: by telephone, or in the portal."""
        circuit_id, customer_id, manager_id = circuit
        kind = TicketKind.CONSULTATION if self.dice.random() < 0.15 else TicketKind.FAULT
        by = self.simulation.person(portal_user or manager_id or self.staff["li.qiang"])
        origin = Origin.PORTAL if portal_user else Origin.PHONE
        report = opening.Report(self.dice.choice(REPORTS), origin, customer_id, circuit_id, kind=kind)
        self._report(report, customer_id, at, by)
