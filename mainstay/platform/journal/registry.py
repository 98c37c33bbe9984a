"""Who listens to which event; `config.subscriptions` fills it in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mainstay.domain.actor import Actor

Handler = Callable[[Any, Actor], None]
Join = Callable[[Sequence[Any]], Any]
Part = Callable[[Any, int], Mapping[int, Any]]
PARTS, ALL_PARTS = 4, -1
"""Into how many parts events that wait are divided; those that cannot be concern all."""
_handlers: dict[type, tuple[Handler, ...]] = {}


@dataclass(frozen=True)
class _Waiting:
    event: type
    join: Join | None
    part: Part | None


_waiting: dict[str, _Waiting] = {}


def listen(
    event: type, *handlers: Handler, may_wait: bool = False, join: Join | None = None, part: Part | None = None
) -> None:
    """Set the handlers of an event type, called in this order, within the transaction that announces it.

    `may_wait`: they may be called later, in another process (see `handing`); `join` makes one of several that wait,
    `part` divides one into at most so many, by part, of which handlers may run side by side.
    """
    _handlers[event] = handlers
    if may_wait:
        _waiting[event.__name__] = _Waiting(event, join, part)


def may_wait(event: type) -> bool:
    """Say whether the handlers of an event type may be called later."""
    return event.__name__ in _waiting


def named(name: str) -> type:
    """Return the event type that may wait, by its name."""
    return _waiting[name].event


def parted(event: Any) -> Iterable[tuple[int, Any]]:
    """Divide an event that may wait; give each piece with its part."""
    part = _waiting[type(event).__name__].part
    return ((ALL_PARTS, event),) if part is None else sorted(part(event, PARTS).items())


def joined(several: Sequence[Any]) -> Sequence[Any]:
    """Make one of events of one type that follow each other, where they can be joined."""
    join = _waiting[type(several[0]).__name__].join
    return [join(several)] if join is not None and len(several) > 1 else several


def handlers_of(event: type) -> tuple[Handler, ...]:
    """Return the handlers of an event type."""
    return _handlers.get(event, ())
