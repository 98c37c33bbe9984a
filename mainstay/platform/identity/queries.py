"""Who is acting, who the users are, and the one door that limits what an actor sees."""

from django.db.models import Q, QuerySet

from mainstay.domain.actor import NOBODY, Actor, ActorKind
from mainstay.platform.identity import registry
from mainstay.platform.identity.actions import token_digest
from mainstay.platform.identity.choices import DUTIES_WITHOUT_REGION, GRANTS, PORTFOLIO_DUTIES, Duty
from mainstay.platform.identity.models import ApiToken, DutyAssignment, User


def actor_of(user: User, *, request_id: str = "") -> Actor:
    """Return the actor a user is: duties, permissions, regions, and the customers they are limited to (2 queries)."""
    if not user.is_active:
        return NOBODY
    held = list(user.duties.all())
    duties = frozenset(d.duty for d in held)
    permissions = frozenset().union(*(GRANTS.get(duty, frozenset()) for duty in duties)) if duties else frozenset()
    if user.customer_id is not None:
        return Actor(
            kind=ActorKind.CUSTOMER,
            name=user.display_name,
            user_id=user.pk,
            permissions=permissions & GRANTS[Duty.CUSTOMER_CONTACT],
            duties=duties,
            customer_ids=registry.customers_of_contact(user.customer_id),
            request_id=request_id,
        )
    portfolio_only = bool(duties) and duties <= PORTFOLIO_DUTIES
    return Actor(
        kind=ActorKind.STAFF,
        name=user.display_name,
        user_id=user.pk,
        permissions=permissions,
        duties=duties,
        regions=tuple(sorted({d.region_code for d in held if d.duty not in DUTIES_WITHOUT_REGION})),
        customer_ids=registry.portfolio_of(user.pk) if portfolio_only else None,
        request_id=request_id,
    )


def scope(actor: Actor, *, customer: str = "customer_id", region: str = "region_code") -> Q:
    """Return the condition that limits rows to what the actor may see; give "" for a column the rows do not have.

    This is the one door (P1): a portfolio or a customer's people see by customer; other staff by region prefix.
    """
    if actor.sees_everything:
        return Q()
    if actor.customer_ids is not None:
        return Q(**{f"{customer}__in": actor.customer_ids}) if customer else Q(pk__in=())
    if actor.kind != ActorKind.STAFF or not region:
        return Q(pk__in=())
    allowed = Q(pk__in=())
    for prefix in actor.regions:
        allowed |= Q() if prefix == "" else Q(**{f"{region}__startswith": prefix})
    return Q() if "" in actor.regions else allowed


def may_see(actor: Actor, *, customer_id: int | None, region_code: str) -> bool:
    """Say in Python what `scope` says in SQL, for one row's stamps (live events)."""
    if actor.sees_everything:
        return True
    if actor.customer_ids is not None:
        return customer_id in actor.customer_ids
    return actor.kind == ActorKind.STAFF and any(region_code.startswith(prefix) for prefix in actor.regions)


def actor_of_token(token: str, *, request_id: str = "") -> Actor:
    """Return the actor a program's token stands for; NOBODY when unknown or revoked."""
    found = (
        ApiToken.objects.filter(digest=token_digest(token), revoked_at__isnull=True)
        .select_related("user")
        .prefetch_related("user__duties")
        .first()
    )
    return actor_of(found.user, request_id=request_id) if found else NOBODY


def actor_named(username: str) -> Actor | None:
    """Return the actor of an active user, None when there is none of that name (3 queries)."""
    user = User.objects.filter(username=username, is_active=True).prefetch_related("duties").first()
    return actor_of(user) if user else None


def user_by_id(user_id: int) -> User | None:
    """Return the user with duties fetched, or None."""
    return User.objects.filter(pk=user_id).prefetch_related("duties").first()


def users() -> QuerySet[User]:
    """Return all users with duties, for the settings pages."""
    return User.objects.prefetch_related("duties").order_by("username")


def staff_holding(permission: str, region_code: str) -> QuerySet[User]:
    """Return active staff who hold the permission in the region, by name."""
    duties = [duty for duty, grants in GRANTS.items() if permission in grants]
    prefixes = [region_code[:n] for n in range(len(region_code) + 1)]
    return (
        User.objects.filter(is_active=True, customer_id__isnull=True)
        .filter(duties__duty__in=duties, duties__region_code__in=prefixes)
        .distinct()
        .order_by("display_name")
    )


def find_users(*, text: str = "", duty: str = "", locked: bool = False) -> QuerySet[User]:
    """Return users with duties: whose names contain the text, who hold the duty, who may not sign in."""
    found = users()
    if text:
        found = found.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if duty:
        found = found.filter(pk__in=DutyAssignment.objects.filter(duty=duty).values("user_id"))
    return found.filter(is_active=False) if locked else found


def names_holding(duty: str) -> list[tuple[int, str]]:
    """Return (id, name) of the active users who hold a duty anywhere, by name (1 query)."""
    holders = DutyAssignment.objects.filter(duty=duty).values("user_id")
    rows = User.objects.filter(pk__in=holders, is_active=True).order_by("display_name", "pk")
    return list(rows.values_list("pk", "display_name"))


def usernames_holding(duty: str) -> list[tuple[str, str]]:
    """Return (user name, name) of the active users who hold a duty anywhere, by name (1 query)."""
    holders = DutyAssignment.objects.filter(duty=duty).values("user_id")
    rows = User.objects.filter(pk__in=holders, is_active=True).order_by("display_name", "pk")
    return list(rows.values_list("username", "display_name"))


def names_permitted(permission: str) -> list[tuple[int, str]]:
    """Return (id, name) of active staff who hold a permission anywhere, by name (1 query)."""
    duties = [duty for duty, grants in GRANTS.items() if permission in grants]
    holders = DutyAssignment.objects.filter(duty__in=duties).values("user_id")
    rows = User.objects.filter(pk__in=holders, is_active=True, customer_id__isnull=True)
    return list(rows.order_by("display_name", "pk").values_list("pk", "display_name"))
