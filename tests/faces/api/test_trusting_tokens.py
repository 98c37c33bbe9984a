"""A token that was good is believed for a moment, never for longer, and a bad one never."""

import pytest

from mainstay.faces.api.door import TRUST_S, Token
from mainstay.platform.identity.actions import issue_token, revoke_token
from mainstay.platform.identity.models import ApiToken
from tests.cast import NOW, World

pytestmark = pytest.mark.django_db


def test_a_revoked_token_opens_nothing_once_the_trust_is_over(world: World) -> None:
    door, by = Token(), world.actor("admin")
    token = issue_token(world.users["admin"], "nms", at=NOW, by=by)
    assert door._actor(token, 100.0) is not None
    revoke_token(ApiToken.objects.get().pk, at=NOW, by=by)
    assert door._actor(token, 100.0 + TRUST_S) is None


def test_a_token_is_looked_up_once_within_the_trust(world: World, django_assert_num_queries: object) -> None:
    door = Token()
    token = issue_token(world.users["admin"], "nms", at=NOW, by=world.actor("admin"))
    first = door._actor(token, 100.0)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert door._actor(token, 100.0 + TRUST_S / 2) == first


def test_an_unknown_token_is_looked_up_each_time(world: World) -> None:
    assert Token()._actor("no such token", 100.0) is None
