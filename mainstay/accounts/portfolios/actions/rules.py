"""Set the rules of the pool: how many one may hold, when a customer returns; who is away (A8)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.portfolios.actions.recalling import schedule_review
from mainstay.accounts.portfolios.choices import RuleKind
from mainstay.accounts.portfolios.errors import BadPortfolio
from mainstay.accounts.portfolios.models import Absence, HoldingLimit, RecycleRule
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewRule:
    """A recycle rule; `grade` empty: every grade that has no rule of its own. Days are calendar days."""

    kind: str
    grade: str
    days: int
    warn_days: int = 7
    active: bool = True


SHIPPED = (
    NewRule(RuleKind.NO_NOTE, ServiceGrade.GOLD, 30),
    NewRule(RuleKind.NO_NOTE, ServiceGrade.SILVER, 60),
    NewRule(RuleKind.NO_NOTE, ServiceGrade.BRONZE, 90),
    NewRule(RuleKind.NO_NOTE, "", 180, 14),
    NewRule(RuleKind.LOCKED, "", 3, 2),
    NewRule(RuleKind.LEAVE, "", 30, 7),
)
SHIPPED_LIMITS = {ServiceGrade.GOLD: 30, ServiceGrade.SILVER: 60, ServiceGrade.BRONZE: 120}


@transaction.atomic
def load_shipped(*, at: datetime, by: Actor, active: bool = False) -> int:
    """Lay down the rules the house is shipped with where there are none; return how many. At rest unless `active`."""
    require(by, Permission.SETTINGS)
    if RecycleRule.objects.exists():
        return 0
    for new in SHIPPED:
        save_rule(NewRule(new.kind, new.grade, new.days, new.warn_days, active), at=at, by=by)
    set_limits({str(grade): most for grade, most in SHIPPED_LIMITS.items()}, at=at, by=by)
    return len(SHIPPED)


@transaction.atomic
def save_rule(new: NewRule, *, at: datetime, by: Actor) -> RecycleRule:
    """Set a rule of a kind and grade, or change it; an active one begins to be looked at. Raises BadPortfolio."""
    require(by, Permission.SETTINGS)
    known = new.kind in RuleKind.values and new.grade in ("", *ServiceGrade.values)
    if not known or not 1 <= new.days <= 3650 or not 0 <= new.warn_days <= 365:
        raise BadPortfolio(msgid("A rule needs a kind, 1 to 3650 days, and 0 to 365 days of warning; correct it."))
    row = RecycleRule.objects.select_for_update().filter(kind=new.kind, grade=new.grade).first()
    before = _told(row) if row else None
    row = row or RecycleRule(kind=new.kind, grade=new.grade)
    row.days, row.warn_days, row.active = new.days, new.warn_days, new.active
    row.save()
    if before != asdict(new):
        change = Change("recycle_rule", row.pk, str(RuleKind(new.kind).label), before, asdict(new))
        journal.record("recycle_rule.set", [change], at=at, by=by)
    if new.active:
        schedule_review(after=at)
    return row


@transaction.atomic
def set_limits(limits: dict[str, int | None], *, at: datetime, by: Actor) -> None:
    """Set how many customers of a grade one may claim up to; None: any number. Raises BadPortfolio."""
    require(by, Permission.SETTINGS)
    if not set(limits) <= set(ServiceGrade.values) or any(most is not None and most < 0 for most in limits.values()):
        raise BadPortfolio(msgid("A limit is a number of customers of a grade; correct it."))
    before = {grade: most for grade, most in HoldingLimit.objects.values_list("grade", "most") if grade in limits}
    after = {grade: most for grade, most in limits.items() if most is not None}
    if before == after:
        return
    HoldingLimit.objects.filter(grade__in=limits).delete()
    HoldingLimit.objects.bulk_create(HoldingLimit(grade=grade, most=most) for grade, most in after.items())
    journal.record("holding_limit.set", [Change("holding_limit", 1, "", before, after)], at=at, by=by)


@transaction.atomic
def note_absence(user_id: int, from_on: date, to_on: date | None, why: str, *, at: datetime, by: Actor) -> Absence:
    """Note that an account manager is away. Raises BadPortfolio (no such manager, an end before the begin)."""
    require(by, Permission.ASSIGN_CUSTOMERS)
    user = _manager(user_id, by)
    if to_on is not None and to_on < from_on:
        raise BadPortfolio(msgid("The leave of {name} would end before it begins; correct the days."), name=str(user))
    row = Absence.objects.create(user=user, from_on=from_on, to_on=to_on, why=why.strip(), by_name=by.name[:80])
    told = {"from_on": from_on, "to_on": to_on, "why": row.why}
    journal.record("absence.add", [Change("absence", row.pk, str(user)[:160], None, told)], at=at, by=by)
    schedule_review(after=at)
    return row


@transaction.atomic
def end_absence(absence_id: int, *, at: datetime, by: Actor) -> Absence:
    """Note that somebody is back; doing it twice changes nothing. Raises BadPortfolio."""
    require(by, Permission.ASSIGN_CUSTOMERS)
    row = Absence.objects.select_for_update(of=("self",)).select_related("user").filter(pk=absence_id).first()
    if row is None:
        raise BadPortfolio(msgid("There is no such leave; choose one of the list."))
    _manager(row.user_id, by)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        change = Change("absence", row.pk, str(row.user)[:160], {"ended_at": None}, {"ended_at": at})
        journal.record("absence.end", [change], at=at, by=by)
    return row


def _manager(user_id: int, by: Actor) -> User:
    user = User.objects.filter(pk=user_id, customer_id__isnull=True).prefetch_related("duties").first()
    regions = [each.region_code for each in user.duties.all()] if user else []
    if user is None or not any(may_see(by, customer_id=None, region_code=code) for code in regions):
        raise BadPortfolio(msgid("There is no such account manager in your regions; choose one of the list."))
    return user


def _told(row: RecycleRule) -> dict[str, object]:
    return asdict(NewRule(row.kind, row.grade, row.days, row.warn_days, row.active))
