"""Who may open a page of the console, and what the others are told."""

import pytest
from django.contrib import messages
from django.test import Client

from tests.cast import PASSWORD, World
from tests.faces.web.conftest import SignIn

PAGES = ("/", "/customers", "/circuits", "/settings", "/messages", "/find?q=a", "/works", "/audit", "/shift-log")


@pytest.mark.parametrize("page", PAGES)
def test_it_works_for_an_administrator(signed_in: SignIn, page: str) -> None:
    assert signed_in("admin").get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_sign_in_and_comes_back(db: None, page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_customers_contact_has_no_console(signed_in: SignIn, page: str) -> None:
    assert signed_in("zhou.ying").get(page).status_code == 403


def test_a_customers_contact_at_the_front_door_is_led_to_the_portal(signed_in: SignIn) -> None:
    assert signed_in("zhou.ying").get("/")["Location"] == "/portal/"


def test_what_is_outside_the_scope_looks_like_what_does_not_exist(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    hidden, missing = client.get(f"/customers/{world.logistics.pk}"), client.get("/customers/999999")
    assert hidden.status_code == missing.status_code == 404
    assert world.logistics.name.encode() not in hidden.content
    assert client.get(f"/circuits/{world.trade_circuit.pk}").status_code == 404


def test_a_page_of_another_duty_is_refused_in_words(signed_in: SignIn) -> None:
    answer = signed_in("wang.min").get("/audit")
    assert answer.status_code == 403


def test_a_live_part_sends_a_stranger_to_sign_in_as_a_whole_page(db: None) -> None:
    answer = Client().get("/circuits", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/circuits"})
    assert answer["HX-Redirect"] == "/sign-in?next=/circuits"


def test_signing_in_leads_staff_to_their_day_and_customers_to_the_portal(world: World) -> None:
    for username, start in (("wang.min", "/"), ("zhou.ying", "/portal/")):
        answer = Client().post("/sign-in", {"username": username, "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, start)


def test_a_wrong_password_is_said_and_ten_of_them_lock(world: World) -> None:
    client = Client(headers={"Accept-Language": "en"})
    answers = [client.post("/sign-in", {"username": "wang.min", "password": "wrong"}) for _ in range(10)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert b"Signing in is locked" in answers[-1].content


def test_signing_out_ends_it(signed_in: SignIn) -> None:
    client = signed_in("wang.min")
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/").status_code == 302


def test_the_language_chosen_is_kept_with_the_user(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    world.users["wang.min"].refresh_from_db()
    assert world.users["wang.min"].language == "zh-hans"
    assert "我的一天" in client.get("/").content.decode()


def test_a_password_is_changed_only_with_the_old_one(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    new = {"new": "river-bank-2027", "again": "river-bank-2027"}
    assert b"This is not your password." in client.post("/password", {"old": "guess", **new}).content
    assert client.post("/password", {"old": PASSWORD, **new}).status_code == 302
    assert client.get("/").status_code == 200
    assert Client().post("/sign-in", {"username": "wang.min", "password": PASSWORD}).status_code == 200


def test_a_refused_post_is_said_where_the_reader_is(signed_in: SignIn, world: World) -> None:
    client = signed_in("admin")
    own = world.users["admin"].pk
    answer = client.post(
        f"/settings/users/{own}/active", {"active": "0"}, headers={"Referer": f"http://testserver/settings/users/{own}"}
    )
    assert answer["Location"].endswith(f"/settings/users/{own}")
    said = [str(message) for message in messages.get_messages(client.get("/settings/users").wsgi_request)]
    assert any("lock your own account" in text for text in said) or b"lock your own account" in client.get("/").content
