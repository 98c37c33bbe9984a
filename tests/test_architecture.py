"""Does the code keep to the house? What ruff, mypy and import-linter cannot see is looked at here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ["mainstay", "tests", "tools", "benchmarks"]
WINGS = ["management", "service", "network", "accounts", "platform"]
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "manager",
    "managers",
    "info",
    "data",
    "process",
    "handle",
    "handlers",
    "misc",
    "services",
    "lib",
}
LONGEST_FILE = 400


def _files(*suffixes: str, under: list[str] = OURS) -> Iterator[Path]:
    built = ROOT / "mainstay" / "faces" / "ui" / "static"
    for folder in under:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file() and built not in path.parents:
                yield path


def _rooms() -> Iterator[Path]:
    for wing in WINGS:
        yield from (path.parent for path in sorted((ROOT / "mainstay" / wing).glob("*/__init__.py")))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_point_downwards_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    asked = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout


def test_no_file_is_longer_than_can_be_read_in_one_sitting() -> None:
    lengths = {
        _name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in _files(".py", ".js", ".mjs", ".css", ".html")
        if "migrations" not in path.parts
    }
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long, f"make a folder of each, one file per verb family: {long}"


def test_names_say_what_is_inside() -> None:
    vague = [_name(path) for path in _files(".py") if VAGUE & {path.stem, *path.relative_to(ROOT).parts[:-1]}]
    assert not vague, f"name these for what they hold: {vague}"


def test_a_room_begins_with_what_it_is_for_and_nothing_else() -> None:
    wrong = [_name(room) for room in _rooms() if not _is_docstring_only(room / "__init__.py")]
    assert not wrong, f"__init__.py of a room is its docstring only: {wrong}"


def _is_docstring_only(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return len(tree.body) == 1 and ast.get_docstring(tree) is not None


def test_every_module_says_which_question_it_answers() -> None:
    silent = [
        _name(path)
        for path in _files(".py", under=["mainstay", "tools", "benchmarks"])
        if "migrations" not in path.parts and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert not silent, f"begin with one line on the question the module answers: {silent}"


def test_migrations_are_named_by_hand() -> None:
    machine_made = [
        _name(path)
        for path in (ROOT / "mainstay").glob("*/*/migrations/0*.py")
        if path.stem.endswith("_initial") or "_auto_" in path.stem
    ]
    assert not machine_made, f"name a migration for what it changes: {machine_made}"


def test_models_do_not_act_when_saved() -> None:
    wrong = [
        f"{_name(path)}: {node.name}.{method.name}"
        for path in _files(".py", under=["mainstay"])
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(_is_model(base) for base in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}
    ]
    assert not wrong, f"actions write, audit and announce; save() and delete() stay Django's: {wrong}"


def _is_model(base: ast.expr) -> bool:
    return isinstance(base, ast.Attribute) and base.attr == "Model"


def test_django_is_told_about_every_room() -> None:
    assert [_name(room) for room in _rooms() if not (room / "apps.py").is_file()] == []
