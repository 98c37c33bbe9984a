"""Saved views, and what each person does with them."""

from django.conf import settings
from django.db import models

from mainstay.platform.saved_views.choices import Audience


class SavedView(models.Model):
    """A way to look at a list: `query` is the address behind the question mark, without the page.

    `duties` and `regions`: the owner's when it was shared, which say with whom; regions are code prefixes.
    """

    page = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.ME)
    duties = models.JSONField(default=list)
    regions = models.JSONField(default=list)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "page", "name"), name="one_view_per_name"),)
        indexes = (models.Index(fields=("page", "audience"), name="view_by_page"),)


class ViewUse(models.Model):
    """What one person does with a view: `pinned` to the sidebar, or the `default` of its page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="uses")
    page = models.CharField(max_length=32)
    pinned = models.BooleanField(default=False)
    default = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "view"), name="one_use_per_view"),
            models.UniqueConstraint(
                fields=("user", "page"), condition=models.Q(default=True), name="one_default_per_page"
            ),
        )
