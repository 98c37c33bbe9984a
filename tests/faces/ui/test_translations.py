"""Everything the product shows is said in Chinese too; fragments agree with each other."""

import re
from pathlib import Path

import polib
import pytest

import mainstay
from mainstay.faces.ui.build_locale import FRAGMENTS, ConflictError, merge
from mainstay.faces.ui.extract_strings import in_python, in_template, shown_strings

PACKAGE = Path(mainstay.__file__).parent


def fragment(folder: Path, name: str, text: str) -> Path:
    """Write one fragment."""
    path = folder / f"{name}.po"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_string_shown_has_chinese() -> None:
    merged = merge(FRAGMENTS.glob("*.po"))
    said = {(entry.msgctxt or "", entry.msgid) for entry in merged if entry.msgstr or entry.msgstr_plural.get(0)}
    missing = [shown for shown in shown_strings(PACKAGE) if (shown.context, shown.text) not in said]
    assert not missing, "Add these to a fragment of mainstay/locale/fragments:\n" + "\n".join(
        f"{shown.place}: {shown.text!r}" + (f" (context {shown.context!r})" if shown.context else "")
        for shown in missing
    )


def test_translations_keep_every_placeholder() -> None:
    wrong = [
        entry.msgid
        for entry in merge(FRAGMENTS.glob("*.po"))
        if entry.msgstr and _placeholders(entry.msgid) != _placeholders(entry.msgstr)
    ]
    assert not wrong


def test_no_template_marks_a_percent_sign_for_translation_by_underscore() -> None:
    # Django doubles the sign there, and the string is then never found: write {n}, or use translate.
    marked = re.compile(r"""_\((["'])[^"']*%[^"']*\1\)""")
    wrong = [
        f"{path.name}: {found[0]}"
        for path in PACKAGE.rglob("templates/**/*.html")
        for found in marked.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not wrong


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]|(?<!\{)\{\w*\}", text))


def test_two_fragments_may_say_the_same(tmp_path: Path) -> None:
    same = 'msgid "Ticket"\nmsgstr "工单"\n'
    merged = merge([fragment(tmp_path, "a", same), fragment(tmp_path, "b", same)])
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [("Ticket", "工单")]


def test_two_fragments_that_differ_are_refused_by_name(tmp_path: Path) -> None:
    first = fragment(tmp_path, "a", 'msgid "Ticket"\nmsgstr "工单"\n')
    second = fragment(tmp_path, "b", 'msgid "Ticket"\nmsgstr "票"\n')
    with pytest.raises(ConflictError, match=r"a\.po says '工单', b\.po says '票'"):
        merge([first, second])


def test_a_context_tells_two_meanings_apart(tmp_path: Path) -> None:
    text = 'msgid "Open"\nmsgstr "打开"\n\nmsgctxt "state"\nmsgid "Open"\nmsgstr "未结"\n'
    assert len(merge([fragment(tmp_path, "a", text)])) == 2


def test_a_plural_has_one_chinese_form(tmp_path: Path) -> None:
    text = 'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s 行"\n'
    compiled = tmp_path / "django.mo"
    merge([fragment(tmp_path, "a", text)]).save_as_mofile(str(compiled))
    assert polib.mofile(str(compiled))[0].msgstr_plural == {0: "%(n)s 行"}


def test_strings_are_found_in_python() -> None:
    source = '_("one")\nngettext("a row", "rows", n)\npgettext("path", "Working")\ngettext(variable)\n'
    assert [(context, text) for context, text, _line in in_python(source)] == [
        ("", "one"),
        ("", "a row"),
        ("path", "Working"),
    ]


def test_strings_are_found_in_templates() -> None:
    source = (
        '{% translate "Plain" %}{% translate "Working" context "path" %}{{ name|default:_("It\'s") }}\n'
        '{% verb _("Delete") confirm=_("Delete {n}?") %}\n'
        "{% blocktranslate count n=rows|length %}one row{% plural %}{{ n }} rows{% endblocktranslate %}"
        "{% blocktranslate trimmed %}\n  two\n  lines\n{% endblocktranslate %}"
    )
    assert {(context, text) for context, text, _line in in_template(source)} == {
        ("", "Plain"), ("path", "Working"), ("", "It's"), ("", "Delete"), ("", "Delete {n}?"), ("", "one row"),
        ("", "two lines"),
    }  # fmt: skip
