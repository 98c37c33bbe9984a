"""Commands about alarms: replay a file, judge the past again."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import click

from mainstay.domain.actor import system
from mainstay.domain.csv_text import read_table
from mainstay.domain.errors import msgid
from mainstay.faces.cli.commands import root
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.errors import BadReport

COLUMNS = {
    "resource": "code of the alarmed resource, as the inventory has it (required)",
    "alarm_type": "type or specific problem (required)",
    "severity": "critical, major, minor, warning, indeterminate or cleared (required)",
    "event_at": "ISO 8601 instant with offset, e.g. 2026-09-01T08:00:00+08:00 (required)",
    "external_id": "the source's own id",
    "probable_cause": "X.733 probable cause",
    "text": "free text",
}


REQUIRED = ("resource", "alarm_type", "severity", "event_at")


@root.group()
def alarms() -> None:
    """Take alarms in, replay them."""


@alarms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--source", default="replay", show_default=True, help="Code of the alarm source.")
@click.option("--speed", type=float, default=0, help="1 is as it happened, 60 a minute a second; 0 as fast as it goes.")
@click.option("--now/--as-recorded", default=False, help="Shift the log so that it starts now.")
@click.option("--batch", default=200, show_default=True)
@click.option("--template", is_flag=True, help="Print the columns and an example line.")
def replay(file: Path | None, source: str, speed: float, now: bool, batch: int, template: bool) -> None:
    """Replay a CSV log of alarms (UTF-8 or GBK). Good lines are taken, bad ones named with their line."""
    if template or file is None:
        click.echo(_template())
        return
    reports, bad = _read(file)
    if now and reports:
        shift = datetime.now(UTC) - reports[0].event_at
        reports = [_shifted(report, shift) for report in reports]
    _send(reports, source=source, speed=speed, batch=batch)
    for line, why in bad:
        click.echo(f"line {line}: {why}", err=True)
    click.echo(f"{len(reports)} taken in, {len(bad)} refused")
    if bad:
        raise SystemExit(2)


def _template() -> str:
    out = io.StringIO()
    for name, meaning in COLUMNS.items():
        out.write(f"# {name}: {meaning}\n")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerow(["LINK-WUH-HUS-2", "LOS", "critical", "2026-09-01T08:00:00+08:00", "", "lossOfSignal", ""])
    return out.getvalue()


def _read(file: Path) -> tuple[list[NewReport], list[tuple[int, str]]]:
    reports: list[NewReport] = []
    bad: list[tuple[int, str]] = []
    for line, values in read_table(file.read_bytes(), required=REQUIRED).records():
        try:
            report = _report(values)
            intake.check(report)
            reports.append(report)
        except BadReport as error:
            bad.append((line, str(error)))
    return sorted(reports, key=lambda report: report.event_at), bad


def _report(values: dict[str, str]) -> NewReport:
    try:
        event_at = datetime.fromisoformat(values["event_at"])
    except ValueError:
        problem = msgid("“{text}” is not an ISO 8601 instant; write e.g. 2026-09-01T08:00:00+08:00.")
        raise BadReport(problem, text=values["event_at"]) from None
    return NewReport(
        resource_ref=values["resource"],
        alarm_type=values["alarm_type"],
        severity=values["severity"].lower(),
        event_at=event_at,
        external_id=values.get("external_id", ""),
        probable_cause=values.get("probable_cause", ""),
        text=values.get("text", ""),
    )


def _shifted(report: NewReport, shift: timedelta) -> NewReport:
    return report._replace(event_at=report.event_at + shift)


def _send(reports: list[NewReport], *, source: str, speed: float, batch: int) -> None:
    by = system("alarms replay")
    origin = intake.source_by_code(source)
    began, first = time.monotonic(), reports[0].event_at if reports else None
    waiting = iter(reports)
    while part := list(islice(waiting, batch if not speed else 1)):
        if speed and first is not None:
            due = (part[0].event_at - first).total_seconds() / speed
            time.sleep(max(0.0, due - (time.monotonic() - began)))
        intake.accept(origin, part, at=datetime.now(UTC), by=by)
