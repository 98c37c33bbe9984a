"""What the bundle holds: every entry point, nothing that would be fetched from elsewhere, digests that are true."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from tools import assets

ELSEWHERE = re.compile(r"""(?:url\(|@import\s|\bimport\()\s*["']?(?:https?:)?//""")


@pytest.fixture(scope="module")
def built() -> dict[str, dict[str, str | int]]:
    manifest = assets.OUTPUT / "build.json"
    assert manifest.is_file(), "the assets are not built; run: make assets"
    files: dict[str, dict[str, str | int]] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return files


def test_every_entry_point_is_built(built: dict[str, dict[str, str | int]]) -> None:
    entries = {path.name for path in assets.SOURCE.iterdir() if path.suffix in {".js", ".css"}}
    assert entries | {"icons.svg"} <= set(built)


def test_the_digests_are_those_of_the_files(built: dict[str, dict[str, str | int]]) -> None:
    for name, file in built.items():
        content = (assets.OUTPUT / name).read_bytes()
        assert file == {"bytes": len(content), "digest": hashlib.sha256(content).hexdigest()[:12]}


def test_pages_fetch_nothing_from_elsewhere(built: dict[str, dict[str, str | int]]) -> None:
    texts = {
        name: (assets.OUTPUT / name).read_text(encoding="utf-8") for name in built if name.endswith((".css", ".js"))
    }
    assert [name for name, text in texts.items() if ELSEWHERE.search(text)] == []


def test_the_digest_moves_with_a_name_and_with_a_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    other.write_text("a")
    first = assets.digest([one])
    assert first == assets.digest([one])
    assert first != assets.digest([other])
    one.write_text("b")
    assert first != assets.digest([one])
