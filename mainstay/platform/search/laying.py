"""Which table takes entries laid in bulk (`actions.lay_index`), and how they become findable all at once."""

from django.db import connection

from mainstay.platform.search.models import SearchEntry, Tier

TABLES = (SearchEntry,)


def make_findable() -> None:
    """Fill the indexes from the entries, where triggers would have filled them one by one (SQLite)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for tier in Tier.values:
                cursor.execute(f"INSERT INTO search_index_{tier}(search_index_{tier}) VALUES ('rebuild')")  # noqa: S608
