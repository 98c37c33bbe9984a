"""Who listens to which event; `config.subscriptions` fills it in."""

from collections.abc import Callable
from typing import Any

from mainstay.domain.actor import Actor

Handler = Callable[[Any, Actor], None]
_handlers: dict[type, tuple[Handler, ...]] = {}


def listen(event: type, *handlers: Handler) -> None:
    """Set the handlers of an event type, called in this order, within the transaction that announces it."""
    _handlers[event] = handlers


def handlers_of(event: type) -> tuple[Handler, ...]:
    """Return the handlers of an event type."""
    return _handlers.get(event, ())
