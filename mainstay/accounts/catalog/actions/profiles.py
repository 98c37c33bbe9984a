"""Create profiles, activate one, lay down terms in versions (D3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mainstay.accounts.catalog.choices import CircuitGrade, Reach
from mainstay.accounts.catalog.errors import BadCatalog, BadTerm, NoSuchProfile, NoSuchTerm
from mainstay.accounts.catalog.models import FormerProfile, Product, PromiseProfile, PromiseTerm
from mainstay.accounts.catalog.terms import Terms, calendars_for, check_terms
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewTerm:
    """A term wanted in a profile: what it says, and for which grade, product (a code) and reach; empty means any."""

    terms: Terms
    grade: str = ""
    product: str = ""
    reach: str = ""


@transaction.atomic
def create_profile(code: str, name: str, source: str = "", *, at: datetime, by: Actor) -> PromiseProfile:
    """Create an empty profile, not active. Raises BadCatalog for a code that is taken or a missing name."""
    require(by, Permission.SETTINGS)
    if not code or not name:
        raise BadCatalog(msgid("A profile needs a code and a name; give both."))
    if PromiseProfile.objects.filter(code=code).exists():
        raise BadCatalog(msgid("Profile {code} exists already; change it, or choose another code."), code=code)
    profile = PromiseProfile.objects.create(code=code, name=name, source=source)
    _record("profile.create", profile, None, {"code": code, "name": name, "source": source}, at=at, by=by)
    return profile


@transaction.atomic
def update_profile(profile_id: int, *, name: str, source: str, at: datetime, by: Actor) -> PromiseProfile:
    """Change a profile's name and source. Raises NoSuchProfile, BadCatalog."""
    require(by, Permission.SETTINGS)
    profile = _profile(profile_id)
    if not name:
        raise BadCatalog(msgid("Profile {code} needs a name; give one."), code=profile.code)
    before, after = journal.differences(
        {"name": profile.name, "source": profile.source}, {"name": name, "source": source}
    )
    profile.name, profile.source = name, source
    profile.save(update_fields=["name", "source"])
    if after:
        _record("profile.update", profile, before, after, at=at, by=by)
    return profile


@transaction.atomic
def activate_profile(profile_id: int, *, at: datetime, by: Actor) -> PromiseProfile:
    """Make this the one profile that promises come from; running clocks keep theirs (promise-clocks 26).

    Raises NoSuchProfile, BadCatalog when it has no term for restoration.
    """
    require(by, Permission.SETTINGS)
    profile = _profile(profile_id)
    if not profile.terms.filter(metric="restoration").exists():
        raise BadCatalog(
            msgid("Profile {code} promises no restoration yet; add a term for it, then activate the profile."),
            code=profile.code,
        )
    old = PromiseProfile.objects.select_for_update().filter(active=True).exclude(pk=profile.pk).first()
    if old is None and profile.active:
        return profile
    if old is not None:  # before the first one was in force, it is taken to have been
        FormerProfile.objects.create(profile=old, until=timezone.localdate(at))
    PromiseProfile.objects.filter(active=True).update(active=False)
    profile.active = True
    profile.save(update_fields=["active"])
    before = {"active": old.code if old else ""}
    _record("profile.activate", profile, before, {"active": profile.code}, at=at, by=by)
    return profile


@transaction.atomic
def add_terms(profile_id: int, new: Sequence[NewTerm], *, at: datetime, by: Actor) -> list[PromiseTerm]:
    """Lay down terms, all or none.

    Raises NoSuchProfile, BadTerm (amount, unit, calendar, dates; or a term for the same thing valid on the same days).
    """
    require(by, Permission.SETTINGS)
    profile = _profile(profile_id)
    calendars = calendars_for(item.terms for item in new)
    check_terms(profile.code, [item.terms for item in new], calendars)
    products = {row.code: row for row in Product.objects.filter(code__in={item.product for item in new})}
    rows = []
    for item in new:
        _check_for(profile, item, products)
        place = {"grade": item.grade, "product": products.get(item.product), "reach": item.reach}
        rows.append(PromiseTerm(profile=profile, **place, **item.terms.columns(calendars)))
    _refuse_overlaps(profile, rows)
    PromiseTerm.objects.bulk_create(rows)
    journal.record("term.add", [_term_change(row, None) for row in rows], at=at, by=by)
    return rows


@transaction.atomic
def revise_term(term_id: int, terms: Terms, *, at: datetime, by: Actor) -> PromiseTerm:
    """Replace a term from `terms.valid_from` on: the old one ends that day, the next version begins; both stay.

    The metric stays. A revision from the day the term began replaces it whole. Raises NoSuchTerm, BadTerm.
    """
    require(by, Permission.SETTINGS)
    old = _term(term_id)
    terms = replace(terms, metric=old.metric)
    calendars = calendars_for([terms])
    check_terms(old.profile.code, [terms], calendars)
    _check_begin(old, terms.valid_from)
    before = _said(old)
    place = {"profile": old.profile, "grade": old.grade, "product": old.product, "reach": old.reach}
    new = PromiseTerm(**place, **terms.columns(calendars), version=old.version + 1)
    old.valid_to = terms.valid_from
    old.save(update_fields=["valid_to"])
    _refuse_overlaps(old.profile, [new])
    new.save()
    journal.record("term.revise", [_term_change(new, before)], at=at, by=by)
    return new


@transaction.atomic
def end_term(term_id: int, *, on: date, at: datetime, by: Actor) -> PromiseTerm:
    """Let a term hold no longer from a day on. Raises NoSuchTerm, BadTerm when it never held or ended before."""
    require(by, Permission.SETTINGS)
    term = _term(term_id)
    _check_begin(term, on)
    before = _said(term)
    term.valid_to = on
    term.save(update_fields=["valid_to"])
    journal.record("term.end", [_term_change(term, before)], at=at, by=by)
    return term


def _profile(profile_id: int) -> PromiseProfile:
    found = PromiseProfile.objects.select_for_update().filter(pk=profile_id).first()
    if found is None:
        raise NoSuchProfile(msgid("There is no profile {id}; choose one of the list."), id=profile_id)
    return found


def _term(term_id: int) -> PromiseTerm:
    found = PromiseTerm.objects.select_related("profile", "product", "calendar").filter(pk=term_id).first()
    if found is None:
        raise NoSuchTerm(msgid("There is no term {id}; choose one of the profile's."), id=term_id)
    return found


def _check_begin(term: PromiseTerm, on: date) -> None:
    if on <= term.valid_from or (term.valid_to is not None and on > term.valid_to):
        raise BadTerm(
            msgid(
                "{owner}: the term for {metric} holds from {begin} to {end}; choose a day after its begin and "
                "not after its end."
            ),
            owner=term.profile.code,
            metric=term.metric,
            begin=term.valid_from,
            end=term.valid_to or "—",
        )


def _check_for(profile: PromiseProfile, item: NewTerm, products: Mapping[str, Product]) -> None:
    for field, value, known in (
        ("grade", item.grade, CircuitGrade.values),
        ("reach", item.reach, Reach.values),
        ("product", item.product, list(products)),
    ):
        if value and value not in known:
            raise BadTerm(
                msgid("{owner}: “{value}” is not a known {field} of a term; use one of {known}."),
                owner=profile.code,
                value=value,
                field=field,
                known=", ".join(word for word in known if word) or "—",
            )


def _key(row: PromiseTerm) -> tuple[Any, ...]:
    return (row.metric, row.grade, row.product_id, row.reach)


def _refuse_overlaps(profile: PromiseProfile, new: Sequence[PromiseTerm]) -> None:
    standing = list(PromiseTerm.objects.filter(Q(profile=profile), metric__in={row.metric for row in new}))
    for row in new:
        for other in standing:
            if _key(row) == _key(other) and _overlap(row, other):
                raise BadTerm(
                    msgid(
                        "{owner} promises {metric} for grade “{grade}”, reach “{reach}” already from {begin} to {end}; "
                        "revise that term instead."
                    ),
                    owner=profile.code,
                    metric=row.metric,
                    grade=row.grade,
                    reach=row.reach,
                    begin=other.valid_from,
                    end=other.valid_to or "—",
                )
        standing.append(row)


def _overlap(one: PromiseTerm, other: PromiseTerm) -> bool:
    return (one.valid_to is None or other.valid_from < one.valid_to) and (
        other.valid_to is None or one.valid_from < other.valid_to
    )


def _said(row: PromiseTerm) -> dict[str, Any]:
    return {
        "metric": row.metric, "amount": row.amount, "unit": row.unit, "calendar": row.calendar.code, "grade": row.grade,
        "product": row.product.code if row.product else "", "reach": row.reach, "valid_from": row.valid_from,
        "valid_to": row.valid_to, "version": row.version,
    }  # fmt: skip


def _term_change(row: PromiseTerm, before: dict[str, Any] | None) -> Change:
    return Change(
        "profile", row.profile_id, f"{row.profile.code} · {row.metric}", before, {**_said(row), "term": row.pk}
    )


def _record(
    action: str,
    profile: PromiseProfile,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    *,
    at: datetime,
    by: Actor,
) -> None:
    journal.record(action, [Change("profile", profile.pk, profile.name, before, after)], at=at, by=by)
