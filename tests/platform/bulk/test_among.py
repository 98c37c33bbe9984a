"""`among` finds what `in` finds, with one parameter."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.network.inventory.models import Circuit, Hop
from mainstay.platform.places.models import Region
from tests.cast import World

pytestmark = pytest.mark.django_db


def test_among_finds_what_in_finds(world: World) -> None:
    ids = list(Circuit.objects.values_list("pk", flat=True))[::2]
    customers = {world.circuit.customer_id, 10**12}
    for name, keys in (("pk", ids), ("customer", customers), ("customer_id", customers), ("paths__id", range(3))):
        found = Circuit.objects.filter(**{f"{name}__among": keys}).order_by("pk")
        assert list(found) == list(Circuit.objects.filter(**{f"{name}__in": list(keys)}).order_by("pk"))
        assert set(Circuit.objects.exclude(**{f"{name}__among": keys})) == set(
            Circuit.objects.exclude(**{f"{name}__in": list(keys)})
        )


def test_nothing_is_among_no_keys_and_nobody_asks(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert not list(Circuit.objects.filter(pk__among=[]))
        assert not list(Circuit.objects.filter(contract_line__among={None}))
    assert Circuit.objects.exclude(pk__among=()).count() == Circuit.objects.count()


def test_any_number_of_keys_is_one_parameter(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert list(Hop.objects.filter(resource__among=range(10**5)).values_list("pk", flat=True)) is not None
    assert len(asked) == 1


def test_a_key_that_is_no_whole_number_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Circuit.objects.filter(pk__among=["C001"])
    with pytest.raises(TypeError):
        Circuit.objects.filter(pk__among=[Region])
