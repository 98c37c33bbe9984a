"""Do rows of streams name things that are there? Their references carry no constraints (decision 0017)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Exists, ForeignKey, Model, OuterRef


@dataclass(frozen=True)
class Dangling:
    """So many rows of a table name, in a column, something that is not there; `example`: the key of one of them."""

    table: str
    column: str
    rows: int
    example: int


def unguarded() -> Iterator["ForeignKey[Model, Model]"]:
    """Give the references that the database does not check."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and not getattr(field, "db_constraint", True):
                yield field


def dangling() -> Iterator[Dangling]:
    """Look at every row of every such column: minutes on a large database (1 or 2 queries a column)."""
    for field in unguarded():
        there = field.related_model._default_manager.filter(pk=OuterRef(field.attname))
        named = field.model._default_manager.filter(**{f"{field.attname}__isnull": False})
        lost = named.filter(~Exists(there))
        example = lost.order_by("pk").values_list("pk", flat=True).first()
        if example is not None:
            yield Dangling(field.model._meta.db_table, str(field.column), lost.count(), int(example))
