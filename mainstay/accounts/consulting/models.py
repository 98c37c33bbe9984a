"""The rules of sensitive fields, who asked to read them, who read what, and the reviews of permissions."""

from django.conf import settings
from django.db import models

from mainstay.accounts.consulting.choices import ConsultationState, Reason, ReviewVerdict
from mainstay.accounts.customers.kept import Kept
from mainstay.accounts.customers.models import Customer


class SensitiveField(models.Model):
    """What an administrator laid down for a field, in place of what is shipped (`choices.SHIPPED`)."""

    key = models.CharField(max_length=48, unique=True)
    guarded = models.BooleanField(default=True)
    mask = models.CharField(max_length=12)
    at_once = models.JSONField(default=list)
    minutes = models.PositiveIntegerField(default=0)


class Consultation(Kept):
    """Somebody asked to read fields of a customer (`fields`: keys such as "contact.phone"), and what was answered.

    Granted, the asker sees them until `until_at`.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=ConsultationState.choices, default=ConsultationState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    at_once = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("asked_by", "until_at"), name="consultation_open"),
            models.Index(fields=("customer", "-asked_at"), name="consultation_by_customer"),
            models.Index(fields=("state", "asked_at"), name="consultation_waiting"),
        )


class Reading(Kept):
    """A field of one object was shown in clear, the first time under a consultation (A3)."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="readings")
    key = models.CharField(max_length=48)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("consultation", "key", "object_id"), name="one_reading_a_consultation"),
        )


class PermissionReview(Kept):
    """A dated list of who may see what, gone through by an administrator (S1 2.2.5)."""

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    next_on = models.DateField(null=True, blank=True)


class ReviewLine(Kept):
    """What one user could do and see on the day of a review, and what the administrator said to it.

    `may`: permissions that concern customers; `duties`: (duty, region) pairs; as they stood that day.
    """

    review = models.ForeignKey(PermissionReview, on_delete=models.PROTECT, related_name="lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    duties = models.JSONField(default=list)
    may = models.JSONField(default=list)
    customers = models.PositiveIntegerField(default=0)
    consultations = models.PositiveIntegerField(default=0)
    last_login = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=ReviewVerdict.choices, default=ReviewVerdict.WAITING)
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("review", "user"), name="one_line_a_user"),)
