"""The file of a backup: a zip of the copy and of its manifest, which says what is inside and what it answers."""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mainstay.domain.errors import msgid
from mainstay.faces.cli.backup.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `digest` is the SHA-256 of the copy inside, `figures` what it answered."""

    format: int
    version: str
    engine: str
    database: str
    taken_at: str
    digest: str
    figures: dict[str, Any]


def write(file: Path, copy: Path, manifest: Manifest) -> None:
    """Pack a copy with its manifest; the file appears whole or not at all, readable by its owner only."""
    part = file.with_name(f"{file.name}.part")
    method = zipfile.ZIP_DEFLATED if manifest.engine == "sqlite" else zipfile.ZIP_STORED
    with zipfile.ZipFile(part, "w", method, compresslevel=1) as archive:
        os.chmod(part, 0o600)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        archive.write(copy, MEMBERS[manifest.engine])
    with part.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(part, file)


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says of itself. Raises BackupError when it is none, or of a newer form."""
    try:
        with zipfile.ZipFile(file) as archive:
            said: Mapping[str, Any] = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**said)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        problem = msgid("{file} is no backup of Mainstay, or a broken one ({why}); choose another file.")
        raise BackupError(problem, file=file, why=error) from error
    if manifest.format > FORMAT or manifest.engine not in MEMBERS:
        problem = msgid("{file} was written by a newer version ({version}); install that version first.")
        raise BackupError(problem, file=file, version=manifest.version)
    return manifest


def unpack(file: Path, target: Path) -> Manifest:
    """Write the copy inside to `target` and return the manifest. Raises BackupError when a bit is wrong."""
    manifest = read_manifest(file)
    try:
        with zipfile.ZipFile(file) as archive, archive.open(MEMBERS[manifest.engine]) as kept, target.open("wb") as out:
            shutil.copyfileobj(kept, out, _CHUNK)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError) as error:
        problem = msgid("{file} is no backup of Mainstay, or a broken one ({why}); choose another file.")
        raise BackupError(problem, file=file, why=error) from error
    if digest_of(target) != manifest.digest:
        target.unlink()
        raise BackupError(msgid("The copy in {file} was changed after it was taken; choose another file."), file=file)
    return manifest


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
