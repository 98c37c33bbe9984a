"""Bills with their lines, payments, usage; the roll-ups made of them; what billing counts, and where that differs."""

from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.revenue.choices import DifferenceState, Level, Settling, What

FIGURES = (
    "billed_month_fen", "billed_quarter_fen", "billed_year_fen", "paid_year_fen", "arrears_fen", "oldest_due_on",
    "late_payments_year", "purchases_2m", "last_purchase_on", "months_known", "overdue_30_fen", "overdue_60_fen",
    "overdue_90_fen", "overdue_more_fen", "overdue_bills",
)  # fmt: skip
"""The columns of a standing that are reckoned."""


class Delivered(models.Model):
    """What came from another system: which, and when it came or was last corrected (A4)."""

    source = models.CharField(max_length=40)
    received_at = models.DateTimeField()

    class Meta:
        abstract = True


class Bill(Delivered):
    """What a customer was billed for a month; below zero it is a credit note.

    `open_fen` and `settled_on` are roll-ups of the payments by `domain.settling`; they hold for who is not `Touched`.
    """

    number = models.CharField(max_length=48, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField()
    amount_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("customer", "month"), name="bill_by_customer"),
            models.Index(fields=("month", "number"), name="bill_by_month"),
        )

    def __str__(self) -> str:
        return self.number


class BillLine(models.Model):
    """A part of a bill: for which product, on which circuit (its number), in words."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product_code = models.CharField(max_length=32, blank=True)
    circuit_number = models.CharField(max_length=48, blank=True)
    words = models.CharField(max_length=120, blank=True)
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("bill", "position"), name="one_bill_line_per_position"),)


class Payment(Delivered):
    """What a customer paid, of zero or more fen; `bill`: the bill it named, if any."""

    number = models.CharField(max_length=48, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, null=True, on_delete=models.SET_NULL, related_name="+")
    paid_on = models.DateField()
    amount_fen = models.BigIntegerField()
    way = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("customer", "paid_on"), name="payment_by_customer"),
            models.Index(fields=("paid_on", "number"), name="payment_by_day"),
        )
        constraints = (models.CheckConstraint(name="payment_is_not_negative", condition=models.Q(amount_fen__gte=0)),)

    def __str__(self) -> str:
        return self.number


class Usage(Delivered):
    """How much of a service a customer used in a month; `circuit_number` is empty for all of it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    service = models.CharField(max_length=40)
    circuit_number = models.CharField(max_length=48, blank=True)
    quantity = models.DecimalField(max_digits=20, decimal_places=3)
    unit = models.CharField(max_length=16)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "month", "service", "circuit_number"), name="one_usage_a_month"
            ),
        )


class Standing(models.Model):
    """A customer's figures on any day of [on, until_on): a roll-up of bills and payments, checked by `comparing`.

    Whoever writes bills or payments notes the customer in `Touched`; time alone changes nothing before `until_on`.
    `overdue_…_fen`: the arrears by age, see `choices.Bucket`.
    """

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="standing")
    on = models.DateField()
    until_on = models.DateField()
    billed_month_fen = models.BigIntegerField()
    billed_quarter_fen = models.BigIntegerField()
    billed_year_fen = models.BigIntegerField()
    paid_year_fen = models.BigIntegerField()
    arrears_fen = models.BigIntegerField()
    oldest_due_on = models.DateField(null=True)
    late_payments_year = models.IntegerField()
    purchases_2m = models.IntegerField()
    last_purchase_on = models.DateField(null=True)
    months_known = models.IntegerField()
    overdue_30_fen = models.BigIntegerField()
    overdue_60_fen = models.BigIntegerField()
    overdue_90_fen = models.BigIntegerField()
    overdue_more_fen = models.BigIntegerField()
    overdue_bills = models.IntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("until_on", "customer"), name="standing_by_until"),
            models.Index(fields=("-arrears_fen",), name="standing_in_arrears", condition=models.Q(arrears_fen__gt=0)),
        )


class Touched(models.Model):
    """A customer whose bills or payments changed since their settlement and standing were made."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()


class _Compared(models.Model):
    """What is compared with billing: a region's bills or payments of a month, a customer's, or a single one."""

    month = models.DateField()
    what = models.CharField(max_length=8, choices=What.choices)
    level = models.CharField(max_length=8, choices=Level.choices)
    region_code = models.CharField(max_length=12)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=48, blank=True)

    class Meta:
        abstract = True


class Control(_Compared, Delivered):
    """What billing counts and sums; `key` says of what, see `reconciling.key_of`."""

    key = models.CharField(max_length=120, unique=True)
    count = models.IntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("month", "what", "level"), name="control_by_month"),)


class Difference(_Compared):
    """Where billing's figures and ours differ, or differed; one row for each key, found again or settled."""

    key = models.CharField(max_length=120, unique=True)
    theirs_count = models.IntegerField()
    theirs_fen = models.BigIntegerField()
    ours_count = models.IntegerField()
    ours_fen = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)
    settling = models.CharField(max_length=8, choices=Settling.choices, blank=True)
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (models.Index(fields=("month", "state"), name="difference_by_month"),)
