"""Tables, masks, gaps and short messages, read sign by sign by references that know nothing of the code."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.csv_text import (
    BadCsv,
    check_head,
    decoded,
    encoding_of,
    parsed,
    read_table,
    records,
    streamed,
    without_end,
)
from mainstay.domain.masking import Mask, is_masked, masked
from mainstay.domain.placeholders import filled, gaps_in, in_one_line, unknown_in
from mainstay.domain.short_message import measured

TROUBLE = st.text(st.sampled_from('ab",;\t\r\n x'), max_size=30)


class Unclosed(Exception):
    """The slow reader met a quote it cannot read."""


def slow_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:  # noqa: C901 -- one branch per sign
    """Read RFC 4180 with one state and one sign at a time; blank lines are rows without cells."""
    rows: list[tuple[int, list[str]]] = []
    signs = list(text)
    place, line = 0, 1
    while place < len(signs):
        begin, cells, cell, state, over = line, list[str](), "", "start", False
        while not over:
            sign = signs[place] if place < len(signs) else None
            place += 1
            ends = sign in ("\n", "\r", None)
            if state == "quoted":
                if sign is None:
                    raise Unclosed
                if sign == '"':
                    state = "closed"
                else:
                    cell += sign
                    line += sign == "\n" or (sign == "\r" and (place >= len(signs) or signs[place] != "\n"))
                continue
            if state == "closed" and sign == '"':
                cell, state = cell + '"', "quoted"
            elif sign == separator:
                cells, cell, state = [*cells, cell], "", "start"
            elif ends:
                if cells or cell or state != "start":
                    cells.append(cell)
                if sign == "\r" and place < len(signs) and signs[place] == "\n":
                    place += 1
                line, over = line + 1, True
            elif state == "closed":
                raise Unclosed
            elif state == "start" and sign == '"':
                state = "quoted"
            else:
                cell, state = cell + str(sign), "plain"
        rows.append((begin, cells))
    return rows


@given(TROUBLE, st.sampled_from([",", ";", "\t"]))
def test_any_text_is_split_as_a_reader_of_one_sign_at_a_time_splits_it(text: str, separator: str) -> None:
    try:
        wanted = slow_rows(text, separator)
    except Unclosed:
        with pytest.raises(BadCsv):
            parsed(text, separator=separator)
        return
    assert [(row.line, list(row.cells)) for row in parsed(text, separator=separator)] == wanted
    assert list(records(io.StringIO(text, newline=""), separator)) == parsed(text, separator=separator)


@given(st.lists(st.sampled_from(["", "", "a", " "]), max_size=6))
def test_only_what_is_empty_at_the_end_goes(cells: list[str]) -> None:
    kept = [cell for place, cell in enumerate(cells) if any(cells[place:])]
    assert without_end(tuple(cells)) == tuple(kept)


NAMES = st.sampled_from(["a", "b", "c", ""])


@given(st.lists(NAMES, max_size=4), st.lists(st.sampled_from(["a", "b", "c"]), max_size=2))
def test_a_head_is_sound_when_every_column_has_one_name_and_none_is_missing(head: list[str], asked: list[str]) -> None:
    sound = all(head) and all(head.count(name) == 1 for name in head) and all(name in head for name in asked)
    if sound:
        check_head(head, asked)
        return
    with pytest.raises(BadCsv):
        check_head(head, asked)


PLAIN = st.text(st.sampled_from("ab好 "), max_size=4)


@given(st.lists(st.lists(PLAIN, min_size=1, max_size=4), max_size=5), st.sampled_from([",", ";", "\t"]),
       st.sampled_from([0, 0, 1, 2]))  # fmt: skip
def test_a_table_is_its_head_and_what_is_not_blank_below_it(cells: list[list[str]], sign: str, most: int) -> None:
    text = "".join(sign.join(row) + "\n" for row in [["x", "y"], *cells])
    wanted, too_wide = [], most == 1
    for line, row in enumerate(cells, start=2):
        bare = [cell.strip() for cell in row]
        too_wide |= any(bare[2:])
        if "".join(bare):
            wanted.append((line, {"x": bare[0], "y": bare[1] if len(bare) > 1 else ""}))
    raw = text.encode()
    if too_wide:
        with pytest.raises(BadCsv):
            read_table(raw, most_columns=most)
        return
    found = read_table(raw, most_columns=most)
    assert list(found.records()) == wanted
    assert tuple(streamed(io.StringIO(text, newline="")).rows) == found.rows


@st.composite
def files(draw: st.DrawFn) -> bytes:
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]))
    parts = st.sampled_from(["好".encode(), "好".encode("gb18030"), "好".encode("utf-16-le"), b"a,b\n", b"\xff", b"\n"])
    return mark + b"".join(draw(st.lists(parts | st.binary(max_size=3), max_size=8)))


@given(files(), st.lists(st.integers(0, 30), max_size=4))
def test_an_encoding_is_the_first_that_reads_all_bytes_however_they_are_cut(raw: bytes, cuts: list[int]) -> None:
    marks = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    mark = next((each for each in marks if raw[: len(each)] == each), b"")
    candidates = [marks[mark]] if mark else [] if b"\0" in raw else ["utf-8", "gb18030"]
    wanted = None
    for name in reversed(candidates):
        try:
            wanted = raw[len(mark) :].decode(name), name
        except UnicodeDecodeError:
            continue
    edges = sorted({0, len(raw), *(max(3, min(cut, len(raw))) for cut in cuts if len(raw) > 3)})
    blocks = [raw[begin:end] for begin, end in pairwise(edges)]
    if wanted is None:
        for read in (lambda: decoded(raw), lambda: encoding_of(blocks)):
            with pytest.raises(BadCsv):
                read()
        return
    assert decoded(raw) == wanted
    assert encoding_of(blocks) == (wanted[1], len(mark))


def kept_of(mask: Mask, text: str) -> tuple[str, str]:
    """Say what may be seen before and behind the stars."""
    digits = [sign for sign in text if sign.isdecimal()]
    if mask == Mask.PHONE and len(digits) >= 11:
        return "".join(digits[:3]), "".join(digits[-4:])
    if mask == Mask.PHONE and len(digits) >= 7:
        return "", "".join(digits[-2:])
    if mask == Mask.IDENTITY and len(text) >= 6:
        return text[0], text[-1]
    if mask == Mask.ACCOUNT and len("".join(text.split())) >= 10:
        return "", "".join(text.split())[-4:]
    if mask == Mask.EMAIL and "@" in text[1:]:
        place = max(place for place, sign in enumerate(text) if sign == "@")
        return (text[0] if place > 2 else "") if place else "", text[place:] if place else ""
    return "", ""


SECRETS = st.text(st.sampled_from("0123456789"), max_size=20) | st.text(st.sampled_from("19a@.- 张x"), max_size=16)


@given(st.sampled_from(Mask), SECRETS)
def test_a_mask_shows_its_few_signs_and_stars(mask: Mask, secret: str) -> None:
    text = secret.strip()
    before, behind = kept_of(mask, text)
    wanted = "****-**-**" if mask == Mask.DATE else f"{before}****{behind}"
    assert masked(mask, secret) == (wanted if text else "")
    assert is_masked(masked(mask, secret)) == bool(text)
    assert not is_masked(secret)
    assert masked("no such mask", secret) == ("****" if text else "")


BRACED = st.text(st.sampled_from("{}ab_ \nX"), max_size=24) | st.lists(
    st.sampled_from(["{a}", "{b}", "{ab}", "{}", "{ a }", "a", "\n", " "]), max_size=9
).map("".join)
WORDS = st.dictionaries(st.sampled_from(["a", "b", "ab", ""]), st.sampled_from(["", "x", "{a}", "two\nlines", " y "]))


def torn(text: str) -> list[tuple[bool, str]]:
    """Tear a text into gaps (True) and the signs between, from the left, sign by sign."""
    parts: list[tuple[bool, str]] = []
    place = 0
    while place < len(text):
        end = text.find("}", place)
        name = text[place + 1 : end] if text[place] == "{" and end > 0 else "?"
        if all(sign in "abcdefghijklmnopqrstuvwxyz_" for sign in name):
            parts.append((True, name))
            place = end + 1
        else:
            parts.append((False, text[place]))
            place += 1
    return parts


@given(BRACED, WORDS)
def test_gaps_are_filled_line_by_line_and_sign_by_sign(text: str, words: dict[str, str]) -> None:
    names = [said for is_gap, said in torn(text) if is_gap]
    assert gaps_in(text) == [name for place, name in enumerate(names) if name not in names[:place]]
    lines = []
    for line in text.split("\n"):
        parts = torn(line)
        if not [said for is_gap, said in parts if is_gap and not words.get(said)]:
            lines.append("".join(words[said] if is_gap else said for is_gap, said in parts))
    assert filled(text, words) == "\n".join(lines).strip()


@given(BRACED, st.sets(st.sampled_from(["a", "b", "ab"])))
def test_a_text_is_faultless_when_nothing_but_known_gaps_holds_braces(text: str, known: set[str]) -> None:
    parts = torn(text)
    odd = {"{" + said + "}" for is_gap, said in parts if is_gap and said not in known}
    braces = [said for is_gap, said in parts if not is_gap and said in "{}"]
    found = unknown_in(text, known)
    assert bool(found) == bool(odd or braces)
    assert odd <= set(found)
    assert "".join(found[len(odd) :]).count("{") + "".join(found[len(odd) :]).count("}") == len(braces)


@given(st.text(st.sampled_from("ab \n\t"), max_size=20), st.sampled_from([" ", "", "; "]))
def test_a_short_message_says_the_lines_that_say_something(text: str, between: str) -> None:
    said = ""
    for line in text.split("\n"):
        if line.strip():
            said += (between if said else "") + line.strip()
    assert in_one_line(text, between=between) == said


GSM_ONE = "@£ \nabcXYZ0189?ñà§Ω"
GSM_TWO = "€[]{}^~|\\"


@given(st.text(st.sampled_from(GSM_ONE + GSM_TWO) | st.sampled_from("ab"), max_size=200), st.integers(0, 160),
       st.sampled_from(["", "", "电", "𠮷"]))  # fmt: skip
def test_letters_are_put_into_parts_one_by_one(text: str, more: int, other: str) -> None:
    text = text + "a" * more + other
    gsm = not other
    sizes = [2 if (letter in GSM_TWO if gsm else ord(letter) > 0xFFFF) else 1 for letter in text]
    parts: list[int] = []
    alone = sum(sizes) <= (160 if gsm else 70)
    per_part = {(True, True): 160, (True, False): 153, (False, True): 70, (False, False): 67}[gsm, alone]
    for size in sizes:
        if not parts or parts[-1] + size > per_part:
            parts.append(0)
        parts[-1] += size
    found = measured(text)
    assert (found.units, found.parts, found.per_part, found.is_gsm) == (sum(sizes), len(parts), per_part, gsm)
