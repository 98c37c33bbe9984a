"""The live process: server-sent events, read from the outbox, filtered by each reader's scope (G6).

One task reads the outbox and hands each piece of news to the readers who may see it. A reader is a session cookie of
the console or the portal; session and scope are checked again every few seconds; a reader who may no longer see ends.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.utils.crypto import constant_time_compare

from mainstay.domain.actor import NOBODY, Actor, ActorKind
from mainstay.platform.identity import queries as identity
from mainstay.platform.journal.following import AT_ONCE, Follower, Told

log = structlog.get_logger(__name__)

POLL_S = 0.05
KEPT = 5 * AT_ONCE
"""News kept for a reader that is slower than they come; of more, the page fetches everything anew."""
TRUST_S = 5.0
"""How long a reader's session and scope are believed before they are looked up again."""
CUSTOMER_KINDS = frozenset({"circuit", "ticket", "notice"})

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(eq=False)
class Reader:
    """One open stream."""

    session: str
    actor: Actor
    checked_at: float
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(maxsize=KEPT))
    behind: bool = False
    """Whether news had to be left out; the stream ends, and the page, connecting again, fetches everything anew."""

    def give(self, line: bytes) -> None:
        """Queue a piece of news for a reader that keeps up."""
        try:
            self.queue.put_nowait(line)
        except asyncio.QueueFull:
            self.behind = True

    def wants(self, event: Told) -> bool:
        """Say whether the reader may see the news; a customer's people see only what is theirs, by kind and stamp."""
        if event.kind == "message":
            return bool(str(self.actor.user_id) == event.object_id)
        if self.actor.kind == ActorKind.CUSTOMER:
            return event.kind in CUSTOMER_KINDS and event.customer_id in (self.actor.customer_ids or ())
        if event.customer_id is None and not event.region_code:
            return self.actor.customer_ids is None
        return identity.may_see(self.actor, customer_id=event.customer_id, region_code=event.region_code)


class Live:
    """The ASGI application."""

    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_and_die(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = allowed_origin(headers)
        if scope["path"] == "/healthz":
            await _plain(send, 200, "ok", origin)
        elif scope["path"] not in ("/live/", "/live"):
            await _plain(send, 404, "not found", origin)
        else:
            session = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
            actor = await actor_of_session(session.value) if session else NOBODY
            if session is None or actor.kind == ActorKind.NOBODY:
                await _plain(send, 401, "sign in first", origin)
            else:
                await self._stream(Reader(session.value, actor, time.monotonic()), origin, receive, send)

    async def _stream(self, reader: Reader, origin: str | None, receive: Receive, send: Send) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_outbox())
        self.readers.add(reader)
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _headers("text/event-stream", origin)})
            await send(
                {"type": "http.response.body", "body": b"retry: 1000\nevent: hello\ndata: {}\n\n", "more_body": True}
            )
            while not gone.done():
                body = await _next(reader.queue)
                if reader.behind or not await self._still_trusted(reader):
                    break
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.readers.discard(reader)
            gone.cancel()

    async def _still_trusted(self, reader: Reader) -> bool:
        if time.monotonic() - reader.checked_at > TRUST_S:
            reader.actor = await actor_of_session(reader.session)
            reader.checked_at = time.monotonic()
        return reader.actor.kind != ActorKind.NOBODY

    async def _read_outbox(self) -> None:
        follower = await sync_to_async(Follower.from_now)(time.monotonic())
        following = sync_to_async(follower.next)
        while self.readers:
            try:
                news = await following(time.monotonic())
            except Exception as error:  # noqa: BLE001 - the stream must outlive a lost database; it is logged and retried
                log.warning("outbox not readable; trying again", error=str(error))
                await asyncio.sleep(1)
                continue
            for event in news:
                self._hand_out(event)
            await asyncio.sleep(0 if len(news) >= AT_ONCE else POLL_S)

    def _hand_out(self, event: Told) -> None:
        body = {
            "kind": event.kind,
            "object": event.object_kind,
            "id": event.object_id,
            "at": event.at.isoformat(),
            **event.body,
        }
        line = f"id: {event.pk}\nevent: {event.kind}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
        for reader in self.readers:
            if reader.wants(event):
                reader.give(line)


async def actor_of_session(value: str) -> Actor:
    """Return the actor a session cookie stands for; NOBODY when it is expired, forged or signed out."""
    return await sync_to_async(_actor_of_session)(value)


def _actor_of_session(value: str) -> Actor:
    kept = SessionStore(session_key=value).load()
    user = identity.user_by_id(int(kept[SESSION_KEY])) if SESSION_KEY in kept else None
    if user is None or not constant_time_compare(kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return NOBODY  # also a cookie from before the password was changed
    return identity.actor_of(user)


def allowed_origin(headers: dict[str, str]) -> str | None:
    """Return the origin that may read, exactly: a trusted one, or this host at the console's port."""
    origin = headers.get("origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return origin
    try:
        given, host = urlsplit(origin), urlsplit(f"//{headers.get('host', '')}").hostname
        same = host is not None and given.hostname == host and given.port in (settings.WEB_PORT, None)
    except ValueError:  # an address that is none
        return None
    return origin if same else None


async def _next(queue: asyncio.Queue[bytes]) -> bytes:
    """Give what waits, all of it; a comment every few seconds keeps proxies and the reader's clock awake."""
    try:
        parts = [await asyncio.wait_for(queue.get(), TRUST_S)]
    except TimeoutError:
        return b"event: beat\ndata: {}\n\n"
    while not queue.empty():
        parts.append(queue.get_nowait())
    return b"".join(parts)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(content_type: str, origin: str | None) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", content_type.encode()), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    if origin:
        headers += [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"Origin"),
        ]
    return headers


async def _plain(send: Send, status: int, text: str, origin: str | None) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers("text/plain", origin)})
    await send({"type": "http.response.body", "body": text.encode()})


application = Live()
