"""The audit trail and the outbox."""

from django.db import models


class Entry(models.Model):
    """One write: who, when, what, before and after, in which request, why (P2). Never updated, never deleted.

    Entries are chained by `seal_number`, the order of sealing: on PostgreSQL a lower id may be committed later.
    """

    at = models.DateTimeField(db_index=True)
    actor_name = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=12)
    user_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(max_length=160, blank=True)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    why = models.CharField(max_length=400, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    seal_number = models.BigIntegerField(null=True, unique=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("object_kind", "object_id"), name="entry_by_object"),
            models.Index(fields=("customer_id", "-id"), name="entry_by_customer"),
            models.Index(fields=("digest", "id"), name="entry_by_digest"),
        )


class OutboxEvent(models.Model):
    """News for live pages and later handlers, in the order they became true; pruned when all have read it."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=48)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    body = models.JSONField(default=dict)


class ReaderPosition(models.Model):
    """How far a reader of the outbox has come."""

    reader = models.CharField(max_length=48, primary_key=True)
    seen = models.BigIntegerField(default=0)


class HandedOn(models.Model):
    """An event whose handlers are called in another transaction (see `handing`); gone when they have been.

    `part`: see `registry.parted`. `size`: of how many things it tells. `failure`: why it was set aside; empty while it
    waits.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=48)
    part = models.SmallIntegerField(default=-1)
    body = models.TextField()
    size = models.PositiveIntegerField(default=1)
    actor_name = models.CharField(max_length=80)
    failure = models.CharField(max_length=400, blank=True)
