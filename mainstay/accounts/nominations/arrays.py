"""Reads accounts' figures of many customers straight into arrays, rows by account, columns by day (B6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from mainstay.accounts.nominations.cells import DAYS, MISSING, Numbers, months_between, next_month, rows_of
from mainstay.accounts.nominations.choices import DEPOSITS
from mainstay.accounts.nominations.models import Account, AccountMonth

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Holders:
    """Accounts, sorted by customer: their ids, customers and whether they are deposits."""

    accounts: Numbers
    customers: Numbers
    deposits: NDArray[np.bool_]


def holders(accounts: "QuerySet[Account]") -> Holders:
    """Return the accounts of a query (1 query)."""
    rows = list(accounts.order_by("customer_id", "pk").values_list("pk", "customer_id", "kind"))
    ids = np.array([row[0] for row in rows], np.int64)
    owners = np.array([row[1] for row in rows], np.int64)
    return Holders(ids, owners, np.array([row[2] in DEPOSITS for row in rows], bool))


def day_columns(held: Holders, figure: str, first: date, last: date, within: Q) -> Numbers:
    """Return a figure from the beginning of `first`'s month to `last`, MISSING where nothing was delivered.

    `within` limits the accounts as `held` was read, or more widely (1 query; millions of rows come in parts).
    """
    months = months_between(first, last)
    starts = {month: (month - months[0]).days for month in months}
    days = np.full((len(held.accounts), (last - months[0]).days + 1), MISSING, np.int64)
    order = np.argsort(held.accounts)
    sorted_ids = held.accounts[order]
    found = AccountMonth.objects.filter(within, month__gte=months[0], month__lte=last).exclude(**{figure: b""})
    for part in _parts(found.values_list("account_id", "month", figure)):
        rows, known = _places(sorted_ids, part)
        kept = part if known.all() else [row for row, there in zip(part, known, strict=True) if there]
        _lay(days, kept, order[rows[known]], starts)
    return days


def _parts(rows: Any) -> Iterable[list[Any]]:
    part: list[Any] = []
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        part.append(row)
        if len(part) == ROWS_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _places(sorted_ids: Numbers, part: list[Any]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return where each row's account stands among the sorted ids, and whether it is among them: a loan may not be."""
    ids = np.array([row[0] for row in part], np.int64)
    places = np.searchsorted(sorted_ids, ids)
    if not len(sorted_ids):
        return places, np.zeros(len(part), bool)
    return places, sorted_ids[np.minimum(places, len(sorted_ids) - 1)] == ids


def _lay(days: Numbers, part: list[Any], rows: Numbers, starts: dict[date, int]) -> None:
    values = rows_of(row[2] for row in part)
    months = np.array([starts[row[1]] for row in part])
    for month, start in starts.items():
        here = months == start
        width = min((next_month(month) - month).days, DAYS, days.shape[1] - start)
        if here.any():
            days[rows[here], start : start + width] = values[here][:, :width]


def of_customers(customer_ids: Collection[int]) -> tuple[Q, Q]:
    """Return the condition on accounts, and on their months, that they are of these customers."""
    ids = list(customer_ids)
    return Q(customer__in=ids), Q(account__customer__in=ids)


def window_begin(on: date, days: int) -> date:
    """Return the first day of a window of so many days that ends on a day."""
    return on - timedelta(days=days - 1)
