"""Read products, profiles and terms; they belong to no customer, so every member of staff may read them."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.catalog.errors import NoSuchProfile
from mainstay.accounts.catalog.models import FormerProfile, Product, PromiseProfile, PromiseTerm
from mainstay.domain.errors import msgid


def products() -> QuerySet[Product]:
    """Return all products by code."""
    return Product.objects.order_by("code")


def profiles() -> QuerySet[PromiseProfile]:
    """Return all profiles, the active one first, with `term_count`."""
    return PromiseProfile.objects.annotate(term_count=Count("terms")).order_by("-active", "code")


def active_profile() -> PromiseProfile | None:
    """Return the profile promises come from, or None before one is activated."""
    return PromiseProfile.objects.filter(active=True).first()


def profile_on(day: date) -> int | None:
    """Return the id of the profile that was in force on a day, None before one was (1 or 2 queries)."""
    former = FormerProfile.objects.filter(until__gt=day).order_by("until", "pk").first()
    if former is not None:
        return former.profile_id
    return PromiseProfile.objects.filter(active=True).values_list("pk", flat=True).first()


def profile(profile_id: int) -> PromiseProfile:
    """Return one profile. Raises NoSuchProfile."""
    found = PromiseProfile.objects.filter(pk=profile_id).first()
    if found is None:
        raise NoSuchProfile(msgid("There is no profile {id}; choose one of the list."), id=profile_id)
    return found


def terms(profile_id: int, *, on: date | None = None) -> list[PromiseTerm]:
    """Return a profile's terms (if `on`: those valid that day) by metric and grade, calendar fetched (1 query)."""
    rows = PromiseTerm.objects.filter(profile=profile_id).select_related("calendar", "product", "profile")
    if on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    return list(rows.order_by("metric", "grade", "reach", "product", "valid_from", "pk"))


def term(term_id: int) -> PromiseTerm | None:
    """Return one term with profile, calendar and product fetched, or None."""
    return PromiseTerm.objects.select_related("profile", "calendar", "product").filter(pk=term_id).first()
