"""Programs ask which promise held for circuits on a day, within their scope, in their language (D2)."""

from typing import Any

import orjson

from tests.cast import World
from tests.faces.api.conftest import Program

PATH = "/api/promises"


def test_it_works(world: World) -> None:
    answer = Program(world).get(f"{PATH}?circuit=WH-HS-E1-0001&on=2026-03-03")
    assert answer.status_code == 200
    (found,) = answer.json()["circuits"]
    assert (found["contract"], found["line"], found["grade"]) == ("HT-2026-0001", 1, "AAA")
    (promise,) = found["promises"]
    assert (promise["metric"], promise["amount"], promise["level"]) == ("restoration", "60", "grade")
    assert promise["overridden"] == []


def test_many_are_asked_at_once_and_unknown_ones_named(world: World) -> None:
    program = Program(world)
    numbers = ",".join(circuit.number for circuit in world.circuits)
    answer = program.get(f"{PATH}?circuit={numbers}&circuit=X-1&on=2026-03-03").json()
    assert [one["circuit"] for one in answer["circuits"]] == [circuit.number for circuit in world.circuits]
    assert answer["notFound"] == ["X-1"]
    body = orjson.dumps({"circuits": ["WH-HS-E1-0001"], "on": "2026-03-03"})
    assert program.post(PATH, body).json()["circuits"][0]["circuit"] == "WH-HS-E1-0001"


def test_errors_are_in_the_asker_s_language(world: World) -> None:
    program = Program(world)
    missing = program.get(f"{PATH}?circuit=X-1", **{"Accept-Language": "en"})
    assert (missing.status_code, missing.json()["code"]) == (404, "NoSuchCircuits")
    assert missing.json()["reason"] == "There is no circuit X-1 that you may see; correct the number."
    wrong = program.get(f"{PATH}?circuit=X-1&on=3. March", **{"Accept-Language": "zh-hans"})
    assert (wrong.status_code, "不是日期" in wrong.json()["reason"]) == (400, True)
    many = ",".join(f"N-{n}" for n in range(1_001))
    assert program.get(f"{PATH}?circuit={many}").status_code == 400
    assert program.get(f"{PATH}?circuit=%00").status_code == 400


def test_who_may_not(world: World) -> None:
    assert Program(world).client.get(f"{PATH}?circuit=WH-HS-E1-0001").status_code == 401


def test_it_is_described(world: World) -> None:
    described: Any = Program(world).client.get("/api/openapi.json").json()
    assert {"get", "post"} <= described["paths"]["/api/promises"].keys()
    assert "overridden" in described["components"]["schemas"]["Promise"]["properties"]
