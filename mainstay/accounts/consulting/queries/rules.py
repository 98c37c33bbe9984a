"""Which fields are sensitive, and how each is guarded: what is shipped, unless an administrator said otherwise."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Exists

from mainstay.accounts.consulting.choices import SHIPPED, Sensitive
from mainstay.accounts.consulting.models import SensitiveField

Rules = Mapping[str, Sensitive]


def rules() -> dict[str, Sensitive]:
    """Return every sensitive field by its key, in the order they are shipped (1 query)."""
    said = {row.key: row for row in SensitiveField.objects.all()}
    return {each.key: _with(each, said.get(each.key)) for each in SHIPPED}


def is_guarded(key: str) -> Exists:
    """Return whether an administrator guards a field that is open as shipped, to be asked within another query."""
    return Exists(SensitiveField.objects.filter(key=key, guarded=True))


def _with(shipped: Sensitive, row: SensitiveField | None) -> Sensitive:
    if row is None:
        return shipped
    return replace(shipped, mask=row.mask, at_once=tuple(row.at_once), minutes=row.minutes, guarded=row.guarded)
