"""Messages, where each one goes, the operator's senders, and the hours in which people are left in peace."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.platform.messages.choices import OUTSIDE, Channel, DeliveryState, DropReason, SenderKind


class Message(models.Model):
    """One message to one person; `dedupe_key` makes a second sending of the same news impossible.

    The row itself is what stands in the inbox (console or portal) of `user`; without a user nobody reads it there, and
    it is only what its deliveries carry.
    """

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
    short = models.TextField(blank=True)
    grade = models.CharField(max_length=12, blank=True)
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


class Sender(models.Model):
    """A way out that the operator set up for one channel; the secret itself stands in the environment, not here.

    `address` is a URL or host (see the kind's driver); `options` are its other settings, none of them secret;
    `secret_name` names the variable that holds the secret. Among the active senders of a channel the first serves.
    """

    channel = models.CharField(max_length=16, choices=[(c.value, c.label) for c in OUTSIDE])
    kind = models.CharField(max_length=16, choices=SenderKind.choices)
    name = models.CharField(max_length=80, unique=True)
    address = models.CharField(max_length=400, blank=True)
    secret_name = models.CharField(max_length=80, blank=True)
    options = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    per_minute = models.PositiveIntegerField(default=0)
    at_once = models.PositiveSmallIntegerField(default=4)
    timeout_s = models.PositiveSmallIntegerField(default=10)
    give_up_minutes = models.PositiveIntegerField(default=240)
    receipt_digest = models.CharField(max_length=64, blank=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message on one channel to one address. `tries` counts the beginnings; the courier owns it while `sending`.

    `perhaps` is set when a try ended without an answer: the receiver may have it nonetheless. `key` is the same at
    every try, so that the other side can recognise a repetition.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    to = models.CharField(max_length=400)
    to_name = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    give_up_from = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    perhaps = models.BooleanField(default=False)
    sender = models.ForeignKey(Sender, null=True, on_delete=models.PROTECT, related_name="deliveries")
    pinned = models.BooleanField(default=False)
    hurried = models.BooleanField(default=False)
    reference = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)
    drop_reason = models.CharField(max_length=16, choices=DropReason.choices, blank=True)
    key = models.CharField(max_length=32, unique=True)

    class Meta:
        indexes = (
            models.Index(fields=("channel", "state", "due_at"), name="delivery_due"),
            models.Index(fields=("state", "-id"), name="delivery_by_state"),
            models.Index(fields=("reference",), name="delivery_by_reference"),
        )


class DeliveryTry(models.Model):
    """One try of a delivery: when it began, how it ended; without an end the courier died amid it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="history")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("delivery", "number"), name="one_row_per_try"),)
        indexes = (models.Index(fields=("sender", "began_at"), name="try_by_sender"),)


class QuietHours(models.Model):
    """The hours (minutes of the local day) in which customers of a grade get nothing on the channels named."""

    grade = models.CharField(max_length=12, unique=True)
    from_minute = models.PositiveSmallIntegerField()
    to_minute = models.PositiveSmallIntegerField()
    channels = models.JSONField(default=list)


class StaffChannels(models.Model):
    """How one of our own people wants to be reached besides the console; telephone and e-mail stand with the user."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    notify_by = models.JSONField(default=list)
    wecom = models.CharField(max_length=400, blank=True)
    dingtalk = models.CharField(max_length=400, blank=True)
    webhook = models.CharField(max_length=400, blank=True)
