"""An import is told from its file to its undoing: bad rows go out, come back mended, and both are taken back (A7)."""

import io

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from mainstay.accounts.customers.actions.customers import update_customer
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.platform.imports import actions, giving, queries
from mainstay.platform.imports.models import ImportRow, ImportRun
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World
from tests.platform.imports.files import draft, table, take, undo

HEAD = ("客户编码", "客户名称", "区划代码")
ROWS = tuple((f"N{n:04}", f"客户{n}", "9999" if n % 100 == 50 else "4201") for n in range(1000))


def bad_rows(run: ImportRun, *, workbook: bool) -> bytes:
    head, rows = giving.error_head(run), giving.refused_rows(run)
    if not workbook:
        return b"".join(giving.csv_lines(head, rows))
    out = io.BytesIO()
    giving.write_workbook(out, head, rows)
    return out.getvalue()


def mended(raw: bytes, *, workbook: bool) -> bytes:
    """Correct the region, as somebody would in a spreadsheet; the added columns stay."""
    if not workbook:
        return raw.replace(b",9999,", b",4201,")
    first, *others = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    out = io.BytesIO()
    giving.write_workbook(out, first, [["4201" if cell == "9999" else cell for cell in row] for row in others])
    return out.getvalue()


@pytest.mark.parametrize("workbook", [False, True])
def test_bad_rows_are_mended_taken_in_again_and_both_undone(world: World, admin: Actor, workbook: bool) -> None:
    first = take("customers", table(HEAD, *ROWS), by=admin)
    assert (first.created, first.refused) == (990, 10)
    second = take("customers", mended(bad_rows(first, workbook=workbook), workbook=workbook), by=admin)
    assert (second.mends, second.columns, second.created, second.refused) == (first, first.columns, 10, 0)
    assert queries.mended_by(admin, first) == [second]
    assert [undo(run, by=admin).undone for run in (second, first)] == [10, 990]
    assert not Customer.objects.filter(code__startswith="N", archive="active").exists()
    told = Entry.objects.filter(object_kind="import", object_id=str(second.pk)).order_by("id")
    assert [entry.action.removeprefix("import.") for entry in told] == ["take_in", "start", "end", "undo", "undone"]
    start, end, undone = told[1].after, told[2].after, told[4].after
    assert start is not None
    assert (start["rows"], start["mends"], start["mode"], len(start["sha256"])) == (10, first.pk, "good-rows", 64)
    assert end is not None
    assert (end["created"], end["refused"], undone) == (10, 0, {"undone": 10, "left": 0})


def test_each_customers_history_names_the_import(world: World, admin: Actor) -> None:
    run = take("customers", table(HEAD, ("N1", "医院", "4201")), by=admin)
    entry = Entry.objects.get(object_kind="customer", object_label="医院")
    assert (entry.why, entry.request_id) == (f"import {run.pk}: customers.csv", f"import-{run.pk}")


def test_errors_are_said_in_the_readers_language_and_known_again_in_both(world: World, admin: Actor) -> None:
    run = take("customers", table(HEAD, ROWS[50]), by=admin)
    with translation.override("zh-hans"):
        head = giving.error_head(run)
        raw = bad_rows(run, workbook=False)
    assert head[-1].startswith("导入")
    assert "9999" in raw.decode()
    assert draft("customers", raw, by=admin).mends == run


def test_what_another_import_did_and_took_back_hinders_no_undo(world: World, admin: Actor) -> None:
    first = take("customers", table(HEAD[:2], ("C0001", "甲")), by=admin)
    second = take("customers", table(HEAD[:2], ("C0001", "乙")), by=admin)
    undo(second, by=admin)
    assert undo(first, by=admin).undone == 1
    assert Customer.objects.get(code="C0001").name == "汉江银行股份有限公司"


def test_what_was_changed_later_stays_and_says_by_whom(world: World, admin: Actor, manager: Actor) -> None:
    run = take("customers", table(HEAD[:2], ("C0001", "甲"), ("C0003", "乙")), by=admin)
    update_customer(world.bank.pk, {"phone": "1"}, revision=2, at=NOW, by=manager)
    left = undo(run, by=admin)
    (row,) = giving.kept_rows(left)
    assert "王敏" in str(row[-1])
    assert "甲" in str(row[-1])


def test_the_columns_of_the_same_heads_are_remembered(world: World, admin: Actor) -> None:
    raw = table(("甲", "乙"), ("C0001", "新名"))
    first = draft("customers", raw, by=admin)
    assert first.mapping == {}
    actions.choose_columns(first.pk, {"甲": "code", "乙": "name"}, at=NOW, by=admin)
    actions.ask_for_run(first.pk, mode="good-rows", at=NOW, by=admin)
    second = draft("customers", raw, by=admin)
    assert second.mapping == {"甲": "code", "乙": "name"}
    assert queries.same_heads(second) == first


def test_a_preview_shows_bad_rows_first(world: World, admin: Actor) -> None:
    run = draft("customers", table(HEAD, *ROWS), by=admin)
    preview = actions.choose_columns(run.pk, run.mapping, at=NOW, by=admin).preview
    assert (preview["tried"], preview["created"], preview["refused"]) == (100, 99, 1)
    assert [row["line"] for row in preview["rows"] if row["error"]] == [52]


def test_a_broken_file_leaves_nothing(world: World, admin: Actor) -> None:
    raw = table(HEAD, *ROWS) + b'N9,"never closed\n'
    with pytest.raises(MainstayError, match="opened on line 1002"):
        draft("customers", raw, by=admin)
    assert not ImportRun.objects.exists()
    assert not ImportRow.objects.exists()


def test_a_draft_that_was_not_read_to_its_end_is_not_run_but_discarded(world: World, admin: Actor) -> None:
    from mainstay.domain.errors import MainstayError

    run = draft("customers", table(HEAD, ROWS[0]), by=admin)
    ImportRun.objects.update(state="reading")
    with pytest.raises(MainstayError, match="not read to its end"):
        actions.ask_for_run(run.pk, mode="good-rows", at=NOW, by=admin)
    actions.discard(run.pk, at=NOW, by=admin)
    assert not ImportRow.objects.exists()
