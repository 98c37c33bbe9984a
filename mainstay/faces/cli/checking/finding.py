"""What a check finds: how bad it is, what it is, what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad: an error ends `mainstay check` with 1, a warning wants attention, a fact is only told."""

    ERROR = "error"
    WARNING = "warning"
    FACT = "fact"


@dataclass(frozen=True)
class Finding:
    """One thing found, in the reader's language; a fact has no remedy."""

    level: Level
    what: str
    remedy: str = ""


def error(what: str, remedy: str) -> Finding:
    """Return a finding that keeps the house from doing its work."""
    return Finding(Level.ERROR, what, remedy)


def warning(what: str, remedy: str) -> Finding:
    """Return a finding that wants attention."""
    return Finding(Level.WARNING, what, remedy)


def fact(what: str) -> Finding:
    """Return something worth knowing."""
    return Finding(Level.FACT, what)
