"""The short way in for alarms: before Django's layers, for what needs none of them (G1).

A single call would spend nine tenths of its time, a batch of a hundred half of it, in sessions, cookies, languages,
policies and routing, none of which a program with a token has any use for. The front takes the calls that go well: a
token that was good a moment ago, a body that reads, a source that exists, room in the queue, no alarm that is refused.
Whatever else comes goes to Django untouched, which refuses it in its own words; nothing is stored before the front is
sure that it answers itself.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.faces.api.alarms import ADDRESS, BATCHES, identity, read_many, read_single, told
from mainstay.faces.api.door import TOKENS, TRUST_S, Token
from mainstay.faces.ui.middleware import identify
from mainstay.network.alarms.actions import intake

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
LARGEST = 1 << 20
"""Bytes of a body the front reads; a larger one is no usual batch of alarms."""
NOT_FOR_US = (MainstayError, Error, SuspiciousOperation, ValueError)
"""What sends a call the long way: a refusal, a database that is away, a host we are not, a body that is not JSON.

A connection lost between commit and answer stores the alarm twice; judged, it is one: repeated, as if sent again.
"""
_SCHEME = "Bearer "
_SAME_FOR_ALL = [
    ("Content-Type", "application/json; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
]


class Call(NamedTuple):
    """A call that may be answered here: the request, the absolute address of the door, what the body says, who makes
    it, the process' own clock."""

    request: WSGIRequest
    address: str
    payload: Any
    by: Actor
    now: float


class Answer(NamedTuple):
    """What is answered, beside what all answers say."""

    status: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Front:
    """Answers calls of the doors of alarms that go well; hands all others to Django."""

    def __init__(self, django: Application, tokens: Token = TOKENS) -> None:
        self._django, self._tokens = django, tokens
        self._sources: dict[str, tuple[int, float]] = {}
        self._doors: dict[str, Callable[[Call], Answer | None]] = {ADDRESS: self._single, BATCHES: self._batch}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as WSGI asks for."""
        door = self._doors.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        answer = self._answer(door, environ) if door is not None else None
        if answer is None:
            return self._django(environ, start_response)
        start_response(answer.status, [*_SAME_FOR_ALL, *answer.headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def _answer(self, door: Callable[[Call], Answer | None], environ: Environ) -> Answer | None:
        """Let the door take the call; None where Django must answer."""
        now = time.monotonic()
        scheme, token = environ.get("HTTP_AUTHORIZATION", "")[:7], environ.get("HTTP_AUTHORIZATION", "")[7:]
        actor = self._tokens.believed(token, now) if scheme == _SCHEME else None
        body = _body(environ) if actor is not None else None
        if actor is None or body is None:
            return None
        try:
            request = WSGIRequest(environ)
            address = request.build_absolute_uri(environ["PATH_INFO"])
            request_id = identify(environ.get("HTTP_X_REQUEST_ID", ""))
            answer = door(Call(request, address, orjson.loads(body), replace(actor, request_id=request_id), now))
        except NOT_FOR_US:
            return None
        return answer and answer._replace(headers=(*answer.headers, ("X-Request-ID", request_id)))

    def _single(self, call: Call) -> Answer | None:
        """Take an alarm in."""
        if not isinstance(call.payload, dict):
            return None
        code, report = read_single(call.payload)
        report_id = intake.accept_one(self._source(code, call.now), report, at=timezone.now(), by=call.by)
        named = identity(call.address, report_id)
        body = orjson.dumps({**call.payload, **named}, option=orjson.OPT_UTC_Z)
        return Answer("201 Created", body, (("Location", named["href"]),))

    def _batch(self, call: Call) -> Answer | None:
        """Take a batch in, if all its alarms are good: Django says in the caller's language what is wrong with one."""
        code = call.request.GET.get("source")
        if not isinstance(call.payload, list) or code is None:
            return None
        answer = intake.accept_batch(
            self._source(code, call.now),
            read_many(call.payload, code),
            key=call.request.GET.get("key") or call.request.headers.get("Idempotency-Key", ""),
            at=timezone.now(),
            by=call.by,
            whole=True,
        )
        return Answer("200 OK", orjson.dumps(told(answer)))

    def _source(self, code: str, now: float) -> int:
        """Return a source's id, looked up once a second, as a token is."""
        known = self._sources.get(code)
        if known is None or now >= known[1]:
            known = (intake.source_by_code(code).pk, now + TRUST_S)
            self._sources[code] = known
        return known[0]


def _body(environ: Environ) -> bytes | None:
    """Read the body and leave it to be read again; None where its length is not said or is not ours."""
    said = environ.get("CONTENT_LENGTH") or ""
    if not said.isdecimal() or not 0 < int(said) <= LARGEST:
        return None
    body: bytes = environ["wsgi.input"].read(int(said))
    environ["wsgi.input"] = BytesIO(body)
    return body
