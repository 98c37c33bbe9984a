"""Exports are looked for when due, once; a run cut off goes on and ends the same; late sources are named."""

import os
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from mainstay.network.inventory.models import Resource
from mainstay.network.reconciliation import drops, schedule
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.actions.sources import SourceSettings, save_source
from mainstay.network.reconciliation.errors import BadSource
from mainstay.network.reconciliation.models import Delivered, Difference, FilePart, SyncRun, SyncSource
from mainstay.network.reconciliation.queries.sources import late_sources
from tests.cast import NOW, World
from tests.network.reconciliation.stage import DEVICES, HEAD, SYSTEM, Clock, csv, devices, run, source


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.SYNC_FOLDER = str(tmp_path)


def drop(made: SyncSource, name: str, raw: bytes, at: datetime) -> None:
    """Let a system write a file."""
    folder = drops.folder_of(made)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(raw)
    os.utime(folder / name, (at.timestamp(), at.timestamp()))


def test_what_is_dropped_is_taken_when_due_and_once(world: World) -> None:
    made = source(every_minutes=15, file_pattern="*.csv")
    drop(made, "a.csv", devices(), NOW - timedelta(minutes=1))
    (taken,) = schedule.look_where_due(at=NOW, by=SYSTEM)
    assert schedule.look_where_due(at=NOW + timedelta(minutes=1), by=SYSTEM) == []
    assert running.next_active(NOW) == taken.pk
    assert running.advance(taken.pk, clock=lambda: NOW)
    assert SyncRun.objects.get().state == "done"
    made.refresh_from_db()
    assert made.next_at == NOW + timedelta(minutes=15)
    assert schedule.look_where_due(at=NOW + timedelta(minutes=15), by=SYSTEM) == []


def test_a_file_still_being_written_or_named_otherwise_waits(world: World) -> None:
    made = source(file_pattern="nms-*.csv")
    drop(made, "nms-1.csv", devices(), NOW - timedelta(seconds=1))
    drop(made, "other.csv", devices(), NOW - timedelta(hours=1))
    drop(made, "nms-2.csv.part", devices(), NOW - timedelta(hours=1))
    assert drops.waiting(made, at=NOW) == []
    assert len(drops.waiting(made, at=NOW + timedelta(seconds=9))) == 1


def test_of_complete_exports_the_newest_counts_of_partial_ones_each(world: World) -> None:
    for full, names in ((True, ["b.csv"]), (False, ["a.csv", "b.csv"])):
        made = source(f"s{full:d}", full=full)
        drop(made, "a.csv", devices(), NOW - timedelta(hours=2))
        drop(made, "b.csv", devices(), NOW - timedelta(hours=1))
        assert [each.path.name for each in drops.waiting(made, at=NOW)] == names


def test_a_folder_outside_is_refused(world: World) -> None:
    for folder in ("../elsewhere", "/etc"):
        with pytest.raises(BadSource):
            save_source("x", "resources", SourceSettings("x", drop_folder=folder), at=NOW, by=SYSTEM)


def test_a_link_out_of_the_folder_is_not_followed(world: World, tmp_path: Path) -> None:
    made = source()
    folder = drops.folder_of(made)
    folder.mkdir(parents=True)
    (folder / "x.csv").symlink_to("/etc/hostname")
    assert drops.waiting(made, at=NOW) == []


def test_daily_means_the_hour_on_the_wall(world: World) -> None:
    made = source(daily_at=time(3, 30))
    assert made.next_at == datetime(2026, 9, 1, 19, 30, tzinfo=NOW.tzinfo)  # 03:30 in Shanghai, the next day


def test_a_source_without_exports_is_late(world: World) -> None:
    made = source(late_after_minutes=60)
    admin = world.actor("admin")
    assert late_sources(admin, at=NOW + timedelta(minutes=59)) == []
    assert late_sources(admin, at=NOW + timedelta(minutes=61)) == [made]
    assert late_sources(world.actor("huang.wei"), at=NOW + timedelta(minutes=61)) == []


def test_one_worker_at_a_time_and_another_after_its_lease(world: World) -> None:
    taken = running.take_in(source().pk, devices(), file_name="x", file_at=NOW, at=NOW, by=SYSTEM)
    SyncRun.objects.filter(pk=taken.pk).update(state="running", lease_until=NOW + timedelta(seconds=90))
    assert running.next_active(NOW) is None
    assert not running.advance(taken.pk, clock=lambda: NOW)
    later = NOW + timedelta(seconds=91)
    assert running.next_active(later) == taken.pk
    assert running.advance(taken.pk, clock=lambda: later)


class Killed(BaseException):
    """What ends a process."""


class DyingClock(Clock):
    """Mutable: ends the process when it is asked once too often; the run asks after every part."""

    def __init__(self, asked: int) -> None:
        super().__init__()
        self.left = asked

    def __call__(self) -> datetime:
        self.left -= 1
        if self.left < 0:
            raise Killed
        return super().__call__()


@pytest.mark.parametrize("asked", range(1, 9))
def test_a_run_cut_off_between_parts_ends_the_same(world: World, asked: int) -> None:
    made = source(on_new="create", vanish_after=2, rules={"name": "ask"})
    run(made, devices())
    more = [(f"device-N{n:02}", "device", f"新 {n}", "site-A", "4201", "x") for n in range(60)]
    rows = [list(row) for row in DEVICES[:3]]
    rows[0][2], rows[1][5] = "改名", "华为"
    taken = running.take_in(made.pk, csv(HEAD, [*rows, *more]), file_name="x", file_at=NOW, at=NOW, by=SYSTEM)
    with pytest.raises(Killed):
        running.advance(taken.pk, clock=DyingClock(asked))
    clock = Clock()
    clock.at += timedelta(minutes=5)
    assert running.advance(taken.pk, clock=clock)
    done = SyncRun.objects.get(pk=taken.pk)
    assert (done.state, done.counts["applied"]) == ("done", 61)
    assert Resource.objects.filter(code__startswith="device-N").count() == 60
    assert list(Difference.objects.filter(state="open").values_list("code", "field")) == [("device-A", "name")]
    assert Difference.objects.filter(state="applied").count() == 61
    assert Delivered.objects.get(key="device-D").absences == 1


def test_files_of_old_runs_are_forgotten(world: World) -> None:
    made = source()
    for _n in range(running.KEPT_FILES + 2):
        run(made, devices())
    assert FilePart.objects.values("run").distinct().count() == running.KEPT_FILES
