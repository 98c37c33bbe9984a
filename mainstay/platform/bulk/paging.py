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


class KeysFirst(OrderBy):
    """The first key of an order where many rows are sorted or skipped as keys alone; a page's rows are read then.

    So what is fetched with the rows costs nothing on the way to a late page. `rare`: rows that do not meet it are all
    alike in this key, so that the rest of the order, which has an index, is theirs; they come behind those that meet
    it, or before them in an ascending order. Where nearly all are alike, nothing is sorted but the rare ones.
    """

    def __init__(self, expression: Any, *, rare: Q | None = None, descending: bool = False, **more: Any) -> None:
        super().__init__(expression, descending=descending, **more)
        self.rare = rare

    def parts(self, rows: "QuerySet[Any, Any]") -> "list[QuerySet[Any, Any]]":
        """Return the parts that rows in this order consist of, each in its own order."""
        if self.rare is None:
            return [rows]
        rare, others = rows.filter(self.rare), rows.exclude(self.rare).order_by(*rows.query.order_by[1:])
        return [rare, others] if self.descending else [others, rare]


class LongPaginator(Paginator):
    """Pages through the first MOST rows of a query set; `more` says that there are further ones."""

    def page(self, number: int | str) -> Page:
        """Return a page, asked for in a way the database is quick at (see `sorted_few` and `KeysFirst`)."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return Page(self._cut(start, min(start + self.per_page, self.count)), number, self)

    def _cut(self, start: int, end: int) -> Any:
        rows: Any = self.object_list
        if self._parts and self.count > FEW:
            return rows.filter(pk__in=_keys(self._parts, self._counts[1], start, end))
        if isinstance(rows, QuerySet) and rows.query.order_by and self.count <= FEW:
            rows = rows.order_by(*sorted_few(rows.query.order_by))
        return rows[start:end]

    @property
    def more(self) -> bool:
        """Say whether there are more rows than are counted."""
        return self._counted > MOST

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most MOST."""
        return min(self._counted, MOST)

    @property
    def _counted(self) -> int:
        return self._counts[0]

    @cached_property
    def _counts(self) -> tuple[int, int]:
        """Return how many rows there are, and how many of them in the first of two parts (1 query)."""
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list), 0
        return _counted_with(self.object_list, self._parts[0]) if self._parts[1:] else (counted(self.object_list), 0)

    @cached_property
    def _parts(self) -> "list[QuerySet[Any, Any]]":
        rows: Any = self.object_list
        order = rows.query.order_by if isinstance(rows, QuerySet) else ()
        return order[0].parts(rows) if order and isinstance(order[0], KeysFirst) else []


def counted(rows: "QuerySet[Any, Any]") -> int:
    """Count rows, at most MOST + 1: one more than is ever shown says "and more"."""
    return rows.order_by().values("pk")[: MOST + 1].count()


def counting(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """Annotate rows with `matching_in_all`, which is `counted` of them, in the same query; slice the answer."""
    found: QuerySet[Any, Any] = rows.annotate(matching_in_all=_count_of(rows))
    return found


def _count_of(rows: "QuerySet[Any, Any]") -> Subquery:
    inner = rows.order_by().values("pk")[: MOST + 1]
    return Subquery(inner, output_field=IntegerField(), template="(SELECT COUNT(*) FROM (%(subquery)s) AS counted)")


def _counted_with(rows: "QuerySet[Any, Any]", part: "QuerySet[Any, Any]") -> tuple[int, int]:
    """Count rows and a part of them, each as `counted` does, in one query."""
    found = rows.order_by().annotate(in_all=_count_of(rows), in_part=_count_of(part)).values_list("in_all", "in_part")
    in_all, in_part = next(iter(found[:1]), (0, 0))
    return in_all, in_part or 0


def _keys(parts: "list[QuerySet[Any, Any]]", in_first: int, start: int, end: int) -> "QuerySet[Any, Any]":
    """Return the keys of the rows from `start` to `end` of parts behind each other."""
    first = parts[0].values("pk")
    if not parts[1:] or end <= in_first:
        return first[start:end]
    second = parts[1].values("pk")[max(start - in_first, 0) : end - in_first]
    if start >= in_first:
        return second
    every: QuerySet[Any, Any] = first.model._default_manager.order_by().values("pk")  # SQLite cuts no part of a union
    return every.filter(pk__in=first[start:in_first]).union(every.filter(pk__in=second), all=True)


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
