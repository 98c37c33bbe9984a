"""A workbook holds numbers as numbers and dates as dates, in either language (R1)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineWorkbook

from mainstay.platform.documents.tables import Sheet, TableColumn, xlsx

AT = datetime(2026, 10, 1, 1, tzinfo=UTC)


def test_values_keep_their_kind() -> None:
    columns = (
        TableColumn("电路"), TableColumn("可用率", "percent"), TableColumn("开始", "instant"),
        TableColumn("历时", "duration"), TableColumn("金额", "money"), TableColumn("月", "date"),
        TableColumn("次数", "number"),
    )  # fmt: skip
    row = ("=1+1", Decimal("0.996296"), AT, 9600, 120_000, date(2026, 9, 1), None)
    book = CalamineWorkbook.from_filelike(
        BytesIO(xlsx([Sheet("表/一", columns, [row], above=[("", "标题"), ("版本", 2)])], title="x", author="y", at=AT))
    )
    assert book.sheet_names == ["表一"]
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[0][0] == "标题"
    assert rows[1][:2] == ["版本", 2.0]
    begin = datetime(2026, 10, 1, 9, tzinfo=UTC).replace(tzinfo=None)
    text, share, begun, lasted, amount, month, times = rows[4]
    assert (text, share, begun, amount) == ("=1+1", 0.996296, begin, 1200.0)
    assert lasted in (timedelta(seconds=9600), 9600 / 86400)
    assert (month, times) == (date(2026, 9, 1), "")
