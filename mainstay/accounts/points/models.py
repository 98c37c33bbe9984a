"""Purses, the transfers that fill and empty them, lots, rule books, gifts and who asked for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.points.choices import OPEN, AccountWord, Operation, OrderStatus, Source


class Purse(models.Model):
    """A customer's two accounts as running balances, written with each transfer; `count`: transfers so far."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.PROTECT, related_name="+")
    available = models.BigIntegerField(default=0)
    frozen = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(name="purse_never_negative", condition=Q(available__gte=0, frozen__gte=0)),
        )


class OperatorAccount(models.Model):
    """One of the operator's accounts, in stripes so that writers do not wait for each other; its balance is the sum."""

    kind = models.CharField(max_length=10, choices=AccountWord.choices)
    stripe = models.PositiveSmallIntegerField()
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "stripe"), name="one_account_per_stripe"),)


class RuleBook(models.Model):
    """What earns how many points and how long they live, as `domain.points.rules` keeps it, from a day on.

    Rows are not changed: a change is a further `version`. The newest version that has begun holds.
    """

    version = models.PositiveIntegerField(unique=True)
    valid_from = models.DateField()
    terms = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("-valid_from", "-version")


class Transfer(models.Model):
    """An amount moved from one account to another; both postings stand in one row, so none can be missing.

    `number` is the customer's own count of transfers: two writers cannot both write the same next one. `key` is the
    caller's: the same operation again is not done again. Never changed or deleted (triggers see to it).
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=80, unique=True)
    operation = models.CharField(max_length=8, choices=Operation.choices)
    debit = models.CharField(max_length=10, choices=AccountWord.choices)
    credit = models.CharField(max_length=10, choices=AccountWord.choices)
    amount = models.BigIntegerField()
    available_after = models.BigIntegerField()
    frozen_after = models.BigIntegerField()
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source.choices)
    ref = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    book = models.ForeignKey(RuleBook, null=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    made_by = models.CharField(max_length=80)
    user_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("customer", "number"), name="transfers_in_order"),
            models.CheckConstraint(
                name="transfer_is_sound",
                condition=Q(amount__gt=0, available_after__gte=0, frozen_after__gte=0) & ~Q(debit=F("credit")),
            ),
        )
        indexes = (models.Index(fields=("customer", "source", "ref"), name="transfer_by_source"),)


class Lot(models.Model):
    """Points earned at once and what of them is used. `expires_on`: the last day they can be used."""

    transfer = models.OneToOneField(Transfer, primary_key=True, on_delete=models.PROTECT, related_name="lot")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    earned_on = models.DateField()
    expires_on = models.DateField(null=True)
    amount = models.BigIntegerField()
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(name="lot_not_overdrawn", condition=Q(used__gte=0, used__lte=F("amount"))),
        )
        indexes = (
            models.Index(fields=("customer", "earned_on"), name="lot_open", condition=Q(used__lt=F("amount"))),
            models.Index(fields=("expires_on", "customer"), name="lot_expiring", condition=Q(used__lt=F("amount"))),
        )


class LotUse(models.Model):
    """How much of which lot a transfer used; negative: given back. What a lot has left follows from these."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="uses")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="uses")
    amount = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(name="use_is_something", condition=~Q(amount=0)),)


class EarningDue(models.Model):
    """A month of a customer whose payments changed: what it earns is to be reckoned again."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "month"), name="one_due_per_month"),)


class DayDone(models.Model):
    """A day whose years, birthdays, expiries and warnings are all written."""

    day = models.DateField(primary_key=True)
    done_at = models.DateTimeField()


class Warned(models.Model):
    """A customer who was warned that points expire on a day: once."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField()
    points = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "expires_on"), name="warned_once"),)


class Gift(models.Model):
    """Something points buy: for `price` points each, on [valid_from, valid_to], for `grades` (empty: all)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=300, blank=True)
    price = models.PositiveIntegerField()
    stock = models.IntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    grades = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("price", "code")
        constraints = (
            models.CheckConstraint(name="gift_stock_never_negative", condition=Q(stock__gte=0)),
            models.CheckConstraint(name="gift_has_a_price", condition=Q(price__gt=0)),
        )

    @property
    def shown_name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class GiftOrder(models.Model):
    """A gift somebody asked for: points are frozen and the gift is kept until it is handed out or cancelled."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="orders")
    quantity = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=OrderStatus.choices, default=OrderStatus.ASKED)
    note = models.CharField(max_length=200, blank=True)
    by_customer = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_user_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=200, blank=True)
    receiver = models.CharField(max_length=80, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=("customer", "-id"), name="gift_order_by_customer"),
            models.Index(fields=("status", "-id"), name="gift_order_by_status"),
            models.Index(fields=("asked_at",), name="gift_order_open", condition=Q(status__in=[s.value for s in OPEN])),
        )

    @property
    def number(self) -> str:
        """Return the number people say."""
        return f"GF-{self.pk:06d}"
