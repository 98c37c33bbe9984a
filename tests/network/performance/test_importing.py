"""Samples from files: the same twice changes nothing, bad rows are named, undoing gives back what was."""

import pytest

from mainstay.network.performance.models import Due, Sample
from mainstay.platform.imports import giving, queries
from mainstay.platform.imports.registry import kind_named
from tests.cast import World
from tests.network.performance.conftest import PROBE, Line
from tests.platform.imports.files import table, take, undo

pytestmark = pytest.mark.django_db
HEAD = ("电路代号", "指标", "端", "采样时间", "来源", "值")


def values() -> list[int]:
    return list(Sample.objects.order_by("minute", "series").values_list("value", flat=True))


def test_it_works_twice(line: Line, world: World) -> None:
    number = world.circuit.number
    rows = (
        (number, "delay_rt", "", "2026-09-01 07:55", "probe", "812"),
        (number, "util_in", "A", "2026/09/01 07:50", "probe", "500000"),
        (number, "util_in", "", "2026-09-01 07:55", "probe", "1"),
        ("NO-SUCH", "delay_rt", "", "2026-09-01 07:55", "probe", "1"),
        (number, "delay_rt", "", "2026-09-01 07:55", "nobody", "1"),
    )
    run = take("samples", table(HEAD, *rows), by=PROBE)
    assert (run.created, run.refused) == (2, 3)
    again = take("samples", table(HEAD, *rows[:2]), by=PROBE)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert values() == [500_000, 812]


def test_undoing_gives_back_what_was(line: Line, world: World) -> None:
    line.send({-10: 5})
    number = world.circuit.number
    run = take("samples", table(HEAD, (number, "delay_rt", "", "2026-09-01 07:50", "probe", "7"),
                                (number, "delay_rt", "", "2026-09-01 07:55", "probe", "8")), by=PROBE)  # fmt: skip
    assert values() == [7, 8]
    assert undo(run, by=PROBE).undone == 2
    assert values() == [5]
    assert Due.objects.filter(work="hour").exists()


def test_what_goes_out_comes_in_unchanged(line: Line) -> None:
    line.send({-10: 5, -5: 6})
    kind = kind_named("samples")
    file = b"".join(giving.csv_lines(giving.head(kind), giving.all_rows(kind, PROBE)))
    run = take("samples", file, by=PROBE)
    assert [giving.error_of(row) for row in queries.refused_rows(run)] == []
    assert (run.unchanged, run.total) == (2, 2)
