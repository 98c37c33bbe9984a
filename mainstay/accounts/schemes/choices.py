"""Kinds of schemes, of their parts, and how parts are counted (D4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SchemeType(models.TextChoices):
    """What a scheme is for."""

    BACKUP = "backup", _("Backup line")
    DUAL_HOMING = "dual_homing", _("Dual homing")
    VPN = "vpn", _("Networking of branches (VPN)")
    POINT_TO_POINT = "point_to_point", _("Point to point line")
    INTERNET = "internet", _("Internet exit")
    IDC_ACCESS = "idc_access", _("Access to a data centre")
    CLOUD = "cloud", _("Access to clouds")
    MOBILE = "mobile", _("Mobile access (APN)")


class SchemeStatus(models.TextChoices):
    """Whether a scheme model is offered."""

    DRAFT = "draft", _("being written")
    RELEASED = "released", _("released")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PartKind(models.TextChoices):
    """What a part is; products are priced by their tariffs, the others by the price written down."""

    PRODUCT = "product", _("Product")
    EQUIPMENT = "equipment", _("Equipment")
    ACCESS = "access", _("Access technology")
    WORK = "work", _("Work")


class Counting(models.TextChoices):
    """How often a part is needed."""

    ONCE = "once", _("once")
    PER_SITE = "per_site", _("per site")
    PER_BRANCH = "per_branch", _("per site but the first")


NEXT_STATUS = {
    SchemeStatus.DRAFT: (SchemeStatus.RELEASED,),
    SchemeStatus.RELEASED: (SchemeStatus.WITHDRAWN,),
    SchemeStatus.WITHDRAWN: (SchemeStatus.RELEASED,),
}
MOST_SITES = 2_000
MOST_MONTHS = 120
