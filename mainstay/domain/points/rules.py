"""What a payment, an anniversary or a birthday earns, and how long points live? Rules as data, with their derivation.

Money in fen (0.01 yuan), points whole and rounded down once at the end. Grades and products are codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from mainstay.domain.errors import Refused, msgid

MOST_MULTIPLIER = Decimal(100)
ONE = Decimal(1)


class BadBook(Refused):
    """Rules that make no sense as given."""


@dataclass(frozen=True)
class Book:
    """What earns points. `per_yuan`: points a yuan paid; `least_fen`: months below it earn nothing.

    `grades`, `products`: multipliers, 1 where not named. `years`: (full years with us, points on that day); `birthday`:
    points on a decision maker's birthday. `life_years`: 0 is for ever; `whole_years`: they end with a calendar year,
    that of earning counted. `warn_days`: so long before the end the customer is told.
    """

    per_yuan: Decimal = ONE
    least_fen: int = 0
    grades: Mapping[str, Decimal] = field(default_factory=dict)
    products: Mapping[str, Decimal] = field(default_factory=dict)
    years: tuple[tuple[int, int], ...] = ()
    birthday: int = 0
    life_years: int = 3
    whole_years: bool = True
    warn_days: int = 60


@dataclass(frozen=True)
class Part:
    """One step of a derivation: so much paid for a product, times what."""

    product: str
    paid_fen: int
    per_yuan: Decimal
    by_product: Decimal
    by_grade: Decimal
    points: Decimal


def earned(book: Book, paid: Mapping[str, int], grade: str) -> tuple[int, list[Part]]:
    """Return the points of a month's payments (fen by product; "" is no product known) and how they come about."""
    by_grade = book.grades.get(grade, ONE)
    parts = []
    for product, fen in sorted(paid.items()):
        by_product = book.products.get(product, ONE)
        points = Decimal(max(fen, 0)) / 100 * book.per_yuan * by_product * by_grade
        parts.append(Part(product, fen, book.per_yuan, by_product, by_grade, points))
    if sum(paid.values()) < book.least_fen:
        return 0, parts
    return int(sum((part.points for part in parts), Decimal(0)).to_integral_value(ROUND_FLOOR)), parts


def last_day(book: Book, earned_on: date) -> date | None:
    """Return the last day on which points earned on a day can be used; None: they never expire."""
    if not book.life_years:
        return None
    if book.whole_years:
        return date(earned_on.year + book.life_years - 1, 12, 31)
    return _anniversary(earned_on, earned_on.year + book.life_years) - timedelta(days=1)


def years_bonus(book: Book, since_on: date | None, day: date) -> tuple[int, int]:
    """Return (full years, points) where `day` completes years that give points; (0, 0) else."""
    if since_on is None or day.year <= since_on.year or _anniversary(since_on, day.year) != day:
        return 0, 0
    full = day.year - since_on.year
    return (full, dict(book.years)[full]) if full in dict(book.years) else (0, 0)


def _anniversary(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February, in other years the 1st of March
        return date(year, 3, 1)


def plain(book: Book) -> dict[str, Any]:
    """Return a book as JSON holds it."""
    return {
        "per_yuan": str(book.per_yuan), "least_fen": book.least_fen,
        "grades": {code: str(times) for code, times in sorted(book.grades.items())},
        "products": {code: str(times) for code, times in sorted(book.products.items())},
        "years": [list(pair) for pair in book.years], "birthday": book.birthday, "life_years": book.life_years,
        "whole_years": book.whole_years, "warn_days": book.warn_days,
    }  # fmt: skip


def book_of(terms: Mapping[str, Any]) -> Book:
    """Return the book that JSON holds. Raises BadBook."""
    try:
        book = Book(
            per_yuan=Decimal(terms.get("per_yuan", "1")), least_fen=int(terms.get("least_fen", 0)),
            grades={code: Decimal(times) for code, times in terms.get("grades", {}).items()},
            products={code: Decimal(times) for code, times in terms.get("products", {}).items()},
            years=tuple((int(full), int(points)) for full, points in terms.get("years", ())),
            birthday=int(terms.get("birthday", 0)), life_years=int(terms.get("life_years", 0)),
            whole_years=bool(terms.get("whole_years", True)), warn_days=int(terms.get("warn_days", 60)),
        )  # fmt: skip
    except (InvalidOperation, TypeError, ValueError) as error:
        raise BadBook(msgid("These rules cannot be read ({why}); correct them."), why=str(error)[:80]) from error
    _check(book)
    return book


def _check(book: Book) -> None:
    multipliers = [book.per_yuan, *book.grades.values(), *book.products.values()]
    if any(not times.is_finite() or times < 0 or times > MOST_MULTIPLIER for times in multipliers):
        raise BadBook(msgid("A multiplier lies between 0 and {most}; correct it."), most=MOST_MULTIPLIER)
    if min(book.least_fen, book.birthday, book.life_years, book.warn_days) < 0:
        raise BadBook(msgid("Numbers of points, days and years are not below zero; correct them."))
    if any(full <= 0 or points < 0 for full, points in book.years) or len(dict(book.years)) != len(book.years):
        raise BadBook(msgid("Name each number of years once, above zero, with its points."))
