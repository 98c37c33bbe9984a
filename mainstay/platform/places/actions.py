"""Load divisions and industries."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from mainstay.platform.places.models import Industry, Region


@dataclass(frozen=True)
class NewRegion:
    """A division wanted, by its GB/T 2260 code; a position in degrees where known."""

    code: str
    name: str
    name_en: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class NewIndustry:
    """A class of GB/T 4754 wanted."""

    code: str
    name: str
    parent_code: str
    level: int


def add_regions(new: Iterable[NewRegion]) -> None:
    """Add divisions or bring their names up to date."""
    load_regions([Region(**asdict(item)) for item in new])


def add_industries(new: Iterable[NewIndustry]) -> None:
    """Add industries or bring their names up to date."""
    load_industries([Industry(**asdict(item)) for item in new])


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
