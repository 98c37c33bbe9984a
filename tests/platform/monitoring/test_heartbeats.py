"""Programs say that they live; who is silent counts as dead, who ended as asked is forgotten (P3)."""

from datetime import timedelta

import pytest

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.models import Entry
from mainstay.platform.monitoring import actions, queries
from mainstay.platform.monitoring.actions import Beat, Program, TakenBackup
from tests.cast import NOW, World

pytestmark = pytest.mark.django_db
WORKER = Program("impact-worker", "host-1", 4711, "0.1.0", NOW)
TAKEN = TakenBackup("/backups/a.mainstay", "host-1", 1.5, 4096, "ab" * 32)


def later(seconds: int) -> timedelta:
    """Return so many seconds."""
    return timedelta(seconds=seconds)


def test_it_works() -> None:
    actions.beat(Beat(WORKER, {"behind_s": 0}), at=NOW)
    actions.beat(Beat(WORKER, {"behind_s": 3}), at=NOW + later(5))
    (state,) = queries.programs(at=NOW + later(10))
    assert (state.row.name, state.row.figures, state.age_s, state.alive) == ("impact-worker", {"behind_s": 3}, 5, True)
    assert queries.missing([state]) == ["web", "sweeper", "live", "courier"]


def test_a_program_that_is_silent_for_long_counts_as_missing() -> None:
    actions.beat(Beat(WORKER), at=NOW)
    assert "impact-worker" in queries.missing(queries.programs(at=NOW + later(queries.LATE_S + 1)))


def test_a_program_that_is_loading_may_take_its_time() -> None:
    actions.beat(Beat(WORKER, {"loading": True}), at=NOW)
    assert "impact-worker" not in queries.missing(queries.programs(at=NOW + later(queries.LATE_S + 1)))


def test_a_program_killed_and_started_again_takes_over_its_row() -> None:
    actions.beat(Beat(WORKER), at=NOW)
    again = Program("impact-worker", "host-1", 4712, "0.1.0", NOW + later(9))
    actions.beat(Beat(again), at=NOW + later(9))
    actions.leave(WORKER)
    assert [state.row.pid for state in queries.programs(at=NOW + later(10))] == [4712]
    actions.leave(again)
    assert queries.programs(at=NOW + later(10)) == []


def test_what_has_been_silent_for_a_week_is_forgotten() -> None:
    actions.beat(Beat(WORKER), at=NOW)
    assert actions.forget_the_dead(at=NOW + timedelta(days=8)) == 1


def test_a_backup_and_its_proof_are_noted_and_audited() -> None:
    by = system("backup")
    actions.note_backup(TAKEN, at=NOW, by=by)
    assert actions.note_proof(TAKEN.digest, at=NOW + later(60), by=by) == 1
    last = queries.last_backup()
    assert last is not None
    assert last.proved_at == NOW + later(60)
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == ["backup.take", "backup.prove"]


def test_only_who_may_change_settings_notes_backups(world: World, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.note_backup(TAKEN, at=NOW, by=officer)


def test_the_database_tells_its_size_version_and_time() -> None:
    assert queries.database_bytes() > 0
    assert queries.database_version().split()[0] in ("SQLite", "PostgreSQL")
    assert queries.database_clock().tzinfo is not None
