"""Write filters for VIPs, and rules for waves of balances; say when a filter runs by itself (B6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.accounts.nominations.choices import MOST_DAYS, MOST_FACTORS, Measure, Mode
from mainstay.accounts.nominations.errors import BadFilter, NoSuchFilter
from mainstay.accounts.nominations.measuring import FactorRule, Rules
from mainstay.accounts.nominations.models import Factor, VipFilter, WaveRule
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.documents.actions.scheduling import next_day
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.timers import actions as timers

PURPOSE = "nominations.filter"
MOST_WEIGHT = 1_000
LARGEST = 10**15


@dataclass(frozen=True)
class NewFilter:
    """A filter wanted; `least_score` is in points, `day` None: it runs by hand only."""

    name: str
    factors: tuple[FactorRule, ...]
    mode: str = Mode.ALL.value
    least_score: int = 0
    note: str = ""
    active: bool = True
    day: int | None = None
    hour: int = 6


@transaction.atomic
def save_filter(new: NewFilter, *, filter_id: int | None = None, at: datetime, by: Actor) -> VipFilter:
    """Write a filter down, or its next version; runs keep the rules they had. Raises NoSuchFilter, BadFilter."""
    require(by, Permission.SETTINGS)
    row = _locked(filter_id) if filter_id is not None else VipFilter(version=0)
    _check(new, row.pk)
    before = rules_of(row).as_json() | {"name": row.name, "day": row.day} if row.pk else None
    for name in ("name", "note", "mode", "least_score", "active", "day", "hour"):
        setattr(row, name, getattr(new, name))
    row.version, row.changed_at, row.changed_by, row.owner_id = row.version + 1, at, by.name[:80], by.user_id
    row.next_at = next_day(new.day, new.hour, after=at) if new.day is not None and new.active else None
    row.last_problem = ""
    row.save()
    row.factors.all().delete()
    Factor.objects.bulk_create(
        Factor(vip_filter=row, position=n, **vars(each)) for n, each in enumerate(new.factors, start=1)
    )
    set_timer(row, at=at)
    after = Rules(new.mode, new.least_score, new.factors).as_json() | {"name": row.name, "day": row.day}
    change = Change("vip_filter", row.pk, row.name, before, after)
    journal.record("vip_filter.update" if before else "vip_filter.add", [change], at=at, by=by)
    return row


def set_timer(row: VipFilter, *, at: datetime) -> None:
    """Set the timer of a filter's next run, take back the former one; in the caller's transaction."""
    timers.cancel(PURPOSE, "vip_filter", [row.pk], at=at)
    if row.next_at is not None:
        rung = f"{row.next_at:%Y%m%dT%H%M%S}"
        timers.set_timers([timers.Due(PURPOSE, "vip_filter", row.pk, rung, row.next_at)])


def rules_of(row: VipFilter) -> Rules:
    """Return a filter as a run judges by it (1 query)."""
    factors = tuple(FactorRule(f.measure, f.days, f.least, f.weight) for f in row.factors.order_by("position"))
    return Rules(row.mode, row.least_score, factors)


@transaction.atomic
def save_wave_rule(
    name: str, *, percent: int, least_fen: int, days: int, active: bool = True, rule_id: int | None = None,
    at: datetime, by: Actor,
) -> WaveRule:  # fmt: skip
    """Say which change of a customer's deposits is told to the manager. Raises NoSuchFilter, BadFilter."""
    require(by, Permission.SETTINGS)
    row = WaveRule() if rule_id is None else WaveRule.objects.select_for_update().filter(pk=rule_id).first()
    if row is None:
        raise NoSuchFilter(msgid("There is no rule {id}; choose one of the list."), id=rule_id)
    wrong = not name.strip() or not 1 <= percent <= 10_000 or not 0 <= least_fen <= LARGEST or not 1 <= days <= 92
    if wrong or WaveRule.objects.filter(name=name).exclude(pk=row.pk).exists():
        raise BadFilter(
            msgid("Rule “{name}”: give a name of its own, 1 to 10,000 per cent, an amount, and 1 to 92 days."),
            name=name,
        )
    row.name, row.percent, row.least_fen, row.days, row.active = name, percent, least_fen, days, active
    row.save()
    after = {"percent": percent, "least_fen": least_fen, "days": days, "active": active}
    journal.record("wave_rule.save", [Change("wave_rule", row.pk, row.name, None, after)], at=at, by=by)
    return row


def _locked(filter_id: int) -> VipFilter:
    row = VipFilter.objects.select_for_update().filter(pk=filter_id).first()
    if row is None:
        raise NoSuchFilter(msgid("There is no filter {id}; choose one of the list."), id=filter_id)
    return row


def _check(new: NewFilter, pk: int | None) -> None:
    if not new.name.strip() or VipFilter.objects.filter(name=new.name).exclude(pk=pk or 0).exists():
        raise BadFilter(msgid("A filter needs a name of its own, not “{name}”."), name=new.name)
    if not 1 <= len(new.factors) <= MOST_FACTORS:
        raise BadFilter(msgid("Filter “{name}” needs 1 to {most} factors; add one."), name=new.name, most=MOST_FACTORS)
    for each in new.factors:
        right = each.measure in Measure.values and 1 <= each.days <= MOST_DAYS and 1 <= each.least <= LARGEST
        if not right or not 0 <= each.weight <= MOST_WEIGHT:
            raise BadFilter(
                msgid("Filter “{name}”: a factor has 1 to {days} days, a least above 0 and a weight of 0 to {weight}; "
                      "correct it."), name=new.name, days=MOST_DAYS, weight=MOST_WEIGHT,
            )  # fmt: skip
    weight = sum(each.weight for each in new.factors)
    if new.mode not in Mode.values or (new.mode == Mode.WEIGHTS and not 1 <= new.least_score <= weight):
        raise BadFilter(
            msgid("Filter “{name}”: the least score lies between 1 and the sum of the weights, {weight}."),
            name=new.name, weight=weight,
        )  # fmt: skip
    if new.day is not None and not (1 <= new.day <= 28 and 0 <= new.hour <= 23):
        raise BadFilter(msgid("Filter “{name}” runs on day 1 to 28, at hour 0 to 23; correct it."), name=new.name)
