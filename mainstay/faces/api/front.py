"""The short way in for one alarm: before Django's layers, for what needs none of them (G1).

A single call would spend nine tenths of its time in sessions, cookies, languages, policies and routing, none of which a
program with a token has any use for. The front takes the calls that go well: a token that was good a moment ago, a body
that reads, a source that exists, room in the queue. Whatever else comes goes to Django untouched, which refuses it in
its own words; nothing is stored before the front is sure that it answers itself.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.utils import timezone

from mainstay.domain.errors import MainstayError
from mainstay.faces.api.alarms import ADDRESS, identity, read_single
from mainstay.faces.api.door import TOKENS, TRUST_S, Token
from mainstay.faces.ui.middleware import identify
from mainstay.network.alarms.actions import intake

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
LARGEST = 1 << 16
"""Bytes of a body the front reads; a larger one is no usual alarm."""
NOT_FOR_US = (MainstayError, Error, SuspiciousOperation, ValueError)
"""What sends a call the long way: a refusal, a database that is away, a host we are not, a body that is not JSON.

A connection lost between commit and answer stores the alarm twice; judged, it is one: repeated, as if sent again.
"""
_SCHEME = "Bearer "
_SAME_FOR_ALL = [
    ("Content-Type", "application/json; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
]


class Front:
    """Answers calls of the TMF642 create door that go well; hands all others to Django."""

    def __init__(self, django: Application, tokens: Token = TOKENS) -> None:
        self._django, self._tokens = django, tokens
        self._sources: dict[str, tuple[int, float]] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as WSGI asks for."""
        if environ["PATH_INFO"] == ADDRESS and environ["REQUEST_METHOD"] == "POST":
            answer = self._answer(environ)
            if answer is not None:
                headers, body = answer
                start_response("201 Created", [*_SAME_FOR_ALL, *headers, ("Content-Length", str(len(body)))])
                return [body]
        return self._django(environ, start_response)

    def _answer(self, environ: Environ) -> tuple[list[tuple[str, str]], bytes] | None:
        """Take the alarm in; None where Django must answer."""
        now = time.monotonic()
        scheme, token = environ.get("HTTP_AUTHORIZATION", "")[:7], environ.get("HTTP_AUTHORIZATION", "")[7:]
        actor = self._tokens.believed(token, now) if scheme == _SCHEME else None
        body = _body(environ) if actor is not None else None
        if actor is None or body is None:
            return None
        try:
            address = WSGIRequest(environ).build_absolute_uri(ADDRESS)
            request_id = identify(environ.get("HTTP_X_REQUEST_ID", ""))
            payload = orjson.loads(body)
            if not isinstance(payload, dict):
                return None
            alarm = read_single(payload)
            source_id, by = self._source(alarm.source_system_id, now), replace(actor, request_id=request_id)
            report_id = intake.accept_one(source_id, alarm.report(), at=timezone.now(), by=by)
        except NOT_FOR_US:
            return None
        named = identity(address, report_id)
        told = orjson.dumps({**payload, **named}, option=orjson.OPT_UTC_Z)
        return [("Location", named["href"]), ("X-Request-ID", request_id)], told

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
