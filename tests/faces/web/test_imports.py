"""The console takes a file in: upload, columns, preview, run, mend the bad rows, undo; and gives lists out (A7)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from mainstay.accounts.customers.models import Customer
from mainstay.platform.imports import running
from mainstay.platform.imports.models import ImportRun
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn
from tests.platform.imports.files import table

ROWS = (
    ("编码", "客户名称", "区划代码"),
    ("N1", "江城医院", "4201"),
    ("N2", "坏行", "9999"),
    ("C0001", "汉江银行新名", "4201"),
)


def upload(client: Client, raw: bytes, kind: str = "customers") -> ImportRun:
    file = SimpleUploadedFile("客户.csv", raw)
    assert client.post("/imports/new", {"kind": kind, "file": file}).status_code == 302
    return ImportRun.objects.latest("pk")


def work() -> None:
    while (run_id := running.next_active()) and running.advance(run_id, at=NOW):
        pass


def test_it_works(signed_in: SignIn) -> None:
    client = signed_in("admin")
    run = upload(client, table(*ROWS, encoding="gb18030"))
    page = client.get(f"/imports/{run.pk}").content.decode()
    assert "江城医院" in page
    client.post(f"/imports/{run.pk}/columns", {"column-0": "code", "column-1": "name", "column-2": "region"})
    page = client.get(f"/imports/{run.pk}").content.decode()
    assert "9999" in page
    assert "汉江银行股份有限公司 → 汉江银行新名" in page
    assert not Customer.objects.filter(code="N1").exists()
    client.post(f"/imports/{run.pk}/start", {"mode": "good-rows"})
    assert 'hx-trigger="every 1s"' in client.get(f"/imports/{run.pk}").content.decode()
    work()
    done = client.get(f"/imports/{run.pk}").content.decode()
    assert "every 1s" not in done
    assert Customer.objects.filter(code="N1").exists()
    errors = b"".join(client.get(f"/imports/{run.pk}/errors")).decode("utf-8-sig").splitlines()
    assert errors[0] == f"编码,客户名称,区划代码,Line in import {run.pk},Error in import {run.pk}"
    assert errors[1].startswith("N2,坏行,9999,3,")
    client.post(f"/imports/{run.pk}/undo")
    work()
    assert not Customer.objects.filter(code="N1", archive="active").exists()
    assert "Undone" in client.get(f"/imports/{run.pk}").content.decode()


def test_mended_rows_are_taken_in_again(signed_in: SignIn) -> None:
    client = signed_in("admin")
    run = upload(client, table(*ROWS))
    client.post(f"/imports/{run.pk}/start", {"mode": "good-rows"})
    work()
    mended = b"".join(client.get(f"/imports/{run.pk}/errors")).replace(b"9999", b"4201", 1)
    again = upload(client, mended)
    assert (again.columns, again.mends) == (run.columns, run)
    client.post(f"/imports/{again.pk}/start", {"mode": "all-or-nothing"})
    work()
    assert Customer.objects.filter(code="N2").exists()


def test_imports_are_read_by_whoever_brought_them(signed_in: SignIn) -> None:
    run = upload(signed_in("wang.min"), table(*ROWS))
    other = signed_in("liu.fang")
    for path in ("", "/errors"):
        assert other.get(f"/imports/{run.pk}{path}").status_code == 404
    for verb in ("columns", "start", "undo", "discard"):
        assert other.post(f"/imports/{run.pk}/{verb}").status_code == 404
    assert "客户.csv" not in other.get("/imports").content.decode()


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(signed_in: SignIn) -> None:
    client = signed_in("admin")
    for raw, word in ((b'code,name\n1,"x', "line 2"), (b"code\n", "no rows"), (b"\xd0\xcf\x11\xe0", "XLS")):
        page = client.post("/imports/new", {"kind": "customers", "file": SimpleUploadedFile("x.csv", raw)})
        assert page.status_code == 200
        assert word in page.content.decode()


def test_who_writes_nothing_takes_nothing_in(signed_in: SignIn) -> None:
    assert signed_in("chen.tao").get("/imports/new").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/customers",
        "/circuits",
        "/tickets",
        "/contracts",
        "/audit",
        "/exports/circuits",
        "/works",
        "/messages",
        "/settings/users",
        "/settings/calendars",
        "/settings/promises",
        "/settings/sources",
        "/settings/effects",
    ],
)
def test_every_list_is_given_as_a_workbook(signed_in: SignIn, path: str) -> None:
    answer = signed_in("admin").get(f"{path}?export=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    assert len(book.get_sheet_by_index(0).to_python()[0]) > 3


def test_exports_hold_what_the_reader_may_see(signed_in: SignIn, world: World) -> None:
    told = b"".join(signed_in("wang.min").get("/exports/customers")).decode()
    assert "汉江银行" in told
    assert "楚天物流" not in told


def test_the_list_asks_the_same_for_any_number_of_imports(signed_in: SignIn) -> None:
    client = signed_in("admin")
    counts = []
    for _round in range(2):
        for _file in range(3):
            upload(client, table(*ROWS))
        with CaptureQueriesContext(connection) as queries:
            client.get("/imports")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
