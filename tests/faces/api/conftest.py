"""A program with a token on the cast's stage."""

from typing import Any

import pytest
from django.test import Client

from mainstay.platform.identity.actions import issue_token
from tests.cast import NOW, World


class Program:
    """Calls the machine-readable doors as the administrator's program; `lang` is what it accepts."""

    def __init__(self, world: World) -> None:
        self.client = Client()
        token = issue_token(world.users["admin"], "nms", at=NOW, by=world.actor("admin"))
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Send JSON (text as it is)."""
        return self.client.post(path, body, content_type="application/json", headers={**self.headers, **headers})

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.client.get(path, headers={**self.headers, **headers})


@pytest.fixture
def program(world: World) -> Program:
    """A program of the administrator's."""
    return Program(world)
