"""Find: within scope, as a fragment for the palette, as a page for the field."""

import pytest
from django.utils import timezone

from mainstay.accounts.customers.actions import customers
from tests.cast import World
from tests.faces.web.conftest import SignIn


@pytest.fixture
def indexed(world: World) -> World:
    """The bank, findable: a change puts it into the index."""
    for customer in (world.bank, world.logistics):
        changed = {"address": "武汉市江岸区一元路 1 号"}
        by = world.actor("admin")
        customers.update_customer(customer.pk, changed, revision=customer.revision, at=timezone.now(), by=by)
    return world


@pytest.mark.parametrize("text", ["汉江", "hanjiang", "hjyh", "C0001"])
def test_it_works_by_name_pinyin_initials_and_code(signed_in: SignIn, indexed: World, text: str) -> None:
    shown = signed_in("wang.min").get("/find", {"q": text}).content.decode()
    assert f"/customers/{indexed.bank.pk}" in shown


def test_nothing_outside_the_scope_is_found(signed_in: SignIn, indexed: World) -> None:
    shown = signed_in("wang.min").get("/find", {"q": "楚天物流"}).content.decode()
    assert f"/customers/{indexed.logistics.pk}" not in shown


def test_the_palette_gets_a_fragment(signed_in: SignIn, indexed: World) -> None:
    shown = signed_in("wang.min").get("/find", {"q": "汉江"}, headers={"X-Palette": "1"}).content.decode()
    assert "<html" not in shown
    assert f"/customers/{indexed.bank.pk}" in shown


def test_an_empty_question_finds_nothing(signed_in: SignIn) -> None:
    assert signed_in("wang.min").get("/find").status_code == 200
