"""Write operations into the ledger: one or many in a transaction, each once, none below zero (B4).

Within a transaction the purses concerned are locked in the order of their customers; keys are looked up after that, so
that two who write the same key wait for each other. Should the locks fail, the constraints of the database still hold:
no negative balance, each customer's transfers numbered without gap or double, each key and each reversal once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from mainstay.accounts.points.choices import Operation, Source
from mainstay.accounts.points.errors import KeyReused, NoSuchTransfer, ReversedAlready
from mainstay.accounts.points.models import Lot, LotUse, OperatorAccount, Purse, Transfer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.points import purse as rules
from mainstay.domain.points.purse import OWN, Account, Move
from mainstay.platform.bulk.rows import insert_many, insert_returning, update_many

STRIPES = 16
"""So many rows hold each of the operator's balances."""
NEEDS_LOTS = frozenset({Operation.REDEEM, Operation.EXPIRE, Operation.CORRECT, Operation.REVERSE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """An operation wanted. `key` names it for good: asked again, it is not done again.

    `amount` in points; of `correct` it may be negative; `expire` (all that expired before `on`) and `reverse` (the
    transfer `reverses`) need none. `frozen`: redeem what is frozen. `expires_on`: the last day of a lot. `on`: the day
    a lot is as old as, else the local day of `at`.
    """

    key: str
    customer_id: int
    operation: str
    amount: int = 0
    source: str = Source.HAND
    ref: str = ""
    reason: str = ""
    expires_on: date | None = None
    on: date | None = None
    frozen: bool = False
    reverses: int | None = None
    book_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation: its transfer, or why it was refused; neither: there was nothing to expire."""

    key: str
    transfer_id: int | None = None
    amount: int = 0
    repeated: bool = False
    refusal: MainstayError | None = None


@transaction.atomic
def post(wanted: Wanted, *, at: datetime, by: Actor) -> Outcome:
    """Do one operation, once. Raises NotEnough, BadAmount, KeyReused, ReversedAlready, NoSuchTransfer."""
    (outcome,) = post_many([wanted], at=at, by=by)
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome


@transaction.atomic
def post_many(wanted: Sequence[Wanted], *, at: datetime, by: Actor) -> list[Outcome]:
    """Do operations in their order, each once; what one purse refuses does not keep the others from being done."""
    writing = _Writing(at, by, timezone.localdate(at))
    writing.open(wanted)
    outcomes = [writing.do(one) for one in wanted]
    ids = writing.save()
    return [
        Outcome(o.key, ids[-o.transfer_id], o.amount, o.repeated) if o.transfer_id is not None and o.transfer_id < 0
        else o for o in outcomes
    ]  # fmt: skip


@dataclass
class _Writing:
    """Mutable: purses, lots and rows of one transaction. New transfers are named -1, -2, … until they have an id."""

    at: datetime
    by: Actor
    today: date
    purses: dict[int, rules.Purse] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    known: dict[str, Outcome] = field(default_factory=dict)
    meant: dict[str, tuple[int, str, int | None]] = field(default_factory=dict)
    targets: dict[int, Transfer] = field(default_factory=dict)
    target_uses: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    reversed: set[int] = field(default_factory=set)
    rows: list[tuple[object, ...]] = field(default_factory=list)
    new_lots: dict[int, Lot] = field(default_factory=dict)
    uses: list[tuple[int, int, int]] = field(default_factory=list)
    operator: dict[str, int] = field(default_factory=dict)

    def open(self, wanted: Sequence[Wanted]) -> None:
        """Lock the purses, then read what is known by key, what is to be reversed, and the lots needed."""
        self._lock({one.customer_id for one in wanted})
        for row in Transfer.objects.filter(key__in=[one.key for one in wanted]):
            self.known[row.key] = Outcome(row.key, row.pk, row.amount, repeated=True)
            self.meant[row.key] = (row.customer_id, row.operation, row.reverses_id)
        if reverses := [one.reverses for one in wanted if one.reverses is not None]:
            self._find_targets(reverses)
        needing = {one.customer_id for one in wanted if one.operation in NEEDS_LOTS and one.key not in self.known}
        if needing:
            self._read_lots(needing)

    def _lock(self, customer_ids: set[int]) -> None:
        locked = list(_locked(customer_ids))
        if missing := customer_ids - {purse.pk for purse in locked}:
            Purse.objects.bulk_create((Purse(customer_id=pk) for pk in sorted(missing)), ignore_conflicts=True)
            locked += _locked(missing)
        for row in locked:
            self.purses[row.pk] = rules.Purse(row.available, row.frozen)
            self.counts[row.pk] = row.count

    def _find_targets(self, ids: Sequence[int]) -> None:
        self.targets = {row.pk: row for row in Transfer.objects.filter(pk__in=ids)}
        self.reversed = set(Transfer.objects.filter(reverses__in=ids).values_list("reverses_id", flat=True))
        for use in LotUse.objects.filter(transfer__in=ids).order_by("pk"):
            self.target_uses.setdefault(use.transfer_id, []).append((use.lot_id, use.amount))

    def _read_lots(self, customer_ids: set[int]) -> None:
        """Read the lots that are not used up, and those that a reversal gives back to."""
        closed = {lot for uses in self.target_uses.values() for lot, _ in uses}
        open_lots = Lot.objects.filter(customer__in=customer_ids, used__lt=F("amount"))
        self.lots = {lot.pk: lot for lot in open_lots.order_by("earned_on", "pk")}
        self.lots |= {lot.pk: lot for lot in Lot.objects.filter(pk__in=closed - set(self.lots))} if closed else {}
        for lot in self.lots.values():
            if lot.customer_id in self.purses:
                left = rules.Lot(lot.pk, lot.earned_on, lot.expires_on, lot.amount - lot.used)
                self.purses[lot.customer_id].lots.append(left)

    def do(self, one: Wanted) -> Outcome:
        """Do one operation on the purse in memory, and note the rows it needs."""
        try:
            if (seen := self.known.get(one.key)) is not None:
                return self._again(one, seen)
            move = self._move(one)
        except MainstayError as refusal:
            return Outcome(one.key, refusal=refusal)
        if move is None:
            return Outcome(one.key)
        return self._note(one, move)

    def _again(self, one: Wanted, seen: Outcome) -> Outcome:
        if self.meant[one.key] != (one.customer_id, one.operation, one.reverses):
            raise KeyReused(
                msgid("The key “{key}” names another operation already; take one of your own."), key=one.key
            )
        return Outcome(seen.key, seen.transfer_id, seen.amount, repeated=True)

    def _move(self, one: Wanted) -> Move | None:
        purse, amount = self.purses[one.customer_id], one.amount
        match one.operation:
            case Operation.EARN:
                return purse.gain(self._new_lot(one))
            case Operation.FREEZE:
                return purse.freeze(amount)
            case Operation.RELEASE:
                return purse.release(amount)
            case Operation.REDEEM:
                return purse.spend(amount, frozen=one.frozen)
            case Operation.EXPIRE:
                return purse.expire(one.on or self.today)
            case Operation.CORRECT if amount > 0:
                return purse.gain(self._new_lot(one), Account.CORRECTION)
            case Operation.CORRECT:
                return purse.spend(-amount, to=Account.CORRECTION)
            case _:
                return self._opposite(one, purse)

    def _new_lot(self, one: Wanted) -> rules.Lot:
        """Return a lot named as its transfer will be: later names are lower, and must count as younger."""
        return rules.Lot(_young(self._next), one.on or self.today, one.expires_on, one.amount)

    @property
    def _next(self) -> int:
        return -(len(self.rows) + 1)

    def _opposite(self, one: Wanted, purse: rules.Purse) -> Move:
        target = self.targets.get(one.reverses or 0)
        if target is None or target.customer_id != one.customer_id:
            raise NoSuchTransfer(msgid("There is no transfer {id} of this customer; look in the statement."),
                                 id=one.reverses)  # fmt: skip
        if target.pk in self.reversed or target.operation == Operation.REVERSE:
            raise ReversedAlready(
                msgid("Transfer {number} was reversed or is a reversal; enter what is right instead."),
                number=target.number,
            )
        done = Move(Account(target.debit), Account(target.credit), target.amount,
                    tuple(self.target_uses.get(target.pk, ())))  # fmt: skip
        made_lot = target.debit not in OWN and target.credit in OWN
        move = purse.take_back(done, target.pk if made_lot else None)
        self.reversed.add(target.pk)
        return move

    def _note(self, one: Wanted, move: Move) -> Outcome:
        name, purse = self._next, self.purses[one.customer_id]
        self.counts[one.customer_id] += 1
        if move.debit not in OWN and one.operation != Operation.REVERSE:
            self.new_lots[name] = Lot(
                customer_id=one.customer_id,
                earned_on=one.on or self.today,
                expires_on=one.expires_on,
                amount=move.amount,
            )
        self.rows.append((
            one.customer_id, self.counts[one.customer_id], one.key, one.operation, move.debit.value, move.credit.value,
            move.amount, purse.available, purse.frozen, self.at, one.source, one.ref, one.reason[:200], one.book_id,
            one.reverses, self.by.name[:80], self.by.user_id,
        ))  # fmt: skip
        for account, sign in ((move.debit, -1), (move.credit, 1)):
            if account not in OWN:
                self.operator[account.value] = self.operator.get(account.value, 0) + sign * move.amount
        for key, amount in move.uses:
            self._use(name, key, amount)
        done = Outcome(one.key, name, move.amount)
        self.known[one.key], self.meant[one.key] = done, (one.customer_id, one.operation, one.reverses)
        return done

    def _use(self, name: int, key: int, amount: int) -> None:
        lot = self.lots.get(key) or self.new_lots[_named(key)]
        lot.used += amount
        self.uses.append((name, key, amount))

    def save(self) -> dict[int, int]:
        """Write everything; return the ids of the new transfers by what follows their names' sign."""
        if not self.rows:
            return {}
        keys = insert_returning(Transfer, TRANSFER_COLUMNS, self.rows)
        ids = dict(enumerate(keys, start=1))
        lots = [(ids[-name], lot.customer_id, lot.earned_on, lot.expires_on, lot.amount, lot.used)
                for name, lot in self.new_lots.items()]  # fmt: skip
        insert_many(Lot, ("transfer_id", "customer_id", "earned_on", "expires_on", "amount", "used"), lots)
        uses = [(ids[-name], ids[-_named(key)] if key >= YOUNG else key, amount) for name, key, amount in self.uses]
        insert_many(LotUse, ("transfer_id", "lot_id", "amount"), uses)
        touched = {key for _, key, _ in self.uses if key < YOUNG}
        update_many(Lot, ("used",), [(self.lots[key].used, key) for key in sorted(touched)])
        changed = sorted({row[0] for row in self.rows})  # type: ignore[type-var]
        update_many(Purse, ("available", "frozen", "count"), [
            (self.purses[pk].available, self.purses[pk].frozen, self.counts[pk], pk) for pk in changed  # type: ignore[index]
        ])  # fmt: skip
        _book(self.operator, int(changed[0]) % STRIPES)  # type: ignore[call-overload]
        return ids


TRANSFER_COLUMNS = (
    "customer_id", "number", "key", "operation", "debit", "credit", "amount", "available_after", "frozen_after", "at",
    "source", "ref", "reason", "book_id", "reverses_id", "made_by", "user_id",
)  # fmt: skip
YOUNG = 1 << 62
"""Lots made in this transaction are named from here on, so that they count as younger than all stored ones."""


def _young(name: int) -> int:
    return YOUNG - name


def _named(key: int) -> int:
    return YOUNG - key


def _locked(customer_ids: Iterable[int]) -> "list[Purse]":
    return list(Purse.objects.select_for_update().filter(pk__in=list(customer_ids)).order_by("pk"))


def _book(amounts: dict[str, int], stripe: int) -> None:
    """Add to the operator's balances: last of all, always in the same order, so that nobody waits long or in a ring."""
    table = connection.ops.quote_name(OperatorAccount._meta.db_table)
    add = f"UPDATE {table} SET balance = balance + %s WHERE kind = %s AND stripe = %s"  # noqa: S608
    with connection.cursor() as cursor:
        for kind, amount in sorted(amounts.items()):
            if not amount:
                continue
            cursor.execute(add, [amount, kind, stripe])
            if not cursor.rowcount:
                OperatorAccount.objects.bulk_create([OperatorAccount(kind=kind, stripe=stripe)], ignore_conflicts=True)
                cursor.execute(add, [amount, kind, stripe])
