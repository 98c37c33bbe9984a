"""What can be found, and who opened what."""

from django.conf import settings
from django.db import models


class Tier(models.IntegerChoices):
    """In which order things are looked through: a common word stops among the first."""

    FIRST = 0
    SECOND = 1
    SAMPLE = 2
    REST = 3


class SearchEntry(models.Model):
    """One findable thing: its words, pinyin, initials and bigrams in `terms`; `uses`: how often it was opened."""

    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    detail = models.CharField(max_length=240, blank=True)
    rank = models.PositiveSmallIntegerField(default=100)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    terms = models.TextField()
    tier = models.PositiveSmallIntegerField(default=Tier.REST, db_default=Tier.REST)
    uses = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object_kind", "object_id"), name="one_entry_per_thing"),)
        indexes = (models.Index(fields=("customer_id",), name="entry_by_owner"),)


class SearchUse(models.Model):
    """That somebody opened a thing they had looked for: how often, and when last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="+")
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "entry"), name="one_use_per_person"),)
        indexes = (models.Index(fields=("user", "-last_at"), name="use_by_person"),)
