"""Samples from and to files, through the same store as those that probes send (A7, G5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.network.performance.actions.intake import NewSample, check, no_such_circuit, resolve
from mainstay.network.performance.choices import Metric
from mainstay.network.performance.errors import BadSample
from mainstay.network.performance.models import Sample, SampleSource, Series
from mainstay.network.performance.periods import bucket_of, instant_of, minute_of
from mainstay.network.performance.storing import note, store
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal.actions import Change, record

ENDS = (("A", _("A end")), ("Z", _("Z end")))
COLUMNS = (
    Column("circuit", _("Circuit number"), _("The circuit that was sampled."), "WH-HS-0001", required=True, longest=48,
           aliases=("电路代号", "电路编号", "电路", "专线号", "number")),
    Column("metric", _("Metric"), _("Shares in parts per million, delays in microseconds."), "delay_rt", required=True,
           reads="choice", choices=Metric.choices, aliases=("指标",)),
    Column("side", _("Circuit end"), _("Where the metric is taken at an end."), "", reads="choice", choices=ENDS,
           aliases=("端",)),
    Column("at", _("Period begins at"), "", "2026-09-01 08:05", required=True, reads="instant",
           aliases=("时间", "采样时间", "开始时间", "time")),
    Column("source", _("Source"), _("Code of the source of samples."), "nms", required=True, longest=40,
           aliases=("来源",)),
    Column("value", _("Value"), _("A whole number in the metric's unit."), "812", required=True, reads="integer",
           aliases=("值", "采样值")),
)  # fmt: skip


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Store the samples of rows; what is there already is replaced. The same queries however many good rows."""
    require(by, Permission.SEND_SAMPLES)
    found: dict[int, Written] = {}
    codes = {row.values["source"] for row in rows}
    known = {source.code: source for source in SampleSource.objects.filter(code__in=codes)}
    for code in sorted(codes):
        part = [row for row in rows if row.values["source"] == code]
        found |= _of_source(known[code], part, at=at, by=by) if code in known else _unknown(code, part)
    return [found[row.line] for row in rows]


def _unknown(code: str, rows: Sequence[Given]) -> dict[int, Written]:
    error = BadSample(
        msgid("There is no source of samples “{code}”; create it under Settings › Performance."), code=code
    )
    return {row.line: refused(error) for row in rows}


def _of_source(source: SampleSource, rows: Sequence[Given], *, at: datetime, by: Actor) -> dict[int, Written]:
    good, wrong = check(source, [_sample(row) for row in rows], at=at)
    found = {rows[position].line: refused(error) for position, error in wrong.items()}
    series = resolve(source, [sample for _, sample in good], by=by)
    placed: list[tuple[int, NewSample, int]] = []
    for position, sample in good:
        pk = series.get((sample.circuit, sample.metric, sample.side))
        if pk is None:
            found[rows[position].line] = refused(no_such_circuit(sample.circuit))
        else:
            placed.append((rows[position].line, sample, pk))
    before = _values([(pk, minute_of(sample.at)) for _, sample, pk in placed])
    values = {(pk, minute_of(sample.at)): sample.value for _, sample, pk in placed}
    store(sorted((pk, minute, value) for (pk, minute), value in values.items()), at=at)
    for line, sample, pk in placed:
        found[line] = _written(sample, pk, before.get((pk, minute_of(sample.at))))
    if placed:
        _record(source, [sample for _, sample, _pk in placed], at=at, by=by)
    return found


def _sample(row: Given) -> NewSample | BadSample:
    values = row.values
    return NewSample(values["circuit"], values["metric"], values["at"], values["value"], values.get("side") or "")


def _values(keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    if not keys:
        return {}
    minutes = [minute for _, minute in keys]
    rows = Sample.objects.filter(
        series__in={series for series, _ in keys}, minute__gte=min(minutes), minute__lte=max(minutes)
    )  # fmt: skip
    return {(series, minute): value for series, minute, value in rows.values_list("series_id", "minute", "value")}


def _written(sample: NewSample, series: int, before: int | None) -> Written:
    label = f"{sample.circuit} {sample.metric} {sample.side}".strip()
    at = sample.at.isoformat()
    if before == sample.value:
        return Written(Outcome.UNCHANGED, "samples", series, label)
    outcome = Outcome.CREATED if before is None else Outcome.UPDATED
    was = None if before is None else {"at": at, "value": before}
    return Written(outcome, "samples", series, label, before=was, after={"at": at, "value": sample.value})


def _record(source: SampleSource, samples: Sequence[NewSample], *, at: datetime, by: Actor) -> None:
    times = [sample.at for sample in samples]
    after = {"samples": len(samples), "from": min(times), "to": max(times)}
    record("samples.import", [Change("sample_source", source.pk, source.name, None, after)], at=at, by=by)


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows: what was replaced is back, what was new is gone; what was replaced since stays."""
    require(by, Permission.SEND_SAMPLES)
    keys = [(row.object_id, minute_of(datetime.fromisoformat((row.after or {})["at"]))) for row in rows]
    there = _values(keys)
    errors: list[MainstayError | None] = []
    back: list[tuple[int, int, int]] = []
    gone: list[tuple[int, int]] = []
    for row, key in zip(rows, keys, strict=True):
        if there.get(key) != (row.after or {})["value"]:
            errors.append(BadSample(msgid("{label} was sampled again since; it stays."), label=row.label))
            continue
        errors.append(None)
        if row.before:
            back.append((*key, row.before["value"]))
        else:
            gone.append(key)
    for series, minute in gone:
        Sample.objects.filter(series=series, minute=minute).delete()
    store(sorted(back), at=at)
    note(sorted({(bucket_of(series), minute) for series, minute in gone}), at=at)
    return errors


def give(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Give all samples of visible circuits that are kept, as they would be imported, circuit by circuit."""
    visible = scope(by, customer="circuit__customer_id", region="circuit__region_code")
    for line in Series.objects.filter(visible).select_related("circuit", "source").order_by("circuit__number", "pk"):
        for minute, value in Sample.objects.filter(series=line.pk).order_by("minute").values_list("minute", "value"):
            yield {"circuit": line.circuit.number, "metric": line.metric, "side": line.side,
                   "at": instant_of(minute), "source": line.source.code, "value": value}  # fmt: skip


SAMPLES = Kind(
    "samples", _("Performance samples"), COLUMNS, ("circuit", "metric", "side", "at", "source"),
    Permission.SEND_SAMPLES, write, take_back, give, may_lack=("side",),
    about=_("Utilisation, delay, loss and errors of circuits, one row a sample."),
)  # fmt: skip
