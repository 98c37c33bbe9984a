"""States of suspected pairs and of merges; what may speak for two customers being one."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PairState(models.TextChoices):
    OPEN = "open", _("To be decided")
    DIFFERENT = "different", _("Not the same")
    MERGED = "merged", pgettext_lazy("customers", "Merged")


class MergeState(models.TextChoices):
    DRAFT = "draft", _("Prepared")
    DONE = "done", pgettext_lazy("customers", "Merged")
    UNDONE = "undone", _("Undone")


class Evidence(models.TextChoices):
    IDENTIFIER = "identifier", _("Same tax or identity number")
    NAME = "name", _("Same name")
    CORE = "core", _("Same name but for its legal form")
    SIMILAR = "similar", _("Similar name")
    SHORT = "short", _("Same short name")
    PHONE = "phone", _("Same telephone")
    ADDRESS = "address", _("Same address")
    NEAR = "near", _("Similar address")
    PEOPLE = "people", _("Same contact")
    CONTACT_PHONE = "contact_phone", _("A contact’s telephone is the same")
    FAMILY = "family", _("Members of one group")
    PLACES = "places", _("In different cities")
