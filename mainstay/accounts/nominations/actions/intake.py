"""Take figures of accounts in, day by day; the same again changes nothing, another figure of the day replaces (B6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.accounts.nominations.cells import MISSING, Numbers, month_of, packed, unpacked
from mainstay.accounts.nominations.choices import AccountKind, Figure
from mainstay.accounts.nominations.errors import BadFigure
from mainstay.accounts.nominations.models import Account, AccountMonth, RegionDay
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission

LARGEST_FEN = 10**15
LONGEST_NUMBER = 40
AHEAD, OLDEST_DAYS = timedelta(days=1), 3_660
_KNOWN = ("account", "customer", "kind", "on", *Figure.values)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """An account's figures of one day; None leaves what is there. Amounts in fen; `customer` is a code."""

    account: str
    customer: str
    kind: str
    on: date
    balance: int | None = None
    count: int | None = None
    amount: int | None = None
    settled: int | None = None
    contribution: int | None = None

    @property
    def given(self) -> dict[str, int]:
        """Return the figures that are given, by name."""
        named = {name: getattr(self, name) for name in Figure.values}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a batch: how many were taken, by position why the others were not, what changed.

    `before` holds by position the former figures (None: there was none); `advanced` the customers of whom a newer day
    is known now.
    """

    accepted: int
    refused: dict[int, BadFigure]
    before: dict[int, dict[str, int | None]] = field(default_factory=dict)
    accounts: dict[int, int] = field(default_factory=dict)
    advanced: frozenset[int] = frozenset()

    def reasons(self) -> dict[int, str]:
        """Return why figures were refused, in the reader's language."""
        return {position: error.explain(gettext) for position, error in self.refused.items()}


@transaction.atomic
def take(figures: Sequence[DayFigures | BadFigure], *, at: datetime, by: Actor) -> Answer:
    """Take the good figures of a batch in; bad ones spoil no good ones. Raises NotAllowed.

    Of two of one account and day in a batch the later counts. About 10 queries, and two for each month touched.
    """
    require(by, Permission.SEND_BALANCES)
    refused: dict[int, BadFigure] = {}
    sound: dict[int, DayFigures] = {}
    for position, each in enumerate(figures):
        error = each if isinstance(each, BadFigure) else fault_in(each, at.date())
        if error is None:
            sound[position] = each  # type: ignore[assignment]  # a BadFigure is its own error
        else:
            refused[position] = error
    accounts = _accounts(sound, refused, by=by)
    kept = {position: each for position, each in sound.items() if position not in refused}
    before, deltas = _write_months(kept, accounts)
    advanced = _advance(kept, accounts)
    _write_regions(deltas)
    ids = {position: accounts[each.account].pk for position, each in kept.items()}
    return Answer(len(kept), refused, before, ids, frozenset(advanced))


def fault_in(each: DayFigures, today: date) -> BadFigure | None:
    """Return what is wrong with a day's figures by themselves, None if nothing is."""
    if not each.account or len(each.account) > LONGEST_NUMBER:
        return BadFigure(msgid("An account's number has 1 to {most} characters, not “{given}”."),
                         most=LONGEST_NUMBER, given=each.account[:60])  # fmt: skip
    if each.kind not in AccountKind.values:
        return BadFigure(msgid("Account {account}: “{kind}” is no kind; use one of {known}."),
                         account=each.account, kind=each.kind, known=", ".join(AccountKind.values))  # fmt: skip
    if not today - timedelta(days=OLDEST_DAYS) <= each.on <= today + AHEAD:
        return BadFigure(msgid("Account {account}: the day {day} lies in the future or ten years back; correct it."),
                         account=each.account, day=each.on)  # fmt: skip
    given = each.given
    if not given:
        return BadFigure(msgid("Account {account}: no figure is given for {day}; give at least one."),
                         account=each.account, day=each.on)  # fmt: skip
    wrong = [
        name for name, value in given.items()
        if type(value) is not int or abs(value) > LARGEST_FEN
        or (value < 0 and name not in (Figure.BALANCE, Figure.CONTRIBUTION))
    ]  # fmt: skip
    if wrong:
        return BadFigure(msgid("Account {account}, {day}: {wrong} is no whole number that fits; correct it."),
                         account=each.account, day=each.on, wrong=", ".join(wrong))  # fmt: skip
    return None


def _accounts(sound: Mapping[int, DayFigures], refused: dict[int, BadFigure], *, by: Actor) -> dict[str, Account]:
    """Return the accounts by number, new ones made; refuse unknown customers and accounts of others (4 queries)."""
    codes = {each.customer for each in sound.values()}
    customers = {row.code: row for row in customers_visible_to(by).filter(code__in=codes).only("code", "region_id")}
    numbers = sorted({each.account for each in sound.values()})
    rows = Account.objects.select_for_update().filter(number__in=numbers).order_by("pk")
    accounts = {row.number: row for row in rows}
    new: dict[str, Account] = {}
    for position, each in sound.items():
        customer = customers.get(each.customer)
        row = accounts.get(each.account) or new.get(each.account)
        if customer is None:
            refused[position] = BadFigure(
                msgid("Account {account}: there is no customer {code} that you may see; correct the code."),
                account=each.account, code=each.customer or "—",
            )  # fmt: skip
        elif row is not None and (row.customer_id != customer.pk or row.kind != each.kind):
            refused[position] = BadFigure(
                msgid("Account {account} is kept with another customer or as another kind; correct the file, "
                      "or ask an administrator."), account=each.account,
            )  # fmt: skip
        elif row is None:
            new[each.account] = Account(customer=customer, number=each.account, kind=each.kind)
    Account.objects.bulk_create(new.values(), batch_size=500)
    _with_regions(accounts, customers)
    return accounts | new


def _with_regions(accounts: Mapping[str, Account], customers: Mapping[str, Customer]) -> None:
    by_pk = {row.pk: row for row in customers.values()}
    for account in accounts.values():
        if account.customer_id in by_pk:
            account.customer = by_pk[account.customer_id]


RegionKey = tuple[date, str, str]
Deltas = dict[RegionKey, tuple[int, int]]


def _write_months(
    kept: Mapping[int, DayFigures], accounts: Mapping[str, Account]
) -> tuple[dict[int, dict[str, int | None]], Deltas]:
    """Overlay the months' arrays; return what stood there before, and by how much the regions' days move."""
    by_month: dict[date, list[tuple[int, DayFigures]]] = {}
    for position, each in kept.items():
        by_month.setdefault(month_of(each.on), []).append((position, each))
    before: dict[int, dict[str, int | None]] = {}
    deltas: Deltas = {}
    for month in sorted(by_month):
        _write_month(month, by_month[month], accounts, before, deltas)
    return before, deltas


def _write_month(
    month: date, figures: Sequence[tuple[int, DayFigures]], accounts: Mapping[str, Account],
    before: dict[int, dict[str, int | None]], deltas: Deltas,
) -> None:  # fmt: skip
    ids = {accounts[each.account].pk for _position, each in figures}
    standing = {row.account_id: row for row in AccountMonth.objects.filter(month=month, account__in=ids)}
    opened: dict[tuple[int, str], Numbers] = {}
    touched: dict[int, AccountMonth] = {}
    for position, each in figures:
        account = accounts[each.account]
        row = standing.setdefault(account.pk, AccountMonth(account_id=account.pk, month=month))
        touched[account.pk] = row
        former: dict[str, int | None] = {}
        for name, value in each.given.items():
            cells = opened.setdefault((account.pk, name), unpacked(getattr(row, name)))
            old = int(cells[each.on.day - 1])
            former[name] = None if old == MISSING else old
            cells[each.on.day - 1] = value
        before[position] = former
        if each.balance is not None:
            _move(deltas, account, each.on, former["balance"], each.balance)
    for (account_id, name), cells in opened.items():
        setattr(touched[account_id], name, packed(cells))
    AccountMonth.objects.bulk_create(
        (touched[pk] for pk in sorted(touched)), batch_size=500, update_conflicts=True,
        unique_fields=["account", "month"], update_fields=Figure.values,
    )  # fmt: skip


def _move(deltas: Deltas, account: Account, on: date, old: int | None, new: int | None) -> None:
    key = (on, account.customer.region_id, account.kind)
    amount, count = deltas.get(key, (0, 0))
    deltas[key] = (amount + (new or 0) - (old or 0), count + (new is not None) - (old is not None))


def _advance(kept: Mapping[int, DayFigures], accounts: Mapping[str, Account]) -> set[int]:
    """Note the newest balance of each account; return the customers of whom a newer day is known."""
    changed: dict[int, Account] = {}
    advanced: set[int] = set()
    for each in kept.values():
        account = accounts[each.account]
        if each.balance is None or (account.latest_on is not None and each.on < account.latest_on):
            continue
        if account.latest_on is None or each.on > account.latest_on:
            advanced.add(account.customer_id)
        account.latest_on, account.latest_fen = each.on, each.balance
        changed[account.pk] = account
    Account.objects.bulk_update(changed.values(), ["latest_on", "latest_fen"], batch_size=500)
    return advanced


def _write_regions(deltas: Deltas) -> None:
    """Move the sums of regions' days, in a fixed order, so that two batches at once wait and do not lock each other."""
    table = connection.ops.quote_name(RegionDay._meta.db_table)
    statement = (
        f'INSERT INTO {table} ("on", region_code, kind, balance_fen, accounts) VALUES (%s, %s, %s, %s, %s) '  # noqa: S608
        f'ON CONFLICT ("on", region_code, kind) DO UPDATE SET balance_fen = {table}.balance_fen + '
        f"excluded.balance_fen, accounts = {table}.accounts + excluded.accounts"
    )
    rows = [(day, region, kind, *moved) for (day, region, kind), moved in sorted(deltas.items()) if any(moved)]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


@transaction.atomic
def give_back(former: Sequence[tuple[str, date, Mapping[str, int | None]]], *, at: datetime, by: Actor) -> None:
    """Set figures of accounts (by number) back to what they were, None to unknown; for undoing an import."""
    require(by, Permission.SEND_BALANCES)
    numbers = sorted({number for number, _on, _values in former})
    rows = Account.objects.select_for_update(of=("self",)).select_related("customer")
    accounts = {row.number: row for row in rows.filter(number__in=numbers).order_by("pk")}
    deltas: Deltas = {}
    for number, on, values in former:
        account = accounts[number]
        row = AccountMonth.objects.get(account=account, month=month_of(on))
        for name, value in values.items():
            cells = unpacked(getattr(row, name))
            old = int(cells[on.day - 1])
            cells[on.day - 1] = MISSING if value is None else value
            setattr(row, name, packed(cells))
            if name == Figure.BALANCE:
                _move(deltas, account, on, None if old == MISSING else old, value)
        row.save()
    _write_regions(deltas)
    _look_up_latest(accounts.values())


def _look_up_latest(accounts: Iterable[Account]) -> None:
    for account in accounts:
        account.latest_on = account.latest_fen = None
        for month in AccountMonth.objects.filter(account=account).exclude(balance=b"").order_by("-month"):
            cells = unpacked(month.balance)
            day = max(n for n in range(31) if cells[n] != MISSING)
            account.latest_on, account.latest_fen = month.month.replace(day=day + 1), int(cells[day])
            break
        account.save(update_fields=["latest_on", "latest_fen"])
