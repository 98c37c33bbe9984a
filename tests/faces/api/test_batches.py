"""Many alarms at once: good ones are kept, bad ones answered by position, the same batch is taken once."""

from typing import Any

import pytest

from mainstay.network.alarms.models import AlarmReport, AlarmSource
from tests.cast import World
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db

BATCH = "/api/v1/alarms?source=nms"


def alarm(ref: str, **more: Any) -> dict[str, Any]:
    """Return an alarm on a resource."""
    return {
        "alarmType": "communicationsAlarm",
        "perceivedSeverity": "critical",
        "probableCause": "LOS",
        "alarmedObject": {"id": ref},
        "state": "raised",
        "alarmRaisedTime": "2026-09-01T08:00:00+08:00",
        **more,
    }


def refs() -> list[str]:
    """Return what was stored."""
    return list(AlarmReport.objects.order_by("pk").values_list("resource_ref", flat=True))


def test_good_ones_are_kept_and_the_bad_one_is_answered_by_position(program: Program) -> None:
    bad = alarm("link-CD", alarmRaisedTime="2026-09-01T08:00:00")
    answer = program.post(BATCH, [alarm("link-AB"), bad, alarm("link-BC")], **{"Accept-Language": "en"})
    assert answer.status_code == 200
    said = answer.json()
    assert [item["position"] for item in said["accepted"]] == [0, 2]
    assert [item["id"] for item in said["accepted"]] == [str(r.pk) for r in AlarmReport.objects.order_by("pk")]
    assert [item["position"] for item in said["refused"]] == [1]
    assert "no zone" in said["refused"][0]["reason"]
    assert refs() == ["link-AB", "link-BC"]


def test_reasons_speak_the_callers_language(program: Program) -> None:
    bad = alarm("link-CD", alarmRaisedTime="2026-09-01T08:00:00")
    assert "时区" in program.post(BATCH, [bad], **{"Accept-Language": "zh-CN"}).json()["refused"][0]["reason"]


@pytest.mark.parametrize("item", [{}, {"alarmedObject": "link-AB"}, alarm(""), alarm("x" * 121), alarm("a\x00b")])
def test_whatever_is_wrong_with_one_the_others_are_kept(program: Program, item: dict[str, Any]) -> None:
    said = program.post(BATCH, [item, alarm("link-AB")]).json()
    assert [refused["position"] for refused in said["refused"]] == [0]
    assert refs() == ["link-AB"]


def test_an_item_that_is_no_object_is_answered_by_position_too(program: Program) -> None:
    said = program.post(BATCH, ["link-AB", None, 7, alarm("link-BC")]).json()
    assert [refused["position"] for refused in said["refused"]] == [0, 1, 2]
    assert refs() == ["link-BC"]


@pytest.mark.parametrize("by_header", [True, False])
def test_a_batch_sent_again_under_its_key_gets_the_same_answer_and_stores_nothing(
    program: Program, by_header: bool
) -> None:
    path, headers = (BATCH, {"Idempotency-Key": "b-17"}) if by_header else (f"{BATCH}&key=b-17", {})
    batch = [alarm("link-AB"), alarm("link-CD", alarmRaisedTime="soon")]
    first, second = program.post(path, batch, **headers).json(), program.post(path, batch, **headers).json()
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert (second["accepted"], second["refused"]) == (first["accepted"], first["refused"])
    assert refs() == ["link-AB"]


def test_another_key_is_another_batch(program: Program) -> None:
    for key in ("1", "2"):
        program.post(f"{BATCH}&key={key}", [alarm("link-AB")])
    assert refs() == ["link-AB", "link-AB"]


def test_a_key_that_is_too_long_is_refused(program: Program) -> None:
    answer = program.post(f"{BATCH}&key={'k' * 81}", [alarm("link-AB")])
    assert (answer.status_code, answer.json()["@type"]) == (400, "Error")
    assert refs() == []


def test_an_empty_batch_is_a_sign_of_life(program: Program, world: World) -> None:
    assert program.post(BATCH, []).json() == {"accepted": [], "refused": [], "repeated": False}
    assert AlarmSource.objects.get().last_report_at is not None
    assert refs() == []


@pytest.mark.parametrize("path", ["/api/v1/alarms?source=oss-9", "/api/v1/alarms"])
def test_a_batch_of_no_known_source_is_refused_whole(program: Program, path: str) -> None:
    answer = program.post(path, [alarm("link-AB")])
    assert answer.status_code in (400, 404)
    assert answer.json()["@type"] == "Error"
    assert refs() == []


@pytest.mark.parametrize("body", ["[{", '{"alarms": []}', "", "\xff"])
def test_a_body_that_is_no_list_is_refused_in_tm_forums_words(program: Program, body: str) -> None:
    answer = program.post(BATCH, body)
    assert (answer.status_code, answer.json()["@type"]) == (400, "Error")


def test_a_batch_that_is_too_large_is_refused_with_the_limit(program: Program) -> None:
    answer = program.post(BATCH, [{}] * 10_001, **{"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "10000" in answer.json()["reason"]
