"""Do the roll-ups say what the rows say? Everything that is rolled up, reckoned slowly again and compared (M9)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from mainstay.accounts.revenue.figures import AT_ONCE, read, reckoned, settled
from mainstay.accounts.revenue.models import FIGURES, Bill, Payment, Standing, Touched


@dataclass(frozen=True)
class Wrong:
    """A roll-up that says something else than its rows: whose, which column, what it says, what it should."""

    customer_id: int
    column: str
    kept: object
    right: object


def differing(on: date, *, told: Callable[[int], object] = lambda _done: None) -> Iterator[Wrong]:
    """Give what differs on a day; whose rows changed since they were rolled is left out. `told`: how many are done."""
    done = 0
    ids = _billed()
    while part := list(islice(ids, AT_ONCE)):
        touched = set(Touched.objects.filter(pk__in=part).values_list("pk", flat=True))
        settled_ids = [pk for pk in part if pk not in touched]
        yield from _bills(settled_ids)
        yield from _standings(settled_ids, on)
        done += len(part)
        told(done)


def _billed() -> Iterator[int]:
    """Give the ids of customers with bills, payments or a standing, each once, ascending."""
    sources = [
        Standing.objects.order_by().values("pk"),
        Bill.objects.order_by().values("customer_id"),
        Payment.objects.order_by().values("customer_id"),
    ]
    rows = sources[0].union(*sources[1:]).values_list("pk", flat=True).order_by("pk")
    return iter(rows.iterator(chunk_size=AT_ONCE))


def _bills(ids: list[int]) -> Iterator[Wrong]:
    bills, payments = read(ids)
    right = {bill.pk: (bill.open_fen, bill.settled_on)
             for pk, own in bills.items() for bill in settled(own, payments.get(pk, ()))}  # fmt: skip
    for pk, customer, *kept in Bill.objects.filter(customer__in=ids).values_list(
        "pk", "customer_id", "open_fen", "settled_on"
    ):
        if tuple(kept) != right[pk]:
            yield Wrong(customer, f"bill {pk}", kept, right[pk])


def _standings(ids: list[int], on: date) -> Iterator[Wrong]:
    right = reckoned(ids, on)
    held = {row.pk: row for row in Standing.objects.filter(pk__in=ids)}
    for pk in ids:
        row, wanted = held.get(pk), right.get(pk)
        if row is None or wanted is None:
            yield Wrong(pk, "standing", row and row.pk, wanted and pk)
        elif row.on <= on < row.until_on:
            for name in FIGURES:
                if getattr(row, name) != getattr(wanted, name):
                    yield Wrong(pk, name, getattr(row, name), getattr(wanted, name))
