"""What can be found."""

from django.db import models


class SearchEntry(models.Model):
    """One findable thing: its words, pinyin, initials and bigrams in `terms`."""

    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    detail = models.CharField(max_length=240, blank=True)
    rank = models.PositiveSmallIntegerField(default=100)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    terms = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("object_kind", "object_id"), name="one_entry_per_thing"),)
        indexes = (models.Index(fields=("customer_id",), name="entry_by_owner"),)
