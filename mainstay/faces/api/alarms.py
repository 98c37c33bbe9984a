"""TMF642 alarm management v4 (create, read back), and an idempotent batch door for network managers (G1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NotRequired

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Router, Status
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from mainstay.domain.errors import msgid
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import BatchAnswer, NewReport
from mainstay.network.alarms.choices import PerceivedSeverity
from mainstay.network.alarms.errors import BadReport
from mainstay.network.alarms.queries import alarms as queries

tmf642 = Router(tags=["TMF642 alarm management"])
batches = Router(tags=["Alarm intake"])

MOST = 10_000
ADDRESS = "/tmf-api/alarmManagement/v4/alarm"
"""The collection of alarms, as `urls` lays it out."""
BATCHES = "/api/v1/alarms"
"""The batch door, as `urls` lays it out."""
_CLEARED = PerceivedSeverity.CLEARED.value


class AlarmedObject(BaseModel):
    """What is alarmed: `id` is the resource's code in the inventory."""

    id: str


@with_config(ConfigDict(populate_by_name=True))
class AlarmCreate(TypedDict):
    """TMF642 v4 Alarm_Create: the mandatory attributes, and those Mainstay uses; others are accepted and left.

    A dictionary, as a model of each alarm costs half as much again.
    """

    alarm_type: Annotated[str, Field(alias="alarmType")]
    perceived_severity: Annotated[str, Field(alias="perceivedSeverity")]
    probable_cause: Annotated[str, Field(alias="probableCause")]
    alarmed_object: Annotated[AlarmedObject, Field(alias="alarmedObject")]
    source_system_id: Annotated[str, Field(alias="sourceSystemId")]
    state: str
    raised: Annotated[datetime, Field(alias="alarmRaisedTime")]
    cleared: NotRequired[Annotated[datetime | None, Field(alias="alarmClearedTime")]]
    external_id: NotRequired[Annotated[str, Field(alias="externalAlarmId")]]
    specific_problem: NotRequired[Annotated[str, Field(alias="specificProblem")]]
    details: NotRequired[Annotated[str, Field(alias="alarmDetails")]]


_ONE, _MANY = TypeAdapter(AlarmCreate), TypeAdapter(list[AlarmCreate])


def _report(alarm: AlarmCreate) -> NewReport:
    """Return the report an alarm is; its type is the specific problem where given, else the probable cause."""
    severity, raised, cause = alarm["perceived_severity"].lower(), alarm["raised"], alarm["probable_cause"]
    ended = severity == _CLEARED or alarm["state"].lower() == "cleared"
    return NewReport(
        alarm["alarmed_object"].id,
        alarm.get("specific_problem") or cause,
        _CLEARED if ended else severity,
        (alarm.get("cleared") or raised) if ended else raised,
        alarm.get("external_id", ""),
        cause,
        alarm.get("details", ""),
    )


@tmf642.post("/alarm", response={201: dict[str, Any]})
def create_alarm(request: HttpRequest, response: HttpResponse, payload: Body[dict[str, Any]]) -> Status[dict[str, Any]]:
    """Take one alarm in: stored when answered, judged within the second."""
    code, report = read_single(payload)
    (report_id,) = intake.accept(intake.source_by_code(code), [report], at=timezone.now(), by=request.actor)  # type: ignore[attr-defined]
    body = {**payload, **_identity(request, report_id)}
    response["Location"] = body["href"]
    return Status(201, body)


@tmf642.get("/alarm/{alarm_id}")
def read_alarm(request: HttpRequest, alarm_id: int) -> dict[str, Any]:
    """Return an alarm as it was received."""
    report = queries.report(request.actor, alarm_id)  # type: ignore[attr-defined]
    return {
        **_identity(request, report.pk),
        "alarmType": report.alarm_type,
        "specificProblem": report.alarm_type,
        "perceivedSeverity": report.severity,
        "probableCause": report.probable_cause or report.alarm_type,
        "alarmedObject": {"id": report.resource_ref},
        "sourceSystemId": report.source.code,
        "state": "cleared" if report.kind == "clear" else "raised",
        "alarmRaisedTime": report.event_at,
        "alarmReportingTime": report.received_at,
        "externalAlarmId": report.external_id,
        "alarmDetails": report.text,
    }


@batches.post("/alarms")
def create_alarms(request: HttpRequest, source: str, payload: Body[list[Any]], key: str = "") -> dict[str, Any]:
    """Take many TMF642 alarms of one source in; good ones are kept, bad ones answered by position.

    Sent again with the same `key` (or Idempotency-Key header), a batch gets the same answer and stores nothing. An
    empty batch is a sign of life.
    """
    answer = intake.accept_batch(
        intake.source_by_code(source).pk,
        read_many(payload, source),
        key=key or request.headers.get("Idempotency-Key", ""),
        at=timezone.now(),
        by=request.actor,  # type: ignore[attr-defined]
    )
    return told(answer)


def told(answer: BatchAnswer) -> dict[str, Any]:
    """Say what became of a batch."""
    return {
        "accepted": [{"position": position, "id": str(pk)} for position, pk in answer.accepted.items()],
        "refused": [{"position": position, "reason": why} for position, why in answer.refused.items()],
        "repeated": answer.repeated,
    }


def read_many(payload: list[Any], source: str) -> Sequence[NewReport | BadReport]:
    """Return what each alarm of a batch says, or what is wrong with it; BadReport where there are too many.

    Alarms that do not name their source get `source`, in place.
    """
    if len(payload) > MOST:
        raise BadReport(
            msgid("A batch of {count} is too large; send at most {most} alarms at once."), count=len(payload), most=MOST
        )
    for alarm in payload:
        if isinstance(alarm, dict):
            alarm.setdefault("sourceSystemId", source)
    try:
        return [_report(alarm) for alarm in _MANY.validate_python(payload)]
    except ValidationError:
        return [_read_one(alarm) for alarm in payload]


def _read_one(alarm: object) -> NewReport | BadReport:
    if not isinstance(alarm, dict):
        return BadReport(msgid("This is no alarm but {kind}; send an object."), kind=type(alarm).__name__)
    try:
        return _report(_read(alarm))
    except BadReport as error:
        return error


def read_single(payload: dict[str, Any]) -> tuple[str, NewReport]:
    """Return the source and the report of a call that is answered with what it said; BadReport names the first thing
    that is wrong."""
    try:
        orjson.dumps(payload)
    except orjson.JSONEncodeError as error:
        raise BadReport(msgid("The alarm is nested too deeply to be answered; send fewer levels.")) from error
    alarm = _read(payload)
    return alarm["source_system_id"], _report(alarm)


def _read(payload: dict[str, Any]) -> AlarmCreate:
    try:
        return _ONE.validate_python(payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadReport("{where}: {what}", where=where, what=first["msg"]) from error


def _identity(request: HttpRequest, report_id: int) -> dict[str, str]:
    return identity(request.build_absolute_uri(ADDRESS), report_id)


def identity(address: str, report_id: int) -> dict[str, str]:
    """Return what names an alarm in an answer; `address`: the collection's, absolute."""
    return {"id": str(report_id), "href": f"{address}/{report_id}", "@type": "Alarm"}
