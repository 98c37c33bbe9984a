"""Replays the log through intake, with a bounded number in flight, and says what came of it."""

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from mainstay.domain.actor import Actor
from mainstay.faces.demo.realworld.laying import device_code
from mainstay.faces.demo.realworld.log import Log, LoggedAlarm
from mainstay.faces.demo.realworld.measuring import LiveClient
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.actions.sources import Rule, SourceSettings, replace_rules, save_source
from mainstay.network.alarms.choices import Effect

SOURCE = "microwave"
EFFECTS = {"none": Effect.NONE, "degraded": Effect.DEGRADED, "down": Effect.DOWN}
BATCH = 200


@dataclass(frozen=True)
class Replayed:
    """What was sent: alarms read, clears sent for the alarms that have an end, seconds it took."""

    alarms: int
    clears: int
    seconds: float


def set_up_source(*, quiet_s: int, at: datetime, by: Actor) -> list[Rule]:
    """Make the source with its stated assumptions, and return them."""
    settings = SourceSettings(quiet_s=quiet_s, skew_tolerance_s=3600)
    source = save_source(SOURCE, "微波网管（真实日志）", settings, at=at, by=by)
    text = (resources.files(__package__) / "effects.csv").read_text(encoding="utf-8")
    rules = [
        Rule(EFFECTS[row["effect"]], alarm_type=row["alarm_type"], note=row["note"])
        for row in csv.DictReader(text.splitlines())
    ]
    replace_rules(source, rules, at=at, by=by)
    return rules


def replay(log: Log, client: LiveClient, *, began_at: datetime, in_flight: int, by: Actor) -> Replayed:
    """Send the whole log as fast as the platform takes it, at most `in_flight` alarms ahead of the live client."""
    source = intake.source_by_code(SOURCE)
    began = time.perf_counter()
    ids: list[int] = []
    sent = clears = 0
    for batch in _batches(_reports(log.alarms, began_at)):
        if len(ids) == 1 or len(ids) + len(batch) > in_flight:
            client.wait_until(ids[max(0, len(ids) - in_flight + len(batch) - 1)])
        accepted = intake.accept_timed(source, batch, by=by)
        client.accepted(accepted[-1], len(accepted))
        ids += accepted
        sent += len(batch)
        clears += sum(1 for report, _ in batch if report.severity == "cleared")
    client.wait_until(ids[-1])
    return Replayed(sent - clears, clears, time.perf_counter() - began)


def _reports(alarms: list[LoggedAlarm], began_at: datetime) -> list[tuple[NewReport, datetime]]:
    reports = []
    for alarm in alarms:
        raised = began_at + timedelta(seconds=alarm.start_s)
        reports.append((_report(alarm, "critical", raised), raised))
        if alarm.end_s > alarm.start_s:
            ended = began_at + timedelta(seconds=alarm.end_s)
            reports.append((_report(alarm, "cleared", ended), ended))
    return sorted(reports, key=lambda item: item[1])


def _report(alarm: LoggedAlarm, severity: str, at: datetime) -> NewReport:
    return NewReport(device_code(alarm.device), alarm.alarm_type, severity, at)


def _batches(reports: list[tuple[NewReport, datetime]]) -> Iterator[list[tuple[NewReport, datetime]]]:
    """Cut into batches; the first is one report alone, by whose arrival everything is known to run."""
    yield reports[:1]
    for start in range(1, len(reports), BATCH):
        yield reports[start : start + BATCH]
