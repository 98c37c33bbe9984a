"""Bytes become rows of text, in any usual encoding; a broken quote is refused with its line."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.csv_text import BadCsv, parsed, read_table

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


def test_it_works() -> None:
    table = read_table('日期,类型,说明\n2026-10-01,holiday,国庆节\n\n2026-10-10,workday,"调休,上班"\n'.encode())
    assert (table.head, table.encoding, table.separator) == (("日期", "类型", "说明"), "utf-8", ",")
    assert list(table.records()) == [
        (2, {"日期": "2026-10-01", "类型": "holiday", "说明": "国庆节"}),
        (4, {"日期": "2026-10-10", "类型": "workday", "说明": "调休,上班"}),
    ]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("gbk", "gb18030"), ("gb18030", "gb18030"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le")],
)
def test_usual_encodings_are_recognised(encoding: str, named: str) -> None:
    table = read_table("名称,地址\n汉江银行,武汉市江汉区\n".encode(encoding))
    assert (table.head, table.rows[0].cells, table.encoding) == (("名称", "地址"), ("汉江银行", "武汉市江汉区"), named)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_recognised(separator: str, end: str) -> None:
    table = read_table(end.join((f'a{separator}"b, c;d"', f'1{separator}"x{end}y"', f"3{separator}4")).encode())
    assert (table.head, table.separator) == (("a", "b, c;d"), separator)
    assert [row.line for row in table.rows] == [2, 4]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'a,b\n1,"2\n3,4\n', "opened on line 2 is never closed"),
        (b'a,b\n1,"2"x\n', "Line 2: “x” follows a closing quote"),
        (b'a,b\n"1\n\n",""" x\n', "opened on line 4 is never closed"),
        (b"a,b\n1,2,3\n", "Line 2 has 3 cells"),
        (b"", "holds no rows"),
        (b"\n\n,\n", "holds no rows"),
        (b"a,a\n", "Columns 1 and 2 are both named “a”"),
        (b"a,,c\n1,2", "Column 2 has no name"),
        (b"a,\n1,2", "only 1 columns are named"),
        (b'a,b\n1,"2\n3,"x"\n', "opened on line 2 only meets another on line 3"),
        (b"a\n" + b"x" * 200_000, "Line 2: a cell has more than 131072"),
        (b"a\n" + b"x" * 5_000_000, "Line 2 has more than"),
        (b'a,b\n1,"' + b"x,y\n" * 100_000, "opened on line 2 is never closed"),
        (b"a,b\n", "lacks the column c"),
        (b"PK\x03\x04\x00\x00", "not text"),
        ("a\n好\n".encode() + b"\xff\xff\n", "Line 3 is neither"),
    ],
)
def test_what_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(BadCsv, match=said):
        read_table(raw, required=("a", "c") if raw == b"a,b\n" else ())


def test_cells_missing_at_the_end_are_empty() -> None:
    assert list(read_table(b"a,b\n1\n").records()) == [(2, {"a": "1", "b": ""})]


@given(TABLES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read_again(rows: list[list[str]], separator: str, end: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    found = parsed(written.getvalue(), separator=separator)
    assert [list(row.cells) for row in found] == rows
    assert [row.line for row in found] == sorted({row.line for row in found})


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        table = read_table(raw)
    except BadCsv:
        return
    assert all(len(row.cells) <= len(table.head) for row in table.rows)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_lines_ascend(text: str) -> None:
    try:
        rows = parsed(text)
    except BadCsv:
        return
    assert all(one.line < other.line for one, other in pairwise(rows))
