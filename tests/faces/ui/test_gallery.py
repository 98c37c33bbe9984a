"""The gallery shows every component, to staff only."""

import pytest
from django.test import Client
from django.utils import translation

from tests.cast import World

pytestmark = pytest.mark.django_db

PAGES = ["/ui/gallery", "/ui/gallery/portal", "/ui/gallery/find?q=x"]


def signed_in(world: World, username: str) -> Client:
    """Sign somebody of the cast in."""
    client = Client()
    client.force_login(world.users[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("address", PAGES)
def test_it_works(world: World, address: str) -> None:
    assert signed_in(world, "li.qiang").get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_sent_to_sign_in(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_a_customer_may_not(world: World) -> None:
    contact = next(user for name, user in world.users.items() if name not in STAFF)
    client = Client()
    client.force_login(contact, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/ui/gallery").status_code == 403


STAFF = {"wang.min", "liu.fang", "li.qiang", "huang.wei", "zhao.lei", "chen.tao", "admin"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gallery_names_its_theme_and_language(world: World, language: str) -> None:
    client = signed_in(world, "li.qiang")
    client.cookies["theme"] = "dark"
    client.cookies["django_language"] = language
    with translation.override(language):
        html = client.get("/ui/gallery", headers={"accept-language": language}).content.decode()
    assert 'data-bs-theme="dark"' in html
    assert "style=" not in html
    assert "<script>" not in html


def test_a_theme_nobody_knows_is_the_systems_own(world: World) -> None:
    client = signed_in(world, "li.qiang")
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/ui/gallery").content.decode()
