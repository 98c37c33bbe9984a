"""Documents as they were made, their content, and what is made on schedule."""

from django.conf import settings
from django.db import models

from mainstay.platform.documents.choices import Audience, Cadence, Format, Language


class Content(models.Model):
    """The bytes of documents, each once; in the database, so that backups hold them and every host has them."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()


class Document(models.Model):
    """A file that was made of facts. Once sent it is never changed: a correction is the next version (R1).

    `kind` is the template's code; `about` names what it is about beside the customer ("contract:12", "" none);
    `month` the first day of what it tells of. `version` counts the versions of the same thing; one that `corrects` an
    earlier one says `why`. `facts_digest`: the same facts make no new version. `figures`: which figures it was made
    of, as the room that knows them says ("2026-10 v2"). `rare`: characters no font had.
    """

    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=4, choices=Format.choices)
    language = models.CharField(max_length=10, choices=Language.choices)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60)
    file_name = models.CharField(max_length=120)
    customer_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=12, blank=True)
    about = models.CharField(max_length=40, blank=True)
    about_label = models.CharField(max_length=160, blank=True)
    month = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    why = models.CharField(max_length=400, blank=True)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    size_bytes = models.PositiveIntegerField()
    facts_digest = models.CharField(max_length=64)
    figures = models.CharField(max_length=80, blank=True)
    rare = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    job_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer_id", "about", "kind", "month", "language", "format", "version"),
                name="one_document_per_version",
            ),
        )
        indexes = (
            models.Index(fields=("-month", "-id"), name="document_by_month"),
            models.Index(fields=("customer_id", "-month", "-id"), name="document_by_customer"),
            models.Index(fields=("region_code", "-month", "-id"), name="document_by_region"),
            models.Index(fields=("job_id",), name="document_by_job"),
            models.Index(fields=("number",), name="document_by_number"),
        )


class Schedule(models.Model):
    """Documents made every month (quarter) on a day at an hour, in the name and scope of `owner` (R1).

    `kind` is a kind of job (platform.jobs); `templates` what is made. `customer_ids`: empty, all whom the owner sees.
    `audience` and `channels` ("" all a contact wants): who hears of it. `next_at`: when it is due; `waiting_for`: the
    month it waits for, which is not closed yet; `last_job_id`: the run it began last.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    templates = models.JSONField(default=list)
    formats = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    cadence = models.CharField(max_length=10, choices=Cadence.choices, default=Cadence.PROMISED)
    day = models.PositiveSmallIntegerField(default=3)
    hour = models.PositiveSmallIntegerField(default=6)
    customer_ids = models.JSONField(default=list)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.NOTIFIED)
    channels = models.JSONField(default=list)
    send = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    next_at = models.DateTimeField()
    waiting_for = models.DateField(null=True)
    last_month = models.DateField(null=True)
    last_job_id = models.BigIntegerField(null=True)
    last_problem = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("active", "next_at"), name="schedule_due"),)
