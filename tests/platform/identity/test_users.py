"""Users are made, given duties, locked, given tokens; who may not, may not."""

from collections.abc import Callable

import pytest

from mainstay.domain.actor import NOBODY, Actor
from mainstay.domain.errors import NotAllowed, NotFound, Refused
from mainstay.platform.identity import actions, queries
from mainstay.platform.identity.actions import NewUser
from mainstay.platform.identity.models import ApiToken, User
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

NEW = NewUser("sun.li", "孙丽", "correct-horse-battery", (("technician", "4201"),))


def test_it_works(world: World, admin: Actor) -> None:
    (user,) = actions.create_users([NEW], at=NOW, by=admin)
    assert user.check_password("correct-horse-battery")
    assert queries.actor_of(user).regions == ("4201",)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.object_id, entry.user_id) == ("user.create", str(user.pk), admin.user_id)
    assert "correct-horse" not in str(entry.after)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (NewUser("li.qiang", "X", "x"), "“li.qiang” is taken"),
        (NewUser("x", "X", "x", (("emperor", ""),)), "“emperor” is not a duty"),
        (NewUser("x", "X", "x", (("customer_contact", ""),)), "“x” cannot have the duty customer_contact"),
        (NewUser("x", "X", "x", (("leader", ""),), customer_id=1), "“x” cannot have the duty leader"),
    ],
)
def test_a_user_who_cannot_be_is_refused_and_none_is_made(
    world: World, admin: Actor, new: NewUser, message: str
) -> None:
    before = User.objects.count()
    with pytest.raises(Refused, match=message):
        actions.create_users([NEW, new], at=NOW, by=admin)
    assert User.objects.count() == before


def test_the_same_name_twice_in_one_call_is_refused(world: World, admin: Actor) -> None:
    with pytest.raises(Refused, match="taken"):
        actions.create_users([NEW, NEW], at=NOW, by=admin)


@pytest.mark.parametrize(
    "act",
    [
        lambda user, by: actions.create_users([NEW], at=NOW, by=by),
        lambda user, by: actions.set_duties(user, [], at=NOW, by=by),
        lambda user, by: actions.set_active(user, False, at=NOW, by=by),
        lambda user, by: actions.issue_token(user, "x", at=NOW, by=by),
        lambda user, by: actions.revoke_token(1, at=NOW, by=by),
        lambda user, by: actions.set_password(user.pk, "x", at=NOW, by=by),
    ],
)
@pytest.mark.parametrize("who", ["wang.min", "li.qiang", "zhao.lei", "zhou.ying"])
def test_only_an_administrator_may(world: World, who: str, act: Callable[[User, Actor], object]) -> None:
    with pytest.raises(NotAllowed):
        act(world.users["chen.tao"], world.actor(who))
    assert not Entry.objects.exists()


def test_duties_are_replaced_and_the_journal_says_from_what_to_what(world: World, admin: Actor) -> None:
    actions.set_duties(world.users["chen.tao"], [("leader", "44"), ("leader", "44")], at=NOW, by=admin)
    assert world.actor("chen.tao").regions == ("44",)
    entry = Entry.objects.latest("id")
    assert (entry.before, entry.after) == ({"duties": [["technician", "42"]]}, {"duties": [["leader", "44"]]})


def test_nobody_locks_themselves_out(world: World, admin: Actor) -> None:
    with pytest.raises(Refused):
        actions.set_active(world.users["admin"], False, at=NOW, by=admin)
    with pytest.raises(Refused):
        actions.set_duties(world.users["admin"], [("leader", "")], at=NOW, by=admin)
    actions.set_duties(world.users["admin"], [("leader", ""), ("administrator", "")], at=NOW, by=admin)


def test_a_token_opens_the_door_until_it_is_revoked(world: World, admin: Actor) -> None:
    token = actions.issue_token(world.users["li.qiang"], "nms", at=NOW, by=admin)
    row = ApiToken.objects.get()
    assert token not in (row.digest, row.name)
    assert queries.actor_of_token(token).name == "李强"
    assert queries.actor_of_token(token + "x") == queries.actor_of_token("") == NOBODY
    for _ in range(2):
        actions.revoke_token(row.pk, at=NOW, by=admin)
    assert queries.actor_of_token(token) == NOBODY
    assert Entry.objects.filter(action="token.revoke").count() == 1
    with pytest.raises(NotFound):
        actions.revoke_token(row.pk + 1, at=NOW, by=admin)


def test_the_token_of_a_locked_user_is_worthless(world: World, admin: Actor) -> None:
    token = actions.issue_token(world.users["li.qiang"], "nms", at=NOW, by=admin)
    actions.set_active(world.users["li.qiang"], False, at=NOW, by=admin)
    assert queries.actor_of_token(token) == NOBODY


def test_staff_holding_a_permission_in_a_region_are_found_from_above(world: World) -> None:
    assert [u.username for u in queries.staff_holding("tickets.approve", "4201")] == ["admin", "zhao.lei"]
    assert [u.username for u in queries.staff_holding("incidents.work", "4401")] == ["admin", "huang.wei"]
    assert not queries.staff_holding("portal.use", "4201").exists()


def test_one_changes_ones_own_password(world: World, officer: Actor) -> None:
    actions.set_password(officer.user_id, "another-long-secret", at=NOW, by=officer)
    assert User.objects.get(username="li.qiang").check_password("another-long-secret")
    assert "secret" not in str(Entry.objects.values())
