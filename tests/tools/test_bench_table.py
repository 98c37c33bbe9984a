"""What a benchmark found is written for programs and for people, and lost to no later question."""

import json
from pathlib import Path

from benchmarks.table import Row, write

KNOWN = ("one", "two")


def row(name: str, ours: float = 4.0) -> Row:
    """Return a finding that meets its bar."""
    return Row(name, ours, "alarms/s", "≥ 2 ×", True, (3.0, ours, 5.0), 2.0, "Alerta", ours / 2, 9.0, "COPY", "no loss")


def names(folder: Path) -> list[str]:
    """Return the findings that are written."""
    return [each["name"] for each in json.loads((folder / "results.json").read_text())["rows"]]


def test_a_row_is_written_with_all_it_stands_on(tmp_path: Path) -> None:
    write("one", [row("intake")], took_s=2.4, known=KNOWN, folder=tmp_path)
    written = json.loads((tmp_path / "results.json").read_text())
    (found,) = written["rows"]
    assert {"name", "ours", "theirs", "unit", "ratio", "bar", "limit", "runs"} <= set(found)
    assert (found["ours"], found["theirs"], found["ratio"], found["runs"]) == (4.0, 2.0, 2.0, [3.0, 4.0, 5.0])
    assert {"machine", "system", "at", "took_s", "load"} == set(written["runs"]["one"])
    page = (tmp_path / "RESULTS.md").read_text()
    assert "| intake (no loss) | 4 alarms/s | Alerta | 2 | 2 × | ≥ 2 × | yes | 9 (COPY) |" in page


def test_one_question_asked_again_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    write("two", [row("b")], took_s=1, known=KNOWN, folder=tmp_path)
    write("one", [row("a"), row("a2")], took_s=1, known=KNOWN, folder=tmp_path)
    assert names(tmp_path) == ["a", "a2", "b"]
    write("one", [row("a", 8.0)], took_s=1, known=KNOWN, folder=tmp_path)
    assert names(tmp_path) == ["a", "b"]
    assert "| a (no loss) | 8 alarms/s" in (tmp_path / "RESULTS.md").read_text()


def test_a_question_that_is_asked_no_more_leaves_the_table(tmp_path: Path) -> None:
    write("old", [row("x")], took_s=1, known=("old",), folder=tmp_path)
    write("one", [row("a")], took_s=1, known=KNOWN, folder=tmp_path)
    assert names(tmp_path) == ["a"]
