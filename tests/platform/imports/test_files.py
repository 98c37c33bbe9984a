"""Whatever people upload is read, or refused with what to do about it (A7)."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.imports import actions, giving, reading, running
from mainstay.platform.imports.choices import State
from mainstay.platform.imports.mapping import guessed
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.reading import read_file
from mainstay.platform.imports.registry import kind_named
from tests.cast import NOW, World
from tests.platform.imports.files import draft, finish, table, take

ROWS = (("code", "name", "region"), ("N1", "江城医院", "4201"))


def workbook(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def test_it_works() -> None:
    found = read_file(table(*ROWS))
    assert (found.head, tuple(found.rows)) == (("code", "name", "region"), ((2, ("N1", "江城医院", "4201")),))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_any_usual_encoding(encoding: str) -> None:
    assert next(read_file(table(*ROWS, encoding=encoding)).rows)[1][1] == "江城医院"


def test_a_workbook_says_dates_and_numbers_as_people_do() -> None:
    found = read_file(
        workbook(
            ("a", "b", "c", "d"),
            (4201, 30.58, date(2026, 9, 1), "=1+1"),
            (True, "", datetime(2026, 9, 1, 8, 30, tzinfo=UTC), None),
        )
    )
    assert tuple(found.rows) == ((2, ("4201", "30.58", "2026-09-01", "0")), (3, ("yes", "", "2026-09-01 08:30:00", "")))


def _far_away(cell: str) -> bytes:
    """Return a workbook whose one cell beside A1 stands far out."""
    out = io.BytesIO(workbook(("a",), ("1",)))
    with zipfile.ZipFile(out) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="%s"><v>1</v></c></row></sheetData>' % cell.encode()
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "no rows"),
        (b"code\n", "no rows below"),
        (b'code,name\n1,"never closed\n2,x\n', "line 2"),
        (b'code,name\n1,"x"y\n', "line 2"),
        (b"\xd0\xcf\x11\xe0old", "XLS"),
        (b"PK\x03\x04torn", "workbook"),
        (",".join(f"c{n}" for n in range(20_000)).encode() + b"\n1\n", "20000 columns"),
        (workbook(("a", "a"), (1, 2)), "both named"),
        (_far_away("XFD1048576"), "column 16384"),
        (_far_away("IV1048576"), "1048576"),
    ],
    ids=range(10),
)
def test_what_cannot_be_read_is_refused_with_the_reason(raw: bytes, word: str) -> None:
    with pytest.raises(MainstayError) as refusal:
        list(read_file(raw).rows)
    assert word.lower() in str(refusal.value).lower()


def test_a_file_of_gigabytes_is_refused_before_it_is_read() -> None:
    reading.refuse_large(200 * 1024 * 1024)
    with pytest.raises(MainstayError, match="2048 MB"):
        reading.refuse_large(2048 * 1024 * 1024)


def test_columns_are_known_by_name_title_and_other_usual_heads() -> None:
    kind = kind_named("customers")
    assert guessed(kind, ["客户编码", "客户名称", "Region code", "service_grade", "备注"]) == {
        "客户编码": "code", "客户名称": "name", "Region code": "region", "service_grade": "service_grade",
    }  # fmt: skip


def test_formulas_come_out_as_text_and_go_in_again(world: World, admin: Actor) -> None:
    raw = table(("code", "name", "region", "phone"), ("N1", "=HYPERLINK(1)", "4201", "+86 27"))
    assert take("customers", raw, by=admin).created == 1
    kind = kind_named("customers")
    told = b"".join(giving.csv_lines(giving.head(kind), giving.all_rows(kind, admin)))
    assert b",'=HYPERLINK(1)," in told
    assert take("customers", told, by=admin).updated == 0


def test_a_worker_goes_on_where_another_was_killed(world: World, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    run = draft("customers", table(ROWS[0], *((f"N{i}", f"客户{i}", "4201") for i in range(5))), by=admin)
    actions.ask_for_run(run.pk, mode="good-rows", at=NOW, by=admin)
    running.advance(run.pk, at=NOW)
    with pytest.MonkeyPatch.context() as torn:
        torn.setattr(running, "_count", _killed)
        with pytest.raises(KeyboardInterrupt):
            running.advance(run.pk, at=NOW)
    assert Customer.objects.filter(code__startswith="N").count() == 2
    assert finish(run).created == 5
    assert Customer.objects.filter(code__startswith="N").count() == 5


def _killed(*_given: object) -> None:
    raise KeyboardInterrupt


def test_what_fails_unexpectedly_stops_the_import_with_the_reason(world: World, admin: Actor) -> None:
    run = draft("customers", table(*ROWS), by=admin)
    actions.ask_for_run(run.pk, mode="good-rows", at=NOW, by=admin)
    world.users["admin"].duties.all().delete()
    done = finish(run)
    assert done.state == State.FAILED
    assert "customers.write" in done.problem


def test_a_trial_says_what_would_happen_and_changes_nothing(world: World, admin: Actor) -> None:
    run = draft("customers", table(*ROWS, ("N2", "坏", "99")), by=admin)
    running.try_out(run.pk, at=NOW, by=admin)
    tried = ImportRun.objects.get(pk=run.pk)
    assert (tried.state, tried.created, tried.refused) == (State.DRAFT, 1, 1)
    assert not Customer.objects.filter(code="N1").exists()
    assert ImportRow.objects.get(run=run, line=3).error


def test_templates_explain_every_column() -> None:
    told = "".join(giving.template_lines(kind_named("circuits")))
    for column in kind_named("circuits").columns:
        assert column.name in told


@pytest.mark.parametrize(
    ("cell", "day"), [("2026/9/1", 1), ("20260901", 1), ("2026年9月1日", 1), ("2026-09-01 00:00:00", 1)]
)
def test_dates_as_people_write_them(world: World, admin: Actor, cell: str, day: int) -> None:
    take("customers", table(("code", "since_on"), ("C0001", cell)), by=admin)
    assert Customer.objects.get(code="C0001").since_on == date(2026, 9, day)


def test_an_export_can_be_opened_in_the_past(world: World, admin: Actor) -> None:
    Customer.objects.filter(code="C0001").update(created_at=datetime(1999, 1, 1, tzinfo=UTC))
    out = io.BytesIO()
    kind = kind_named("customers")
    assert giving.write_workbook(out, giving.head(kind), giving.all_rows(kind, admin)) == 4
