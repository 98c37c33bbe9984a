"""Close a month: reckon it once more from scratch, then freeze it as its first version (H7)."""

from datetime import date, datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News
from mainstay.service.service_levels.actions.reckoning import reckon_month
from mainstay.service.service_levels.errors import WrongMonth
from mainstay.service.service_levels.events import MonthClosed
from mainstay.service.service_levels.models import LedgerMonth, MonthVersion
from mainstay.service.service_levels.months import bounds


def close_month(month: date, at: datetime, by: Actor) -> LedgerMonth:
    """Freeze a month that is over.

    Raises WrongMonth: it still runs, or is closed already; NotAllowed: to one who does not see all circuits.
    """
    require(by, Permission.APPROVE)
    _check(month, at, LedgerMonth.objects.filter(month=month).first())
    if not by.sees_everything and Circuit.objects.exclude(scope(by)).exists():
        raise NotAllowed(
            msgid("You do not see all circuits of {month}; somebody who sees all of them must close it."),
            month=f"{month:%Y-%m}",
        )
    reckon_month(month, at=at, by=by)
    return _freeze(month, at=at, by=by)


@transaction.atomic
def _freeze(month: date, *, at: datetime, by: Actor) -> LedgerMonth:
    row = LedgerMonth.objects.select_for_update().get(month=month)
    _check(month, at, row)
    row.version, row.closed_at, row.closed_by = 1, at, by.name[:80]
    row.save(update_fields=["version", "closed_at", "closed_by"])
    MonthVersion.objects.create(month=row, version=1, at=at, by_name=by.name[:80], why=by.why[:400])
    change = Change("ledger_month", row.pk, f"{month:%Y-%m}", {"version": 0}, {"version": 1})
    journal.record("month.close", [change], at=at, by=by)
    journal.publish([News("month", "ledger_month", row.pk)], at=at)
    journal.announce(MonthClosed(month, 1), by=by)
    return row


def _check(month: date, at: datetime, row: LedgerMonth | None) -> None:
    if month.day != 1:
        raise WrongMonth(msgid("{day} is not the first day of a month; name the month by it."), day=month.isoformat())
    if at < bounds(month)[1]:
        raise WrongMonth(msgid("The month {month} still runs; close it when it is over."), month=f"{month:%Y-%m}")
    if row is not None and row.closed_at is not None:
        raise WrongMonth(
            msgid("The month {month} was closed by {name} already; propose another responsibility to change it."),
            month=f"{month:%Y-%m}",
            name=row.closed_by,
        )
