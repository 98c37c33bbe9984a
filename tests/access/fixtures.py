"""The stage, set once for a module; each test gives back what it changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from tests.access.performance_posts import sample_the_bank
from tests.access.stage import Stage, build_stage


def sampled(stage: Stage) -> Stage:
    """Return the stage, the bank's circuit sampled."""
    sample_the_bank(stage)
    return stage


@pytest.fixture(scope="module")
def set_stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Set the stage in a transaction that is taken back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield sampled(build_stage())
        transaction.set_rollback(True)


@pytest.fixture
def stage(set_stage: Stage, db: None) -> Stage:
    """Give the stage to one test, with its own list of ids."""
    return replace(set_stage, ids=dict(set_stage.ids))
