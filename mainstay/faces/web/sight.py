"""What the reader of a page sees of sensitive fields, read once a request; what was shown in clear is written down."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mainstay.accounts.consulting.actions.asking import note_readings
from mainstay.accounts.consulting.choices import SHIPPED
from mainstay.accounts.consulting.queries import sight as queries
from mainstay.accounts.consulting.queries.sight import Shown, Sight, customer_key
from mainstay.domain.actor import NOBODY

CLOSED = Sight(NOBODY, {each.key: each for each in SHIPPED}, {})
"""Shows nothing in clear and reads nothing: for histories of what is no customer."""


def sight_of(request: HttpRequest) -> Sight:
    """Return the reader's sight (2 queries the first time)."""
    found: Sight | None = getattr(request, "sight", None)
    if found is None:
        found = queries.sight(request.actor, at=timezone.now())  # type: ignore[attr-defined]  # put there by the door
        request.sight = found  # type: ignore[attr-defined]
    return found


def keep_readings(request: HttpRequest) -> None:
    """Write down what this page showed in clear (A3); nothing is read where nothing was."""
    found: Sight | None = getattr(request, "sight", None)
    if found is not None:
        note_readings(found, at=timezone.now())


def shown(sight: Sight, thing: Any, name: str) -> Shown:
    """Return how a field of a customer, a contact or a circuit's end is shown."""
    kind = type(thing).__name__
    if kind == "Contact":
        key, customer_id = f"contact.{name}", thing.customer_id
    elif kind == "CircuitEnd":
        key, customer_id = f"circuit_end.{name}", thing.circuit.customer_id
    else:
        key, customer_id = customer_key(name, thing.kind), thing.pk
    label = getattr(thing, "name", "") or getattr(thing, "contact_name", "")
    return sight.show(key, getattr(thing, name), customer_id=customer_id, object_id=thing.pk, label=label)
