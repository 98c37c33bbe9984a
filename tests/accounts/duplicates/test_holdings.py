"""Nothing that belongs to a customer is forgotten when two are merged: every column is thought about."""

from django.apps import apps
from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.duplicates.registry import known_columns

NAMES = ("customer_id", "customer_ids")


def columns_of_customers() -> set[str]:
    """Return every column of the project that names a customer: foreign keys, and numbers that are called so."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("mainstay."):
            continue
        for field in model._meta.concrete_fields:
            points = isinstance(field, models.ForeignKey) and field.related_model is Customer
            if points or field.attname in NAMES or field.attname.endswith("_customer_id"):
                found.add(f"{model._meta.label}.{field.attname}")
        for many in model._meta.local_many_to_many:
            assert many.related_model is not Customer, f"{model._meta.label}.{many.name}: name its table's column"
    return found


def test_every_column_that_names_a_customer_moves_or_says_why_not() -> None:
    known = known_columns()
    assert columns_of_customers() - set(known) == set(), (
        "Say in mainstay/config/holdings.py whether these move when customers are merged, or why they do not"
    )
    assert set(known) - columns_of_customers() == set(), "these are gone; take them out"


def test_what_does_not_move_says_why() -> None:
    assert all(len(why) > 5 for why in known_columns().values() if why)
