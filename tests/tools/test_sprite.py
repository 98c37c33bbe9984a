"""Icons named in a list become one file of symbols."""

from pathlib import Path

import pytest

from tools.sprite import sprite


@pytest.fixture
def icons(tmp_path: Path) -> Path:
    for style, drawing in (("outline", '<path d="M1 1" />'), ("filled", '<path d="M2 2" />')):
        (tmp_path / style).mkdir()
        drawn = f'<!--\ntags: [call]\n-->\n<svg\n  width="24"\n>\n  {drawing}\n</svg>\n'
        (tmp_path / style / "phone.svg").write_text(drawn)
    return tmp_path


def test_it_works(icons: Path) -> None:
    drawn = sprite(["phone"], icons)
    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg">')
    assert '<symbol id="phone" viewBox="0 0 24 24" fill="none" stroke="currentColor"' in drawn
    assert '<path d="M1 1" /></symbol>' in drawn


def test_a_filled_icon_is_asked_for_by_its_suffix(icons: Path) -> None:
    assert '<symbol id="phone-filled" viewBox="0 0 24 24" fill="currentColor"><path d="M2 2" />' in sprite(
        ["phone-filled"], icons
    )


def test_remarks_blank_lines_and_repeats_do_not_count(icons: Path) -> None:
    assert sprite(["# to call", "", "phone  # the desk", "phone"], icons) == sprite(["phone"], icons)


def test_an_icon_that_is_not_there_is_named(icons: Path) -> None:
    with pytest.raises(LookupError, match="'fax'"):
        sprite(["phone", "fax"], icons)
