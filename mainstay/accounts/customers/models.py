"""Key accounts and their people."""

from django.conf import settings
from django.db import models

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import Archive, ContactRole, CustomerKind, Ownership
from mainstay.platform.places.models import Industry, Region


class Customer(models.Model):
    """A key account: a group, one of its organisations, or an individual. Never deleted (A2)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=16, choices=CustomerKind.choices, default=CustomerKind.ORGANISATION)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="subsidiaries")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ownership = models.CharField(max_length=12, choices=Ownership.choices, blank=True)
    service_grade = models.CharField(max_length=12, choices=ServiceGrade.choices, default=ServiceGrade.STANDARD)
    grade_reason = models.CharField(max_length=200, blank=True)
    is_special = models.BooleanField(default=False)
    archive = models.CharField(max_length=12, choices=Archive.choices, default=Archive.ACTIVE)
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="portfolio"
    )
    customer_engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    since_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", editable=False
    )

    class Meta:
        indexes = (
            models.Index(fields=("region", "name"), name="customer_by_region"),
            models.Index(fields=("name",), name="customer_by_name"),
            models.Index(fields=("service_grade", "name"), name="customer_by_grade"),
        )

    def __str__(self) -> str:
        return self.short_name or self.name


class Contact(models.Model):
    """A person at a customer; `notify` says whether outage notices go to them, `notify_by` on which channels.

    `wecom`, `dingtalk` are group robots (key, token, or webhook address), `webhook` a URL that takes JSON.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=16, choices=ContactRole.choices)
    title = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    birthday_on = models.DateField(null=True, blank=True)
    notify = models.BooleanField(default=False)
    notify_by = models.JSONField(default=list)
    wecom = models.CharField(max_length=400, blank=True)
    dingtalk = models.CharField(max_length=400, blank=True)
    webhook = models.CharField(max_length=400, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="contact"
    )
    left_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
