"""Several programs call a real server at once: each gets its own answer, a bad call spoils nobody else's."""

import http.client
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mainstay.network.alarms.models import AlarmReport
from tests.cast import World
from tests.faces.api.conftest import Program
from tests.faces.api.test_batches import BATCH, alarm
from tests.faces.api.test_tmf642 import ALARM, GOOD
from tests.serving import free_port, serving

SERVE_WEB = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "mainstay.config.settings"
import django
django.setup()
from mainstay.faces.cli.running import serve
serve("mainstay.config.wsgi:application", "wsgi", host="127.0.0.1", port=int(sys.argv[1]), workers=2, threads=2)
"""
"""What `mainstay web` does, without a heartbeat."""
CALLERS, CALLS = 4, 40
BAD: dict[int, dict[str, Any]] = {
    5: {"state": None},
    12: {"perceivedSeverity": "loud"},
    19: {"sourceSystemId": "oss-9"},
}


def call(port: int, token: str, caller: int) -> list[tuple[str, int, str]]:
    """Send one caller's alarms over one connection; return each one's name, status and id."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = []
    for number in range(CALLS):
        name = f"r{caller}-{number}"
        body = GOOD | {"alarmedObject": {"id": name}} | BAD.get(number, {})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        line.request("POST", ALARM, json.dumps(body), headers)
        answer = line.getresponse()
        said = json.loads(answer.read())
        answers.append((name, answer.status, said.get("id", "")))
    line.close()
    return answers


@pytest.mark.django_db(transaction=True)
def test_each_caller_gets_its_own_answer_and_what_was_answered_well_is_stored(world: World, tmp_path: Path) -> None:
    token, port = Program(world).token, free_port()
    with serving([sys.executable, "-c", SERVE_WEB, str(port)], port, tmp_path), ThreadPoolExecutor(CALLERS) as pool:
        answers = [each for mine in pool.map(lambda n: call(port, token, n), range(CALLERS)) for each in mine]
    assert [status for _, status, _ in answers] == [
        {5: 400, 12: 400, 19: 404}.get(number, 201) for _ in range(CALLERS) for number in range(CALLS)
    ]
    kept = {(name, int(pk)) for name, status, pk in answers if status == 201}
    assert set(AlarmReport.objects.values_list("resource_ref", "pk")) == kept
    assert AlarmReport.objects.count() == len(kept) == CALLERS * (CALLS - len(BAD))


def call_with_batches(port: int, token: str, caller: str) -> list[tuple[int, dict[str, Any]]]:
    """Send batches over one connection, each under its key, then without; return what was answered."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = []
    for number in range(CALLS):
        key = f"&key={caller}{number}" if number % 2 == 0 else ""
        bad = {"perceivedSeverity": "loud"} if number % 10 == 0 else {}
        body = [alarm(f"{caller}{number}-0"), alarm(f"{caller}{number}-1", **bad)]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        line.request("POST", BATCH + key, json.dumps(body), headers)
        answer = line.getresponse()
        answers.append((answer.status, json.loads(answer.read())))
    line.close()
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_batch_sent_by_several_at_once_is_stored_once_a_key(world: World, tmp_path: Path) -> None:
    token, port = Program(world).token, free_port()
    with serving([sys.executable, "-c", SERVE_WEB, str(port)], port, tmp_path), ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: call_with_batches(port, token, "r"), range(CALLERS)))
    assert {status for mine in answers for status, _ in mine} == {200}
    for number, same in enumerate(zip(*answers, strict=True)):
        accepted = [said["accepted"] for _, said in same]
        assert [len(each) for each in accepted] == [1 if number % 10 == 0 else 2] * CALLERS
        assert sum(said["repeated"] for _, said in same) == (CALLERS - 1 if number % 2 == 0 else 0)
        times = 1 if number % 2 == 0 else CALLERS
        kept = AlarmReport.objects.filter(resource_ref__startswith=f"r{number}-").values_list("pk", flat=True)
        assert sorted(kept) == sorted({int(item["id"]) for each in accepted for item in each})
        assert len(kept) == times * len(accepted[0])


def drop_connections() -> None:
    """Drop all connections to the database but the test's own, as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_callers_do_not_notice_that_the_database_dropped_its_connections(world: World, tmp_path: Path) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is no server")
    token, port = Program(world).token, free_port()
    with serving([sys.executable, "-c", SERVE_WEB, str(port)], port, tmp_path), ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(lambda n: call(port, token, n), range(CALLERS)))
        drop_connections()
        batches = [
            each for mine in pool.map(lambda n: call_with_batches(port, token, f"b{n}-"), range(2)) for each in mine
        ]
        drop_connections()
        batches += call_with_batches(port, token, "c")
        drop_connections()
        again = [each for mine in pool.map(lambda n: call(port, token, n), range(CALLERS)) for each in mine]
    assert {status for status, _ in batches} == {200}
    assert sum(status == 201 for _, status, _ in again) == CALLERS * (CALLS - len(BAD))
