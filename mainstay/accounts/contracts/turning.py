"""What comes by itself: versions and contracts begin and end on their day, renew themselves, and their end is told.

Two timers a contract, each for the next day that matters; when one fires, it is looked at what is due then, and the
next one is set. A change meanwhile sets another; the old one then finds nothing to do (promise-clocks 22).
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.choices import LIVE, ContractStatus
from mainstay.accounts.contracts.models import Contract, ContractLine, ContractVersion
from mainstay.accounts.contracts.queries import reminder_days
from mainstay.accounts.contracts.snapshots import facts_of, keep_missing
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import Due, set_timers
from mainstay.platform.timers.actions import register as on_due
from mainstay.platform.timers.models import Timer

TURN, REMIND = "contract.turn", "contract.remind"
TOLD_AT = time(8, 30)
"""When managers are told, in the operator's zone."""


def register() -> None:
    """Tell the sweeper what this room's timers do."""
    on_due(TURN, turn_due)
    on_due(REMIND, remind_due)


def watch(contracts: Sequence[Contract], *, at: datetime) -> None:
    """Set the timers for the next days that matter of contracts, in the caller's transaction (3 queries)."""
    today = timezone.localdate(at)
    rules = reminder_days()
    coming: dict[int, list[date]] = {}
    later = ContractVersion.objects.filter(contract__in=contracts, valid_from__gt=today)
    for contract_id, day in later.values_list("contract", "valid_from"):
        coming.setdefault(contract_id, []).append(day)
    wanted: list[Due] = []
    for row in contracts:
        if row.status in LIVE:
            wanted += _turn(row, coming.get(row.pk, []), today) + _reminder(row, rules, today, at=at)
    set_timers(wanted)


def _turn(row: Contract, versions: Iterable[date], today: date) -> list[Due]:
    days = [day for day in (row.starts_on, row.ends_on, *versions) if day is not None and day > today]
    return [Due(TURN, "contract", row.pk, f"{min(days)}", _instant(min(days), time()))] if days else []


def _reminder(row: Contract, rules: Sequence[int], today: date, *, at: datetime) -> list[Due]:
    if row.ends_on is None or row.ends_on <= today:
        return []
    coming = [(row.ends_on - timedelta(days=days), days) for days in rules]
    ahead = [one for one in coming if one[0] > today]
    passed = [one for one in coming if one[0] <= today]
    found = [Due(REMIND, "contract", row.pk, f"{row.ends_on}:{days}", _instant(day, TOLD_AT))
             for day, days in ([min(ahead)] if ahead else [])]  # fmt: skip
    if passed:
        found.append(Due(REMIND, "contract", row.pk, f"{row.ends_on}:{max(passed)[1]}", at))
    return found


def _instant(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def turn_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Do what is due of contracts today: apply versions, begin, renew, end."""
    today = timezone.localdate(at)
    rows = _locked(timers)
    for row in rows:
        if row.status not in LIVE:
            continue
        before = {"status": row.status, "version": row.version, "ends_on": row.ends_on}
        apply_version(row, today)
        if row.status == ContractStatus.REGISTERED and row.starts_on <= today:
            row.status = ContractStatus.ACTIVE
        if row.ends_on is not None and row.ends_on <= today:
            _come_to_an_end(row, at=at, by=by)
        after = {"status": row.status, "version": row.version, "ends_on": row.ends_on}
        if after != before:
            row.revision += 1
            row.save(update_fields=["status", "version", "ends_on", "revision"])
            journal.record("contract.turn", [_entry(row, before, after)], at=at, by=by)
    watch(rows, at=at)


def _come_to_an_end(row: Contract, *, at: datetime, by: Actor) -> None:
    assert row.ends_on is not None
    if row.notice_on is not None:
        row.status = ContractStatus.TERMINATED
    elif row.followed_by_id is not None:
        row.status = ContractStatus.RENEWED
    elif row.auto_renew_months:
        extend(row, row.ends_on, months_later(row.ends_on, row.auto_renew_months), "", at=at, by=by)
    else:
        row.status = ContractStatus.ENDED


def extend(
    row: Contract, valid_from: date, until: date | None, why: str, *, at: datetime, by: Actor
) -> ContractVersion:
    """Let a contract go on until a day, as a further version; the caller saves it."""
    keep_missing([row], at=at, by=by)
    newest = row.versions.order_by("-number").first()
    assert newest is not None
    row.ends_on = until
    facts = {**newest.facts, "ends_on": until.isoformat() if until else None}
    with translation.override(settings.LANGUAGE_CODE):
        why = why or gettext("Renewed itself, as agreed.")
    version = ContractVersion.objects.create(contract=row, number=newest.number + 1, facts=facts, why=why[:400],
                                             valid_from=valid_from, made_at=at, made_by=by.name[:80])  # fmt: skip
    if version.valid_from <= timezone.localdate(at):
        row.version = version.number
    return version


def apply_version(row: Contract, today: date) -> None:
    """Let the lines say what the version in force on a day says; the caller saves the contract's own columns."""
    version = row.versions.filter(valid_from__lte=today).order_by("-number").first()
    if version is None or version.number == row.version:
        return
    lines = {line.position: line for line in row.lines.select_related("product")}
    said = {line["position"]: line for line in version.facts["lines"]}
    products = _products(said)
    for position, line in lines.items():
        told = said.get(position)
        line.in_force = told is not None
        if told is not None:
            line.product_id, line.grade = products[told["product"]], told["grade"]
            line.monthly_price_fen = told["monthly_price_fen"]
    ContractLine.objects.bulk_update(lines.values(), ["in_force", "product", "grade", "monthly_price_fen"])
    row.version = version.number


def _products(said: Mapping[int, Mapping[str, str]]) -> dict[str, int]:
    return dict(Product.objects.filter(code__in={line["product"] for line in said.values()}).values_list("code", "pk"))


def remind_due(timers: list[Timer], at: datetime, by: Actor) -> None:
    """Tell managers of contracts that end, and of those that renew themselves; once a rung."""
    rows = {row.pk: row for row in _locked(timers)}
    told = []
    for timer in timers:
        row = rows.get(timer.owner_id)
        ends_on = timer.rung.rsplit(":", 1)[0]
        if row is None or row.status not in LIVE or f"{row.ends_on}" != ends_on or row.followed_by_id:
            continue
        if row.customer.account_manager_id is not None:
            told.append(_message(row, timer.rung, today=timezone.localdate(at)))
    send(told, at=at)
    watch(list(rows.values()), at=at)


def _message(row: Contract, rung: str, *, today: date) -> NewMessage:
    manager = row.customer.account_manager
    assert manager is not None
    assert row.ends_on is not None
    days = {"number": row.number, "name": row.name, "customer": row.customer.name, "day": row.ends_on,
            "n": (row.ends_on - today).days, "months": row.auto_renew_months,
            "until": row.ends_on - timedelta(days=row.notice_days)}  # fmt: skip
    with translation.override(getattr(manager, "language", "") or settings.LANGUAGE_CODE):
        subject = gettext("Contract %(number)s of %(customer)s ends in %(n)s days, on %(day)s") % days
        if row.notice_on is not None:
            body = gettext("Notice was given. Talk to the customer, or see to the taking down of its circuits.")
        elif row.auto_renew_months:
            subject = gettext("Contract %(number)s of %(customer)s renews itself in %(n)s days, on %(day)s") % days
            body = gettext("It goes on for %(months)s months. Who does not want that gives notice before %(until)s.")
        else:
            body = gettext("“%(name)s” does not renew itself. Agree with the customer on how it goes on.")
    return NewMessage(
        kind=Message.Kind.INFORMATION, to_name=manager.display_name, subject=subject[:200], body=body % days,
        user_id=manager.pk, dedupe_key=f"contract:{row.pk}:end:{rung}", object_kind="contract", object_id=row.pk,
        customer_id=row.customer_id, region_code=row.customer.region_id or "",
    )  # fmt: skip


def _locked(timers: Iterable[Timer]) -> list[Contract]:
    ids = {timer.owner_id for timer in timers}
    list(Contract.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    rows = Contract.objects.filter(pk__in=ids).select_related("customer__account_manager").order_by("pk")
    return list(rows)


def _entry(row: Contract, before: dict[str, object], after: dict[str, object]) -> Change:
    owner: Customer = row.customer
    return Change("contract", row.pk, row.number, before, after, owner.pk, owner.region_id)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, the month's last one where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def current_facts(row: Contract) -> dict[str, object]:
    """Return what a contract says now, lines read anew."""
    return facts_of(row, row.lines.filter(in_force=True).select_related("product"))
