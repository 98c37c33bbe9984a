"""The one door: what `scope` says in SQL, `may_see` says in Python, and who is nobody sees nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mainstay.domain.actor import NOBODY, Actor, ActorKind, system
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.identity.queries import actor_of, may_see, scope
from mainstay.platform.search.models import SearchEntry
from tests.cast import World

REGIONS = ("", "4", "42", "4201", "4202", "44", "4401")
STAMPS = [(customer, region) for customer in (None, 1, 2) for region in REGIONS]
ACTORS = st.builds(
    Actor,
    kind=st.sampled_from(ActorKind),
    name=st.just("x"),
    regions=st.lists(st.sampled_from(REGIONS), max_size=3).map(tuple),
    customer_ids=st.none() | st.frozensets(st.sampled_from([1, 2, 3])),
)


class TheDoor(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        SearchEntry.objects.bulk_create(
            SearchEntry(object_kind="x", object_id=str(n), label="x", customer_id=c, region_code=r, terms="x")
            for n, (c, r) in enumerate(STAMPS)
        )

    @given(ACTORS)
    def test_sql_and_python_agree(self, actor: Actor) -> None:
        seen = set(SearchEntry.objects.filter(scope(actor)).values_list("object_id", flat=True))
        allowed = {str(n) for n, (c, r) in enumerate(STAMPS) if may_see(actor, customer_id=c, region_code=r)}
        assert seen == allowed

    @given(ACTORS)
    def test_rows_without_a_column_are_seen_by_those_the_other_column_lets_in(self, actor: Actor) -> None:
        by_region = SearchEntry.objects.filter(scope(actor, customer="")).count()
        by_customer = SearchEntry.objects.filter(scope(actor, region="")).count()
        if actor.sees_everything:
            assert by_region == by_customer == len(STAMPS)
        elif actor.customer_ids is not None:
            assert by_region == 0
        else:
            assert by_customer == 0


@pytest.mark.parametrize("actor", [NOBODY, Actor(ActorKind.CUSTOMER, "x"), Actor(ActorKind.STAFF, "x")])
def test_nobody_sees_nothing(db: None, actor: Actor) -> None:
    SearchEntry.objects.create(object_kind="x", object_id="1", label="x", terms="x", customer_id=1, region_code="42")
    assert not SearchEntry.objects.filter(scope(actor)).exists()


def test_the_machinery_sees_all() -> None:
    assert may_see(system("x"), customer_id=None, region_code="")


def test_each_of_the_cast_is_who_they_are(world: World) -> None:
    manager, officer, customer = world.actor("wang.min"), world.actor("li.qiang"), world.actor("zhou.ying")
    assert manager.customer_ids == customer.customer_ids == {world.bank.pk, world.branch.pk}
    assert (officer.customer_ids, officer.regions) == (None, ("42",))
    assert (customer.kind, customer.permissions) == (ActorKind.CUSTOMER, {"portal.use"})
    assert world.actor("admin").sees_everything


def test_an_account_manager_with_a_second_duty_sees_that_dutys_region_only(world: World) -> None:
    DutyAssignment.objects.create(user=world.users["wang.min"], duty="leader", region_code="4202")
    actor = world.actor("wang.min")
    assert (actor.customer_ids, actor.regions) == (None, ("4202",))


def test_a_locked_user_is_nobody(world: World) -> None:
    User.objects.filter(username="admin").update(is_active=False)
    assert world.actor("admin") == NOBODY


def test_a_contacts_duty_without_a_customer_sees_nothing(world: World) -> None:
    stray = User.objects.create(username="stray", display_name="游离")
    DutyAssignment.objects.create(user=stray, duty="customer_contact", region_code="")
    actor = actor_of(stray)
    assert not actor.sees_everything
    assert not may_see(actor, customer_id=world.bank.pk, region_code="4201")


def test_a_contact_with_a_staff_duty_by_mistake_stays_a_contact(world: World) -> None:
    DutyAssignment.objects.create(user=world.users["zhou.ying"], duty="administrator", region_code="")
    actor = world.actor("zhou.ying")
    assert actor.permissions == {"portal.use"}
    assert not actor.is_staff
    assert not may_see(actor, customer_id=world.logistics.pk, region_code="4202")


def test_being_someone_costs_at_most_two_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for user in world.users.values():
        with django_assert_max_num_queries(4 if user.customer_id else 2):
            actor_of(user)
