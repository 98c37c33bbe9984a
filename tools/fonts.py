"""Are the fonts of documents there and current? Copies the weights we use out of the npm packages.

Output: mainstay/platform/documents/fonts, with build.json (what it was made of, which characters there are). Never
committed. Whole fonts, not a browser's pieces: those lack 33 characters of GB 2312 alone.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules" / "@expo-google-fonts"
OUTPUT = ROOT / "mainstay" / "platform" / "documents" / "fonts"
FILES = (
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf",
    "inter/400Regular/Inter_400Regular.ttf",
    "inter/600SemiBold/Inter_600SemiBold.ttf",
)
LICENCES = ("noto-sans-sc/LICENSE_FONT", "inter/LICENSE_FONT")


def are_current() -> bool:
    """Say whether the fonts are there, taken from the locked packages by this recipe."""
    try:
        manifest = json.loads((OUTPUT / "build.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return manifest["built_from"] == _made_of() and all((OUTPUT / name).exists() for name in manifest["files"])


def build() -> None:
    """Take the fonts over; the old ones stay until the new ones are whole."""
    fresh = OUTPUT.with_name("fonts.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    characters: set[int] = set()
    for name in FILES:
        shutil.copyfile(PACKAGES / name, fresh / Path(name).name)
        characters |= _characters(PACKAGES / name)
    for name in LICENCES:
        shutil.copyfile(PACKAGES / name, fresh / f"{name.partition('/')[0]}-LICENCE")
    files = sorted(path.name for path in fresh.iterdir())
    manifest = {"built_from": _made_of(), "files": files, "characters": _ranges(characters)}
    (fresh / "build.json").write_text(json.dumps(manifest) + "\n", encoding="utf-8")
    shutil.rmtree(OUTPUT, ignore_errors=True)
    fresh.rename(OUTPUT)


def _made_of() -> str:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = [lock[f"node_modules/@expo-google-fonts/{name}"]["integrity"] for name in ("inter", "noto-sans-sc")]
    return hashlib.sha256(Path(__file__).read_bytes() + "".join(packages).encode()).hexdigest()


def _characters(path: Path) -> set[int]:
    from fontTools.ttLib import TTFont

    font: Any = TTFont(path, lazy=True)
    return set(font.getBestCmap())


def _ranges(characters: Iterable[int]) -> list[tuple[int, int]]:
    """Say a set of characters as (first, last)."""
    ranges: list[tuple[int, int]] = []
    for code in sorted(characters):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges
