"""Who calls, and how refusals are said: shared by all machine-readable doors (TMF630 error bodies)."""

import time
from dataclasses import replace
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer

from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.errors import MainstayError, NotAllowed, NotFound
from mainstay.network.alarms.errors import TooManyWaiting
from mainstay.network.performance.errors import TooFarBehind
from mainstay.platform.identity.queries import actor_of_token

TRUST_S = 1.0
"""How long a token that was good is believed before it is looked up again: revoked, it opens nothing a second later."""


class Token(HttpBearer):
    """A program's token in `Authorization: Bearer …`; puts the actor on the request."""

    def __init__(self, trust_s: float = TRUST_S) -> None:
        super().__init__()
        self._trust_s = trust_s
        self._known: dict[str, tuple[Actor, float]] = {}

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor the token stands for, None when it is unknown or revoked."""
        found = self._actor(token, time.monotonic())
        if found is None:
            return None
        actor = replace(found, request_id=getattr(request, "request_id", ""))
        request.actor = actor  # type: ignore[attr-defined]
        return actor

    def believed(self, token: str, now: float) -> Actor | None:
        """Return the actor of a token that was good a moment ago; `now` is the process' own monotonic clock."""
        known = self._known.get(token)
        return known[0] if known is not None and now < known[1] else None

    def _actor(self, token: str, now: float) -> Actor | None:
        if (known := self.believed(token, now)) is not None:
            return known
        self._known = {each: kept for each, kept in self._known.items() if now < kept[1]}
        actor = actor_of_token(token)
        if actor.kind == ActorKind.NOBODY:
            return None
        self._known[token] = (actor, now + self._trust_s)
        return actor


TOKENS = Token()
"""One memory of good tokens for all doors of the process."""


class Orjson(BaseRenderer):
    """Renders answers fast; instants as RFC 3339 with Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the JSON text."""
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class OrjsonParser(Parser):
    """Reads bodies fast."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what the body says."""
        return orjson.loads(request.body)


def error_body(status: int, code: str, reason: str, message: str = "") -> dict[str, str]:
    """Return TM Forum's error body."""
    body = {"@type": "Error", "code": code, "reason": reason, "status": str(status)}
    return {**body, "message": message} if message else body


def build(**options: Any) -> NinjaAPI:
    """Return an API whose refusals have TM Forum's shape: 400, 401, 403, 404, 409, 429; never 422."""
    api = NinjaAPI(auth=TOKENS, renderer=Orjson(), parser=OrjsonParser(), docs_url=None, **options)

    def answer(request: HttpRequest, status: int, code: str, reason: str, message: str = "") -> HttpResponse:
        return api.create_response(request, error_body(status, code, reason, message), status=status)

    @api.exception_handler(AuthenticationError)
    def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        reason = gettext("Send a valid token in the header “Authorization: Bearer …”; an administrator issues it.")
        return answer(request, 401, "unauthenticated", reason)

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0] if error.errors else {}
        where = ".".join(str(part) for part in first.get("loc", ()) if part not in ("body", "payload"))
        return answer(request, 400, "malformed", f"{where}: {first.get('msg', '')}", f"{len(error.errors)} problem(s)")

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        reason = gettext("The body is not JSON in UTF-8; send it with the header “Content-Type: application/json”.")
        return answer(request, error.status_code, "unreadable", reason, str(error))

    @api.exception_handler(MainstayError)
    def refused(request: HttpRequest, error: MainstayError) -> HttpResponse:
        status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, NotAllowed) else 400
        return answer(request, status, type(error).__name__, error.explain(gettext))

    @api.exception_handler(TooManyWaiting)
    @api.exception_handler(TooFarBehind)
    def later(request: HttpRequest, error: TooManyWaiting | TooFarBehind) -> HttpResponse:
        refusal = answer(request, 429, type(error).__name__, error.explain(gettext))
        refusal["Retry-After"] = str(error.retry_s)
        return refusal

    return api
