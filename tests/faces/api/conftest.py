"""A program with a token on the cast's stage, and the two ways its calls may take: the front, and Django alone."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client

from mainstay.faces.api.door import Token
from mainstay.faces.api.front import Application, Front
from mainstay.platform.identity.actions import issue_token
from tests.cast import NOW, World

LONG_S = 3_600.0


class Program:
    """Calls the machine-readable doors as the administrator's program; `lang` is what it accepts."""

    def __init__(self, world: World) -> None:
        self.client = Client()
        self.token = issue_token(world.users["admin"], "nms", at=NOW, by=world.actor("admin"))
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Send JSON (text as it is)."""
        return self.client.post(path, body, content_type="application/json", headers={**self.headers, **headers})

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.client.get(path, headers={**self.headers, **headers})


class FrontClient(Client):
    """Calls the front as a server does; `long_way` counts the calls that went on to Django."""

    def __init__(self, token: str) -> None:
        super().__init__()
        tokens = Token(trust_s=LONG_S)
        tokens._actor(token, time.monotonic())
        self.long_way = 0
        self._django: Application = get_wsgi_application()
        self._front = Front(self._count, tokens)

    def request(self, **request: Any) -> Any:
        """Answer with what the front says."""
        said: list[Any] = []
        signals.request_started.disconnect(close_old_connections)  # the test's transaction lives in it
        try:
            environ = self._base_environ(**request)  # type: ignore[attr-defined]
            body = b"".join(self._front(environ, lambda *start: said.extend(start)))
        finally:
            signals.request_started.connect(close_old_connections)
        answer = HttpResponse(body, status=int(said[0].split()[0]), headers=dict(said[1]))
        answer.json = lambda: orjson.loads(body)  # type: ignore[attr-defined]
        return answer

    def _count(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.long_way += 1
        return self._django(environ, start_response)


@pytest.fixture(params=["front", "django"])
def program(request: pytest.FixtureRequest, world: World) -> Program:
    """A program of the administrator's, on either way."""
    program = Program(world)
    if request.param == "front":
        program.client = FrontClient(program.token)
    return program


def both_ways(world: World) -> tuple[Program, Program]:
    """Return the same program on the short way and on Django's."""
    front, django = Program(world), Program(world)
    front.client, front.headers = FrontClient(django.token), django.headers
    return front, django


@pytest.fixture
def both(world: World) -> tuple[Program, Program]:
    """The same program on the short way and on Django's."""
    return both_ways(world)
