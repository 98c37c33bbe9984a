"""Thresholds that performance samples cross are alarms like any other: of a source of their own (G5, X.733).

Alarms stand on resources. A crossing is reported on a part that carries its circuit alone; where there is none,
nothing is reported, as neighbours would be called degraded: the crossing then shows on pages of performance only.
"""

from datetime import datetime

from mainstay.domain.actor import Actor
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.sources import Rule, SourceSettings, replace_rules, save_source
from mainstay.network.alarms.choices import Effect, PerceivedSeverity
from mainstay.network.alarms.models import AlarmSource
from mainstay.network.performance.events import ThresholdCleared, ThresholdCrossed

CODE = "performance"
NAME = "性能门限 Performance thresholds"
CAUSE = "thresholdCrossed"
"""The probable cause of ITU-T X.733 and X.721."""
RULES = (
    Rule(Effect.DEGRADED, note="X.733: quality of service alarm"),
    Rule(Effect.NONE, severity=PerceivedSeverity.WARNING, note="X.733: no service is affected yet"),
)


def on_crossed(event: ThresholdCrossed, by: Actor) -> None:
    """Raise the alarm, in the transaction that judged. Raises TooManyWaiting: it is then judged again later."""
    if event.resource:
        text = f"{event.circuit} {_what(event)}: {event.value} ≥ {event.limit}"
        _send(event, event.severity, text, at=event.at, by=by)


def on_cleared(event: ThresholdCleared, by: Actor) -> None:
    """Clear the alarm."""
    if event.resource:
        _send(event, PerceivedSeverity.CLEARED, f"{event.circuit} {_what(event)}", at=event.at, by=by)


def _what(event: ThresholdCrossed | ThresholdCleared) -> str:
    return f"{event.metric} {event.side}".strip()


def _send(event: ThresholdCrossed | ThresholdCleared, severity: str, text: str, *, at: datetime, by: Actor) -> None:
    report = intake.NewReport(
        resource_ref=event.resource,
        alarm_type=f"QoS {_what(event)}",
        severity=severity,
        event_at=event.since_at,
        probable_cause=CAUSE,
        text=text,
    )
    intake.accept(_source(at=at, by=by), [report], at=at, by=by)


def _source(*, at: datetime, by: Actor) -> AlarmSource:
    """Return the source, made when it is first needed; its rules can be changed like any other's."""
    found = AlarmSource.objects.filter(code=CODE).first()
    if found is None:
        found = save_source(CODE, NAME, SourceSettings(), at=at, by=by)
        replace_rules(found, RULES, at=at, by=by)
    return found
