"""Key accounts and their people."""

from django.conf import settings
from django.db import models

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import (
    AgentKind,
    Archive,
    ArchiveReason,
    ContactRole,
    CustomerKind,
    DifferenceState,
    IdentityKind,
    Ownership,
    SuggestionAbout,
    SuggestionState,
    TaxpayerKind,
    Verdict,
)
from mainstay.accounts.customers.kept import Kept
from mainstay.platform.places.models import Industry, Region


class Customer(Kept):
    """A key account: a group, one of its organisations, or an individual. Never deleted (A2).

    Identity document, birthday and employer are an individual's; tax and bank are what billing needs.
    """

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
    sales_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    identity_kind = models.CharField(max_length=12, choices=IdentityKind.choices, blank=True)
    identity_number = models.CharField(max_length=40, blank=True)
    birthday_on = models.DateField(null=True, blank=True)
    employer = models.CharField(max_length=120, blank=True)
    taxpayer_kind = models.CharField(max_length=12, choices=TaxpayerKind.choices, blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    invoice_title = models.CharField(max_length=120, blank=True)
    bank_name = models.CharField(max_length=120, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    archive_reason = models.CharField(max_length=12, choices=ArchiveReason.choices, blank=True)
    archive_note = models.CharField(max_length=400, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
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


class Contact(Kept):
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
    since_on = models.DateField(null=True, blank=True)
    identity_number = models.CharField(max_length=40, blank=True)
    deputy = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in_for")

    def __str__(self) -> str:
        return self.name


class HeldRole(Kept):
    """A further role of a person, or one they had: `Contact.role` is the first, from `since_on` (A1).

    [from_on, until_on]; without `until_on` it is held still.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="held_roles")
    role = models.CharField(max_length=16, choices=ContactRole.choices)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)


class Site(Kept):
    """A place of a customer, named once; the circuits' ends say that they are there (network.inventory)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="sites")
    note = models.CharField(max_length=400, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "name"), name="one_site_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class Agent(Kept):
    """Who sells or serves for the operator: an agent or a reseller (代理商). Ended, never deleted."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=AgentKind.choices, default=AgentKind.AGENT)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    note = models.CharField(max_length=400, blank=True)
    since_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Agency(Kept):
    """An agent or reseller looks after a customer, [from_on, until_on]."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="agencies")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="agencies")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)


class Suggestion(Kept):
    """What a customer proposes on building, managing and improving service, and what became of it (S1 2.2.3)."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="suggestions")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=12, choices=SuggestionAbout.choices)
    text = models.TextField()
    made_on = models.DateField()
    state = models.CharField(max_length=8, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=("customer", "-made_on"), name="suggestion_by_customer"),)


class ArchiveSource(models.Model):
    """Another system that keeps customers up to date (A4): billing, CRM, network. `user` is who it calls as."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    otherwise = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.FILL)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class SourceRule(models.Model):
    """What a source may do to one field; what no rule names falls under `ArchiveSource.otherwise`."""

    source = models.ForeignKey(ArchiveSource, on_delete=models.CASCADE, related_name="rules")
    field = models.CharField(max_length=32)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "field"), name="one_rule_a_field"),)


class Delivered(Kept):
    """What a source said of a customer once; `became`: field → `Became`. Journal entries name it `delivery-<pk>`."""

    source = models.ForeignKey(ArchiveSource, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    received_at = models.DateTimeField()
    reference = models.CharField(max_length=80, blank=True)
    became = models.JSONField(default=dict)


class FieldOrigin(models.Model):
    """As of when a source last spoke of a field: what is older does not count."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=32)
    source = models.ForeignKey(ArchiveSource, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "field", "source"), name="one_origin_a_field"),)


class ArchiveDifference(models.Model):
    """A delivered value that differs and waits for a person; one open a field and source."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=32)
    source = models.ForeignKey(ArchiveSource, on_delete=models.PROTECT, related_name="+")
    theirs = models.JSONField(null=True)
    delivery = models.ForeignKey(Delivered, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "field", "source"),
                condition=models.Q(state=DifferenceState.OPEN),
                name="one_open_difference",
            ),
        )
