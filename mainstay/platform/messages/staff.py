"""Where are our own people reached besides the console?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mainstay.platform.identity.models import User
from mainstay.platform.messages.addresses import Address, addresses_from
from mainstay.platform.messages.models import StaffChannels


@dataclass(frozen=True)
class StaffReach:
    """One of our people with their addresses, as `addresses.Reachable`."""

    phone: str
    email: str
    wecom: str = ""
    dingtalk: str = ""
    webhook: str = ""
    notify_by: list[str] = field(default_factory=list)


def staff_addresses(user_ids: Iterable[int | None]) -> dict[int, tuple[Address, ...]]:
    """Return the addresses of active staff by user id (2 queries, none for nobody)."""
    wanted = [user_id for user_id in user_ids if user_id is not None]
    if not wanted:
        return {}
    chosen = {row.user_id: row for row in StaffChannels.objects.filter(user__in=wanted)}
    users = User.objects.filter(pk__in=wanted, is_active=True, customer_id__isnull=True)
    return {user.pk: addresses_from(reach_of(user, chosen.get(user.pk)), name=str(user)) for user in users}


def reach_of(user: User, chosen: StaffChannels | None) -> StaffReach:
    """Join what stands with the user and what they chose."""
    if chosen is None:
        return StaffReach(user.phone, user.email)
    return StaffReach(user.phone, user.email, chosen.wecom, chosen.dingtalk, chosen.webhook, list(chosen.notify_by))
