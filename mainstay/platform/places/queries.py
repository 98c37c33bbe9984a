"""Read divisions and industries."""

from django.db.models import QuerySet

from mainstay.platform.places.models import Industry, Region


def regions(prefix: str = "") -> QuerySet[Region]:
    """Return divisions whose code starts with the prefix."""
    return Region.objects.filter(code__startswith=prefix)


def names(codes: list[str]) -> dict[str, str]:
    """Return the names of divisions by code."""
    return dict(Region.objects.filter(code__in=codes).values_list("code", "name"))


def industries() -> QuerySet[Industry]:
    """Return all industries in the order of their codes."""
    return Industry.objects.all()
