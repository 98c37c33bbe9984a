"""Make packages, propose versions of them, and let marketing decide: nobody decides on what they proposed (D2)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.catalog.terms import Terms, calendars_for, check_terms
from mainstay.accounts.packages.choices import PROTECTION_LEVELS, PackageKind, VersionStatus
from mainstay.accounts.packages.errors import BadPackage, NoSuchPackage
from mainstay.accounts.packages.models import Package, PackageTerm, PackageVersion
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewPackage:
    """A package wanted; see `Package`."""

    code: str
    kind: str
    name: str
    name_en: str = ""
    protection_level: int | None = None
    source: str = ""


@dataclass(frozen=True)
class PackageTerms:
    """A term of a package, for circuits of a grade; "" for all."""

    terms: Terms
    grade: str = ""


@dataclass(frozen=True)
class NewVersion:
    """A version wanted; see `PackageVersion`. `products` are codes."""

    valid_from: date
    monthly_price_fen: int
    terms: tuple[PackageTerms, ...]
    products: tuple[str, ...] = ()
    free_discount_percent: Decimal = Decimal(0)
    services: str = ""
    services_en: str = ""
    compensates: bool = False
    why: str = ""


@transaction.atomic
def create_package(new: NewPackage, *, at: datetime, by: Actor) -> Package:
    """Make a package; it is sold once a version of it is approved. Raises BadPackage."""
    require(by, Permission.SETTINGS)
    is_protection = new.kind == PackageKind.PROTECTION
    if not new.code.strip() or not new.name.strip() or new.kind not in PackageKind.values:
        raise BadPackage(msgid("A package needs a code, a name and a kind; give all three."))
    if is_protection != (new.protection_level in PROTECTION_LEVELS):
        raise BadPackage(msgid("Package {code}: circuit protection, and only that, has a level of 1, 2 or 3."),
                         code=new.code)  # fmt: skip
    if Package.objects.filter(code=new.code).exists():
        raise BadPackage(msgid("Package {code} exists already; propose a version of it, or choose another code."),
                         code=new.code)  # fmt: skip
    row = Package.objects.create(**{**asdict(new), "name_en": new.name_en or new.name})
    journal.record("package.create", [Change("package", row.pk, row.name, None, asdict(new))], at=at, by=by)
    return row


@transaction.atomic
def propose_version(package_id: int, new: NewVersion, *, at: datetime, by: Actor) -> PackageVersion:
    """Propose what a package promises and costs from a day on; it is sold once marketing agreed.

    Raises NoSuchPackage, BadPackage (no term, a day before the newest version's, unknown products, a discount out of
    0 to 100, compensation without an SLA guarantee) and BadTerm.
    """
    require(by, Permission.PROPOSE_PACKAGES)
    package = Package.objects.select_for_update().filter(pk=package_id).first()
    if package is None:
        raise NoSuchPackage(msgid("There is no package {id}; choose one of the list."), id=package_id)
    newest = package.versions.order_by("-number").first()
    _check(package, new, newest)
    calendars = calendars_for(term.terms for term in new.terms)
    check_terms(package.name, [term.terms for term in new.terms], calendars)
    fields = {name: getattr(new, name) for name in ("valid_from", "monthly_price_fen", "free_discount_percent",
              "services", "services_en", "compensates", "why")}  # fmt: skip
    row = PackageVersion.objects.create(
        package=package, number=(newest.number if newest else 0) + 1, products=list(new.products), proposed_at=at,
        proposed_by=by.name[:80], proposed_by_id=by.user_id, **fields,
    )  # fmt: skip
    PackageTerm.objects.bulk_create(
        PackageTerm(version=row, grade=term.grade, **term.terms.columns(calendars)) for term in new.terms
    )
    _tell("package.propose", row, None, asdict(new), at=at, by=by)
    return row


@transaction.atomic
def decide_version(version_id: int, *, approve: bool, why: str = "", at: datetime, by: Actor) -> PackageVersion:
    """Give marketing's word on a proposed version, by another person than who proposed it (D2).

    Raises NoSuchPackage, BadPackage (decided already, one's own, a refusal without a reason).
    """
    require(by, Permission.APPROVE_PRICES)
    row = PackageVersion.objects.select_for_update(of=("self",)).select_related("package").filter(pk=version_id).first()
    if row is None:
        raise NoSuchPackage(msgid("There is no package {id}; choose one of the list."), id=version_id)
    named = {"name": row.package.name, "number": row.number}
    if row.status != VersionStatus.PROPOSED:
        raise BadPackage(msgid("{name}, version {number}, was decided already by {who}."), who=row.decided_by, **named)
    if row.proposed_by_id is not None and row.proposed_by_id == by.user_id:
        raise BadPackage(msgid("You proposed {name}, version {number}; somebody else has to decide."), **named)
    if not approve and not why.strip():
        raise BadPackage(msgid("{name}, version {number}: say why it is rejected."), **named)
    row.status = VersionStatus.APPROVED if approve else VersionStatus.REJECTED
    row.decided_at, row.decided_by, row.decided_why = at, by.name[:80], why.strip()[:400]
    row.save(update_fields=["status", "decided_at", "decided_by", "decided_why"])
    after = {"status": row.status, "why": row.decided_why}
    _tell("package.decide", row, {"status": VersionStatus.PROPOSED.value}, after, at=at, by=by)
    return row


def _check(package: Package, new: NewVersion, newest: PackageVersion | None) -> None:
    named = {"name": package.name}
    if newest is not None and newest.status == VersionStatus.PROPOSED:
        raise BadPackage(msgid("{name}: version {number} still waits for marketing; wait for its word."),
                         number=newest.number, **named)  # fmt: skip
    if newest is not None and newest.status == VersionStatus.APPROVED and new.valid_from <= newest.valid_from:
        raise BadPackage(msgid("{name}: version {number} begins on {begin}; let the next one begin later."),
                         number=newest.number, begin=newest.valid_from, **named)  # fmt: skip
    if not new.terms and not new.services.strip():
        raise BadPackage(msgid("{name} promises nothing; give a term or a service."), **named)
    if new.monthly_price_fen < 0 or not 0 <= new.free_discount_percent <= 100:
        raise BadPackage(msgid("{name}: a price is 0 or more, a discount 0 to 100 per cent; correct them."), **named)
    if new.compensates and package.kind != PackageKind.SLA:
        raise BadPackage(msgid("{name}: only an SLA quality guarantee carries compensation."), **named)
    unknown = set(new.products) - set(Product.objects.filter(code__in=new.products).values_list("code", flat=True))
    if unknown:
        raise BadPackage(msgid("{name}: there is no product {codes}; correct it."), codes=", ".join(sorted(unknown)),
                         **named)  # fmt: skip
    _check_twice(package, new.terms)


def _check_twice(package: Package, terms: Sequence[PackageTerms]) -> None:
    seen = [(term.terms.metric, term.grade) for term in terms]
    wrong = [grade for _metric, grade in seen if grade and grade not in CircuitGrade.values]
    if wrong or len(seen) != len(set(seen)):
        raise BadPackage(msgid("{name}: give each promise once for a grade of circuits."), name=package.name)


def _tell(
    action: str, row: PackageVersion, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    label = f"{row.package.name} v{row.number}"
    journal.record(action, [Change("package", row.package_id, label, before, after)], at=at, by=by)
