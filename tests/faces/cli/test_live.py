"""The live process: who may read the stream, from where, and until when."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings as product
from django.db import connections
from django.test import Client

from mainstay.domain.actor import Actor
from mainstay.faces.cli import live
from mainstay.faces.cli.live import Live, Reader, allowed_origin
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.models import User
from mainstay.platform.journal.actions import News, publish
from mainstay.platform.journal.following import Told
from tests.cast import NOW, World

Message = dict[str, Any]


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://desk.example:{port}", "desk.example:9001", True),
        ("http://desk.example", "desk.example:9001", True),
        ("http://desk.example:1", "desk.example:9001", False),
        ("http://evil.example:{port}", "desk.example:9001", False),
        ("http://desk.example.evil:{port}", "desk.example:9001", False),
        ("https://trusted.example", "desk.example:9001", True),
        ("https://trusted.example.evil", "desk.example:9001", False),
        ("null", "desk.example:9001", False),
        ("null", "", False),
        ("http://[", "desk.example:9001", False),
        ("http://desk.example:port", "desk.example:9001", False),
        ("http://desk.example", "[", False),
    ],
)
def test_only_the_console_and_trusted_origins_may_read(origin: str, host: str, allowed: bool, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]
    origin = origin.format(port=settings.WEB_PORT)
    assert allowed_origin({"origin": origin, "host": host}) == (origin if allowed else None)


def test_a_request_without_origin_needs_no_permission() -> None:
    assert allowed_origin({"host": "desk.example"}) is None


def wants(actor: Actor, kind: str, **stamps: Any) -> bool:
    """Say whether this actor's stream carries such news."""
    stamped = {"customer_id": None, "region_code": "", **stamps}
    row = Told(
        pk=1, at=NOW, kind=kind, object_kind=kind, object_id=str(stamped.pop("object_id", 1)), body={}, **stamped
    )
    return Reader("", actor, 0.0).wants(row)


def test_staff_hear_of_their_regions(world: World) -> None:
    officer, elsewhere, admin = (world.actor(name) for name in ("li.qiang", "huang.wei", "admin"))
    bank = {"customer_id": world.bank.pk, "region_code": "4201"}
    assert wants(officer, "circuit", **bank)
    assert wants(admin, "circuit", **bank)
    assert not wants(elsewhere, "circuit", **bank)
    assert wants(officer, "incident", customer_id=None, region_code="4201")
    assert not wants(elsewhere, "incident", customer_id=None, region_code="4201")


def test_a_customers_people_hear_of_their_own_circuits_and_tickets_only(world: World) -> None:
    own, other = world.actor("zhou.ying"), world.actor("wu.tong")
    bank = {"customer_id": world.bank.pk, "region_code": "4201"}
    assert wants(own, "circuit", **bank)
    assert wants(own, "ticket", **bank)
    assert not wants(own, "impact", **bank)
    assert not wants(own, "incident", customer_id=None, region_code="4201")
    assert not wants(own, "alarm", customer_id=None, region_code="")
    assert not wants(other, "circuit", **bank)


def test_a_message_is_heard_by_its_receiver_only(world: World) -> None:
    mine = world.users["li.qiang"].pk
    assert wants(world.actor("li.qiang"), "message", object_id=mine)
    assert not wants(world.actor("admin"), "message", object_id=mine)


def cookie_of(username: str) -> str:
    """Sign in and return the session's cookie."""
    client = Client()
    client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client.cookies[product.SESSION_COOKIE_NAME].value


class Line:
    """One connection to the application, driven by hand."""

    def __init__(self, application: Live, *, cookie: str = "", path: str = "/live/", origin: str = "") -> None:
        headers = [(b"host", b"desk.example:9001")]
        headers += [(b"cookie", f"{product.SESSION_COOKIE_NAME}={cookie}".encode())] if cookie else []
        headers += [(b"origin", origin.encode())] if origin else []
        self.scope = {"type": "http", "path": path, "headers": headers}
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.task = asyncio.create_task(application(self.scope, self._receive, self._send))

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.sent.put(message)

    async def next(self) -> Message:
        """Return what is sent next."""
        return await asyncio.wait_for(self.sent.get(), 10)

    async def until(self, word: bytes) -> bytes:
        """Read until a body holds the word."""
        body = b""
        while word not in body:
            body = (await self.next()).get("body", b"")
        return body

    async def ends(self) -> None:
        """Wait for the application to be done."""
        await asyncio.wait_for(self.task, 10)


def driven(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story of several connections, in a thread of its own: a browser's loop may run in the tests' thread."""

    def run() -> None:
        try:
            async_to_sync(story)()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_strangers_are_turned_away(world: World) -> None:
    async def story() -> None:
        application = Live()
        for line in (Line(application), Line(application, cookie="forged")):
            assert (await line.next())["status"] == 401
            await line.ends()
        assert (await Line(application, path="/other").next())["status"] == 404
        assert (await Line(application, path="/healthz").next())["status"] == 200

    driven(story)


@pytest.mark.django_db(transaction=True)
def test_the_stream_carries_what_the_reader_may_see_and_nothing_else(world: World) -> None:
    cookie, origin = cookie_of("zhou.ying"), f"http://desk.example:{product.WEB_PORT}"
    news = [
        News("circuit", "circuit", 1, world.logistics.pk, "4202"),
        News("incident", "incident", 2, None, "4201"),
        News("circuit", "circuit", 3, world.bank.pk, "4201", {"state": 3}),
    ]

    async def story() -> None:
        line = Line(Live(), cookie=cookie, origin=origin)
        start = await line.next()
        assert dict(start["headers"])[b"access-control-allow-origin"] == origin.encode()
        await line.until(b"hello")
        await asyncio.sleep(0.2)
        await sync_to_async(lambda: publish(news, at=NOW))()
        body = await line.until(b"event: circuit")
        assert body.count(b"event:") == 1
        assert b'"id": "3"' in body
        assert b'"state": 3' in body
        line.gone.set()
        await line.ends()

    driven(story)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["password", "switched off"])
def test_a_session_that_is_revoked_ends_its_stream(world: World, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr(live, "TRUST_S", 0.1)
    cookie, user, admin = cookie_of("zhou.ying"), world.users["zhou.ying"], world.actor("admin")

    def revoke() -> None:
        if ending == "password":
            identity.set_password(user.pk, "another-word-2026", at=NOW, by=admin)
        else:
            type(user).objects.filter(pk=user.pk).update(is_active=False)

    async def story() -> None:
        application = Live()
        line = Line(application, cookie=cookie)
        await line.until(b"hello")
        await line.until(b"beat")
        await sync_to_async(revoke)()
        await line.ends()
        assert not application.readers

    driven(story)


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_leaves_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "TRUST_S", 0.1)
    cookie = cookie_of("li.qiang")

    async def story() -> None:
        application = Live()
        line = Line(application, cookie=cookie)
        await line.until(b"hello")
        assert len(application.readers) == 1
        line.gone.set()
        await line.ends()
        assert not application.readers

    driven(story)


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_cannot_keep_up_is_let_go_and_not_kept_in_the_dark(world: World) -> None:
    cookie = cookie_of("li.qiang")

    async def story() -> None:
        application = Live()
        line = Line(application, cookie=cookie)
        await line.until(b"hello")
        (reader,) = application.readers
        for number in range(reader.queue.maxsize + 1):
            reader.give(b"%d" % number)
        await line.ends()
        assert not application.readers

    driven(story)
