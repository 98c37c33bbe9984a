"""A mark says what it means in words, not by colour alone, in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation

from mainstay.faces.ui import words
from tests.faces.ui.rendering import NOON, rendered


def test_a_state_has_an_icon_a_word_and_since_when() -> None:
    html = rendered('{% state "down" since=since %}', since=NOON - timedelta(minutes=12))
    assert "icons.svg#circle-x" in html
    assert "中断" in html
    assert "12 分" in html
    assert "2026-03-02 11:48" in html


@pytest.mark.parametrize("value", words.STATES)
def test_every_state_is_said_without_its_colour(value: str) -> None:
    with translation.override("en"):
        html = rendered("{% state value small=True %}", value=value)
        assert words.state_word(value) in html
    assert words.STATE_ICONS[value] in html


def test_a_state_nobody_knows_is_unknown() -> None:
    assert "ms-state-unknown" in rendered("{% state value %}", value="molten")


def test_a_grade_says_its_word_and_why() -> None:
    html = rendered('{% grade "AAA" reason="合同第 3 行" %}')
    assert "AAA 级 · 合同第 3 行" in html
    assert rendered('{% grade "" %}') == ""


@pytest.mark.parametrize(("value", "letter"), [("special", "特"), ("gold", "金"), ("II", "II")])
def test_a_grade_has_letters(value: str, letter: str) -> None:
    assert f">{letter}</span>" in rendered("{% grade value %}", value=value)


def clock(minutes: float, **more: object) -> dict[str, object]:
    """Make a clock of four hours with so many minutes left."""
    return {"state": "running", "deadline_at": NOON + timedelta(minutes=minutes), "total_seconds": 14400, **more}


def test_a_clock_says_what_is_left_and_ticks() -> None:
    html = rendered("{% clock c %}", c=clock(200))
    assert "剩 3 小时 20 分" in html
    assert 'data-remaining="12000"' in html
    assert "is-short" not in html


def test_a_clock_under_a_quarter_is_bold() -> None:
    assert "is-short" in rendered("{% clock c %}", c=clock(59))
    assert "is-short" not in rendered("{% clock c %}", c=clock(60))


def test_a_clock_that_is_over_is_inverse() -> None:
    html = rendered("{% clock c %}", c=clock(-35))
    assert "ms-clock-breached" in html
    assert "超时 35 分" in html


@pytest.mark.parametrize("more", [{"state": "paused"}, {"counting": False}, {"state": "met"}, {"state": "stopped"}])
def test_a_clock_that_does_not_count_does_not_tick(more: dict[str, object]) -> None:
    assert "data-clock" not in rendered("{% clock c %}", c=clock(200, **more))


def test_a_clock_may_be_missing() -> None:
    assert rendered("{% clock c %}", c=None).strip() == ""
    assert "无时限" in rendered("{% clock c %}", c={"state": "running"})


def test_an_instant_is_local_and_relative() -> None:
    html = rendered("{% instant at %}", at=NOON - timedelta(hours=3))
    assert "3 小时前" in html
    assert 'title="2026-03-02 09:00:00"' in html
    assert rendered("{% instant at %}", at=None).strip() == "—"


@pytest.mark.parametrize(
    ("style", "said"),
    [("absolute", "2026-03-02 12:00"), ("time", "12:00"), ("date", "2026-03-02"), ("both", "刚刚")],
)
def test_an_instant_has_styles(style: str, said: str) -> None:
    assert said in rendered("{% instant at style=style %}", at=NOON, style=style)


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (0, "0 秒", "0 s"),
        (59, "59 秒", "59 s"),
        (61, "1 分 1 秒", "1 min 1 s"),
        (600, "10 分", "10 min"),
        (4800, "1 小时 20 分", "1 h 20 min"),
        (-4800, "1 小时 20 分", "1 h 20 min"),
        (90000, "1 天 1 小时", "1 d 1 h"),
    ],
)
def test_durations_are_said_in_words(seconds: int, chinese: str, english: str) -> None:
    assert words.duration_words(seconds) == chinese
    with translation.override("en"):
        assert words.duration_words(timedelta(seconds=seconds)) == english


@pytest.mark.parametrize(
    ("kbps", "said"),
    [(64, "64 kbit/s"), (2048, "2 Mbit/s"), (155_520, "155.52 Mbit/s"), (10_000_000, "10 Gbit/s"), (None, "—")],
)
def test_bandwidths_are_said_as_people_do(kbps: int | None, said: str) -> None:
    assert rendered("{{ kbps|bandwidth }}", kbps=kbps) == said


def test_a_telephone_number_is_dialled_without_its_blanks() -> None:
    html = rendered('{% phone "027-8577 1234" name="李伟" %}')
    assert 'href="tel:02785771234"' in html
    assert "呼叫 李伟" in html


def test_names_are_escaped() -> None:
    for source in ("{% person x %}", "{% copyable x %}", "{% phone x %}", "{% grade x %}", "{% state 'up' label=x %}"):
        assert "<script>" not in rendered(source, x="<script>")
