"""Editions of the credit rules, scores with their history, credit set by hand, who is to be scored again."""

from django.db import models

from mainstay.accounts.customers.models import Customer


class CreditEdition(models.Model):
    """The rules from a day on; the newest begun edition is in force. Never changed: a change is a new edition.

    `rules`, `bands`: as `domain.credit_score` has them.
    """

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    valid_from = models.DateField()
    base = models.IntegerField()
    rules = models.JSONField()
    bands = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=("valid_from", "number"), name="edition_by_day"),)


class CreditScore(models.Model):
    """A customer's score as last reckoned, holding until time alone may change it.

    `lines`: [place of the rule, value of its fact, points] of every rule that gave points.
    """

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="credit")
    edition = models.ForeignKey(CreditEdition, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=8, blank=True)
    lines = models.JSONField(default=list)
    by_hand = models.BooleanField(default=False)
    on = models.DateField()
    until_on = models.DateField()

    class Meta:
        indexes = (
            models.Index(fields=("until_on", "customer"), name="score_by_until"),
            models.Index(fields=("band", "score"), name="score_by_band"),
        )


class ScoreChange(models.Model):
    """A score that a customer got on a day, kept when it differs from the one before."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=8, blank=True)
    edition = models.ForeignKey(CreditEdition, on_delete=models.PROTECT, related_name="+")
    by_hand = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "on"), name="one_score_a_day"),)


class HandCredit(models.Model):
    """Credit set by hand, with the reason; holds on [from_on, until_on) unless it was withdrawn."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=400)
    from_on = models.DateField()
    until_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("customer", "until_on"), name="hand_credit_by_customer"),)


class Rescoring(models.Model):
    """A customer to be scored again: bills, payments or standing changed."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
