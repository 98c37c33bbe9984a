"""Messages sent or to be read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message to one person; `dedupe_key` makes a second sending of the same news impossible."""

    class Kind(models.TextChoices):
        WARNING = "warning", _("Early warning")
        ESCALATION = "escalation", _("Escalation")
        NOTICE = "notice", _("Notice")
        ALL_CLEAR = "all_clear", _("All clear")
        INFORMATION = "information", _("Information")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    contact_id = models.BigIntegerField(null=True)
    to_name = models.CharField(max_length=80)
    to_address = models.CharField(max_length=160, blank=True)
    channel = models.CharField(max_length=16, default="console")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    object_kind = models.CharField(max_length=32, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=120, unique=True)

    class Meta:
        indexes = (
            models.Index(fields=("user", "-id"), name="message_by_user"),
            models.Index(fields=("object_kind", "object_id"), name="message_by_object"),
            models.Index(fields=("customer_id", "-id"), name="message_by_customer"),
        )
