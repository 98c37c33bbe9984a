"""A closed September with one missed promise at the bank, under clauses that pay by availability and by the hour."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from mainstay.domain.actor import system
from mainstay.domain.compensation import Amount, AmountUnit, Clause, ClauseKind, ClauseSet, Step
from mainstay.network.inventory.models import Circuit
from mainstay.platform.timers import actions as timers
from mainstay.service.compensation.actions.clauses import NewTerms, Place, lay_down
from mainstay.service.compensation.models import Claim, ClauseTerms
from mainstay.service.service_levels import actions as levels
from mainstay.service.service_levels.models import LedgerMonth
from mainstay.service.tickets.models import Clock, Ticket
from tests.cast import World
from tests.service.service_levels.stage import OVER, SEPTEMBER, on, outage, promise, ticket

EVERYWHERE = Place()
SWEEPER = system("timer sweeper")


def percent(value: str) -> Amount:
    """Return a share of the rent."""
    return Amount(Fraction(value), AmountUnit.PERCENT)


STEPS = Clause(
    "steps", ClauseKind.AVAILABILITY, "可用率阶梯",
    steps=(Step(Fraction("99.9"), percent("5")), Step(Fraction("99.5"), percent("10"))),
)  # fmt: skip
HOURS = Clause("hours", ClauseKind.STARTED_HOUR, "修复超时", amount=percent("1"))
WAIVED = Clause("waived", ClauseKind.LATE_REPAIR, "免收当月租费", amount=percent("100"))


def clauses(world: World, *given: Clause, place: Place = EVERYWHERE, begin: date = date(2026, 1, 1)) -> ClauseTerms:
    """Lay clauses down."""
    new = NewTerms("赔偿条款", ClauseSet(given or (STEPS,)), begin, place=place)
    return lay_down(new, at=OVER, by=world.actor("admin"))


def faulty_september(world: World) -> tuple[Ticket, Ticket]:
    """Let the bank's circuit be out 2 h 40 min by our fault, then 1 h 20 min by theirs; tickets of both."""
    promise(world, "99.5")
    LedgerMonth.objects.create(month=SEPTEMBER, reckoned_to=on(1))
    ours = ticket(world.circuit, on(10, 9), "operator")
    outage(world.circuit, on(10, 9), on(10, 11, 40), ticket=ours)
    theirs = ticket(world.circuit, on(10, 11, 40), "customer")
    outage(world.circuit, on(10, 11, 40), on(10, 13), ticket=theirs)
    return ours, theirs


def close() -> None:
    """Close September and let the sweeper do what follows."""
    levels.close_month(SEPTEMBER, OVER, SWEEPER)
    sweep()


def sweep(at: datetime = OVER) -> None:
    """Let the sweeper fire all that is due."""
    while timers.sweep(at=at, by=SWEEPER):
        pass


def late_repair(of: Ticket, circuit: Circuit, *, promised_s: int = 3600, used_s: int = 9600) -> Clock:
    """Let a ticket's restoration clock be missed."""
    return Clock.objects.create(
        ticket=of, kind="restoration", circuit=circuit, promise={}, policy={}, state="breached",
        started_at=of.opened_at, stopped_at=of.opened_at + timedelta(seconds=used_s),
        breached_at=of.opened_at + timedelta(seconds=promised_s), used_s=used_s, total_s=promised_s,
    )  # fmt: skip


def claims(circuit: Circuit) -> list[tuple[str, str, int]]:
    """Return what there is for a circuit: kind, status, amount."""
    return list(Claim.objects.filter(circuit=circuit).order_by("pk").values_list("kind", "status", "amount_fen"))


def all_of_them() -> list[Claim]:
    """Return all claims in order."""
    return list(Claim.objects.order_by("pk"))
