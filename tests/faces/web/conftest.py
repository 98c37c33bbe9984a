"""What tests of the console stand on: the cast, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import World

SignIn = Callable[[str], Client]


@pytest.fixture
def signed_in(world: World) -> SignIn:
    """Give a browser in which somebody of the cast has signed in, reading English."""

    def sign_in(username: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(world.users[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
