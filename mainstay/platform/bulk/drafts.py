"""Unsaved rows by the thousand: what `Model(**values)` gives, in half the time.

Django looks through all fields for the values named; given in their order it just takes them.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import models

Drafted = TypeVar("Drafted", bound=models.Model)


def draft(model: type[Drafted], /, **values: Any) -> Drafted:
    """Return an unsaved row; `values` by attribute name (`circuit_id`), others get their defaults.

    Raises TypeError for a name that the model does not have.
    """
    given, made = _defaults(model)
    row = {**given, **values}
    if len(row) != len(given):
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - given.keys()))}")
    for name, make in made.items():
        if name not in values:
            row[name] = make()
    return model(*row.values())


@cache
def _defaults(model: type[models.Model]) -> tuple[Mapping[str, Any], Mapping[str, Callable[[], Any]]]:
    """Return the default of each column in its order, and what makes those that must not be shared."""
    fields = model._meta.concrete_fields
    made = {field.attname: field.get_default for field in fields if callable(field.default) and field.has_default()}
    return {f.attname: None if f.attname in made else f.get_default() for f in fields}, made
