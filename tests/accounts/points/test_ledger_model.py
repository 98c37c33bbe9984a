"""Whatever is done to points in whatever order, the ledger says what a slow, obvious model says (B4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.points.actions.posting import Outcome, Wanted, post_many
from mainstay.accounts.points.models import Lot, LotUse, OperatorAccount, Purse, Transfer
from mainstay.accounts.points.queries.verifying import verify
from mainstay.domain.actor import system
from tests.accounts.points.ledger import SlowLedger
from tests.cast import World

BY = system("test")
AT = datetime(2026, 9, 1, tzinfo=UTC)
FIRST = date(2026, 1, 1)
AMOUNTS = st.integers(1, 12)
DAYS = st.integers(0, 40)


class Machine(RuleBasedStateMachine):
    """Two ledgers, the same done to both."""

    customer_id = 0

    def __init__(self) -> None:
        super().__init__()
        self.slow, self.keys, self.ids, self.kinds = SlowLedger(), 0, {}, {}

    @initialize()
    def begin(self) -> None:
        """Take a customer of this run's own."""
        from mainstay.platform.places.models import Region

        Machine.customer_id += 1
        self.customer = Customer.objects.create(
            code=f"M{Machine.customer_id}",
            name="样本",
            region=Region.objects.get(code="42"),
            created_at=AT,
            changed_at=AT,
        ).pk

    def do(self, turn: int | None, operation: str, amount: int = 0, **more: object) -> Outcome:
        """Do the same to the ledger; it must refuse where the model did."""
        self.keys += 1
        wanted = Wanted(f"{self.customer}-{self.keys}", self.customer, operation, amount, **more)  # type: ignore[arg-type]
        first, again = post_many([wanted, wanted], at=AT, by=BY)
        assert (first.refusal is not None) == (turn is None)
        if first.transfer_id is not None:
            assert (again.transfer_id, again.repeated) == (first.transfer_id, True)
            self.ids[turn or self.slow.turn] = first.transfer_id
        return first

    @rule(amount=AMOUNTS, born=DAYS, lives=st.none() | DAYS)
    def earn(self, amount: int, born: int, lives: int | None) -> None:
        """Earn."""
        on = FIRST + timedelta(born)
        dies = None if lives is None else on + timedelta(lives)
        self.do(self.slow.begin(amount, "issue", on, dies), "earn", amount, on=on, expires_on=dies)

    @rule(amount=AMOUNTS)
    def freeze(self, amount: int) -> None:
        """Freeze."""
        self.do(self.slow.shift(amount, "available", "frozen"), "freeze", amount)

    @rule(amount=AMOUNTS)
    def release(self, amount: int) -> None:
        """Release."""
        self.do(self.slow.shift(amount, "frozen", "available"), "release", amount)

    @rule(amount=AMOUNTS, frozen=st.booleans())
    def redeem(self, amount: int, frozen: bool) -> None:
        """Redeem from either."""
        turn = self.slow.end(amount, "frozen" if frozen else "available", "redemption")
        self.do(turn, "redeem", amount, frozen=frozen)

    @rule(amount=AMOUNTS, more=st.booleans())
    def correct(self, amount: int, more: bool) -> None:
        """Correct upwards or downwards."""
        if more:
            self.do(self.slow.begin(amount, "correction", FIRST, None), "correct", amount, on=FIRST)
        else:
            self.do(self.slow.end(amount, "available", "correction"), "correct", -amount)

    @rule(day=DAYS)
    def expire(self, day: int) -> None:
        """Let points expire."""
        on = FIRST + timedelta(day)
        gone = self.slow.expire(on)
        assert self.do(0, "expire", on=on).amount == gone

    @rule(back=st.integers(0, 8))
    def take_back(self, back: int) -> None:
        """Reverse one of the latest, also what was reversed or is a reversal."""
        turn = self.slow.turn - back
        if turn in self.ids:
            worked = self.slow.take_back(turn)
            self.do(self.slow.turn if worked else None, "reverse", reverses=self.ids[turn])

    @invariant()
    def same(self) -> None:
        """Compare balances and lots."""
        purse = Purse.objects.filter(pk=getattr(self, "customer", 0)).first()
        if purse is None:
            return
        assert (purse.available, purse.frozen) == (self.slow.count("available"), self.slow.count("frozen"))
        turns = {pk: turn for turn, pk in self.ids.items()}
        for lot in Lot.objects.filter(customer=self.customer):
            assert lot.amount - lot.used == self.slow.lot_left(turns[lot.pk])

    def teardown(self) -> None:
        """Verify the whole ledger as the command does."""
        assert verify() == []


@pytest.mark.parametrize("examples", [25])
def test_the_ledger_says_what_a_slow_model_says(world: World, examples: int) -> None:
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=40))
    assert Transfer.objects.exists()
    assert OperatorAccount.objects.exists()
    assert LotUse.objects.exists()
