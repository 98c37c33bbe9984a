"""Several writers and several sealers at once: nothing lost, one chain."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from mainstay.domain.actor import system
from mainstay.platform.journal import actions, queries
from mainstay.platform.journal.actions import Change
from mainstay.platform.journal.models import Entry
from tests.cast import NOW

BY = system("test")


def write_and_seal(writer: int) -> None:
    try:
        for n in range(10):
            actions.record("x", [Change("k", f"{writer}-{n}")], at=NOW, by=BY)
            actions.seal(limit=7)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_it_works() -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_and_seal, range(4)))
    while actions.seal():
        pass
    assert Entry.objects.count() == 40
    assert list(queries.broken_seals()) == []
    assert set(Entry.objects.values_list("seal_number", flat=True)) == set(range(1, 41))
