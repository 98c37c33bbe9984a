"""Which customers have no account manager, who may claim them, and how much each manager holds? (A8, C4)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import Archive
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to
from mainstay.accounts.portfolios.models import Absence, HoldingLimit, OwnerSpell
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Duty
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found

SORTS = {
    "name": ("name", "pk"),
    "grade": ("service_grade", "name", "pk"),
    "region": ("region", "name", "pk"),
    "since": ("since_at", "pk"),
}


@dataclass(frozen=True)
class PoolFilters:
    """What the pool is limited to; empty means any. `region` is a code prefix."""

    text: str = ""
    grade: str = ""
    region: str = ""
    industry: str = ""


@dataclass
class Holder:
    """An account manager with what they hold: customers by grade, and in all. `away`: on leave today."""

    user: User
    regions: tuple[str, ...]
    by_grade: dict[str, int] = field(default_factory=dict)
    away: Absence | None = None

    @property
    def held(self) -> int:
        """Return how many customers they hold."""
        return sum(self.by_grade.values())

    @property
    def gone(self) -> bool:
        """Whether they may no longer sign in."""
        return not self.user.is_active


def regions_of(user_id: int) -> tuple[str, ...]:
    """Return the regions (code prefixes, "" is everywhere) in which somebody is an account manager."""
    rows = DutyAssignment.objects.filter(user=user_id, duty=Duty.ACCOUNT_MANAGER)
    return tuple(sorted(rows.values_list("region_code", flat=True)))


def in_reach(region_code: str, regions: Iterable[str]) -> bool:
    """Say whether a region lies in one of these."""
    return any(region_code.startswith(prefix) for prefix in regions)


def pool(actor: Actor, wanted: PoolFilters | None = None) -> QuerySet[Customer]:
    """Return active customers without a manager that the actor sees, or, as an account manager, may claim.

    Each with `since_at` (when the last owner ended, else when it was created) and region, industry fetched.
    """
    wanted = wanted or PoolFilters()
    rows = Customer.objects.filter(account_manager__isnull=True, archive=Archive.ACTIVE).filter(_reach(actor))
    exact = {
        "service_grade": wanted.grade, "region__code__startswith": wanted.region,
        "industry__code__startswith": wanted.industry,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.text.strip():
        rows = rows.filter(is_found(wanted.text, "customer"))
    ended = OwnerSpell.objects.filter(customer=OuterRef("pk"), until_at__isnull=False).order_by("-until_at")
    return rows.select_related("region", "industry").annotate(
        since_at=Coalesce(Subquery(ended.values("until_at")[:1]), F("created_at")),
        last_owner=Subquery(ended.values("user__display_name")[:1]),
        last_why=Subquery(ended.values("ended_why")[:1]),
    )


def _reach(actor: Actor) -> Q:
    reach = scope(actor, customer="pk", region="region__code")
    if actor.sees_everything:
        return reach
    if not actor.is_staff:
        return Q(pk__in=())
    if Duty.ACCOUNT_MANAGER in actor.duties and actor.user_id is not None:
        for prefix in regions_of(actor.user_id):
            reach |= Q(region__code__startswith=prefix) if prefix else Q(pk__gt=0)
    return reach


def holders(actor: Actor, on: date) -> list[Holder]:
    """Return who holds customers the actor sees, and every account manager of the actor's regions (5 queries).

    Those who may no longer sign in and still hold some come first, then those away, then by name.
    """
    owned = visible_to(actor).filter(account_manager__isnull=False, archive=Archive.ACTIVE)
    counts = owned.order_by().values_list("account_manager", "service_grade").annotate(n=Count("pk"))
    by_user: dict[int, dict[str, int]] = {}
    for user_id, grade, n in counts:
        by_user.setdefault(user_id, {})[grade] = n
    duties = DutyAssignment.objects.filter(duty=Duty.ACCOUNT_MANAGER).values_list("user_id", "region_code")
    regions: dict[int, list[str]] = {}
    for user_id, region in duties:
        regions.setdefault(user_id, []).append(region)
    near = [pk for pk, codes in regions.items() if _overlap(actor, codes)]
    users = User.objects.filter(Q(pk__in=by_user) | Q(pk__in=near, is_active=True), customer_id__isnull=True)
    away = away_on(on)
    found = [
        Holder(user, tuple(sorted(regions.get(user.pk, ()))), by_user.get(user.pk, {}), away.get(user.pk))
        for user in users
    ]
    return sorted(found, key=lambda h: (not h.gone, h.away is None, h.user.display_name))


def _overlap(actor: Actor, codes: Sequence[str]) -> bool:
    if actor.sees_everything:
        return True
    return any(c.startswith(p) or p.startswith(c) for c in codes for p in actor.regions)


def away_on(on: date) -> dict[int, Absence]:
    """Return who is away on a day, by user id (1 query)."""
    rows = Absence.objects.filter(from_on__lte=on, ended_at__isnull=True).exclude(to_on__lt=on)
    return {row.user_id: row for row in rows.order_by("-from_on")}


def limits() -> dict[str, int]:
    """Return how many customers of each grade one may claim up to; a grade without a limit is missing."""
    return dict(HoldingLimit.objects.values_list("grade", "most"))


def room_left(user_id: int) -> list[tuple[str, int, int]]:
    """Return (grade, held, most) of the grades that have a limit, for one account manager (2 queries)."""
    most = limits()
    held = Customer.objects.filter(account_manager=user_id, archive=Archive.ACTIVE, service_grade__in=most)
    counted = dict(held.order_by().values_list("service_grade").annotate(n=Count("pk")))
    return [(grade, counted.get(grade, 0), most[grade]) for grade in ServiceGrade.values if grade in most]
