"""Offers, what they would cost, whom they were granted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.offers.choices import LIVE, BenefitWord, GrantStatus, OfferStatus


class Offer(models.Model):
    """A preferential policy: for whom (`condition`, see `domain.offers`), what it gives, when it can be granted.

    `value`: percent; fen; months a year; points. `months`: how long it runs once granted. Open on [starts_on, ends_on].
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=400, blank=True)
    condition = models.CharField(max_length=1000)
    benefit = models.CharField(max_length=12, choices=BenefitWord.choices)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    months = models.PositiveIntegerField(default=12)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=OfferStatus.choices, default=OfferStatus.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("code",)
        constraints = (models.CheckConstraint(name="offer_gives_something", condition=Q(value__gt=0, months__gt=0)),)

    @property
    def shown_name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Reckoning(models.Model):
    """What an offer would have given all customers within somebody's scope over the last twelve months.

    `figures`: totals by grade: [customers, saved_fen, points]. `revision`: of the offer that was reckoned.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="reckonings")
    job_id = models.BigIntegerField(unique=True)
    user_id = models.BigIntegerField(null=True)
    revision = models.PositiveIntegerField()
    condition = models.CharField(max_length=1000)
    looked_at = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField(default=0)
    eligible = models.PositiveIntegerField()
    saved_fen = models.BigIntegerField()
    points = models.BigIntegerField(default=0)
    figures = models.JSONField(default=dict)
    at = models.DateTimeField()


class Grant(models.Model):
    """An offer proposed for, or granted to, a customer, in force on [from_on, to_on]; `facts` are frozen on it."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="grants")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=GrantStatus.choices, default=GrantStatus.PROPOSED)
    from_on = models.DateField()
    to_on = models.DateField()
    facts = models.JSONField(default=dict)
    why = models.CharField(max_length=400, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_user_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_why = models.CharField(max_length=400, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("offer", "customer"),
                condition=Q(status__in=[s.value for s in LIVE]),
                name="one_grant_at_a_time",
            ),
            models.CheckConstraint(name="grant_ends_after_it_begins", condition=Q(to_on__gte=F("from_on"))),
        )
        indexes = (
            models.Index(fields=("customer", "-id"), name="grant_by_customer"),
            models.Index(fields=("status", "-id"), name="grant_by_status"),
        )
