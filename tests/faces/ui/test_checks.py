"""Django says at start-up what to run where the built assets are missing."""

from pathlib import Path

import pytest

from mainstay.faces.ui import checks


def test_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "build.json").write_text("{}")
    monkeypatch.setattr(checks, "BUILD", tmp_path / "build.json")
    assert checks.built_assets(None) == []


def test_a_missing_build_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BUILD", tmp_path / "build.json")
    (error,) = checks.built_assets(None)
    assert error.id == "mainstay.E001"
    assert "make assets" in str(error.hint)
