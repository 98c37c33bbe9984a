"""Going through who may see what, at dates (S1 2.2.5)."""

from datetime import timedelta

import pytest

from mainstay.accounts.consulting.actions.reviews import begin_review, close_review, judge_lines
from mainstay.accounts.consulting.errors import BadConsultation
from mainstay.accounts.consulting.queries import reviews
from mainstay.domain.errors import NotAllowed
from mainstay.platform.identity.actions import set_duties
from tests.cast import NOW, World

TODAY = NOW.date()


def test_it_works(world: World) -> None:
    admin = world.actor("admin")
    due = reviews.due(admin, on=TODAY)
    assert due is not None
    assert due.review is None
    made = begin_review(at=NOW, by=admin)
    _review, lines = reviews.review(admin, made.pk)
    assert {line.user.username for line in lines} >= {"wang.min", "li.qiang", "admin"}
    manager = next(line for line in lines if line.user.username == "wang.min")
    assert (manager.duties, manager.may, manager.customers) == ([["account_manager", "42"]], ["customers.write"], 2)
    with pytest.raises(BadConsultation, match="not looked at"):
        close_review(made.pk, next_on=TODAY + timedelta(days=90), at=NOW, by=admin)
    others = [line.pk for line in lines if line.user_id != admin.user_id]
    judge_lines(made.pk, others, "kept", at=NOW, by=admin)
    mine = [line.pk for line in lines if line.user_id == admin.user_id]
    judge_lines(made.pk, mine, "change", "夜间用另一账号", at=NOW, by=admin)
    close_review(made.pk, next_on=TODAY + timedelta(days=90), at=NOW, by=admin)
    assert reviews.due(admin, on=TODAY + timedelta(days=89)) is None
    again = reviews.due(admin, on=TODAY + timedelta(days=90))
    assert again is not None
    assert again.due_on == TODAY + timedelta(days=90)


def test_a_line_stays_as_it_was_on_its_day(world: World) -> None:
    admin = world.actor("admin")
    made = begin_review(at=NOW, by=admin)
    set_duties(world.users["li.qiang"], [("leader", "42")], at=NOW, by=admin)
    _review, lines = reviews.review(admin, made.pk)
    assert next(line.duties for line in lines if line.user.username == "li.qiang") == [["duty_officer", "42"]]


def test_only_administrators_and_one_at_a_time(world: World) -> None:
    with pytest.raises(NotAllowed):
        begin_review(at=NOW, by=world.actor("zhao.lei"))
    assert reviews.due(world.actor("zhao.lei"), on=TODAY) is None
    begin_review(at=NOW, by=world.actor("admin"))
    with pytest.raises(BadConsultation, match="open already"):
        begin_review(at=NOW, by=world.actor("admin"))
