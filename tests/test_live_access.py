"""Live events and programs' tokens reach no further than pages do (P1, G6)."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mainstay.faces.cli.live import Reader, _actor_of_session
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.journal.following import Follower, Told
from tests.access.stage import WORKER, Stage, restore
from tests.access.table import OUTSIDERS
from tests.test_access import client_of

ALARM = "/tmf-api/alarmManagement/v4/alarm"
NEW_ALARM = {
    "alarmType": "equipmentAlarm",
    "perceivedSeverity": "critical",
    "probableCause": "LOS",
    "alarmedObject": {"id": "cable-AB"},
    "sourceSystemId": "nms",
    "state": "raised",
    "alarmRaisedTime": "2026-09-01T00:00:00Z",
}


def heard_by(stage: Stage, username: str) -> list[Told]:
    """Return the news of the bad day and of the restoration that a reader is sent."""
    reader = Reader("", stage.actor(username), 0.0)
    return [event for event in Follower(0).next(0.0, limit=100_000) if reader.wants(event)]


def own(stage: Stage, username: str) -> set[int | None]:
    """Return whose news a customer-bound reader may hear."""
    return {*(stage.actor(username).customer_ids or ())}


def test_everybody_who_may_hears_of_the_bank(stage: Stage) -> None:
    restore(stage)
    for username in ("wang.min", "li.qiang", "admin", "zhou.ying"):
        kinds = {event.kind for event in heard_by(stage, username) if event.customer_id == stage.world.bank.pk}
        assert {"circuit", "ticket"} <= kinds, username


@pytest.mark.parametrize("username", [person for person in OUTSIDERS if person != "nobody"])
def test_outsiders_hear_nothing_of_the_bank(stage: Stage, username: str) -> None:
    restore(stage)
    family = {stage.world.bank.pk, stage.world.branch.pk}
    for event in heard_by(stage, username):
        assert event.customer_id not in family
        assert not event.region_code.startswith("42") or username in ("liu.fang", "wu.tong")
        said = json.dumps(event.body, ensure_ascii=False)
        assert not [word for word in stage.of_the_bank if word in said]


@pytest.mark.parametrize("username", ["zhou.ying", "wu.tong"])
def test_customers_hear_of_their_circuits_and_tickets_and_of_nothing_else(stage: Stage, username: str) -> None:
    restore(stage)
    heard = heard_by(stage, username)
    assert heard
    for event in heard:
        to_me = event.kind == "message" and event.object_id == str(stage.world.users[username].pk)
        assert to_me or (event.kind in ("circuit", "ticket", "notice") and event.customer_id in own(stage, username))
        assert "incident" not in json.dumps(event.body)


def test_a_portfolio_hears_no_incident(stage: Stage) -> None:
    assert {event.kind for event in heard_by(stage, "wang.min")}.isdisjoint({"incident", "alarm", "work"})


def test_a_cookie_from_before_a_new_password_hears_nothing(stage: Stage) -> None:
    user = User.objects.get(username="zhou.ying")
    cookie = client_of(stage, "zhou.ying").cookies[settings.SESSION_COOKIE_NAME].value
    assert _actor_of_session(cookie).user_id == user.pk
    identity.set_password(user.pk, "another-word-2026", at=timezone.now(), by=WORKER)
    assert _actor_of_session(cookie).user_id is None


def token_of(stage: Stage, user: User) -> dict[str, str]:
    """Return the header of a program that acts as the user."""
    token = identity.issue_token(user, "test", at=timezone.now(), by=stage.actor("admin"))
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("username", "read", "sent"),
    [
        ("li.qiang", 200, 403),
        ("admin", 200, 201),
        ("huang.wei", 404, 403),
        ("sun.li", 404, 403),
        ("wang.min", 404, 403),
        ("liu.fang", 404, 403),
        ("zhou.ying", 404, 403),
        ("wu.tong", 404, 403),
    ],
)
def test_a_token_opens_what_its_user_may(stage: Stage, username: str, read: int, sent: int) -> None:
    headers, client = token_of(stage, stage.world.users[username]), Client()
    report = stage.ids["report"]
    assert client.get(f"{ALARM}/{report}", headers=headers).status_code == read
    assert client.get(f"{ALARM}/999999", headers=headers).status_code == 404
    answer = client.post(ALARM, NEW_ALARM, content_type="application/json", headers=headers)
    assert answer.status_code == sent, answer.content
    batch = client.post("/api/v1/alarms?source=nms", [NEW_ALARM], content_type="application/json", headers=headers)
    assert batch.status_code == (200 if sent == 201 else sent)


def test_a_hidden_report_answers_like_a_missing_one(stage: Stage) -> None:
    headers = token_of(stage, stage.world.users["huang.wei"])
    hidden, absent = (Client().get(f"{ALARM}/{pk}", headers=headers).json() for pk in (stage.ids["report"], 999_999))
    assert {**hidden, "reason": ""} == {**absent, "reason": ""}
    assert hidden["reason"].replace(str(stage.ids["report"]), "") == absent["reason"].replace("999999", "")


def test_a_session_opens_no_door_for_programs(stage: Stage) -> None:
    client = client_of(stage, "admin")
    assert client.post(ALARM, NEW_ALARM, content_type="application/json").status_code == 401
    assert client.get(f"{ALARM}/{stage.ids['report']}").status_code == 401


def test_a_system_client_of_a_region_reads_its_own_region(stage: Stage) -> None:
    client = User.objects.create(username="nms", display_name="传输网管", password="!", date_joined=timezone.now())
    DutyAssignment.objects.create(user=client, duty="system_client", region_code="42")
    headers = token_of(stage, client)
    assert Client().get(f"{ALARM}/{stage.ids['report']}", headers=headers).status_code == 200
    page = Client().get("/customers", headers=headers)
    assert page.status_code == 302
