"""Are the documents true as far as a machine can tell? IDs, links, paths, settings, commands, decisions."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from mainstay.config.settings import Environment
from mainstay.faces.cli import alarms, check, imports, levels, people, revenue, running, sync, upkeep
from mainstay.faces.cli import documents as document_commands
from mainstay.faces.cli import points as points_commands
from mainstay.faces.cli.backup import commands as backups
from mainstay.faces.cli.commands import root
from mainstay.faces.cli.probing import commands as probing

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINES_OF_REQUIREMENTS = {
    "A": 8, "B": 6, "C": 8, "D": 4, "E": 5, "F": 7, "G": 6, "H": 9, "I": 4, "J": 8, "K": 8, "L": 4, "M": 13, "N": 3,
    "O": 3, "P": 7, "Q": 2, "R": 2, "S": 2,
}  # fmt: skip
STATES = {"done", "partly", "not yet"}
FILE = re.compile(r"\b(?:mainstay|tests|tools|docs|requirements)/[\w./-]*\w/?")
BUILT = ("mainstay/faces/ui/static", "mainstay/locale/zh_Hans")
BIGGEST_PICTURE = 300_000
COMMANDS_COME_FROM = (
    alarms, backups, check, document_commands, imports, levels, people, points_commands, probing, revenue, running,
    sync, upkeep,
)  # fmt: skip
"""Imported for what they hang on the root of all commands."""

documents = pytest.mark.parametrize("document", PAGES, ids=lambda document: document.relative_to(ROOT).as_posix())


def rows(page: str) -> Iterator[list[str]]:
    """Give the cells of every table row."""
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def test_every_requirement_is_listed_once_and_in_order() -> None:
    listed = [cells[0] for cells in rows("docs/features.md") if re.fullmatch(r"[A-S]\d+", cells[0])]
    assert listed == [f"{letter}{n}" for letter, count in LINES_OF_REQUIREMENTS.items() for n in range(1, count + 1)]


def test_every_requirement_has_a_state_and_what_is_there_says_where() -> None:
    for cells in rows("docs/features.md"):
        if re.fullmatch(r"[A-S]\d+", cells[0]):
            assert cells[1] in STATES, cells
            assert cells[1] == "not yet" or FILE.search(cells[2]) or "`mainstay " in cells[2] or "](" in cells[2], cells
            assert cells[1] != "partly" or "Missing:" in cells[2], cells


@documents
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        found = (document.parent / path) if path else document
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)
    assert not broken


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


@documents
def test_files_that_are_named_exist(document: Path) -> None:
    named = set(FILE.findall(re.sub(r"\]\([^)]*\)|https?://\S+", "", document.read_text(encoding="utf-8"))))
    missing = {name for name in named if not (ROOT / name).exists() and not name.startswith(BUILT)}
    assert not missing


@documents
def test_documents_speak_of_the_project_only(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:home|root|work|tmp|Users)/", text)
    assert text.isprintable() or not re.search(r"[^\S \n]", text), "a tab or another odd space"


def test_every_setting_is_explained_with_its_default() -> None:
    explained = {cells[0].strip("`"): cells[1] for cells in rows("docs/operations.md") if "MAINSTAY_" in cells[0]}
    assert set(explained) == {f"MAINSTAY_{name.upper()}" for name in Environment.model_fields}
    for name, setting in Environment.model_fields.items():
        told, default = explained[f"MAINSTAY_{name.upper()}"], setting.default
        shown = "empty" if default == "" else str(default).lower() if isinstance(default, bool) else str(default)
        assert shown in told.replace('"', "'"), f"{name}: the document says {told}, the code {default!r}"


@cache
def commands() -> dict[str, click.Command]:
    """Return every command by its words."""
    return dict(_below(root, ()))


def _below(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(words), command
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield from _below(part, (*words, name))


@documents
def test_commands_that_are_named_exist(document: Path) -> None:
    unknown = []
    for said in re.findall(
        r"(?:`|^|bin/)mainstay ([a-z][^`\n#|<>]*)", document.read_text(encoding="utf-8"), re.MULTILINE
    ):
        words = said.split()
        parts = [word for word in words if re.fullmatch(r"[a-z]+", word)]
        best = next((n for n in range(len(parts), 0, -1) if " ".join(parts[:n]) in commands()), 0)
        found = commands().get(" ".join(parts[:best]))
        if found is None or (isinstance(found, click.Group) and len(parts) > best):
            unknown.append(said)
            continue
        known = {option for each in found.params for option in (*each.opts, *each.secondary_opts)} | {"--version"}
        if best and parts[0] != "django":
            unknown += [
                f"{said}: {word}" for word in words if word.startswith("--") and word.split("=")[0] not in known
            ]
    assert not unknown


@documents
def test_make_targets_that_are_named_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = document.read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|^|; |=\d+ )make ([a-z]+)", text, re.MULTILINE)) <= targets


def test_decisions_are_numbered_without_gaps_and_have_three_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").iterdir())
    for number, decision in enumerate(decisions, start=1):
        text = decision.read_text(encoding="utf-8")
        assert re.fullmatch(rf"{number:04}-[a-z0-9-]+\.md", decision.name)
        assert text.startswith(f"# {number:04} ")
        assert [part for part in ("**Context.**", "**Decision.**", "**Consequences.**") if part not in text] == []


def test_every_room_is_on_the_map() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    wings = ["service", "network", "accounts", "platform", "management"]
    rooms = [room for wing in wings for room in (ROOT / "mainstay" / wing).glob("*/__init__.py")]
    faces = (ROOT / "mainstay" / "faces").glob("*/__init__.py")
    assert [room.parent.name for room in rooms if f"`{room.parent.parent.name}/{room.parent.name}`" not in text] == []
    assert [face.parent.name for face in faces if f"`mainstay/faces/{face.parent.name}/`" not in text] == []


def test_both_readmes_have_the_same_shape() -> None:
    def shape(name: str) -> list[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        text = re.sub(r"\((?:README[\w.-]*)\)", "", text)
        return re.findall(r"^#+(?= )|^\d\.|\]\([^)]+\)|`[^`\n]+`|^```\w*$", text, re.MULTILINE)

    assert sorted(shape("README.md")) == sorted(shape("README.zh-CN.md"))


def test_pictures_are_used_and_small() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for picture in (ROOT / "docs" / "shots").iterdir():
        assert f"docs/shots/{picture.name}" in readme
        assert picture.stat().st_size < BIGGEST_PICTURE
