"""The folder documents are set in: our templates, and over them what an operator put into MAINSTAY_HOME/templates.

Made anew when one of the files changes, under a name that says what is in it; typst reads nothing outside of it.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from mainstay.domain.errors import msgid
from mainstay.platform.documents.errors import TemplateBroken
from mainstay.platform.documents.registry import templates

SHARED = Path(__file__).parent / "typst"
_PACKAGE = re.compile(r'"@[A-Za-z0-9_-]+/')


def own_folder() -> Path:
    """Return where an operator's own templates lie."""
    return Path(settings.HOME).resolve() / "templates"


def own_fonts() -> Path:
    """Return where an operator's own fonts lie."""
    return own_folder() / "fonts"


def is_own(name: str) -> bool:
    """Say whether a file of the workshop is the operator's."""
    return (own_folder() / name).is_file()


def workshop() -> Path:
    """Return the folder with everything a template may read. Raises TemplateBroken where one wants a package."""
    files = dict(_files())
    told = [(name, str(path), path.stat().st_mtime_ns, path.stat().st_size) for name, path in sorted(files.items())]
    digest = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
    shelf = Path(settings.HOME).resolve() / "documents"
    folder = shelf / f"workshop-{digest}"
    if not folder.is_dir():
        _refuse_packages(files)
        _lay_out(files, folder)
    return folder


def _files() -> Iterator[tuple[str, Path]]:
    """Give (name in the workshop, file); a later one of the same name wins."""
    for path in SHARED.iterdir():
        if path.is_file():
            yield path.name, path
    for template in templates():
        yield f"{template.code}.typ", template.path
        yield from ((part.name, part) for part in template.parts)
    own = own_folder()
    for path in sorted(own.rglob("*")) if own.is_dir() else ():
        if path.is_file() and own_fonts() not in path.parents:
            yield path.relative_to(own).as_posix(), path


def _refuse_packages(files: dict[str, Path]) -> None:
    for name, path in files.items():
        if path.suffix != ".typ":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if _PACKAGE.search(line.partition("//")[0]):
                raise TemplateBroken(
                    msgid("Template {file}, line {line}: packages would be fetched from the Internet and are not "
                          "allowed; put the package's files into {folder} and import them from there."),
                    file=name, line=number, folder=str(own_folder()),
                )  # fmt: skip


def _lay_out(files: dict[str, Path], folder: Path) -> None:
    """Copy the files into a folder that appears when it is whole; folders of before go."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(prefix="fresh-", dir=folder.parent))
    for name, path in files.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, fresh / name)
    try:
        os.rename(fresh, folder)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        return
    _forget_all_but(folder)


def _forget_all_but(folder: Path, *, kept: int = 3) -> None:
    """Remove old workshops; the newest stay, as other processes may be at work in them."""
    with suppress(OSError):
        old = sorted(folder.parent.glob("workshop-*"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in old[kept:]:
            shutil.rmtree(path, ignore_errors=True)
