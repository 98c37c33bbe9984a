"""What can be posted about sources of samples, thresholds and targets; and what of it stands on the stage."""

from datetime import timedelta

from django.utils import timezone

from mainstay.domain.actor import system
from mainstay.network.performance.actions import intake, sources, thresholds
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.actions.sources import NewTarget
from mainstay.network.performance.actions.thresholds import NewThreshold
from mainstay.network.performance.loop import catch_up
from mainstay.network.performance.periods import instant_of, minute_of
from tests.access.post import Data, Post
from tests.access.stage import Stage

SOURCE = {"name": "光探针", "period_minutes": "5"}
THRESHOLD = {"metric": "loss", "raise_at": "1", "clear_at": "0.1", "raise_periods": "3", "clear_periods": "3",
             "severity": "major", "watched": "on", "note": "试"}  # fmt: skip
TARGET = {"method": "stamp", "address": "10.0.0.9", "port": "862", "packets": "20", "active": "on"}


def sample_the_bank(stage: Stage) -> None:
    """Let the bank's circuit be sampled, and stand over a threshold of its own."""
    by, at, circuit = system("probe"), timezone.now(), stage.world.circuit
    source = sources.save_source("probe", "探针", 5, at=at, by=by)
    rule = NewThreshold("delay_rt", 100, 80, 1, 1, "warning", circuit_id=circuit.pk)
    stage.ids["threshold"] = thresholds.add_threshold(rule, at=at, by=by).pk
    target = NewTarget(circuit.pk, "probe", "10.0.0.1")
    stage.ids["probe_target"] = sources.save_target(target, at=at, by=by).pk
    stage.ids["sample_source"] = source.pk
    last = minute_of(at) // 5 * 5 - 5
    minutes = [last - 5 * place for place in range(600)]
    samples = [NewSample(circuit.number, "delay_rt", instant_of(minute), 812) for minute in minutes]
    samples += [NewSample(circuit.number, "util_out", instant_of(minute), 950_000, "A") for minute in minutes]
    intake.accept(source, samples, at=at, by=by)
    catch_up(at=at + timedelta(minutes=2), by=by)


def _target(stage: Stage) -> Data:
    return {**TARGET, "circuit": stage.world.branch_circuit.number, "source": "probe"}


POSTS = (
    Post("web:settings-sample-source-new", "admin", "sample_source.save", {**SOURCE, "code": "nms-2"}),
    Post("web:settings-sample-source", "admin", "sample_source.save", SOURCE, {"pk": "sample_source"}),
    Post("web:settings-threshold-new", "admin", "threshold.add", THRESHOLD),
    Post("web:settings-threshold", "admin", "threshold.change", THRESHOLD, {"pk": "threshold"}),
    Post("web:settings-threshold-remove", "admin", "threshold.remove", {}, {"pk": "threshold"}),
    Post("web:settings-probe-target-new", "admin", "probe_target.save", _target),
    Post("web:settings-probe-target", "admin", "probe_target.save", TARGET, {"pk": "probe_target"}),
    Post("web:settings-probe-target-remove", "admin", "probe_target.remove", {}, {"pk": "probe_target"}),
)
