"""Do the locks pin everything, name no host, and bring in only what may be brought in?"""

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==\S+", re.MULTILINE)
PERMISSIVE = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "BlueOak-1.0.0", "Unlicense", "Zlib"}
FONTS = {"MIT AND OFL-1.1"}
"""May be put into any document, whatever its licence; only fonts may be under it."""


def _npm_packages() -> dict[str, dict[str, Any]]:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return {path: package for path, package in lock["packages"].items() if path}


def test_there_is_a_lock_for_every_purpose() -> None:
    assert [path.stem for path in LOCKS] == ["base", "bench", "build", "dev", "uv"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_no_host_and_no_place_on_a_machine(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host", text)
    assert not re.search(r"(^|\s)(/|file:|[A-Z]:\\)", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_package_of_a_lock_has_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8"))
    assert [block.split()[0] for block in blocks if PINNED.match(block) and "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("purpose", ["base", "bench", "build", "dev", "uv"])
def test_a_lock_holds_what_its_list_asks_for(purpose: str) -> None:
    asked = (ROOT / "requirements" / f"{purpose}.in").read_text(encoding="utf-8").splitlines()
    names = {re.split(r"[\[<>=~!; ]", line)[0] for line in asked if line and not line.startswith(("#", "-"))}
    pinned = set(PINNED.findall((ROOT / "requirements" / f"{purpose}.txt").read_text(encoding="utf-8")))
    assert names <= pinned


def test_testing_uses_the_versions_that_run() -> None:
    base, dev = ((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in ("base", "dev"))
    pins = {match[0] for match in PINNED.finditer(base)}
    assert pins <= {match[0] for match in PINNED.finditer(dev)}


def test_nothing_that_runs_is_under_the_gpl() -> None:
    names = PINNED.findall((ROOT / "requirements" / "base.txt").read_text(encoding="utf-8"))
    licences = {name: _licence(name) for name in names if name not in {"colorama"}}
    assert not {name: licence for name, licence in licences.items() if re.search(r"(?<!L)GPL", licence)}


def _licence(name: str) -> str:
    about = metadata.metadata(name)
    trove = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    said = " ".join([*(about.get_all("License-Expression") or []), *trove])
    return re.sub(r"GNU (Lesser|Library or Lesser) General Public License|\(LGPLv3\+?\)", "LGPL", said)


def test_the_npm_lock_names_no_address_to_download_from() -> None:
    assert [path for path, package in _npm_packages().items() if "resolved" in package] == []


def test_every_npm_package_is_pinned_by_its_digest() -> None:
    assert [path for path, package in _npm_packages().items() if "integrity" not in package] == []


def test_every_npm_package_is_permissive() -> None:
    licences = {path: package.get("license", "unknown") for path, package in _npm_packages().items()}
    fonts = {path for path, licence in licences.items() if licence in FONTS and "/@expo-google-fonts/" in path}
    others = {path: licence for path, licence in licences.items() if path not in fonts}
    assert {path: licence for path, licence in others.items() if licence not in PERMISSIVE} == {}
