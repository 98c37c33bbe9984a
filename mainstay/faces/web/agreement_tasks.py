"""What agreements wait for in somebody's day: contracts to register, prices and discounts to decide on (C6, D1, D2)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.packages import queries as packages
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises import package_uses


def tasks(actor: Actor) -> Iterator[tuple[str, str, str, str, str]]:
    """Give (key, title, reason, icon, address) of what waits; only what the actor's duties need is read."""
    if actor.may(Permission.REGISTER_CONTRACTS):
        count = contracts.unregistered(actor).count()
        if count:
            said = ngettext(
                "%(n)s signed contract is not registered", "%(n)s signed contracts are not registered", count
            )
            url = f"{reverse('web:contracts')}?unregistered=1"
            reason = _("Register them with the key-account group.")
            yield "unregistered", said % {"n": count}, reason, "gavel", url
    if actor.may(Permission.APPROVE_PRICES):
        count = len(packages.waiting()) + len(package_uses.waiting(actor))
        if count:
            said = ngettext(
                "%(n)s price or discount waits for marketing", "%(n)s prices or discounts wait for marketing", count
            )
            yield ("packages", said % {"n": count}, _("Approve or reject what others proposed."), "coins",
                   reverse("web:packages"))  # fmt: skip
