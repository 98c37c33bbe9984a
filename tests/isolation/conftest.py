"""The walk of one reader: the module says whose."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.models import DutyAssignment, User
from tests.access.fixtures import sampled
from tests.access.stage import build_stage
from tests.isolation.proofs import CITY, Walk, doubling_for, signed_in
from tests.isolation.walking import Reading


@pytest.fixture(scope="module")
def set_walk(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, Walk]]:
    """Set the stage, read it, double everything, read it again; all at one instant."""
    reader, now = request.module.READER, timezone.now
    with django_db_blocker.unblock(), transaction.atomic():
        stage = sampled(build_stage())
        officer = User.objects.create(username="city.one", display_name="一市值班", password="!", date_joined=now())
        DutyAssignment.objects.create(user=officer, duty="duty_officer", region_code=CITY)
        at = now()
        timezone.now = lambda: at
        try:
            doubling = doubling_for(stage, reader)
            token = identity.issue_token(User.objects.get(username=reader), reader, at=at, by=stage.actor("admin"))
            reading = Reading(signed_in(stage, reader), token)
            taken = Walk(stage, doubling, reading.read_all(stage))
            doubling.run()
            taken.after = reading.read_again(taken.before)
            yield reader, taken
        finally:
            timezone.now = now
            transaction.set_rollback(True)


@pytest.fixture
def walk(set_walk: tuple[str, Walk], db: None) -> tuple[str, Walk]:
    """Give the walk to one test."""
    return set_walk
