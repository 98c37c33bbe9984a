"""What happens by time and by news: versions come into force, runs go on, changed customers are judged anew (B2)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from mainstay.accounts.contracts.events import ContractsChanged
from mainstay.accounts.customers.events import CustomersChanged
from mainstay.accounts.nominations.events import CustomersNamed
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.tiers.actions.assessing import advance, begin, judged, judgements
from mainstay.accounts.tiers.actions.drafting import put_in_force
from mainstay.accounts.tiers.actions.settling import settle, withdraw
from mainstay.accounts.tiers.choices import Rhythm, RunState, VersionStatus
from mainstay.accounts.tiers.facts.selection import some
from mainstay.accounts.tiers.models import RuleSet, RuleVersion, Run, Waiting
from mainstay.accounts.tiers.timing import FORCE, NIGHT, PART, judge_soon, next_night
from mainstay.domain.actor import Actor
from mainstay.platform.timers.actions import register as on_due
from mainstay.platform.timers.models import Timer

MONTHLY_ON = 6
"""The day of the month on which everybody is judged: billing has closed the month before by then."""
AT_ONCE = {"postgresql": 500, "sqlite": 50}
"""Changed customers judged in one transaction."""


def register() -> None:
    """Tell the sweeper what this room's timers do."""
    on_due(FORCE, _force)
    on_due(PART, _part)
    on_due(NIGHT, _night)


def on_revenue_changed(event: RevenueChanged, by: Actor) -> None:
    """Judge customers anew whose bills or payments changed."""
    _note(event.customer_ids)


def on_contracts_changed(event: ContractsChanged, by: Actor) -> None:
    """Judge customers anew whose contracts changed."""
    _note(event.customer_ids)


def on_customers_changed(event: CustomersChanged, by: Actor) -> None:
    """Judge customers anew that were made, or whose place in the archive changed."""
    _note(event.customer_ids)


def on_customers_named(event: CustomersNamed, by: Actor) -> None:
    """Judge customers anew who were nominated, or are no longer."""
    _note(event.customer_ids)


def _note(customer_ids: Collection[int]) -> None:
    if RuleSet.objects.filter(is_on=True).exists():
        judge_soon(customer_ids)


def _force(due: list[Timer], at: datetime, by: Actor) -> None:
    for timer in due:
        found = RuleVersion.objects.select_for_update().filter(pk=timer.owner_id).first()
        if found is not None:
            put_in_force(found, at=at, by=by)


def _part(due: list[Timer], at: datetime, by: Actor) -> None:
    """Do the next part of runs; one that others finished meanwhile is over."""
    for timer in due:
        if Run.objects.filter(pk=timer.owner_id, done=int(timer.rung)).exists():
            advance(timer.owner_id, at=at, by=by)


def _night(_due: list[Timer], at: datetime, by: Actor) -> None:
    """Begin the runs that are due and not done yet: a night that was missed is made up for."""
    today = timezone.localdate(at)
    month = today if today.day >= MONTHLY_ON else today.replace(day=1) - timedelta(days=1)
    since = {Rhythm.DAILY: today, Rhythm.MONTHLY: month.replace(day=MONTHLY_ON)}
    for owner in RuleSet.objects.filter(is_on=True, rhythm__in=since):
        if not Run.objects.filter(version__rule_set=owner, trial=False, on__gte=since[Rhythm(owner.rhythm)]).exists():
            judge_all(owner, at=at, by=by)
    next_night(at=at)


def judge_all(owner: RuleSet, *, at: datetime, by: Actor) -> Run | None:
    """Begin a run over everybody by the version in force, unless one is under way."""
    found = owner.versions.filter(status=VersionStatus.IN_FORCE).select_related("rule_set").first()
    under_way = (RunState.WAITING, RunState.RUNNING)
    if found is None or Run.objects.filter(version__rule_set=owner, trial=False, state__in=under_way).exists():
        return None
    return begin(found, at=at, by=by)


@transaction.atomic
def judge_waiting(*, at: datetime, by: Actor) -> int:
    """Judge some of the customers whose facts changed; return how many, 0 when none waits any more."""
    if not Waiting.objects.exists():
        return 0
    rows = Waiting.objects.select_for_update(skip_locked=True).order_by("pk")[: AT_ONCE[connection.vendor]]
    ids = [row.pk for row in rows]
    Waiting.objects.filter(pk__in=ids).delete()
    judge_some(ids, on=timezone.localdate(at), at=at, by=by)
    return len(ids)


def judge_some(customer_ids: Collection[int], *, on: date, at: datetime, by: Actor) -> int:
    """Judge some customers by every rule set that is on; return how many changes came of it. In a transaction."""
    if not customer_ids:
        return 0
    chosen, count = some(customer_ids), 0
    versions = RuleVersion.objects.filter(status=VersionStatus.IN_FORCE, rule_set__is_on=True)
    for found in versions.select_related("rule_set").order_by("rule_set__position"):
        part = judged(found.rule_set, found.table, chosen, on=on)
        changes = judgements(part)
        same = set(chosen.ids.tolist()) - {one.customer_id for one in changes}
        withdraw(found.rule_set, same, at=at)
        settle(found, changes, granted=False, on=on, at=at, by=by, alone=True)
        count += len(changes)
    return count
