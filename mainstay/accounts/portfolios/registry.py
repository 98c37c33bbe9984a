"""What must be looked at when a customer changes hands: checks of the rooms above; `config.registries` fills it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Finding:
    """One thing a check found: in a line of words, with the object it leads to."""

    words: str
    object_kind: str = ""
    object_id: int | None = None


Read = Callable[[Sequence[int], datetime], dict[int, list[Finding]]]


@dataclass(frozen=True)
class Check:
    """A kind of things that a customer may have open; `read` takes customers' ids, at most 900 (few queries)."""

    name: str
    title: str | Promise
    icon: str
    read: Read


_checks: dict[str, Check] = {}


def register(*checks: Check) -> None:
    """Say what is looked at, in the order pages show it."""
    _checks.update({check.name: check for check in checks})


def checks() -> list[Check]:
    """Return all checks."""
    return list(_checks.values())
