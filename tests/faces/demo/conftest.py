"""A small province with a day of history, loaded once for all tests of a module and taken away again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.utils.translation import override

from mainstay.faces.demo.loading import SIZES, Loader

AT = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)


@contextmanager
def loaded_province(*, seed: int = 1, days: int = 1) -> Iterator[Loader]:
    """Load the province, and roll everything back at the end."""
    with transaction.atomic():
        loader = Loader(SIZES["small"], seed, AT, days, lambda stage, count: None)
        with override("zh-hans"):
            loader.load()
            loader.live_through()
        yield loader
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Loader]:
    with django_db_blocker.unblock(), loaded_province() as loader:  # type: ignore[attr-defined]
        yield loader
