"""Say at which of a customer's named sites circuits end (A1)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mainstay.accounts.customers.actions.sites import visible_site
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.errors import BadInventory
from mainstay.network.inventory.models import CircuitEnd
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def place_ends(site_id: int, end_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Put ends of the customer's circuits at one of its sites; return how many moved.

    The end keeps how the network names the place. Raises NoSuchSite, BadInventory: an end of another customer.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    site = visible_site(by, site_id)
    ends = list(CircuitEnd.objects.filter(pk__in=end_ids).select_related("circuit", "site"))
    if len(ends) != len(set(end_ids)) or any(end.circuit.customer_id != site.customer_id for end in ends):
        raise BadInventory(
            msgid("Only ends of the customer's own circuits can be put at its site; read the page again.")
        )
    moved = [end for end in ends if end.site_id != site.pk]
    CircuitEnd.objects.filter(pk__in=[end.pk for end in moved]).update(site=site)
    customer = site.customer
    journal.record(
        "circuit.place_end",
        [
            Change(
                "circuit", end.circuit_id, end.circuit.number,
                {"site": end.site.name if end.site else end.site_name}, {"site": site.name, "side": end.side},
                customer.pk, customer.region_id,
            )
            for end in moved
        ],
        at=at, by=by,
    )  # fmt: skip
    return len(moved)
