"""The short way in for batches answers as Django does, takes whole batches only, and hands over all else untouched."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.models import AlarmReport, IntakeBatch
from mainstay.platform.identity.actions import issue_token
from tests.cast import NOW, World, build_world
from tests.faces.api.conftest import FrontClient, Program, both_ways
from tests.faces.api.test_batches import BATCH, alarm, refs

pytestmark = pytest.mark.django_db

HEADERS = ("Content-Type", "X-Request-ID", "Retry-After", "X-Content-Type-Options")
ENGLISH = {"Accept-Language": "en"}


def told(program: Program, body: Any, path: str = BATCH, **headers: str) -> tuple[Any, ...]:
    """Return an answer with ids counted from the first, and what was stored for it."""
    AlarmReport.objects.all().delete()
    IntakeBatch.objects.all().delete()
    answer = program.post(path, body, **{"X-Request-ID": "0123456789", **headers})
    said = answer.json()
    first = min((int(item["id"]) for item in said.get("accepted", ())), default=0)
    for item in said.get("accepted", ()):
        item["id"] = int(item["id"]) - first
    columns = [field.name for field in AlarmReport._meta.fields if field.name not in ("id", "received_at")]
    stored = list(AlarmReport.objects.order_by("pk").values_list(*columns))
    keys = list(IntakeBatch.objects.values_list("source__code", "key"))
    return answer.status_code, said, stored, keys, [answer.headers.get(name) for name in HEADERS]


@pytest.mark.parametrize("more", ["", "&key=b-1"])
def test_a_good_batch_never_reaches_django(both: tuple[Program, Program], more: str) -> None:
    front, _ = both
    answer = front.post(BATCH + more, [alarm("link-AB"), alarm("link-BC", state="cleared")])
    assert [item["position"] for item in answer.json()["accepted"]] == [0, 1]
    assert (answer.status_code, front.client.long_way) == (200, 0)  # type: ignore[attr-defined]
    assert refs() == ["link-AB", "link-BC"]


def test_it_reads_no_table_to_keep_a_batch(both: tuple[Program, Program]) -> None:
    front, _ = both
    front.post(BATCH, [alarm("link-AB")])
    with CaptureQueriesContext(connection) as asked:
        front.post(BATCH, [alarm("link-AB"), alarm("link-BC")])
    assert [query["sql"] for query in asked if 'FROM "' in query["sql"]] == []
    assert len(refs()) == 3


def test_a_batch_with_a_bad_alarm_is_answered_by_django_and_stored_once(both: tuple[Program, Program]) -> None:
    front, _ = both
    answer = front.post(BATCH + "&key=b-1", [alarm("link-AB"), alarm("link-BC", perceivedSeverity="loud")], **ENGLISH)
    assert "loud" in answer.json()["refused"][0]["reason"]
    assert (front.client.long_way, refs()) == (1, ["link-AB"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("first", [0, 1])
def test_what_was_answered_on_one_way_is_answered_again_on_the_other(both: tuple[Program, Program], first: int) -> None:
    batch, path = [alarm("link-AB"), alarm("link-BC")], BATCH + "&key=b-1"
    answers = [both[way].post(path, batch).json() for way in (first, 1 - first)]
    assert answers[1] == {**answers[0], "repeated": True}
    assert refs() == ["link-AB", "link-BC"]


BY_NAME = {name: value for name, value in alarm("link-AB").items() if name not in ("alarmType", "probableCause")}


@pytest.mark.parametrize(
    ("body", "path", "headers"),
    [
        ([alarm("link-AB")], BATCH, {}),
        ([], BATCH, {}),
        ([alarm("link-AB")], BATCH, {"Idempotency-Key": "k"}),
        ([alarm("link-AB")], f"{BATCH}&key=q", {"Idempotency-Key": "k"}),
        ([alarm("link-AB")], f"{BATCH}&key=", {"Idempotency-Key": "k"}),
        ([alarm("link-AB")], f"{BATCH}&key=a&key=%E7%95%8C", {}),
        ([alarm("link-AB")], f"{BATCH}&key={'k' * 81}", ENGLISH),
        ([alarm("link-AB")], "/api/v1/alarms?source=oss-9&source=nms", {}),
        ([alarm("link-AB")], "/api/v1/alarms?source=nms&source=oss-9", ENGLISH),
        ([alarm("link-AB")], "/api/v1/alarms?source=", ENGLISH),
        ([alarm("link-AB")], "/api/v1/alarms", {}),
        ([alarm("link-AB")], BATCH, {"Authorization": "Bearer nonsense"}),
        ([alarm("link-AB")], BATCH, {"Authorization": ""}),
        ([BY_NAME | {"alarm_type": "a", "probable_cause": "LOS", "cleared": None}], BATCH, {}),
        ([alarm("link-AB", alarmRaisedTime=1_780_000_000, alarmClearedTime=None)], BATCH, {}),
        ([alarm("link-AB", sourceSystemId="elsewhere", source_system_id=5)], BATCH, {}),
        ([alarm("link-AB", sourceSystemId=None)], BATCH, ENGLISH),
        ([alarm("link-AB", source_system_id=5)], BATCH, ENGLISH),
        ([alarm("link-AB", alarmedObject="link-AB"), alarm("link-BC", alarmedObject={"id": 5})], BATCH, ENGLISH),
        ([alarm("link-AB", externalAlarmId=None)], BATCH, ENGLISH),
        ([alarm("link-AB", alarmDetails="界" * 500, specificProblem="", extra=[{}])], BATCH, {}),
        ([alarm("link-AB", perceivedSeverity="CLEARED", alarmClearedTime="2026-09-01T09:00:00Z")], BATCH, {}),
        ([alarm("a\x00b"), alarm("link-AB", alarmDetails="\x00"), alarm("x" * 121), alarm("")], BATCH, ENGLISH),
        ([alarm("link-AB", alarmRaisedTime="0001-01-01T00:00:00Z"), 7, None, "a", []], BATCH, ENGLISH),
        ({"alarms": []}, BATCH, {}),
        ("[NaN]", BATCH, {}),
        ('[{"a": "\\ud800"}]', BATCH, {}),
        ("", BATCH, {}),
    ],
)
def test_both_ways_say_and_store_the_same(
    both: tuple[Program, Program], body: Any, path: str, headers: dict[str, str]
) -> None:
    front, django = both
    assert told(front, body, path, **headers) == told(django, body, path, **headers)


def test_a_batch_too_large_for_the_front_is_taken_by_django(both: tuple[Program, Program]) -> None:
    front, _ = both
    answer = front.post(BATCH, [alarm("link-AB", extra="x" * 600_000), alarm("link-BC", extra="x" * 600_000)])
    assert (answer.status_code, front.client.long_way) == (200, 1)  # type: ignore[attr-defined]
    assert refs() == ["link-AB", "link-BC"]


def test_a_session_opens_no_door_of_programs_and_a_token_none_of_people(world: World) -> None:
    program, signed_in = Program(world), Client()
    front = FrontClient(program.token)
    signed_in.force_login(world.users["admin"])
    front.cookies = signed_in.cookies
    assert front.post(BATCH, [alarm("link-AB")], content_type="application/json").status_code == 401
    front.cookies.clear()
    page = front.post("/sign-in", {"username": "admin", "password": "x"}, headers=program.headers)
    assert (page.status_code, front.long_way) == (403, 2)
    assert refs() == []


def test_a_host_we_are_not_is_refused(both: tuple[Program, Program], settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["console.example"]
    for program in both:
        assert program.post(BATCH, [alarm("link-AB")], Host="evil.example").status_code == 400
    assert refs() == []


def test_only_its_very_address_is_the_door(both: tuple[Program, Program]) -> None:
    for program in both:
        for path in ("/api/v1/alarms/?source=nms", "/api/v1//alarms?source=nms"):
            assert program.client.post(path, [], "application/json", headers=program.headers).status_code == 404
        assert program.get(BATCH).status_code == 405


def test_a_program_that_may_not_send_is_refused(world: World) -> None:
    program = Program(world)
    token = issue_token(world.users["chen.tao"], "x", at=NOW, by=world.actor("admin"))
    program.client, program.headers = FrontClient(token), {"Authorization": f"Bearer {token}"}
    assert program.post(BATCH, [alarm("link-AB")]).status_code == 403
    assert refs() == []


WORDS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=90),
    st.just({"id": "link-AB"}),
    st.sampled_from(["cleared", "Cleared", "major", "2026-09-01T08:00:00+08:00", "2026-09-01"]),
)  # fmt: skip
NAMES = [
    *alarm(""), "alarmClearedTime", "specificProblem", "alarmDetails", "externalAlarmId", "sourceSystemId",
    "alarm_type", "source_system_id", "raised", "external_id",
]  # fmt: skip
ALARMS = st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=3).map(lambda changes: alarm("link-AB") | changes)


class Property(TestCase):
    """Whatever a batch says."""

    def setUp(self) -> None:
        self.both = both_ways(build_world())

    def tearDown(self) -> None:
        intake.look_again()

    @given(st.lists(st.one_of(ALARMS, WORDS), max_size=4))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_both_ways_say_and_store_the_same(self, batch: list[Any]) -> None:
        front, django = self.both
        assert told(front, batch) == told(django, batch)
