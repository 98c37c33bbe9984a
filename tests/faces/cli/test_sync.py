"""Network managers by command: list sources, take exports in, list differences (E3)."""

from pathlib import Path

from click.testing import CliRunner, Result

from mainstay.faces.cli import sync  # noqa: F401 - hangs its commands on the root
from mainstay.faces.cli.commands import root
from mainstay.network.reconciliation.models import SyncRun
from tests.cast import World
from tests.network.reconciliation.stage import devices, source


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, [str(each) for each in arguments])


def test_it_works(world: World, tmp_path: Path) -> None:
    source(default_rule="ask")
    file = tmp_path / "out.csv"
    file.write_bytes(devices())
    assert "4 rows, 4 agree" in run("sync", "run", "nms", file, "--language", "en").output
    file.write_bytes(devices(("device-A", "vendor", "华为")))
    tried = run("sync", "run", "nms", file, "--dry-run", "--language", "en")
    assert "Tried out: 4 rows, 3 agree; would create 0, change 1, 0 conflicts, 0 vanish" in tried.output
    assert run("sync", "differences", "nms").output == ""
    assert run("sync", "run", "nms", file).exit_code == 0
    assert (
        run("sync", "differences", "nms", "--language", "en").output
        == "device-A\tvendor\tThe source changed\t长江光电\t华为\n"
    )
    assert "源 nms\tresources" in run("sync", "list").output


def test_a_file_that_cannot_be_read_says_why_and_ends_with_one(world: World, tmp_path: Path) -> None:
    source()
    file = tmp_path / "out.csv"
    file.write_bytes(b"a,b\n1,2\n")
    done = run("sync", "run", "nms", file, "--language", "en")
    assert done.exit_code == 1
    assert "No column of the file is read as code" in done.output
    assert SyncRun.objects.get().state == "failed"


def test_an_unknown_source_is_refused_naming_those_there_are(world: World) -> None:
    source()
    assert "choose one of nms" in str(run("sync", "run", "nmx").exception)
