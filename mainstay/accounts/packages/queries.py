"""Read packages; they belong to no customer, so every member of staff may read them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from mainstay.accounts.packages.choices import VersionStatus
from mainstay.accounts.packages.errors import NoSuchPackage
from mainstay.accounts.packages.models import Package, PackageTerm, PackageVersion
from mainstay.domain.errors import msgid


def packages() -> list[Package]:
    """Return all packages with their versions and terms fetched (3 queries)."""
    return list(Package.objects.prefetch_related(Prefetch("versions", versions().order_by("-number"))))


def package(package_id: int) -> Package:
    """Return one package with versions and terms fetched, the newest first. Raises NoSuchPackage."""
    newest = Prefetch("versions", versions().order_by("-number"))
    found = Package.objects.prefetch_related(newest).filter(pk=package_id).first()
    if found is None:
        raise NoSuchPackage(msgid("There is no package {id}; choose one of the list."), id=package_id)
    return found


def versions() -> QuerySet[PackageVersion]:
    """Return versions with package, terms and their calendars fetched."""
    terms = PackageTerm.objects.select_related("calendar").order_by("metric", "grade", "pk")
    return PackageVersion.objects.select_related("package").prefetch_related(Prefetch("terms", terms))


def version(version_id: int) -> PackageVersion:
    """Return one version with its terms fetched. Raises NoSuchPackage."""
    found = versions().filter(pk=version_id).first()
    if found is None:
        raise NoSuchPackage(msgid("There is no package {id}; choose one of the list."), id=version_id)
    return found


def waiting() -> list[PackageVersion]:
    """Return the versions that wait for marketing, the oldest first (2 queries)."""
    return list(versions().filter(status=VersionStatus.PROPOSED).order_by("proposed_at", "pk"))


def on_sale(on: date, *, product: str = "") -> list[PackageVersion]:
    """Return the version of each package that is sold on a day, for a product where one is named (2 queries)."""
    rows = versions().filter(status=VersionStatus.APPROVED, valid_from__lte=on)
    newest: dict[int, PackageVersion] = {}
    for row in rows.order_by("number"):
        newest[row.package_id] = row
    found = [row for row in newest.values() if not product or row.is_for(product)]
    return sorted(found, key=lambda row: (row.package.kind, row.package.protection_level or 0, row.package.code))


def terms_of(version_ids: Iterable[int]) -> dict[int, list[PackageTerm]]:
    """Return terms by version, calendar fetched (1 query)."""
    found: dict[int, list[PackageTerm]] = {}
    for term in PackageTerm.objects.filter(version__among=version_ids).select_related("calendar").order_by("pk"):
        found.setdefault(term.version_id, []).append(term)
    return found
