"""The short way in answers as Django does, takes what goes well alone, and hands over all else untouched."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mainstay.faces.api.front import Front
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.sources import SourceSettings, save_source
from mainstay.network.alarms.models import AlarmReport, AlarmSource
from mainstay.platform.identity.actions import issue_token, revoke_token
from mainstay.platform.identity.models import ApiToken
from tests.cast import NOW, World, build_world
from tests.faces.api.conftest import FrontClient, Program, both_ways
from tests.faces.api.test_tmf642 import ALARM, GOOD, without

pytestmark = pytest.mark.django_db

SAID_BY_NOBODY = {"id", "href"}
"""What differs from call to call."""
HEADERS = ("Content-Type", "X-Request-ID", "Retry-After", "X-Content-Type-Options", "Content-Length")


def told(program: Program, body: Any, **headers: str) -> tuple[Any, ...]:
    """Return an answer without what differs from call to call, and what was stored for it."""
    AlarmReport.objects.all().delete()
    answer = program.post(ALARM, body, **{"X-Request-ID": "0123456789", **headers})
    said = {name: value for name, value in answer.json().items() if name not in SAID_BY_NOBODY}
    columns = [field.name for field in AlarmReport._meta.fields if field.name not in ("id", "received_at")]
    stored = list(AlarmReport.objects.values_list(*columns))
    length = {name for name in HEADERS if stored and name == "Content-Length"}  # ids differ, and may in length
    return answer.status_code, said, stored, [answer.headers.get(name) for name in HEADERS if name not in length]


def test_what_goes_well_never_reaches_django_and_is_one_statement(world: World, django_assert_num_queries: Any) -> None:
    program = Program(world)
    program.client = front = FrontClient(program.token)
    program.post(ALARM, GOOD)
    with django_assert_num_queries(1):
        answer = program.post(ALARM, GOOD)
    assert (answer.status_code, front.long_way) == (201, 0)
    assert AlarmReport.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD, {}),
        (GOOD | {"state": "CLEARED", "alarmClearedTime": "2026-09-01T09:00:00Z"}, {}),
        (GOOD | {"alarmDetails": "界" * 500, "extra": [1, 2.5, None, {"a": "b"}]}, {}),
        (GOOD | {"id": "mine", "href": "mine", "@type": "Other"}, {}),
        (GOOD, {"X-Request-ID": "short"} | {"Accept-Language": "en"}),
        (GOOD, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "nms.example"}),
        (GOOD, {"Authorization": "bearer nonsense"}),
        (GOOD, {"Authorization": ""}),
        (without("state"), {}),
        (without("state"), {"Accept-Language": "en"}),
        (GOOD | {"sourceSystemId": "oss-9"}, {}),
        (GOOD | {"perceivedSeverity": "loud"}, {"Accept-Language": "en"}),
        (GOOD | {"alarmDetails": "x" * 70_000}, {}),
        ([GOOD], {}),
        ("{", {}),
        ("", {}),
        ('{"a": "\\ud800"}', {}),
    ],
)
def test_both_ways_say_and_store_the_same(both: tuple[Program, Program], body: Any, headers: dict[str, str]) -> None:
    front, django = both
    ours, theirs = told(front, body, **headers), told(django, body, **headers)
    if headers.get("X-Request-ID") == "short":
        assert ours[:3] == theirs[:3]
    else:
        assert ours == theirs


def test_its_address_follows_the_proxy(both: tuple[Program, Program]) -> None:
    for program in both:
        answer = program.post(ALARM, GOOD, **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "nms.example"})
        assert answer["Location"].startswith(f"https://nms.example{ALARM}/")


def test_a_host_we_are_not_is_refused(both: tuple[Program, Program], settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["console.example"]
    for program in both:
        assert program.post(ALARM, GOOD, Host="evil.example").status_code == 400
    assert not AlarmReport.objects.exists()


def test_an_alarm_nested_too_deeply_to_be_answered_is_refused_and_not_stored(both: tuple[Program, Program]) -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"a": deep}
    for program in both:
        answer = program.post(ALARM, GOOD | {"deep": deep}, **{"Accept-Language": "en"})
        assert answer.status_code == 400
        assert "nested" in answer.json()["reason"]
    assert not AlarmReport.objects.exists()


def test_a_token_that_was_not_good_a_moment_ago_goes_the_long_way(world: World) -> None:
    program, other = Program(world), Program(world)
    program.client = front = FrontClient(other.token)
    assert program.post(ALARM, GOOD).status_code == 201
    revoke_token(ApiToken.objects.order_by("pk")[0].pk, at=NOW, by=world.actor("admin"))
    assert front.long_way == 1


def test_a_source_that_is_gone_is_refused_though_it_was_known(world: World) -> None:
    """The key of a source is remembered for a second; one made anew under the same code is another."""
    program = Program(world)
    program.client = FrontClient(program.token)
    assert program.post(ALARM, GOOD).status_code == 201
    save_source("nms2", "nms2", SourceSettings(), at=NOW, by=world.actor("admin"))
    assert program.post(ALARM, GOOD | {"sourceSystemId": "nms2"}).status_code == 201
    assert program.post(ALARM, GOOD | {"sourceSystemId": "nms3"}).status_code == 404
    codes = AlarmReport.objects.order_by("pk").values_list("source__code", flat=True)
    assert list(codes) == ["nms", "nms2"]


def test_a_program_that_may_not_send_is_refused(world: World) -> None:
    program = Program(world)
    program.token = issue_token(world.users["chen.tao"], "x", at=NOW, by=world.actor("admin"))
    program.headers = {"Authorization": f"Bearer {program.token}"}
    program.client = FrontClient(program.token)
    assert program.post(ALARM, GOOD).status_code == 403
    assert not AlarmReport.objects.exists()


WORDS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=90))
CHANGES = st.dictionaries(st.one_of(st.sampled_from([*GOOD, "alarmClearedTime"]), st.text(max_size=5)), WORDS)


class Property(TestCase):
    """Whatever a body says."""

    def setUp(self) -> None:
        self.both = both_ways(build_world())

    def tearDown(self) -> None:
        intake.look_again()

    @given(CHANGES)
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_both_ways_say_and_store_the_same(self, changes: dict[str, Any]) -> None:
        front, django = self.both
        body = copy.deepcopy(GOOD) | changes
        assert told(front, body) == told(django, body)
        assert AlarmSource.objects.count() == 1


def test_the_server_serves_the_front() -> None:
    from mainstay.config.wsgi import application

    assert isinstance(application, Front)
