"""Kinds of resources, technologies, roles of paths (E1, E2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    SITE = "site", _("Site")
    ROOM = "room", _("Room")
    DEVICE = "device", _("Device")
    CARD = "card", _("Card")
    PORT = "port", _("Port")
    DUCT = "duct", _("Duct")
    CABLE = "cable", _("Cable")
    FIBRE = "fibre", _("Fibre")
    LINK = "link", _("Link")


HOLDS: dict[str, tuple[str, ...]] = {
    ResourceKind.SITE: (ResourceKind.ROOM, ResourceKind.DEVICE),
    ResourceKind.ROOM: (ResourceKind.DEVICE,),
    ResourceKind.DEVICE: (ResourceKind.CARD, ResourceKind.PORT),
    ResourceKind.CARD: (ResourceKind.PORT,),
    ResourceKind.DUCT: (ResourceKind.CABLE,),
    ResourceKind.CABLE: (ResourceKind.FIBRE,),
}


class DeviceRole(models.TextChoices):
    """What a device is for."""

    NONE = "", "—"
    BACKBONE = "backbone", _("Backbone")
    AGGREGATION = "aggregation", _("Aggregation")
    ACCESS = "access", _("Access")
    CONVERTER = "converter", _("Converter")
    ROUTER = "router", _("Customer router")
    MODEM = "modem", _("Modem")


class Technology(models.TextChoices):
    SDH = "sdh", "SDH"
    MSTP = "mstp", "MSTP"
    PTN = "ptn", "PTN"
    IPRAN = "ipran", "IPRAN"
    OTN = "otn", "OTN"
    PON = "pon", "PON"
    MPLS = "mpls", "IP/MPLS"
    WIRELESS = "wireless", _("Wireless")


class CircuitStatus(models.TextChoices):
    ACTIVE = "active", _("In service")
    CEASED = "ceased", _("Ceased")


class PathRole(models.TextChoices):
    WORKING = "working", _("Working path")
    PROTECTION = "protection", _("Protection path")


class Side(models.TextChoices):
    A = "A", _("A end")
    Z = "Z", _("Z end")


class LiveState(models.IntegerChoices):
    """States of a circuit, worst last; the values are those of `domain.impact.State`."""

    UP = 0, _("Up")
    UNPROTECTED = 1, _("Unprotected")
    DEGRADED = 2, _("Degraded")
    DOWN = 3, _("Down")
