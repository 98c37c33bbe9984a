"""Say how many days before their end managers are told of contracts (D1)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.contracts.choices import LIVE
from mainstay.accounts.contracts.errors import BadContract
from mainstay.accounts.contracts.models import Contract, ReminderRule
from mainstay.accounts.contracts.turning import watch
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

PART = 2_000


@transaction.atomic
def set_reminder_days(days: Collection[int], *, at: datetime, by: Actor) -> None:
    """Tell managers so many days before the end from now on. Raises BadContract for days out of 1 to 730."""
    require(by, Permission.SETTINGS)
    wanted = set(days)
    if not all(1 <= each <= 730 for each in wanted) or not 0 < len(wanted) <= 10:
        raise BadContract(msgid("Give one to ten numbers of days, each 1 to 730."))
    before = sorted(ReminderRule.objects.values_list("days", flat=True), reverse=True)
    ReminderRule.objects.exclude(days__in=wanted).delete()
    ReminderRule.objects.bulk_create(ReminderRule(days=each) for each in sorted(wanted - set(before)))
    after = {"days": sorted(wanted, reverse=True)}
    journal.record("contract.reminders", [Change("contract", 0, "", {"days": before}, after)], at=at, by=by)
    today = timezone.localdate(at)
    ending = Contract.objects.filter(status__in=LIVE, ends_on__gt=today)
    rows = list(ending.filter(ends_on__lte=today + timedelta(days=max(wanted, default=0) + 400)).order_by("pk"))
    for start in range(0, len(rows), PART):
        watch(rows[start : start + PART], at=at)
