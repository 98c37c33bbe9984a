"""Which rules hold on a day, and which did?"""

from dataclasses import dataclass
from datetime import date

from mainstay.accounts.points.models import RuleBook
from mainstay.domain.points.rules import Book, book_of


@dataclass(frozen=True)
class Held:
    """A rule book that holds, with its version and id."""

    id: int
    version: int
    valid_from: date
    book: Book


def books() -> list[Held]:
    """Return all rule books, the newest first (1 query)."""
    return [_held(row) for row in RuleBook.objects.all()]


def rows() -> list[RuleBook]:
    """Return all rule books as they are kept, the one that begins last first (1 query)."""
    return list(RuleBook.objects.all())


def book_on(day: date, known: list[Held] | None = None) -> Held | None:
    """Return the rule book that holds on a day, None before the first (at most 1 query)."""
    begun = [held for held in (books() if known is None else known) if held.valid_from <= day]
    return max(begun, key=lambda held: (held.valid_from, held.version), default=None)


def _held(row: RuleBook) -> Held:
    return Held(row.pk, row.version, row.valid_from, book_of(row.terms))
