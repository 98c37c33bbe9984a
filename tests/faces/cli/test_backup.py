"""A backup restored elsewhere answers the same; what is broken, not empty or in use is refused (P4)."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.utils import timezone

from mainstay.domain.errors import MainstayError
from mainstay.faces.cli.backup import archive
from mainstay.faces.cli.backup.commands import backup, restore
from mainstay.faces.cli.backup.figures import differences
from mainstay.platform.journal.actions import seal
from mainstay.platform.journal.models import Entry
from mainstay.platform.monitoring import actions as monitoring
from mainstay.platform.monitoring import queries
from mainstay.platform.monitoring.actions import Beat, Program
from tests.cast import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="faces are tried on SQLite; the drill tries both"),
]


def run(*words: object, typed: str = "") -> Result:
    """Run `mainstay backup …` or, with "restore" first, `mainstay restore …`."""
    said = [str(word) for word in words]
    if said[0] == "restore":
        return CliRunner().invoke(restore, said[1:], input=typed)
    return CliRunner().invoke(backup, said)


def refusal(*words: object, typed: str = "") -> str:
    """Run a command that is to be refused, and return what it says."""
    error = run(*words, typed=typed).exception
    assert isinstance(error, MainstayError)
    return str(error)


@pytest.fixture
def taken(world: World, tmp_path: Path) -> Path:
    """Give a backup of the stage."""
    file = tmp_path / "a.mainstay"
    assert run(file).exit_code == 0
    return file


def test_it_works(taken: Path, tmp_path: Path) -> None:
    assert archive.read_manifest(taken).figures["rows"]["customers_customer"] == 4
    assert run("verify", taken).exit_code == 0
    last = queries.last_backup()
    assert last is not None
    assert last.proved_at is not None
    assert run("restore", taken, "--into", tmp_path / "new").exit_code == 0
    assert (tmp_path / "new" / "mainstay.sqlite3").exists()


def test_only_its_owner_may_read_it(taken: Path) -> None:
    assert taken.stat().st_mode & 0o777 == 0o600


def test_in_a_folder_the_newest_are_kept(world: World, tmp_path: Path) -> None:
    for name in ("20200101T000000Z.mainstay", "20200102T000000Z.mainstay"):
        (tmp_path / name).touch()
    assert run(tmp_path, "--keep", 2).exit_code == 0
    names = sorted(file.name for file in tmp_path.glob("*.mainstay"))
    assert names[0] == "20200102T000000Z.mainstay"
    assert len(names) == 2


def test_a_database_that_is_not_empty_is_replaced_only_when_its_name_is_typed(taken: Path, tmp_path: Path) -> None:
    place = tmp_path / "new"
    assert run("restore", taken, "--into", place).exit_code == 0
    assert "is not empty" in refusal("restore", taken, "--into", place)
    assert "nothing was changed" in refusal("restore", taken, "--into", place, "--force", typed="yes\n")
    assert run("restore", taken, "--into", place, "--force", typed=f"{place}/mainstay.sqlite3\n").exit_code == 0
    assert list(place.glob("*.before-*"))


def test_a_database_on_which_programs_run_is_not_replaced(world: World, tmp_path: Path) -> None:
    at = timezone.now()
    monitoring.beat(Beat(Program("web", "host-1", 1, "0.1.0", at)), at=at)
    assert run(tmp_path / "a.mainstay").exit_code == 0
    assert run("restore", tmp_path / "a.mainstay", "--into", tmp_path / "new").exit_code == 0
    assert "Programs run" in refusal("restore", tmp_path / "a.mainstay", "--into", tmp_path / "new", "--force")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mainstay").write_text("not a zip")
    assert "is no backup" in refusal("verify", tmp_path / "a.mainstay")


def test_a_copy_changed_afterwards_is_refused(taken: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(taken) as old, zipfile.ZipFile(tmp_path / "b.mainstay", "w") as new:
        new.writestr("manifest.json", old.read("manifest.json"))
        new.writestr("database.sqlite3", old.read("database.sqlite3") + b"x")
    assert "was changed" in refusal("verify", tmp_path / "b.mainstay")


def test_a_trail_that_was_tampered_with_is_not_proved(world: World, tmp_path: Path) -> None:
    assert run(tmp_path / "a.mainstay").exit_code == 0
    seal()
    Entry.objects.update(actor_name="somebody else")
    assert run(tmp_path / "b.mainstay").exit_code == 0
    assert "do not match their seals" in refusal("verify", tmp_path / "b.mainstay")


def test_figures_that_differ_are_named() -> None:
    one, other = {"rows": {"a": 1, "b": 2}}, {"rows": {"a": 1, "b": 3}}
    assert differences(one, other) == ["rows.b: 2 → 3"]
