"""Kinds of customers and roles of their people (A1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    GROUP = "group", _("Group")
    ORGANISATION = "organisation", _("Organisation")
    INDIVIDUAL = "individual", _("Individual")


class Archive(models.TextChoices):
    """Which archive a customer is in (A2)."""

    ACTIVE = "active", _("Active")
    RETAINED = "retained", _("Retained")


class Ownership(models.TextChoices):
    STATE = "state", _("State-owned")
    PRIVATE = "private", _("Private")
    FOREIGN = "foreign", _("Foreign-invested")
    PUBLIC = "public", _("Public institution")
    OTHER = "other", _("Other")


class ContactRole(models.TextChoices):
    DECISION_MAKER = "decision_maker", _("Decision maker")
    KEY_CONTACT = "key_contact", _("Key contact")
    TECHNICAL = "technical", _("Technical contact")
    FINANCE = "finance", _("Finance contact")
