"""`mainstay alarms replay`: good lines are taken in, bad ones named with their line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mainstay.domain.csv_text import BadCsv
from mainstay.faces.cli import alarms  # noqa: F401 - makes the command known
from mainstay.faces.cli.commands import root
from mainstay.network.alarms.errors import NoSuchSource
from mainstay.network.alarms.models import AlarmReport
from tests.cast import World

pytestmark = pytest.mark.django_db

HEAD = "resource,alarm_type,severity,event_at,text\n"
GOOD = "link-AB,LOS,critical,2026-09-01T08:00:00+08:00,\n"


def replay(tmp_path: Path, raw: bytes | str, *options: str) -> Result:
    """Run the command on a file."""
    file = tmp_path / "log.csv"
    file.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return CliRunner().invoke(root, ["alarms", "replay", str(file), "--source", "nms", *options])


def test_good_lines_are_taken_in_by_their_instants(tmp_path: Path, world: World) -> None:
    second = "link-BC,LOS,Cleared,2026-09-01T07:59:00+08:00,\n"
    result = replay(tmp_path, HEAD + GOOD + second)
    assert result.exit_code == 0, result.output
    assert "2 taken in, 0 refused" in result.output
    rows = AlarmReport.objects.order_by("pk").values_list("resource_ref", "kind")
    assert list(rows) == [("link-BC", "clear"), ("link-AB", "raise")]


def test_bad_lines_are_named_and_the_good_ones_taken(tmp_path: Path, world: World) -> None:
    bad = (
        "link-CD,LOS,critical,2026-09-01 08:00,\nlink-CD,LOS,terrible,2026-09-01T08:00:00+08:00,\nlink-CD,LOS,major,,\n"
    )
    result = replay(tmp_path, HEAD + GOOD + bad)
    assert result.exit_code == 2
    assert "1 taken in, 3 refused" in result.output
    for words in ("line 3: ", "line 4: “terrible”", "line 5: “” is not an ISO 8601 instant"):
        assert words in result.output
    assert AlarmReport.objects.count() == 1


def test_gbk_is_recognised_and_read(tmp_path: Path, world: World) -> None:
    text = HEAD + GOOD.replace(",\n", ",光缆中断\n")
    assert replay(tmp_path, text.encode("gbk")).exit_code == 0
    assert AlarmReport.objects.get().text == "光缆中断"


def test_a_broken_quote_is_refused_with_its_line_and_nothing_is_taken(tmp_path: Path, world: World) -> None:
    result = replay(tmp_path, HEAD + GOOD + 'link-CD,"LOS,critical,2026-09-01T08:00:00+08:00,\n')
    assert isinstance(result.exception, BadCsv)
    assert "line 3" in str(result.exception)
    assert not AlarmReport.objects.exists()


def test_a_missing_column_is_named(tmp_path: Path, world: World) -> None:
    result = replay(tmp_path, "resource,severity,event_at\nlink-AB,major,2026-09-01T08:00:00+08:00\n")
    assert isinstance(result.exception, BadCsv)
    assert "alarm_type" in str(result.exception)


def test_an_unknown_source_is_named(tmp_path: Path, world: World) -> None:
    result = replay(tmp_path, HEAD + GOOD, "--source", "oss-9")
    assert isinstance(result.exception, NoSuchSource)


def test_a_log_can_be_moved_to_now(tmp_path: Path, world: World) -> None:
    second = "link-BC,LOS,critical,2026-09-01T08:10:00+08:00,\n"
    assert replay(tmp_path, HEAD + GOOD + second, "--now").exit_code == 0
    first, last = AlarmReport.objects.order_by("pk")
    assert abs((first.event_at - first.received_at).total_seconds()) < 10
    assert (last.event_at - first.event_at).total_seconds() == 600


def test_the_template_can_be_replayed(tmp_path: Path, world: World) -> None:
    template = CliRunner().invoke(root, ["alarms", "replay", "--template"]).output
    assert "# severity: critical" in template
    table = "".join(line for line in template.splitlines(keepends=True) if not line.startswith("#"))
    assert replay(tmp_path, table).exit_code == 0
