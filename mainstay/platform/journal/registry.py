"""Who listens to which event; `config.subscriptions` fills it in."""

from collections.abc import Callable, Sequence
from typing import Any

from mainstay.domain.actor import Actor

Handler = Callable[[Any, Actor], None]
Join = Callable[[Sequence[Any]], Any]
_handlers: dict[type, tuple[Handler, ...]] = {}
_waiting: dict[str, tuple[type, Join | None]] = {}


def listen(event: type, *handlers: Handler, may_wait: bool = False, join: Join | None = None) -> None:
    """Set the handlers of an event type, called in this order, within the transaction that announces it.

    `may_wait`: they may be called later, in another process (see `handing`); `join` makes one of several that wait.
    """
    _handlers[event] = handlers
    if may_wait:
        _waiting[event.__name__] = event, join


def may_wait(event: type) -> bool:
    """Say whether the handlers of an event type may be called later."""
    return event.__name__ in _waiting


def named(name: str) -> type:
    """Return the event type that may wait, by its name."""
    return _waiting[name][0]


def joined(several: Sequence[Any]) -> Sequence[Any]:
    """Make one of events of one type that follow each other, where they can be joined."""
    join = _waiting[type(several[0]).__name__][1]
    return [join(several)] if join is not None and len(several) > 1 else several


def handlers_of(event: type) -> tuple[Handler, ...]:
    """Return the handlers of an event type."""
    return _handlers.get(event, ())
