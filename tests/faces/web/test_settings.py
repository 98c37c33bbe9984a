"""Promises, calendars, users, roster: read by staff, changed by administrators, wrong input said in the form."""

import re
from datetime import date

import pytest

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.platform.calendars.models import YearTable
from mainstay.platform.duty.models import HandoverNote, Shift
from mainstay.platform.identity.models import User
from tests.cast import World
from tests.faces.web.conftest import SignIn

READABLE = ("/settings", "/settings/promises", "/settings/calendars", "/settings/roster")
WRITABLE = (
    "/settings/users", "/settings/users/new", "/settings/promises/new", "/settings/calendars/import",
    "/settings/calendars/new", "/settings/roster/new", "/settings/desks/new",
)  # fmt: skip
YEAR = "2027-01-01,holiday,元旦\n2027-02-06,holiday,春节\n"


@pytest.mark.parametrize("page", [*READABLE, "/settings/sources", "/settings/effects"])
def test_staff_read_the_settings(signed_in: SignIn, page: str) -> None:
    assert signed_in("li.qiang").get(page).status_code == 200


@pytest.mark.parametrize("page", WRITABLE)
def test_only_administrators_change_them(signed_in: SignIn, page: str) -> None:
    assert signed_in("li.qiang").get(page).status_code == 403
    assert signed_in("admin").get(page).status_code == 200


@pytest.mark.parametrize("username", ["li.qiang", "wang.min", "zhao.lei", "admin"])
def test_no_tab_of_the_settings_leads_where_one_may_not_go(signed_in: SignIn, username: str) -> None:
    client = signed_in(username)
    page = client.get("/settings").content.decode()
    tabs = set(re.findall(r'href="(/settings[^"]*)"', page))
    assert "/settings/roster" in tabs
    assert ("/settings/channels" in tabs) == (username == "admin")
    assert {where: client.get(where).status_code for where in tabs} == dict.fromkeys(tabs, 200)


def test_a_term_is_changed_from_a_day_on(signed_in: SignIn, world: World) -> None:
    term = PromiseTerm.objects.get(grade="AAA")
    given = {"amount": "45", "unit": "natural_minutes", "calendar": "24x7", "valid_from": "2026-12-01"}
    assert signed_in("admin").post(f"/settings/terms/{term.pk}", given).status_code == 302
    term.refresh_from_db()
    assert term.valid_to == date(2026, 12, 1)
    shown = signed_in("admin").get(f"/settings/promises/{world.profile.pk}?all=1").content.decode()
    assert "45" in shown


def test_a_second_term_for_the_same_thing_is_refused_in_the_form(signed_in: SignIn, world: World) -> None:
    given = {
        "metric": "restoration", "grade": "AAA", "amount": "30", "unit": "natural_minutes", "calendar": "24x7",
        "valid_from": "2026-01-01",
    }  # fmt: skip
    answer = signed_in("admin").post(f"/settings/promises/{world.profile.pk}/terms/new", given)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_a_year_is_imported_from_text(signed_in: SignIn, world: World) -> None:
    given = {"year": "2027", "source": "国办发明电〔2026〕7 号", "table": YEAR}
    assert signed_in("admin").post("/settings/calendars/import", given).status_code == 302
    assert YearTable.objects.get(year=2027).days.count() == 2


def test_a_table_with_a_wrong_line_is_refused_by_its_number_and_stays(signed_in: SignIn, world: World) -> None:
    given = {"year": "2027", "source": "通知", "table": YEAR + "2027-13-01,holiday,?"}
    shown = signed_in("admin").post("/settings/calendars/import", given).content.decode()
    assert "Line 3" in shown
    assert "2027-02-06,holiday,春节" in shown
    assert not YearTable.objects.filter(year=2027).exists()


def test_hours_that_are_none_are_refused_beside_the_day(signed_in: SignIn, world: World) -> None:
    address = f"/settings/calendars/{world.calendar_office.pk}"
    shown = signed_in("admin").post(address, {"day0": "eight to six"}).content.decode()
    assert "Write hours as 08:00-12:00" in shown
    assert signed_in("admin").post(address, {"day0": "9:00-12:00, 13:00-17:30"}).status_code == 302
    assert list(world.calendar_office.hours.values_list("from_minute", "to_minute")) == [(540, 720), (780, 1050)]


def test_a_user_is_made_with_a_duty_and_changed(signed_in: SignIn, world: World) -> None:
    admin = signed_in("admin")
    given = {
        "username": "sun.li", "display_name": "孙丽", "duty": "technician", "region": "4201",
        "password": "keeps-its-word-2026",
    }  # fmt: skip
    assert admin.post("/settings/users/new", given).status_code == 302
    user = User.objects.get(username="sun.li")
    address = f"/settings/users/{user.pk}"
    assert admin.post(address, {"duty0": "duty_officer", "region0": "42"}).status_code == 302
    assert list(user.duties.values_list("duty", "region_code")) == [("duty_officer", "42")]
    assert admin.post(f"{address}/active", {"active": "0"}).status_code == 302
    user.refresh_from_db()
    assert user.is_active is False


def test_a_weak_or_taken_name_is_said_in_the_form(signed_in: SignIn, world: World) -> None:
    given = {"username": "wang.min", "display_name": "王敏", "duty": "technician", "password": "keeps-its-word-2026"}
    assert "is taken" in signed_in("admin").post("/settings/users/new", given).content.decode()


def test_a_shift_is_planned_weekly_and_shown(signed_in: SignIn, world: World) -> None:
    given = {
        "desk": world.desk.pk, "user": world.users["chen.tao"].pk, "level": "1", "from_at": "2027-03-01T08:00",
        "to_at": "2027-03-01T20:00", "weeks": "2",
    }  # fmt: skip
    admin = signed_in("admin")
    assert admin.post("/settings/roster/new", given).status_code == 302
    assert Shift.objects.filter(user=world.users["chen.tao"], from_at__year=2027).count() == 2
    assert "陈涛" in admin.get("/settings/roster?from=2027-03-01").content.decode()


def test_the_shift_log_is_written_and_taken_over(signed_in: SignIn, world: World) -> None:
    officer = signed_in("li.qiang")
    assert officer.post("/shift-log", {"desk": world.desk.pk, "text": "光缆抢修中"}).status_code == 302
    assert "光缆抢修中" in officer.get("/shift-log").content.decode()
    assert officer.post(f"/shift-log/{world.desk.pk}/take-over").status_code == 302
    assert HandoverNote.objects.get().taken_over_by == "李强"
    assert signed_in("huang.wei").post(f"/shift-log/{world.desk.pk}/take-over").status_code == 404
