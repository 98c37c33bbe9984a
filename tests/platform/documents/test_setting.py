"""What is printed can be read back, letter by letter; what no font has is said, never an empty box (R1)."""

import json
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from mainstay.platform.documents import checking, rendering
from mainstay.platform.documents.errors import TemplateBroken
from mainstay.platform.documents.lettering import lettering
from mainstay.platform.documents.registry import template_named
from mainstay.platform.documents.rendering import Set, Wanted, pdf, presses

AT = datetime(2026, 10, 1, 1, tzinfo=UTC)
LEVEL_ONE = "".join(
    bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    if (high, low) not in {(0xD7, each) for each in range(0xFA, 0xFF)}
)  # fmt: skip
"""All 6,763 characters of GB 2312."""


def facts(code: str = "service-report") -> dict[str, Any]:
    return checking.sample_of(template_named(code))


@pytest.fixture
def own() -> Iterator[Path]:
    """Give the operator's folder of templates, empty before and gone afterwards."""
    folder = Path(settings.HOME) / "templates"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def glyphs_without_a_shape(content: bytes) -> int:
    """Count the glyphs with number 0 that the pages show: fonts are by glyph number, two bytes each."""
    found = 0
    for page in PdfReader(BytesIO(content)).pages:
        for operands, operator in page.get_contents().operations:
            if operator not in (b"Tj", b"TJ"):
                continue
            for part in operands[0] if operator == b"TJ" else operands:
                raw = getattr(part, "original_bytes", b"")
                found += sum(raw[n : n + 2] == b"\0\0" for n in range(0, len(raw), 2))
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", ["service-report", "sla-report"])
def test_every_letter_of_the_facts_is_in_the_text(code: str, language: str) -> None:
    given = facts(code) | {"about": "汉江银行股份有限公司 Ёлка Ωmega Łódź"}
    content = pdf(code, given, language=language, at=AT)
    read = set(text_of(content))
    for name in (given["about"], given["circuits"][0]["number"], given["faults"][0]["cause"], given["edition"]["why"]):
        assert set(name) - {" "} <= read, name
    assert glyphs_without_a_shape(content) == 0


def test_every_character_of_gb_2312_has_a_glyph() -> None:
    content = pdf("service-report", facts() | {"sentences": [LEVEL_ONE]}, language="zh-hans", at=AT)
    assert set(LEVEL_ONE) - set(text_of(content)) == set()
    assert glyphs_without_a_shape(content) == 0


def test_every_character_of_gbk_can_be_printed() -> None:
    known = lettering(Path("nowhere"))
    assert [chr(code) for code in range(0x4E00, 0x9FA6) if not known.has(chr(code))] == []


def test_a_character_no_font_has_is_said_by_its_number_and_told() -> None:
    given = facts() | {"about": "𠀅𬱖科技"}
    with presses(1) as pool:
        [made] = pool.run([Wanted("service-report", given, "zh-hans", AT)])
    assert isinstance(made, Set)
    assert made.rare == ("𠀅",)
    text = text_of(made.content).replace("\n", "")
    assert "[U+20005]" in text
    assert "𬱖" in text
    assert "Unicode" in text


def test_what_has_a_plain_form_is_written_so() -> None:
    content = pdf("service-report", facts() | {"about": "𝐀𝟏 级电路"}, language="zh-hans", at=AT)
    assert "A1" in text_of(content)


def test_it_is_tagged_archivable_and_brings_its_fonts() -> None:
    root: Any = PdfReader(BytesIO(pdf("sla-report", facts("sla-report"), language="zh-hans", at=AT))).trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("zh")
    assert b"pdfaid:part" in root["/Metadata"].get_data()


def test_the_same_facts_give_the_same_bytes() -> None:
    assert pdf("sla-report", facts(), language="en", at=AT) == pdf("sla-report", facts(), language="en", at=AT)


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a document asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert pdf("service-report", facts(), language="zh-hans", at=AT)
    (own / "service-report.typ").write_text('// no\n#import "@preview/cetz:0.3.4": *\n', encoding="utf-8")
    with pytest.raises(TemplateBroken, match=r"service-report\.typ, line 2"):
        pdf("service-report", facts(), language="zh-hans", at=AT)


def test_the_operators_own_template_wins(own: Path) -> None:
    (own / "service-report.typ").write_text("#let f = json(bytes(sys.inputs.facts))\n#set document(title: [x])\n"
                                            "本公司专用版式 #f.about", encoding="utf-8")  # fmt: skip
    text = text_of(pdf("service-report", facts(), language="zh-hans", at=AT))
    assert "本公司专用版式" in text.replace(" ", "")
    assert checking.own_templates() == ["service-report"]


def test_a_broken_template_names_itself_the_line_and_the_remedy(own: Path) -> None:
    (own / "sla-report.typ").write_text("= 报告\n\n#nonsense(3)\n", encoding="utf-8")
    [(template, error)] = checking.problems(at=AT)
    assert template.code == "sla-report"
    assert "sla-report.typ, line 3" in str(error)
    assert "unknown variable: nonsense" in str(error)
    assert "Correct that line" in str(error)


def test_a_start_for_ones_own_can_be_taken_out_and_works(own: Path) -> None:
    written = {path.name for path in checking.export("service-report", own)}
    assert written == {"service-report.typ", "report-parts.typ", "mainstay.typ", "service-report.json"}
    assert json.loads((own / "service-report.json").read_text(encoding="utf-8"))["about"]
    assert list(checking.problems(at=AT)) == []


def test_many_are_made_by_processes_in_order_and_one_bad_one_spoils_no_other() -> None:
    wanted = [Wanted("sla-report", facts() | {"about": f"客户{n}"}, "zh-hans", AT) for n in range(6)]
    wanted[3] = Wanted("sla-report", {"about": "no facts"}, "zh-hans", AT)
    with presses(2) as pool:
        made = list(pool.run(wanted))
    assert [isinstance(each, Set) for each in made] == [True, True, True, False, True, True]
    last = made[5]
    assert isinstance(last, Set)
    assert "客户5" in text_of(last.content).replace(" ", "")


def test_pages_can_be_looked_at() -> None:
    assert all(page.startswith(b"\x89PNG") for page in rendering.pages("sla-report", facts(), language="en", at=AT))
