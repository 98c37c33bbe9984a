"""Lay down clauses, change them in versions, end them; what was reckoned by them keeps them (D2, PC 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product, PromiseProfile
from mainstay.accounts.contracts.queries import visible_contract
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.packages.choices import PackageKind
from mainstay.accounts.packages.models import Package
from mainstay.domain.actor import Actor
from mainstay.domain.compensation import ClauseSet, check_clauses, plain_clause_set
from mainstay.domain.errors import msgid
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.service.compensation.errors import BadTerms
from mainstay.service.compensation.holding import is_for_all
from mainstay.service.compensation.models import ClauseTerms
from mainstay.service.compensation.queries.clauses import visible_terms
from mainstay.service.compensation.shipped import BY_PROFILE, EXAMPLE, EXAMPLE_NAME

BEGIN: Final = date(2020, 1, 1)
"""From when what is shipped is valid."""


@dataclass(frozen=True)
class Place:
    """Where clauses hold: one of circuit, contract (with a line's position: that line) or customer; else for all.

    For all: of a profile (a code), grade, product (a code); empty means any. With a package (a code): where that is
    applied.
    """

    circuit_id: int | None = None
    contract_id: int | None = None
    position: int | None = None
    customer_id: int | None = None
    profile: str = ""
    grade: str = ""
    product: str = ""
    package: str = ""

    @property
    def is_for_all(self) -> bool:
        """Say whether no customer's own things are named."""
        return self.circuit_id is None and self.contract_id is None and self.customer_id is None


@dataclass(frozen=True)
class NewTerms:
    """A set wanted at a place, valid on [valid_from, valid_to); `source` says which document lays it down."""

    name: str
    clauses: ClauseSet
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    place: Place = Place()
    is_example: bool = False


@transaction.atomic
def lay_down(new: NewTerms, *, at: datetime, by: Actor) -> ClauseTerms:
    """Lay down a set of clauses; sets that overlap are kept and shown: the one that began last wins.

    For all it needs SETTINGS, for a customer's own things WRITE_CONTRACTS. Raises BadTerms, BadClauses, and that what
    it is for may not be seen.
    """
    require(by, Permission.SETTINGS if new.place.is_for_all else Permission.WRITE_CONTRACTS)
    _check(new)
    row = ClauseTerms(
        name=new.name.strip()[:120], source=new.source[:200], terms=plain_clause_set(new.clauses),
        valid_from=new.valid_from, valid_to=new.valid_to, is_example=new.is_example, made_at=at, made_by=by.name[:80],
        **_columns(new.place, by),
    )  # fmt: skip
    row.save()
    journal.record("clauses.add", [_change(row, None)], at=at, by=by)
    return row


@transaction.atomic
def revise(
    terms_id: int, name: str, clauses: ClauseSet, *, valid_from: date, at: datetime, by: Actor, source: str = ""
) -> ClauseTerms:
    """Let a set say something else from a day on: the old version ends there, both stay readable.

    Raises NoSuchTerms, BadTerms (it has ended, or the day does not lie within its validity), BadClauses.
    """
    old = _take(terms_id, by)
    _check(NewTerms(name, clauses, valid_from))
    before = said(old)
    if old.is_example or valid_from <= old.valid_from or (old.valid_to is not None and valid_from >= old.valid_to):
        raise BadTerms(
            msgid("“{name}” holds from {begin} to {end}; choose a day within, after its begin."),
            name=old.name, begin=old.valid_from, end=old.valid_to or "—",
        )  # fmt: skip
    row = ClauseTerms(
        name=name.strip()[:120], source=(source or old.source)[:200], terms=plain_clause_set(clauses),
        valid_from=valid_from, valid_to=old.valid_to, version=old.version + 1, before=old, made_at=at,
        made_by=by.name[:80], circuit_id=old.circuit_id, line_id=old.line_id, contract_id=old.contract_id,
        customer_id=old.customer_id, package_id=old.package_id, profile_id=old.profile_id, grade=old.grade,
        product_id=old.product_id,
    )  # fmt: skip
    old.valid_to = valid_from
    old.save(update_fields=["valid_to"])
    row.save()
    journal.record("clauses.revise", [_change(row, before)], at=at, by=by)
    return row


@transaction.atomic
def end(terms_id: int, *, on: date, at: datetime, by: Actor) -> ClauseTerms:
    """Let a set hold no longer from a day on. Raises NoSuchTerms, BadTerms."""
    row = _take(terms_id, by)
    if on <= row.valid_from or (row.valid_to is not None and on > row.valid_to):
        raise BadTerms(
            msgid("“{name}” holds from {begin} to {end}; choose a day after its begin, up to its end."),
            name=row.name, begin=row.valid_from, end=row.valid_to or "—",
        )  # fmt: skip
    before = said(row)
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    journal.record("clauses.end", [_change(row, before)], at=at, by=by)
    return row


@transaction.atomic
def load_shipped(*, at: datetime, by: Actor) -> int:
    """Add the shipped sets that are missing, one for each shipped profile, and the example; return how many."""
    known = set(ClauseTerms.objects.values_list("name", flat=True))
    profiles = set(PromiseProfile.objects.values_list("code", flat=True))
    wanted = [
        NewTerms(name, clauses, BEGIN, source=source, place=Place(profile=code))
        for code, (name, source, clauses) in BY_PROFILE.items()
        if code in profiles
    ]
    wanted.append(NewTerms(EXAMPLE_NAME[0], EXAMPLE, BEGIN, source=EXAMPLE_NAME[1], is_example=True))
    missing = [new for new in wanted if new.name not in known]
    for new in missing:
        lay_down(new, at=at, by=by)
    return len(missing)


def _take(terms_id: int, by: Actor) -> ClauseTerms:
    row = visible_terms(by, terms_id, lock=True)
    require(by, Permission.SETTINGS if is_for_all(row) or row.package_id else Permission.WRITE_CONTRACTS)
    return row


def _check(new: NewTerms) -> None:
    check_clauses(new.clauses)
    if not new.name.strip():
        raise BadTerms(msgid("A set of clauses needs a name; give one."))
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        raise BadTerms(
            msgid("“{name}” ends on {end}, not after its begin on {begin}; correct the dates."),
            name=new.name, end=new.valid_to, begin=new.valid_from,
        )  # fmt: skip


def _columns(place: Place, by: Actor) -> dict[str, Any]:
    if place.package:
        package = _coded(Package, place.package)
        if package.kind != PackageKind.SLA or place != Place(package=place.package):
            raise BadTerms(msgid("“{name}” carries no compensation, or another place is named; name an SLA package."),
                           name=package.name)  # fmt: skip
        return {"package": package}
    if place.is_for_all:
        return {
            "profile": _coded(PromiseProfile, place.profile),
            "grade": place.grade if _is_grade(place.grade) else "",
            "product": _coded(Product, place.product),
        }
    given = (place.circuit_id, place.contract_id, place.customer_id)
    if sum(each is not None for each in given) != 1 or place.profile or place.grade or place.product:
        raise BadTerms(msgid("Clauses hold at one place: a circuit, a contract, a customer, or for all; name one."))
    if place.circuit_id is not None:
        return {"circuit": visible_circuit(by, place.circuit_id)}
    if place.customer_id is not None:
        return {"customer": visible_customer(by, place.customer_id)}
    contract = visible_contract(by, place.contract_id or 0)
    if place.position is None:
        return {"contract": contract}
    line = contract.lines.filter(position=place.position).first()
    if line is None:
        raise BadTerms(
            msgid("Contract {number} has no line {position}; choose one of its lines."),
            number=contract.number, position=place.position,
        )  # fmt: skip
    return {"line": line}


def _coded(model: Any, code: str) -> Any:
    found = model.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise BadTerms(msgid("There is no “{code}”; choose from the list."), code=code)
    return found


def _is_grade(grade: str) -> bool:
    if grade and grade not in CircuitGrade.values:
        raise BadTerms(msgid("There is no “{code}”; choose from the list."), code=grade)
    return bool(grade)


def said(row: ClauseTerms) -> dict[str, Any]:
    """Return what an audit entry says of a set."""
    return {
        "name": row.name, "level": row.level, "valid_from": row.valid_from, "valid_to": row.valid_to,
        "version": row.version, "terms": row.terms,
    }  # fmt: skip


def _change(row: ClauseTerms, before: Mapping[str, Any] | None) -> Change:
    contract = row.contract or (row.line.contract if row.line else None)
    owner = row.circuit.customer if row.circuit else row.customer or (contract.customer if contract else None)
    return Change(
        "clauses", row.pk, row.name, dict(before) if before else None, said(row), owner.pk if owner else None,
        owner.region_id if owner else "",
    )  # fmt: skip
