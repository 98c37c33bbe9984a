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
    BUSINESS = "business", _("Business contact")
    ADMINISTRATION = "administration", _("Administration")


class ArchiveReason(models.TextChoices):
    """Why a customer is in the retained archive (A2)."""

    LEFT = "left", _("Left us")
    LAPSED = "lapsed", _("Lapsed: nothing bought any more")
    MERGED = "merged", _("Merged into another")
    UNDONE = "undone", _("Taken on by mistake")


MOVED_BY_HAND = (ArchiveReason.LEFT, ArchiveReason.LAPSED, ArchiveReason.MERGED)
"""Reasons that people give; the other comes from undoing an import."""


class IdentityKind(models.TextChoices):
    """Which document names an individual (A1)."""

    ID_CARD = "id_card", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    OFFICER = "officer", _("Officer's card")
    PERMIT = "permit", _("Residence or travel permit")
    LICENCE = "licence", _("Business licence")


class TaxpayerKind(models.TextChoices):
    GENERAL = "general", _("General taxpayer")
    SMALL = "small", _("Small-scale taxpayer")
    NONE = "none", _("No taxpayer")


class AgentKind(models.TextChoices):
    AGENT = "agent", _("Agent")
    RESELLER = "reseller", _("Reseller")


class SuggestionAbout(models.TextChoices):
    """What a customer's suggestion is about (S1 2.2.3)."""

    BUILDING = "building", _("Building")
    MANAGEMENT = "management", _("Management")
    SERVICE = "service", _("Quality of service")
    OTHER = "other", _("Something else")


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Open")
    WORKING = "working", _("Being worked on")
    DONE = "done", _("Taken up")
    DECLINED = "declined", _("Declined")


class Verdict(models.TextChoices):
    """What becomes of a field that another system delivers (A4)."""

    OVERWRITE = "overwrite", _("The source is right: overwrite")
    FILL = "fill", _("Fill what is empty, else ask")
    ASK = "ask", _("Always ask a person")
    IGNORE = "ignore", _("Leave it")


class Became(models.TextChoices):
    """What became of a delivered value."""

    TAKEN = "taken", _("Taken")
    SAME = "same", _("As it is here")
    ASKED = "asked", _("Waits for a person")
    IGNORED = "ignored", _("Left out by rule")
    STALE = "stale", _("Older than what is here")
    WRONG = "wrong", _("Wrong")


class DifferenceState(models.TextChoices):
    OPEN = "open", _("Open")
    TAKEN = "taken", _("Taken")
    KEPT = "kept", _("Ours kept")
