"""What is wrong with the house is noted once, told once to those who can mend it, and its end is told, too (P3)."""

from datetime import timedelta

import pytest

from mainstay.platform.duty.models import Desk
from mainstay.platform.messages.models import Message
from mainstay.platform.monitoring import queries, troubles
from mainstay.platform.monitoring.choices import Level
from mainstay.platform.monitoring.models import Trouble
from mainstay.platform.monitoring.troubles import LASTS, LOOK_EVERY, Seen
from tests.cast import NOW, World

pytestmark = pytest.mark.django_db

LATER = NOW + LASTS


def seen(level: str = Level.ERROR, subject: str = "sweeper", age: int = 31) -> Seen:
    return Seen(
        level,
        "silent_program",
        subject,
        "%(name)s gave its last sign of life %(age)s s ago.",
        "Start `mainstay %(command)s`; its log says why it ended.",
        {"name": subject, "age": age, "command": subject},
    )


def told() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("to_name", "kind"))


def test_an_error_that_lasts_is_told_once_and_so_is_its_end(world: World) -> None:
    admin = world.users["admin"].display_name
    troubles.note([seen()], at=NOW)
    assert told() == []
    troubles.note([seen(age=61)], at=LATER)
    troubles.note([seen(age=76)], at=LATER + LOOK_EVERY)
    assert (admin, Message.Kind.WARNING) in told()
    begun = len(told())
    troubles.note([], at=LATER + 2 * LOOK_EVERY)
    troubles.note([], at=LATER + 3 * LOOK_EVERY)
    assert told()[begun:].count((admin, Message.Kind.ALL_CLEAR)) == 1
    assert len(told()) == 2 * begun
    assert Trouble.objects.get().ended_at == LATER + 2 * LOOK_EVERY


def test_the_desk_on_duty_is_told_as_well_in_its_own_language(world: World) -> None:
    officer = world.users["li.qiang"]
    type(officer).objects.filter(pk=officer.pk).update(language="en")
    Desk.objects.update(region_code="")
    for at in (NOW, LATER):
        troubles.note([seen()], at=at)
    letters = {message.to_name: message.subject for message in Message.objects.all()}
    assert "gave its last sign of life" in letters[officer.display_name]
    assert "心跳" in letters[world.users["admin"].display_name]


def test_a_short_error_and_a_warning_are_noted_and_not_told(world: World) -> None:
    warning = seen(Level.WARNING, "web")
    troubles.note([seen(), warning], at=NOW)
    troubles.note([warning], at=LATER)
    assert told() == []
    assert [one.row.subject for one in queries.troubles_standing()] == ["web"]
    assert [one.row.subject for one in queries.troubles_ended()] == ["sweeper"]


def test_what_comes_back_is_a_trouble_of_its_own(world: World) -> None:
    troubles.note([seen()], at=NOW)
    troubles.note([], at=LATER)
    troubles.note([seen()], at=LATER + LASTS)
    assert Trouble.objects.count() == 2
    assert queries.troubles_standing()[0].row.began_at == LATER + LASTS


def test_the_figures_are_those_of_the_last_look(world: World) -> None:
    troubles.note([seen(age=31)], at=NOW)
    troubles.note([seen(age=99)], at=LATER)
    (one,) = queries.troubles_standing()
    assert "99" in one.what
    assert "sweeper" in one.remedy
    assert one.row.began_at == NOW


def test_of_several_that_want_to_look_one_does(world: World) -> None:
    assert [troubles.claim_look(at=NOW) for _ in range(3)] == [True, False, False]
    assert not troubles.claim_look(at=NOW + LOOK_EVERY - timedelta(seconds=1))
    assert troubles.claim_look(at=NOW + LOOK_EVERY)
