"""TMF642 alarm management v4 (create, read back), and an idempotent batch door for network managers (G1)."""

from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Router, Status
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mainstay.domain.errors import msgid
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.choices import PerceivedSeverity
from mainstay.network.alarms.errors import BadReport
from mainstay.network.alarms.queries import alarms as queries

tmf642 = Router(tags=["TMF642 alarm management"])
batches = Router(tags=["Alarm intake"])

MOST = 10_000
ADDRESS = "/tmf-api/alarmManagement/v4/alarm"
"""The collection of alarms, as `urls` lays it out."""


class AlarmedObject(BaseModel):
    """What is alarmed: `id` is the resource's code in the inventory."""

    id: str


class AlarmCreate(BaseModel):
    """TMF642 v4 Alarm_Create: the mandatory attributes, and those Mainstay uses; others are accepted and left."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    alarm_type: str = Field(alias="alarmType")
    perceived_severity: str = Field(alias="perceivedSeverity")
    probable_cause: str = Field(alias="probableCause")
    alarmed_object: AlarmedObject = Field(alias="alarmedObject")
    source_system_id: str = Field(alias="sourceSystemId")
    state: str
    raised: datetime = Field(alias="alarmRaisedTime")
    cleared: datetime | None = Field(None, alias="alarmClearedTime")
    external_id: str = Field("", alias="externalAlarmId")
    specific_problem: str = Field("", alias="specificProblem")
    details: str = Field("", alias="alarmDetails")

    def report(self) -> NewReport:
        """Return the report this alarm is; its type is the specific problem where given, else the probable cause."""
        ended = self.state.lower() == "cleared" or self.perceived_severity.lower() == PerceivedSeverity.CLEARED
        return NewReport(
            resource_ref=self.alarmed_object.id,
            alarm_type=self.specific_problem or self.probable_cause,
            severity=PerceivedSeverity.CLEARED if ended else self.perceived_severity.lower(),
            event_at=(self.cleared or self.raised) if ended else self.raised,
            external_id=self.external_id,
            probable_cause=self.probable_cause,
            text=self.details,
        )


@tmf642.post("/alarm", response={201: dict[str, Any]})
def create_alarm(request: HttpRequest, response: HttpResponse, payload: Body[dict[str, Any]]) -> Status[dict[str, Any]]:
    """Take one alarm in: stored when answered, judged within the second."""
    alarm = read_single(payload)
    source = intake.source_by_code(alarm.source_system_id)
    (report_id,) = intake.accept(source, [alarm.report()], at=timezone.now(), by=request.actor)  # type: ignore[attr-defined]
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
    if len(payload) > MOST:
        raise BadReport(
            msgid("A batch of {count} is too large; send at most {most} alarms at once."), count=len(payload), most=MOST
        )
    items: list[NewReport | BadReport] = []
    for alarm in payload:
        try:
            items.append(_read_one(alarm, source).report())
        except BadReport as error:
            items.append(error)
    answer = intake.accept_batch(
        intake.source_by_code(source),
        items,
        key=key or request.headers.get("Idempotency-Key", ""),
        at=timezone.now(),
        by=request.actor,  # type: ignore[attr-defined]
    )
    return {
        "accepted": [{"position": position, "id": str(pk)} for position, pk in answer.accepted.items()],
        "refused": [{"position": position, "reason": why} for position, why in answer.refused.items()],
        "repeated": answer.repeated,
    }


def _read_one(alarm: object, source: str) -> AlarmCreate:
    if not isinstance(alarm, dict):
        raise BadReport(msgid("This is no alarm but {kind}; send an object."), kind=type(alarm).__name__)
    return _read({"sourceSystemId": source, **alarm})


def read_single(payload: dict[str, Any]) -> AlarmCreate:
    """Return the alarm of a call that is answered with what it said; BadReport names the first thing that is wrong."""
    try:
        orjson.dumps(payload)
    except orjson.JSONEncodeError as error:
        raise BadReport(msgid("The alarm is nested too deeply to be answered; send fewer levels.")) from error
    return _read(payload)


def _read(payload: dict[str, Any]) -> AlarmCreate:
    try:
        return AlarmCreate.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadReport("{where}: {what}", where=where, what=first["msg"]) from error


def _identity(request: HttpRequest, report_id: int) -> dict[str, str]:
    return identity(request.build_absolute_uri(ADDRESS), report_id)


def identity(address: str, report_id: int) -> dict[str, str]:
    """Return what names an alarm in an answer; `address`: the collection's, absolute."""
    return {"id": str(report_id), "href": f"{address}/{report_id}", "@type": "Alarm"}
