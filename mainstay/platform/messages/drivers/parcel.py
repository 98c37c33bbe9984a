"""What is handed to a sender, and what comes of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Parcel:
    """One message to one address. `key` is the same at every try; `text` is what SMS and chat carry."""

    to: str
    to_name: str
    subject: str
    body: str
    text: str
    key: str
    number: int
    kind: str
    at: datetime
    object_kind: str = ""
    object_id: str = ""


@dataclass(frozen=True)
class Way:
    """A sender as its driver needs it. `timeout_s` bounds the whole try; the secret is never to be shown or logged."""

    kind: str
    address: str
    timeout_s: float
    secret: str = field(default="", repr=False)
    options: dict[str, Any] = field(default_factory=dict)

    def option(self, name: str, otherwise: str = "") -> str:
        """Return an option as text."""
        return str(self.options.get(name) or otherwise)


@dataclass(frozen=True)
class Outcome:
    """What came of a try.

    `perhaps`: no answer, so the receiver may have it. `final`: trying again is of no use. `reference` is the other
    side's name for it, for receipts.
    """

    ok: bool
    error: str = ""
    reference: str = ""
    perhaps: bool = False
    final: bool = False


def sent(reference: object = "") -> Outcome:
    """Return that the other side took it."""
    return Outcome(True, reference=readable(str(reference or ""))[:120])


def refused(error: str, *, final: bool = False, perhaps: bool = False) -> Outcome:
    """Return that the other side did not take it, or did not say."""
    return Outcome(False, error=readable(error)[:400], final=final, perhaps=perhaps)


def readable(said: str) -> str:
    """Return what the other side said in one line, without what no database keeps: NUL and halves of characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())
