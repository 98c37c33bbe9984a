"""Which exports has a source dropped that were not taken yet (E3)? Looks into its folder below HOME/sync only."""

import fnmatch
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from mainstay.domain.errors import msgid
from mainstay.network.reconciliation.errors import BadSource
from mainstay.network.reconciliation.models import SyncSource

SETTLED = timedelta(seconds=5)
"""A file that changed since may still be being written."""
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True)
class Drop:
    """A file that waits."""

    path: Path
    written_at: datetime


def root() -> Path:
    """Return the folder below which sources drop their exports."""
    return Path(settings.SYNC_FOLDER or Path(settings.HOME) / "sync").resolve()


def folder_of(source: SyncSource) -> Path:
    """Return where a source's exports appear. Raises BadSource for a place outside the folder of all sources."""
    top = root()
    folder = (top / (source.drop_folder or source.code)).resolve()
    if not folder.is_relative_to(top):
        raise BadSource(
            msgid("The folder {folder} lies outside {root}, below which exports are dropped; choose one there."),
            folder=source.drop_folder, root=str(top),
        )  # fmt: skip
    return folder


def waiting(source: SyncSource, *, at: datetime) -> list[Drop]:
    """Return the files that are newer than what was taken last, oldest first; of full exports the newest only."""
    folder = folder_of(source)
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        name = path.name
        if name.startswith(".") or name.endswith(UNFINISHED) or not fnmatch.fnmatch(name, source.file_pattern or "*"):
            continue
        if not path.is_file() or not path.resolve().is_relative_to(root()):
            continue
        written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        newer = source.last_file_at is None or written_at > source.last_file_at
        if newer and at - written_at >= SETTLED:
            found.append(Drop(path, written_at))
    found.sort(key=lambda drop: (drop.written_at, drop.path.name))
    return found[-1:] if source.full else found
