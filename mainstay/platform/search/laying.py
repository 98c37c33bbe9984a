"""Which table takes entries laid in bulk (`actions.lay_index`), and how they become findable all at once."""

from django.db import connection

from mainstay.platform.search.models import SearchEntry

TABLES = (SearchEntry,)


def make_findable() -> None:
    """Fill the index from the entries, where triggers would have filled it one by one (SQLite)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
