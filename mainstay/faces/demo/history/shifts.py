"""What did the shifts of the last days hand over, and what do customers report just now without any alarm?"""

from datetime import datetime, timedelta
from functools import partial

from mainstay.faces.demo.history.people import EVERYONE, REPORTS, People
from mainstay.faces.demo.history.simulation import Simulation
from mainstay.faces.demo.roster import SHIFT, shift_begin
from mainstay.network.alarms.queries.shift import ShiftSpan
from mainstay.network.inventory.queries import carriers, circuits, places
from mainstay.platform.duty import handing_over, queries
from mainstay.service.tickets.actions import opening
from mainstay.service.tickets.choices import Origin
from mainstay.service.tickets.queries.shift import shift_facts

DAYS = 7
REMARKS = (
    "在途故障已全部联系客户，按承诺时间继续通报", "夜间割接窗口临近，注意核对公告是否已发", "关注沿江光缆，雨天易断",
    "客户催办较多，请优先回访 AAA 客户", "无特殊事项",
)  # fmt: skip
CALLERS = 14


def draw_handovers(simulation: Simulation) -> None:
    """Have every shift of the last days signed at its end and taken over by the next; the last one still waits."""
    last = shift_begin(simulation.until)
    for turn in range(DAYS * 3):
        end = last - turn * SHIFT
        simulation.later(end - timedelta(minutes=8), partial(_sign, simulation, end))
        if turn:
            simulation.later(end + timedelta(minutes=6), partial(_take, simulation, end))


def _sign(simulation: Simulation, end: datetime, at: datetime) -> None:
    for desk in queries.desks(EVERYONE):
        span = queries.span_at(desk, at)
        if span.to_at != end:
            continue
        by = simulation.on_duty(desk.region_code, at)
        following = queries.span_after(desk, span)
        facts = shift_facts(by, desk, ShiftSpan(span.from_at, at, at, following.to_at, span.to_at))
        remarks = {"": simulation.dice.choice(REMARKS)}
        simulation.attempt(partial(handing_over.sign, desk.pk, span, facts, remarks, at=at, by=by))


def _take(simulation: Simulation, end: datetime, at: datetime) -> None:
    for waiting in queries.waiting_handovers(EVERYONE, at=at):
        if waiting.handover is not None and waiting.span.to_at == end:
            by = simulation.on_duty(waiting.desk.region_code, at)
            simulation.attempt(partial(handing_over.take, waiting.handover.pk, at=at, by=by))


def draw_mass_report(simulation: Simulation, people: People, cables: list[int]) -> None:
    """Have customers over one cable call within some minutes, although no alarm tells of it."""
    carried = carriers.carried(cables)
    cable = min(sorted(cables), key=lambda pk: abs(carried[pk] - 3 * CALLERS))
    found = circuits.visible_to(EVERYONE).filter(pk__in=places.circuits_over([cable]).values("pk"))
    over = found.exclude(circuits.IMPAIRED).order_by("pk")
    called = list(over.values_list("pk", "customer_id", "customer__account_manager_id")[:CALLERS])
    for place, circuit in enumerate(called):
        at = simulation.until - timedelta(seconds=40 * (len(called) - place))
        simulation.later(at, partial(_call, simulation, people, circuit))


def _call(simulation: Simulation, people: People, circuit: tuple[int, int, int | None], at: datetime) -> None:
    by = simulation.person(people.staff["li.qiang"])
    report = opening.Report(simulation.dice.choice(REPORTS), Origin.PHONE, circuit[1], circuit[0])
    simulation.attempt(partial(opening.report_fault, report, at=at, by=by))
