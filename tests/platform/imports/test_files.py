"""Whatever people upload is read, or refused with what to do about it (A7)."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.imports import actions, giving, reading, running
from mainstay.platform.imports.cells import read_row
from mainstay.platform.imports.choices import State
from mainstay.platform.imports.mapping import guessed
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.imports.reading import read_file
from mainstay.platform.imports.registry import Column, kind_named
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


def test_a_head_is_no_formula_either() -> None:
    told = b"".join(giving.csv_lines(["=cmd|' /C calc'!A0", "@SUM(1)", "name"], []))
    assert told.decode("utf-8-sig") == "'=cmd|' /C calc'!A0,'@SUM(1),name\r\n"


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


def test_of_ten_thousand_columns_those_known_are_read(world: World, admin: Actor) -> None:
    wide = [f"c{n}" for n in range(10_000)]
    run = take("customers", table((*wide, "code", "name", "region"), (*"x" * 10_000, "N1", "医院", "4201")), by=admin)
    assert (run.created, run.columns) == (1, ["code", "name", "region"])
    with pytest.raises(MainstayError, match=r"客户编码|Customer code"):
        draft("customers", table((*wide, "name"), (*"x" * 10_000, "医院")), by=admin)


def _with_cells(*cells: str) -> bytes:
    """Return a workbook whose second row holds raw cells."""
    out = io.BytesIO(workbook(("code", "name", "region", "phone"), ("", "", "", "")))
    with zipfile.ZipFile(out) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", f'<row r="3">{"".join(cells)}</row></sheetData>'.encode())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return made.getvalue()


CODE = '<c r="A3" t="inlineStr"><is><t>N1</t></is></c>'


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="B3"><f>CONCAT(1)</f></c>', "#RESULT?"),
        ('<c r="B3"><f>CONCAT(1)</f><v></v></c>', "#RESULT?"),
        ('<c r="B3" s="0"><f>CONCAT(1)</f><v/></c>', "#RESULT?"),
        ('<c r="B3" t="e"><f>NA()</f><v>#N/A</v></c>', "#N/A"),
        ('<c t="e" r="B3"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B3" t="str"><f>A3&amp;"x"</f><v>医院</v></c>', "医院"),
    ],
)
def test_formulas_give_their_result_or_say_that_they_have_none(
    world: World, admin: Actor, cell: str, shown: str
) -> None:
    raw = _with_cells(CODE, cell, '<c r="C3"><v>4201</v></c>', '<c r="D3"><v>13800000000</v></c>')
    assert list(read_file(raw).rows) == [(3, ("N1", shown, "4201", "13800000000"))]
    run = take("customers", raw, by=admin)
    assert (run.created, run.refused) == ((1, 0) if shown == "医院" else (0, 1))


def test_a_workbook_that_is_too_long_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.platform.imports.workbooks.MOST_CELLS", 5)
    with pytest.raises(MainstayError, match="CSV"):
        read_file(workbook(("a", "b"), (1, 2), (3, 4)))


def test_a_workbook_that_unpacks_to_more_than_it_seems_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.platform.imports.workbooks.LARGEST_UNPACKED", 1000)
    with pytest.raises(MainstayError, match="unpacks"):
        read_file(workbook(("a", "b"), (1, 2)))


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("１２０．５", "120.5"), (" 1 200 ", "1200"), ("１，２００", "1200"), ("\u00a07", "7")],
)
def test_numbers_as_people_type_them(cell: str, kept: str) -> None:
    column = Column("amount", "Amount", reads="decimal")
    kind = replace(kind_named("customers"), columns=(column,), key=())
    assert str(read_row(kind, {"amount": cell})["amount"]) == kept


@pytest.mark.parametrize("cell", ["2026-09-01", "46266", "46266.4", "２０２６－０９－０１", "2026.9.1"])
def test_days_also_as_sheets_count_them(cell: str) -> None:
    column = Column("on", "Day", reads="date")
    kind = replace(kind_named("customers"), columns=(column,), key=())
    assert read_row(kind, {"on": cell})["on"] == date(2026, 9, 1)


def test_control_characters_are_refused_where_they_matter_and_kept_out_of_the_database(
    world: World, admin: Actor
) -> None:
    run = take(
        "customers",
        b"code,name,region,note\nN0,z,4201," + b"x" * 2100 + b"\nN1,\x00a,4201,\nN2,b,4201,\x00y\n",
        by=admin,
    )
    assert (run.created, run.refused) == (2, 1)


def test_lines_may_end_in_any_way_and_leading_zeros_stay() -> None:
    raw = b'code,phone\r\n"0027",01\r\n2,"0\r3"\n3,4\r'
    assert [(line, cells) for line, cells in read_file(raw).rows] == [
        (2, ("0027", "01")), (3, ("2", "0\r3")), (5, ("3", "4")),
    ]  # fmt: skip
