"""Planned work: one plans, another approves, then it is announced."""

import pytest

from mainstay.network.planned_work.models import PlannedWork
from tests.cast import World
from tests.faces.web.conftest import SignIn

PLAN = {
    "number": "GJ-1", "title": "光缆割接", "from_at": "2036-12-01T00:00", "to_at": "2036-12-01T04:00",
    "resources": "link-BC",
}  # fmt: skip


@pytest.fixture
def work(signed_in: SignIn, world: World) -> PlannedWork:
    """Work that 李强 planned."""
    assert signed_in("li.qiang").post("/works/new", PLAN).status_code == 302
    return PlannedWork.objects.get()


def test_it_works(signed_in: SignIn, work: PlannedWork, world: World) -> None:
    shown = signed_in("li.qiang").get(f"/works/{work.pk}").content.decode()
    assert world.circuit.number in shown
    assert "光缆割接" in shown


def test_a_second_person_approves_then_it_is_announced(signed_in: SignIn, work: PlannedWork) -> None:
    assert signed_in("zhao.lei").post(f"/works/{work.pk}/approve").status_code == 302
    assert signed_in("li.qiang").post(f"/works/{work.pk}/announce").status_code == 302
    work.refresh_from_db()
    assert work.status == "approved"
    assert work.announced_at is not None


def test_who_may_not_approve_is_refused(signed_in: SignIn, work: PlannedWork) -> None:
    assert signed_in("li.qiang").post(f"/works/{work.pk}/approve").status_code == 403
    assert signed_in("huang.wei").post(f"/works/{work.pk}/announce").status_code == 404
    assert signed_in("wang.min").get("/works").status_code == 403


def test_calling_it_off_keeps_the_reason(signed_in: SignIn, work: PlannedWork) -> None:
    officer = signed_in("li.qiang")
    assert officer.post(f"/works/{work.pk}/cancel", {"why": "天气"}).status_code == 302
    assert "天气" in officer.get(f"/works/{work.pk}").content.decode()


def test_work_on_nothing_known_is_refused_in_the_form(signed_in: SignIn, world: World) -> None:
    shown = signed_in("li.qiang").post("/works/new", {**PLAN, "resources": "nowhere"}).content.decode()
    assert "nowhere" in shown
    assert "光缆割接" in shown
    assert not PlannedWork.objects.exists()


def test_a_step_that_does_not_exist_is_not_found(signed_in: SignIn, work: PlannedWork) -> None:
    assert signed_in("li.qiang").post(f"/works/{work.pk}/explode").status_code == 404
    assert signed_in("li.qiang").get(f"/works/{work.pk}/approve").status_code == 404
