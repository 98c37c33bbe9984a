"""The TMF642 create call: what is taken in, and how refusals are said."""

import json
from typing import Any

import pytest
from django.test import Client

from mainstay.network.alarms.models import AlarmReport
from tests.cast import World
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db

ALARM = "/tmf-api/alarmManagement/v4/alarm"
GOOD = {
    "alarmType": "communicationsAlarm",
    "perceivedSeverity": "critical",
    "probableCause": "lossOfSignal",
    "specificProblem": "LOS",
    "alarmedObject": {"id": "link-BC"},
    "sourceSystemId": "nms",
    "state": "raised",
    "alarmRaisedTime": "2026-09-01T08:00:00+08:00",
    "externalAlarmId": "4711",
    "vendorField": {"slot": 3},
}


def without(name: str) -> dict[str, Any]:
    """Return the good alarm without an attribute."""
    return {key: value for key, value in GOOD.items() if key != name}


def test_an_alarm_is_created_with_its_address(program: Program) -> None:
    answer = program.post(ALARM, GOOD)
    assert answer.status_code == 201
    body = answer.json()
    report = AlarmReport.objects.get()
    assert answer["Location"] == body["href"] == f"http://testserver{ALARM}/{report.pk}"
    assert (body["id"], body["@type"], body["vendorField"]) == (str(report.pk), "Alarm", {"slot": 3})
    assert (report.resource_ref, report.alarm_type, report.severity) == ("link-BC", "LOS", "critical")
    assert (report.external_id, report.event_at.isoformat()) == ("4711", "2026-09-01T00:00:00+00:00")


def test_what_was_created_can_be_read_at_its_address(program: Program) -> None:
    address = program.post(ALARM, GOOD)["Location"]
    read = program.get(address.removeprefix("http://testserver")).json()
    assert read["alarmedObject"] == {"id": "link-BC"}
    assert (read["state"], read["alarmRaisedTime"], read["@type"]) == ("raised", "2026-09-01T00:00:00Z", "Alarm")


@pytest.mark.parametrize(
    "change",
    [
        {"state": "cleared", "alarmClearedTime": "2026-09-01T09:00:00+08:00"},
        {"perceivedSeverity": "cleared", "alarmClearedTime": "2026-09-01T09:00:00+08:00"},
    ],
)
def test_a_cleared_alarm_clears_at_its_clearing_time(program: Program, change: dict[str, str]) -> None:
    assert program.post(ALARM, GOOD | change).status_code == 201
    report = AlarmReport.objects.get()
    assert (report.kind, report.event_at.isoformat()) == ("clear", "2026-09-01T01:00:00+00:00")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (without("alarmedObject"), "alarmedObject"),
        (without("alarmRaisedTime"), "alarmRaisedTime"),
        (GOOD | {"alarmedObject": {}}, "alarmedObject.id"),
        (GOOD | {"alarmRaisedTime": "yesterday"}, "alarmRaisedTime"),
        (GOOD | {"alarmRaisedTime": "2026-09-01T08:00:00"}, "+08:00"),
        (GOOD | {"alarmRaisedTime": "0001-01-01T00:00:00+08:00"}, "0001"),
        (GOOD | {"perceivedSeverity": "very bad"}, "very bad"),
        (GOOD | {"externalAlarmId": "x" * 81}, "81"),
        (GOOD | {"alarmDetails": "nul \x00"}, "text"),
        ([GOOD], ""),
        ("{", ""),
    ],
    ids=lambda value: None if isinstance(value, str) else json.dumps(value, default=str)[:30],
)
def test_a_bad_alarm_is_refused_in_tm_forums_words_and_names_what_is_wrong(
    program: Program, body: Any, word: str
) -> None:
    answer = program.post(ALARM, body, **{"Accept-Language": "en"})
    assert answer.status_code == 400
    said = answer.json()
    assert (said["@type"], said["status"]) == ("Error", "400")
    assert said["code"]
    assert word in said["reason"]
    assert not AlarmReport.objects.exists()


def test_an_unknown_source_is_named_with_the_remedy(program: Program) -> None:
    answer = program.post(ALARM, GOOD | {"sourceSystemId": "oss-9"}, **{"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "oss-9" in answer.json()["reason"]
    assert "Settings" in answer.json()["reason"]


@pytest.mark.parametrize(("language", "words"), [("en", "has no zone"), ("zh-CN", "时区"), ("", "时区")])
def test_refusals_speak_the_callers_language(program: Program, language: str, words: str) -> None:
    naive = GOOD | {"alarmRaisedTime": "2026-09-01T08:00:00"}
    answer = program.post(ALARM, naive, **({"Accept-Language": language} if language else {}))
    assert words in answer.json()["reason"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mst_forged"}, {"Authorization": "Basic YTpi"}])
def test_without_a_valid_token_there_is_no_door(world: World, headers: dict[str, str]) -> None:
    for answer in (
        Client().post(ALARM, GOOD, content_type="application/json", headers=headers),
        Client().get(f"{ALARM}/1", headers=headers),
    ):
        assert answer.status_code == 401
        assert (answer.json()["@type"], answer.json()["status"]) == ("Error", "401")


@pytest.mark.parametrize("address", [f"{ALARM}/999999", f"{ALARM}/99999999999999999999"])
def test_what_is_not_there_is_said_in_tm_forums_words(program: Program, address: str) -> None:
    answer = program.get(address)
    assert answer.status_code == 404
    assert answer.json()["@type"] == "Error"
