"""Files go in and out by command (A7)."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mainstay.accounts.customers.models import Customer
from mainstay.faces.cli import imports  # noqa: F401 - hangs its commands on the root
from mainstay.faces.cli.commands import root
from mainstay.platform.imports.models import ImportRun
from tests.cast import World
from tests.platform.imports.files import table

ROWS = (("code", "name", "region"), ("N1", "江城医院", "4201"), ("N2", "坏行", "9999"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, [str(each) for each in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_bytes(table(*ROWS, encoding="gbk"))
    return path


def test_it_works(world: World, file: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    done = run("import", "customers", file, "--errors", errors, "--language", "en")
    assert done.exit_code == 1
    assert "1 created" in done.output
    assert "N2,坏行,9999," in errors.read_text(encoding="utf-8-sig")
    mended = errors.read_text(encoding="utf-8-sig").replace("9999", "4201", 1)
    errors.write_text(mended, encoding="utf-8")
    assert run("import", "customers", errors).exit_code == 0
    assert Customer.objects.filter(code__in=("N1", "N2")).count() == 2
    for made in ImportRun.objects.all():
        assert run("import", "undo", made.pk).exit_code == 0
    assert not Customer.objects.filter(code__in=("N1", "N2"), archive="active").exists()


def test_a_dry_run_changes_nothing(world: World, file: Path) -> None:
    assert "1 created" in run("import", "customers", file, "--dry-run", "--language", "en").output
    assert not Customer.objects.filter(code="N1").exists()
    assert not ImportRun.objects.exists()


def test_a_template_explains_the_columns(world: World) -> None:
    told = run("import", "circuits", "--template", "--language", "en").output
    assert "Working path" in told


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_is_within_the_scope_of_the_user(world: World, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"customers.{ending}"
    assert "2 rows" in run("export", "customers", path, "--as", "wang.min", "--language", "en").output
    assert run("import", "customers", path).exit_code == 0
