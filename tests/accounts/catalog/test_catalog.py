"""Promise terms are data: in profiles, in versions, with valid dates; the shipped ones say where they come from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.catalog import queries
from mainstay.accounts.catalog.actions.loading import load_shipped
from mainstay.accounts.catalog.actions.products import NewProduct, add_products
from mainstay.accounts.catalog.actions.profiles import (
    NewTerm,
    activate_profile,
    add_terms,
    create_profile,
    end_term,
    revise_term,
    update_profile,
)
from mainstay.accounts.catalog.errors import BadCatalog, BadTerm, NoSuchProfile, NoSuchTerm
from mainstay.accounts.catalog.models import PromiseProfile, PromiseTerm
from mainstay.accounts.catalog.shipped import PRODUCTS, PROFILES
from mainstay.accounts.catalog.terms import Terms
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.calendars.actions import load_shipped as load_calendars
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

TERMS = Terms("response", Decimal(30), "working_minutes", "office", date(2026, 1, 1))
DAY = date(2026, 9, 1)


def test_it_works(world: World, admin: Actor) -> None:
    profile = create_profile("own", "自有", "营销部 2026 年第 3 号文", at=NOW, by=admin)
    (term,) = add_terms(
        profile.pk, [NewTerm(TERMS, grade="AAA", product="leased-line", reach="local")], at=NOW, by=admin
    )
    assert (term.product, term.version) == (world.product, 1)
    assert queries.terms(profile.pk) == [term]
    assert [(p.code, vars(p)["term_count"]) for p in queries.profiles()] == [("S3", 6), ("own", 1)]
    assert Entry.objects.get(action="term.add").after["amount"] == "30"


def test_the_shipped_figures_are_those_of_the_requirements(db: None, machinery: Actor) -> None:
    load_calendars(at=NOW, by=machinery)
    assert load_shipped(at=NOW, by=machinery) == len(PROFILES)

    def minutes(code: str, reach: str = "") -> dict[str, int]:
        rows = PromiseTerm.objects.filter(profile__code=code, metric="restoration", reach=reach)
        return {row.grade or "*": int(row.amount) for row in rows}

    assert minutes("s3") == {"AAA": 60, "AA": 90, "A": 180, "I": 240, "II": 240, "III": 240, "*": 240}
    assert minutes("s4", "local") == minutes("s4", "province") == {"AAA": 120, "AA": 240, "A": 360, "*": 480}
    assert minutes("s4", "country") == {"AAA": 240, "AA": 300, "A": 360, "*": 480}
    assert minutes("s1") == {"*": 48 * 60}
    assert queries.active_profile() == PromiseProfile.objects.get(code="s3")
    assert all(profile.source.startswith("D3") for profile in queries.profiles())
    assert queries.products().count() == len(PRODUCTS)


def test_loading_twice_keeps_what_was_changed(db: None, machinery: Actor) -> None:
    load_calendars(at=NOW, by=machinery)
    load_shipped(at=NOW, by=machinery)
    term = PromiseTerm.objects.get(profile__code="s3", metric="restoration", grade="AAA")
    revise_term(term.pk, replace(TERMS, amount=Decimal(45), valid_from=DAY), at=NOW, by=machinery)
    activate_profile(PromiseProfile.objects.get(code="s4").pk, at=NOW, by=machinery)
    before = PromiseTerm.objects.count()
    assert load_shipped(at=NOW, by=machinery) == 0
    assert PromiseTerm.objects.count() == before
    active = queries.active_profile()
    assert active is not None
    assert active.code == "s4"


def test_who_may_not(world: World, leader: Actor, manager: Actor, customer: Actor) -> None:
    for actor in (leader, manager, customer):
        with pytest.raises(NotAllowed):
            create_profile("own", "自有", at=NOW, by=actor)
        with pytest.raises(NotAllowed):
            activate_profile(world.profile.pk, at=NOW, by=actor)
        with pytest.raises(NotAllowed):
            add_products([NewProduct("x", "x", "x")], at=NOW, by=actor)


def test_a_revision_begins_a_version_and_keeps_the_old_one(world: World, admin: Actor) -> None:
    old = world.profile.terms.get(grade="AAA")
    new = revise_term(old.pk, Terms("", Decimal(45), "natural_minutes", "24x7", DAY), at=NOW, by=admin.because("降本"))
    old.refresh_from_db()
    assert (old.valid_to, old.version, old.amount) == (DAY, 1, 60)
    assert (new.valid_from, new.version, new.metric, new.grade) == (DAY, 2, "restoration", "AAA")
    entry = Entry.objects.get(action="term.revise")
    assert (entry.before["amount"], entry.after["amount"], entry.why) == ("60.000", "45", "降本")
    assert [t.version for t in queries.terms(world.profile.pk, on=DAY) if t.grade == "AAA"] == [2]
    with pytest.raises(BadTerm, match="choose a day after its begin"):
        revise_term(new.pk, Terms("", Decimal(45), "natural_minutes", "24x7", DAY), at=NOW, by=admin)


def test_a_term_ends(world: World, admin: Actor) -> None:
    term = world.profile.terms.get(grade="AAA")
    end_term(term.pk, on=DAY, at=NOW, by=admin)
    assert term not in queries.terms(world.profile.pk, on=DAY)
    with pytest.raises(BadTerm):
        end_term(term.pk, on=date(2027, 1, 1), at=NOW, by=admin)
    with pytest.raises(NoSuchTerm):
        end_term(10**9, on=DAY, at=NOW, by=admin)


def test_one_profile_is_active(world: World, admin: Actor) -> None:
    other = create_profile("own", "自有", at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="promises no restoration yet"):
        activate_profile(other.pk, at=NOW, by=admin)
    add_terms(other.pk, [NewTerm(replace(TERMS, metric="restoration"))], at=NOW, by=admin)
    activate_profile(other.pk, at=NOW, by=admin)
    activate_profile(other.pk, at=NOW, by=admin)
    assert [p.code for p in queries.profiles() if p.active] == ["own"]
    assert Entry.objects.get(action="profile.activate").before == {"active": "S3"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metric": "luck"}, "“luck” is not a known metric"),
        ({"unit": "moons"}, "“moons” is not a known unit"),
        ({"calendar": "moon"}, "“moon” is not a known calendar"),
        ({"unit": "percent"}, "cannot be promised in percent"),
        ({"metric": "availability"}, "availability is in per cent"),
        ({"metric": "availability", "unit": "percent", "amount": Decimal(101)}, "no promise"),
        ({"amount": Decimal(0)}, "no promise"),
        ({"unit": "working_days", "amount": Decimal("1.5")}, "counted whole"),
        ({"valid_to": date(2026, 1, 1)}, "not after its begin"),
    ],
)
def test_what_is_refused(world: World, admin: Actor, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadTerm, match=said):
        add_terms(world.profile.pk, [NewTerm(replace(TERMS, **change))], at=NOW, by=admin)
    assert world.profile.terms.count() == 6


@pytest.mark.parametrize("place", [{"grade": "Z"}, {"reach": "moon"}, {"product": "smoke"}])
def test_terms_are_for_known_things(world: World, admin: Actor, place: dict[str, str]) -> None:
    with pytest.raises(BadTerm, match="S3"):
        add_terms(world.profile.pk, [NewTerm(TERMS, **place)], at=NOW, by=admin)


def test_the_same_thing_is_not_promised_twice_at_once(world: World, admin: Actor) -> None:
    add_terms(world.profile.pk, [NewTerm(TERMS)], at=NOW, by=admin)
    with pytest.raises(BadTerm, match="revise that term instead"):
        add_terms(world.profile.pk, [NewTerm(TERMS)], at=NOW, by=admin)
    with pytest.raises(BadTerm):
        add_terms(world.profile.pk, [NewTerm(TERMS, grade="A"), NewTerm(TERMS, grade="A")], at=NOW, by=admin)


def test_profiles_and_products_need_their_names(world: World, admin: Actor) -> None:
    with pytest.raises(BadCatalog, match="S3 exists already"):
        create_profile("S3", "又", at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="needs a code and a name"):
        create_profile("x", "", at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="leased-line exists already"):
        add_products([NewProduct("leased-line", "专线", "Line")], at=NOW, by=admin)
    with pytest.raises(BadCatalog, match="English"):
        add_products([NewProduct("x", "某", "")], at=NOW, by=admin)
    update_profile(world.profile.pk, name="电路承诺", source="D3", at=NOW, by=admin)
    assert queries.profile(world.profile.pk).name == "电路承诺"
    with pytest.raises(NoSuchProfile):
        queries.profile(10**9)
