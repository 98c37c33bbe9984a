"""The first administrator and programs' tokens come by command."""

import pytest
from click.testing import CliRunner

from mainstay.domain.errors import NotFound, Refused
from mainstay.faces.cli.people import user
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import actor_of_token
from tests.cast import World

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    """Run a command and return what it prints; a refusal is raised."""
    return CliRunner().invoke(user, words, catch_exceptions=False).output


def test_it_works() -> None:
    assert "boss" in run("add", "boss", "--name", "管理员", "--password", "a-long-password-1")
    boss = User.objects.get(username="boss")
    assert boss.check_password("a-long-password-1")
    assert list(boss.duties.values_list("duty", "region_code")) == [("administrator", "")]


def test_a_name_that_is_taken_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=r"li\.qiang"):
        run("add", "li.qiang", "--name", "x", "--password", "a-long-password-1")


def test_a_token_acts_as_its_user(world: World) -> None:
    run("add", "nms", "--name", "网管", "--duty", "system_client", "--password", "a-long-password-1")
    actor = actor_of_token(run("token", "nms", "alarms").strip())
    assert actor.may("alarms.send")
    with pytest.raises(NotFound, match="nobody"):
        run("token", "nobody", "alarms")
