"""Pages of lists that may be very long: counting stops at `MOST`, and so do the pages; who looks for more, narrows."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST = 10_000
"""Rows that are counted and can be paged to. A person who pages further has not filtered yet."""


class LongPaginator(Paginator):
    """Pages through the first MOST rows of a query set; `more` says that there are further ones."""

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
