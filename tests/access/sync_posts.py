"""What can be posted about network managers and what differs."""

import os
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mainstay.network.reconciliation import drops
from mainstay.network.reconciliation.actions import deciding
from mainstay.network.reconciliation.models import SyncRun, SyncSource
from tests.access.post import Data, Post
from tests.access.stage import Stage


def dropped(stage: Stage) -> None:
    """Let the network manager drop an export into its folder."""
    folder = drops.folder_of(SyncSource.objects.get(pk=stage.ids["sync_source"]))
    folder.mkdir(parents=True, exist_ok=True)
    file, hour_ago = folder / "new.csv", (timezone.now() - timedelta(hours=1)).timestamp()
    file.write_bytes(b"number,name\nWH-HS-E1-0001,x\n")
    os.utime(file, (hour_ago, hour_ago))


def held(stage: Stage) -> None:
    """Let the newest run be held."""
    SyncRun.objects.filter(pk=stage.ids["sync_run"]).update(state="held")


def taken_over(stage: Stage) -> None:
    """Let the open difference be applied."""
    ids = [stage.ids["open_difference"]]
    deciding.decide(ids, "apply", at=timezone.now(), by=stage.actor("admin"))


def _sync_export(stage: Stage) -> Data:
    return {"how": "run", "file": SimpleUploadedFile("x.csv", b"number,name\nWH-HS-E1-0001,x\n")}


def _difference(stage: Stage) -> Data:
    return {"differences": [stage.ids["open_difference"]], "decision": "keep", "why": "以我方为准"}


SYNC_SOURCE = {"name": "光网管", "region_code": "42", "file_pattern": "*.csv", "encoding": "auto",
               "every_minutes": "15", "late_after_minutes": "60",
               "default_rule": "ask", "on_new": "ask", "on_vanished": "ask",
               "vanish_after": "2", "most_vanished_percent": "5", "most_changed_percent": "20", "rank": "5",
               "active": "on", "full": "on"}  # fmt: skip
RELEASE = {"pk": "sync_run", "verb": "release"}

POSTS = (
    Post("web:sync-source-new", "admin", "sync_source.save", {**SYNC_SOURCE, "code": "otn-nms", "covers": "resources"}),
    Post("web:sync-source-settings", "admin", "sync_source.save", SYNC_SOURCE, {"pk": "sync_source"}),
    Post("web:sync-source-rules", "admin", "sync_source.rules", {"rule-grade": "ours"}, {"pk": "sync_source"}),
    Post("web:sync-give", "admin", "sync.take_in", _sync_export, {"pk": "sync_source"}),
    Post("web:sync-look", "admin", "sync.take_in", {}, {"pk": "sync_source"}, before=dropped),
    Post("web:sync-run-decide", "admin", "sync.release", {"why": "已核对"}, RELEASE, before=held),
    Post("web:sync-run-decide", "admin", "sync.reject", {"why": "不完整"}, {**RELEASE, "verb": "reject"}, before=held),
    Post("web:sync-decide", "admin", "sync.keep", _difference),
    Post("web:sync-undo", "admin", "sync.undo", {"why": "网管有误"}, {"pk": "open_difference"}, before=taken_over),
)
