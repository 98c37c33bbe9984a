"""Which table takes entries laid in bulk (`actions.lay_index`)."""

from mainstay.platform.search.models import SearchEntry

TABLES = (SearchEntry,)
