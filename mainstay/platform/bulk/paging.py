"""Pages of lists that may be very long: counting stops at `MOST`, and so do the pages; who looks for more, narrows."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, IntegerField, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

MOST = 10_000
"""Rows that are counted and can be paged to. A person who pages further has not filtered yet."""
FEW = 5_000
"""Up to so many rows are read and sorted; for more, the database may walk the index of a sort until a page is full."""


class RareOrder(OrderBy):
    """The first key of an order, by something that is the same of nearly all rows and that no index holds.

    `rare`: the condition of the other rows, which all come before or all behind. The rest of the order has an index.
    """

    def __init__(self, expression: Any, *, rare: Q = Q(), descending: bool = False, **more: Any) -> None:  # noqa: B008
        super().__init__(expression, descending=descending, **more)
        self.rare = rare


class LongPaginator(Paginator):
    """Pages through the first MOST rows of a query set; `more` says that there are further ones."""

    def page(self, number: int | str) -> Page:
        """Return a page, in an order the database is quick at (see `sorted_few` and `RareOrder`)."""
        number = self.validate_number(number)
        start, end = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        return self._get_page(self._until(end)[start:end], number, self)

    def _until(self, end: int) -> Any:
        """Return rows that begin with the first `end` of the list."""
        rows = self.object_list
        if not isinstance(rows, QuerySet) or not (order := rows.query.order_by):
            return rows
        if self.count <= FEW:
            return rows.order_by(*sorted_few(order))
        return heads(rows, order[0].rare, end) if isinstance(order[0], RareOrder) else rows

    @property
    def more(self) -> bool:
        """Say whether there are more rows than are counted."""
        return self._counted > MOST

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most MOST."""
        return min(self._counted, MOST)

    @cached_property
    def _counted(self) -> int:
        return counted(self.object_list) if isinstance(self.object_list, QuerySet) else len(self.object_list)


def counted(rows: "QuerySet[Any, Any]") -> int:
    """Count rows, at most MOST + 1: one more than is ever shown says "and more"."""
    return rows.order_by().values("pk")[: MOST + 1].count()


def counting(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """Annotate rows with `matching_in_all`, which is `counted` of them, in the same query; slice the answer."""
    inner = rows.order_by().values("pk")[: MOST + 1]
    whole = Subquery(inner, output_field=IntegerField(), template="(SELECT COUNT(*) FROM (%(subquery)s) AS counted)")
    found: QuerySet[Any, Any] = rows.annotate(matching_in_all=whole)
    return found


def heads(rows: "QuerySet[Any, Any]", rare: Q, most: int) -> "QuerySet[Any, Any]":
    """Return the first rows, up to `most`, of the rare ones and of the others, in the order of them all (`RareOrder`).

    So few are sorted, and the others are read off the index that has the rest of the order.
    """
    parts = rows.filter(rare), rows.exclude(rare).order_by(*rows.query.order_by[1:])
    every = rows.model._default_manager.order_by().values("pk")  # a part of a union may not be cut on SQLite
    first, second = (every.filter(pk__in=part.values("pk")[:most]) for part in parts)
    return rows.filter(pk__in=first.union(second, all=True))


def sorted_few(order: Iterable[Any]) -> list[OrderBy]:
    """Return the same order by expressions no index has, for a condition that few rows meet.

    A planner that hopes to meet fifty of them soon would walk the index of the sort through a million others.
    """
    return [_unindexed(key) for key in order]


def _unindexed(key: Any) -> OrderBy:
    if isinstance(key, OrderBy):
        kept = {"nulls_first": key.nulls_first, "nulls_last": key.nulls_last}
        return OrderBy(Coalesce(key.expression, key.expression), descending=key.descending, **kept)
    name = str(key).removeprefix("-")
    return OrderBy(Coalesce(F(name), F(name)), descending=str(key).startswith("-"))
