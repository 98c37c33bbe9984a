"""The batch door for performance samples of probes and network managers (G5). Any batch may be sent again."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Router

from mainstay.domain.errors import msgid
from mainstay.network.performance.actions import intake
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.errors import BadSample

samples = Router(tags=["Performance samples"])

MOST = 50_000
_NAMES = frozenset({"circuit", "metric", "at", "value", "side"})


@samples.post("/performance/samples")
def create_samples(request: HttpRequest, source: str, payload: Body[list[Any]]) -> dict[str, Any]:
    """Take samples of one source in; good ones are kept, bad ones answered by position.

    Each is an object: `circuit` (number), `metric`, `at` (when its period begins, with offset), `value` (a whole number
    in the metric's unit), `side` (A or Z, where the metric is taken at an end). The same sample again replaces.
    """
    if len(payload) > MOST:
        raise BadSample(
            msgid("A batch of {count} is too large; send at most {most} samples at once."),
            count=len(payload), most=MOST,
        )  # fmt: skip
    found = intake.source_by_code(source)
    answer = intake.accept(found, [_read(each) for each in payload], at=timezone.now(), by=request.actor)  # type: ignore[attr-defined]
    refused = [{"position": position, "reason": why} for position, why in sorted(answer.refused.items())]
    return {"accepted": answer.accepted, "refused": refused}


def _read(given: object) -> NewSample | BadSample:
    """Read one sample by hand: a batch holds tens of thousands."""
    if not isinstance(given, dict) or not _NAMES.issuperset(given):
        return BadSample(msgid("A sample is an object with {names} and nothing else."), names=", ".join(sorted(_NAMES)))
    circuit, metric, side = given.get("circuit"), given.get("metric"), given.get("side", "")
    if not (isinstance(circuit, str) and isinstance(metric, str) and isinstance(side, str)) or "\0" in circuit:
        return BadSample(msgid("Circuit, metric and side of a sample are text."))
    try:
        at = datetime.fromisoformat(given["at"])
    except (KeyError, TypeError, ValueError):
        text = str(given.get("at"))[:40]
        problem = msgid("“{text}” is not an ISO 8601 instant; write e.g. 2026-09-01T08:00:00+08:00.")
        return BadSample(problem, text=text)
    return NewSample(circuit, metric, at, given.get("value"), side)  # type: ignore[arg-type]  # the intake looks
