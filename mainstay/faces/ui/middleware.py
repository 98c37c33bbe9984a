"""Gives every request an identity for logs and the journal, and the actor who makes it."""

import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from mainstay.domain.actor import NOBODY, Actor
from mainstay.faces.ui.context import live_url
from mainstay.platform.identity import queries as identity

Respond = Callable[[HttpRequest], HttpResponse]


class RequestIdentity:
    """Binds a request id to the log lines and the answer; takes a proxy's X-Request-ID when it looks like one."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = identify(request.headers.get("X-Request-ID", ""))  # type: ignore[attr-defined]
        response = self.respond(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


def identify(given: str) -> str:
    """Return the id of a request, the given one when it looks like one, and bind it to the log lines."""
    request_id = given if given.isascii() and 8 <= len(given) <= 40 else uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


class ActorOfRequest:
    """Sets `request.actor` from the session, and the language the user chose."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of_session(request)  # type: ignore[attr-defined]
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.respond(request)


class LiveOrigin:
    """Lets pages connect to the live process, and to nothing else beyond their own origin."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        parts = urlsplit(live_url(request))
        if parts.netloc:
            setattr(response, "_csp_update", {"connect-src": [f"{parts.scheme}://{parts.netloc}"]})  # noqa: B010 - django-csp reads it
        return response


def actor_of_session(request: HttpRequest) -> Actor:
    """Return the actor of the signed-in user, NOBODY without one."""
    if not request.user.is_authenticated:
        return NOBODY
    return identity.actor_of(request.user, request_id=getattr(request, "request_id", ""))
