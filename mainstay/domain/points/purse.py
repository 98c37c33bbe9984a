"""What may be done to one customer's points, and which lots it uses? Whole points; the oldest lot is used first (B4).

Every operation moves one amount from one account to another, so what is debited is credited: the sum of all accounts
is always zero. A customer has two accounts, available and frozen; the others are the operator's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mainstay.domain.errors import Refused, msgid


class Account(StrEnum):
    AVAILABLE = "available"
    FROZEN = "frozen"
    ISSUE = "issue"
    REDEMPTION = "redemption"
    EXPIRY = "expiry"
    CORRECTION = "correction"


OWN = (Account.AVAILABLE, Account.FROZEN)
"""The customer's accounts; the others are the operator's."""


class NotEnough(Refused):
    """More is asked for than there is."""


class BadAmount(Refused):
    """An amount that is not a positive whole number."""


Uses = tuple[tuple[int, int], ...]
"""Lots, by key, and how much of each."""


@dataclass(slots=True)
class Lot:
    """Mutable: points earned at once; `key` names it to the caller, `expires_on` is the last day they can be used."""

    key: int
    earned_on: date
    expires_on: date | None
    left: int


@dataclass(frozen=True, slots=True)
class Move:
    """One operation done: from which account to which, how much, out of which lots (key, amount).

    A negative amount goes back into its lot.
    """

    debit: Account
    credit: Account
    amount: int
    uses: Uses = ()


@dataclass(slots=True)
class Purse:
    """Mutable: a customer's balances and the lots that are not used up. Sum of lots = available + frozen."""

    available: int = 0
    frozen: int = 0
    lots: list[Lot] = field(default_factory=list)

    def gain(self, lot: Lot, source: Account = Account.ISSUE) -> Move:
        """Add a new lot to what is available."""
        _positive(lot.left)
        self.available += lot.left
        self.lots.append(lot)
        return Move(source, Account.AVAILABLE, lot.left)

    def freeze(self, amount: int) -> Move:
        """Keep an amount for something asked for. Raises NotEnough."""
        return self._shift(Account.AVAILABLE, Account.FROZEN, amount)

    def release(self, amount: int) -> Move:
        """Give a frozen amount free. Raises NotEnough."""
        return self._shift(Account.FROZEN, Account.AVAILABLE, amount)

    def spend(self, amount: int, *, frozen: bool = False, to: Account = Account.REDEMPTION) -> Move:
        """Use an amount up, the oldest lots first. Raises NotEnough."""
        source = Account.FROZEN if frozen else Account.AVAILABLE
        self._take(source, amount)
        return Move(source, to, amount, self._use(amount))

    def expirable(self, on: date) -> int:
        """Return how much has expired by the end of the day before `on` and is not frozen."""
        return min(self.available, sum(lot.left for lot in self.lots if _over(lot, on)))

    def expire(self, on: date) -> Move | None:
        """Take what has expired; what is frozen waits until it is released. None where nothing has."""
        amount = self.expirable(on)
        if not amount:
            return None
        self.available -= amount
        over = {lot.key for lot in self.lots if _over(lot, on)}
        return Move(Account.AVAILABLE, Account.EXPIRY, amount, self._use(amount, only=over))

    def take_back(self, done: Move, lot_key: int | None = None) -> Move:
        """Do the exact opposite of a move; `lot_key` is the lot it made. Raises NotEnough.

        A lot that was used already is taken back out of the others, the oldest first.
        """
        if done.credit in OWN:
            self._take(done.credit, done.amount)
        if done.debit in OWN:
            self._add(done.debit, done.amount)
        uses = tuple((key, -amount) for key, amount in done.uses)
        for key, amount in uses:
            self._lot(key).left -= amount
        if lot_key is not None:
            uses = self._use(done.amount, first=lot_key)
        return Move(done.credit, done.debit, done.amount, uses)

    def _shift(self, source: Account, to: Account, amount: int) -> Move:
        self._take(source, amount)
        self._add(to, amount)
        return Move(source, to, amount)

    def _take(self, source: Account, amount: int) -> None:
        _positive(amount)
        held = self.frozen if source == Account.FROZEN else self.available
        if amount > held:
            words = FROZEN_SHORT if source == Account.FROZEN else AVAILABLE_SHORT
            raise NotEnough(words, amount=amount, held=held)
        self._add(source, -amount)

    def _add(self, to: Account, amount: int) -> None:
        if to == Account.FROZEN:
            self.frozen += amount
        else:
            self.available += amount

    def _use(self, amount: int, *, first: int | None = None, only: Iterable[int] | None = None) -> Uses:
        """Take an amount out of the lots, the oldest first; `first` names one that comes before all."""
        uses, wanted = [], amount
        for lot in sorted(self.lots, key=lambda lot: (lot.key != first, lot.earned_on, lot.key)):
            if not wanted:
                break
            if (only is not None and lot.key not in only) or not lot.left:
                continue
            part = min(lot.left, wanted)
            lot.left -= part
            wanted -= part
            uses.append((lot.key, part))
        assert not wanted, "the lots hold less than the balances"
        return tuple(uses)

    def _lot(self, key: int) -> Lot:
        return next(lot for lot in self.lots if lot.key == key)


AVAILABLE_SHORT = msgid("{amount} points are asked for and {held} are available; ask for fewer.")
FROZEN_SHORT = msgid("{amount} points are asked for and {held} are frozen; look at what was frozen.")


def _positive(amount: int) -> None:
    if amount <= 0:
        raise BadAmount(msgid("{amount} is no number of points; give a whole number above zero."), amount=amount)


def _over(lot: Lot, on: date) -> bool:
    return lot.expires_on is not None and lot.expires_on < on
