"""Load divisions and industries."""

from django.db import transaction

from mainstay.platform.places.models import Industry, Region


@transaction.atomic
def load_regions(regions: list[Region]) -> None:
    """Add divisions or bring their names up to date."""
    Region.objects.bulk_create(
        regions,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "latitude", "longitude"],
    )


@transaction.atomic
def load_industries(industries: list[Industry]) -> None:
    """Add industries or bring their names up to date."""
    Industry.objects.bulk_create(
        industries, update_conflicts=True, unique_fields=["code"], update_fields=["name", "parent_code", "level"]
    )
