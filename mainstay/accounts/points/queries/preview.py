"""What would rules give a customer for the last months? Reckoned, nothing is written (B4)."""

from dataclasses import dataclass
from datetime import date, timedelta

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.points.paid import paid_in
from mainstay.accounts.points.queries.books import book_on, books
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.domain.actor import Actor
from mainstay.domain.points.rules import Book, Part, earned, last_day, years_bonus


@dataclass(frozen=True)
class Month:
    """A month: what was paid (fen), what the rules that hold gave or give, what the ones tried out would."""

    month: date
    paid_fen: int
    now: int
    then: int
    parts: list[Part]
    expires_on: date | None


@dataclass(frozen=True)
class Preview:
    """Twelve months of a customer under rules tried out, beside those that hold."""

    customer: object
    months: list[Month]
    years: list[tuple[date, int, int]]
    now: int
    then: int


def preview(actor: Actor, customer_id: int, book: Book, on: date, months: int = 12) -> Preview:
    """Reckon what a book would have given a customer for the last full months (about 26 queries; no list page).

    Raises NoSuchCustomer.
    """
    customer = visible_customer(actor, customer_id)
    known = books()
    told = []
    for back in range(months, 0, -1):
        month = add_months(first_of(on), -back)
        paid = paid_in([customer_id], month).get(customer_id, {})
        end = add_months(month, 1) - timedelta(days=1)
        held = book_on(end, known)
        now = earned(held.book, paid, customer.service_grade)[0] if held else 0
        then, parts = earned(book, paid, customer.service_grade)
        told.append(Month(month, sum(paid.values()), now, then, parts, last_day(book, end)))
    return Preview(
        customer, told, _coming(book, customer.since_on, on), sum(m.now for m in told), sum(m.then for m in told)
    )


def _coming(book: Book, since_on: date | None, on: date) -> list[tuple[date, int, int]]:
    """Return the years with us that give points within the next twelve months: day, years, points."""
    found = []
    for ahead in range(366):
        day = on + timedelta(days=ahead)
        full, points = years_bonus(book, since_on, day)
        if points:
            found.append((day, full, points))
    return found


def product_names() -> dict[str, str]:
    """Return the products rules can name, by code (1 query)."""
    return dict(Product.objects.order_by("code").values_list("code", "name"))
