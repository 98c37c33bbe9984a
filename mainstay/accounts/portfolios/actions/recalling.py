"""Let customers return to the pool by the rules: warn, wait, return; a daily look, set by a timer (A8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from mainstay.accounts.customers.actions.owners import set_owner
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.choices import RecallState, RuleKind
from mainstay.accounts.portfolios.models import Recall, RecycleRule
from mainstay.accounts.portfolios.queries.notes import last_contact
from mainstay.accounts.portfolios.returning import Reach, reaches, returning
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import staff_holding
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.actions.sending import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.models import Timer

PURPOSE = "portfolios.review"
HOUR = 7
"""The hour of the day (operator's zone) in which the rules are looked at."""
AT_ONCE = 300
"""Customers looked at in one transaction; more follow a minute later."""
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Reviewed:
    """What a look did: customers warned about, returned, kept after all; `more`: not everything was looked at."""

    warned: int = 0
    returned: int = 0
    kept: int = 0
    more: bool = False


@transaction.atomic
def review(*, at: datetime, by: Actor) -> Reviewed:
    """Warn about customers that a rule sees, return those whose warning ran out, keep those it no longer sees.

    Doing it twice changes nothing. For workers: it looks at every customer, whoever calls.
    """
    standing = reaches(at)
    kept = _keep(standing, at=at, by=by)
    returned = _return(at=at, by=by)
    warned = _warn(standing, at=at, by=by)
    return Reviewed(warned, returned, kept, more=max(warned, returned) >= AT_ONCE)


def review_due(due: list[Timer], at: datetime, by: Actor) -> None:
    """Look when the day's timer is due; set the next, soon if there is more to do."""
    if not RecycleRule.objects.filter(active=True).exists():
        return
    done = review(at=at, by=by)
    schedule_review(after=at, on=at + SOON if done.more else None)


def schedule_review(*, after: datetime, on: datetime | None = None) -> None:
    """Set the timer of the next look: the next morning, or at an instant."""
    due_at = on or next_morning(after)
    rung = f"{due_at:%Y%m%dT%H%M%S}"
    timers.set_timers([timers.Due(PURPOSE, "portfolios", 1, rung, due_at)])


def next_morning(after: datetime) -> datetime:
    """Return the next time it is HOUR o'clock in the operator's zone."""
    local = timezone.localtime(after)
    day = local.date() if local.hour < HOUR else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(HOUR)))


def register() -> None:
    """Tell the timers what a due look does."""
    timers.register(PURPOSE, review_due)


def _keep(standing: Sequence[Reach], *, at: datetime, by: Actor) -> int:
    """End the warnings whose reason is gone: a contact was noted, the manager is back, or is another."""
    open_ones = Recall.objects.select_for_update(of=("self",)).select_related("customer")
    rows = list(open_ones.filter(state=RecallState.WARNED).order_by("pk"))
    ids = [row.customer_id for row in rows]
    seen: set[tuple[int, int, str]] = set()
    for reach in standing:
        found = returning(reach, Customer.objects.filter(pk__in=ids), at).values_list("pk", "account_manager_id")
        seen |= {(pk, owner, reach.rule.kind) for pk, owner in found}
    gone = [row for row in rows if (row.customer_id, row.user_id, row.rule_kind) not in seen]
    Recall.objects.filter(pk__in=[row.pk for row in gone]).update(state=RecallState.KEPT, ended_at=at)
    changes = [
        Change("customer", row.customer_id, row.customer.name, {"recall": RecallState.WARNED},
               {"recall": RecallState.KEPT}, customer_id=row.customer_id, region_code=row.customer.region_id)
        for row in gone
    ]  # fmt: skip
    journal.record("customer.recall_kept", changes, at=at, by=by)
    return len(gone)


def _return(*, at: datetime, by: Actor) -> int:
    due = Recall.objects.select_for_update().filter(state=RecallState.WARNED, due_at__lte=at).order_by("due_at", "pk")
    rows = {row.customer_id: row for row in due[:AT_ONCE]}
    customers = list(Customer.objects.select_for_update().filter(pk__in=rows).order_by("pk"))
    for kind in RuleKind:
        part = [c for c in customers if rows[c.pk].rule_kind == kind]
        if part:
            set_owner(part, None, "customer.recall", at=at, by=by.because(WHY[kind]))
    Recall.objects.filter(pk__in=[row.pk for row in rows.values()]).update(state=RecallState.RETURNED, ended_at=at)
    return len(rows)


WHY: dict[str, str] = {
    RuleKind.NO_NOTE: msgid("No contact was noted for too long"),
    RuleKind.LOCKED: msgid("The account manager may no longer sign in"),
    RuleKind.LEAVE: msgid("The account manager is on long leave"),
}
"""Why a customer returned, as the history keeps it."""


def _warn(standing: Sequence[Reach], *, at: datetime, by: Actor) -> int:
    """Warn of customers a rule sees and nobody was warned of, at most AT_ONCE."""
    made: dict[int, Recall] = {}
    regions: dict[int, str] = {}
    names: dict[int, str] = {}
    for reach in standing:
        left = AT_ONCE - len(made)
        open_ones = Recall.objects.filter(ended_at__isnull=True).values("customer_id")
        rows = returning(reach, Customer.objects.exclude(pk__in=open_ones), at).exclude(pk__in=made).order_by("pk")
        found = list(rows[:left])
        noted = last_contact([row.pk for row in found]) if reach.users is None else {}
        for row in found:
            made[row.pk] = _recall(row, reach, noted.get(row.pk), at)
            regions[row.pk], names[row.pk] = row.region_id, row.name
    if made:
        Recall.objects.bulk_create(made.values())
        changes = [
            Change("customer", pk, names[pk], None, {"recall": row.rule_kind, "due_at": row.due_at}, customer_id=pk,
                   region_code=regions[pk])
            for pk, row in made.items()
        ]  # fmt: skip
        journal.record("customer.recall_warn", changes, at=at, by=by)
        _tell(list(made.values()), regions, at=at)
    return len(made)


def _recall(row: Customer, reach: Reach, noted: datetime | None, at: datetime) -> Recall:
    assert row.account_manager_id is not None
    since = reach.users.get(row.account_manager_id) if reach.users is not None else _day(noted)
    return Recall(
        customer_id=row.pk, user_id=row.account_manager_id, rule_kind=reach.rule.kind, days=reach.rule.days,
        since_on=since, warned_at=at, due_at=at + timedelta(days=reach.rule.warn_days),
    )  # fmt: skip


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


def _tell(rows: Sequence[Recall], regions: dict[int, str], *, at: datetime) -> None:
    """Tell each manager, and the leaders of the region, once per look how many customers would return."""
    by_owner: dict[int, list[Recall]] = {}
    by_region: dict[str, list[Recall]] = {}
    for row in rows:
        by_owner.setdefault(row.user_id, []).append(row)
        by_region.setdefault(regions[row.customer_id], []).append(row)
    told: dict[int, list[Recall]] = {}
    for region, part in by_region.items():
        for leader in staff_holding(Permission.ASSIGN_CUSTOMERS, region).filter(duties__duty=Duty.LEADER):
            told.setdefault(leader.pk, []).extend(part)
    users = {user.pk: user for user in User.objects.filter(pk__in={*by_owner, *told}, is_active=True)}
    told = {pk: part for pk, part in told.items() if pk not in by_owner} | by_owner
    send([_message(users[pk], part, at) for pk, part in told.items() if pk in users], at=at)


def _message(user: User, rows: Sequence[Recall], at: datetime) -> NewMessage:
    first = min(rows, key=lambda row: row.due_at)
    with translation.override(user.language or None):
        subject = ngettext("%(n)s customer returns to the pool soon", "%(n)s customers return to the pool soon",
                           len(rows)) % {"n": len(rows)}  # fmt: skip
        body = gettext("The first on %(day)s. A contact note, or another manager, keeps a customer.") % {
            "day": timezone.localtime(first.due_at).date().isoformat()
        }
    return NewMessage(
        kind=Message.Kind.WARNING, to_name=str(user), subject=subject, body=body, user_id=user.pk,
        dedupe_key=f"recall-{user.pk}-{at:%Y%m%dT%H%M%S}", object_kind="recall", object_id=user.pk,
    )  # fmt: skip
