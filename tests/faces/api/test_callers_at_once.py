"""Several programs call a real server at once: each gets its own answer, a bad call spoils nobody else's."""

import http.client
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mainstay.network.alarms.models import AlarmReport
from tests.cast import World
from tests.faces.api.conftest import Program
from tests.faces.api.test_tmf642 import ALARM, GOOD
from tests.serving import free_port, serving

SERVE_WEB = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "mainstay.config.settings"
from mainstay.faces.cli.running import serve
serve("mainstay.config.wsgi:application", "wsgi", host="127.0.0.1", port=int(sys.argv[1]), workers=2)
"""
"""What `mainstay web` does, without a heartbeat."""
CALLERS, CALLS = 4, 40
BAD = {5: {"state": None}, 12: {"perceivedSeverity": "loud"}, 19: {"sourceSystemId": "oss-9"}}


def call(port: int, token: str, caller: int) -> list[tuple[str, int, str]]:
    """Send one caller's alarms over one connection; return each one's name, status and id."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = []
    for number in range(CALLS):
        name = f"r{caller}-{number}"
        body = GOOD | {"alarmedObject": {"id": name}} | BAD.get(number, {})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", ALARM, json.dumps(body), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        answers.append((name, answer.status, said.get("id", "")))
    connection.close()
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
