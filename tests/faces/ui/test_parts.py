"""Verbs, forms, panels, the story: what a page is made of."""

from datetime import timedelta

import pytest
from django import forms
from django.template import TemplateSyntaxError

from tests.faces.ui.rendering import NOON, rendered


class ReasonForm(forms.Form):
    """A form with one field that must be filled."""

    reason = forms.CharField(label="原因", help_text="客户会看到。")
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)


def test_a_posting_verb_is_a_form_with_its_token() -> None:
    html = rendered('{% verb "关闭" url="/t/1/close" method="post" key="c" name="to" value="closed" %}')
    assert 'method="post" action="/t/1/close"' in html
    assert 'name="csrfmiddlewaretoken" value="' in html
    assert 'data-key="c"' in html
    assert 'name="to" value="closed"' in html


def test_a_destructive_verb_asks_with_the_number() -> None:
    html = rendered('{% verb "删除" url="/x" method="post" confirm="删除 {n} 份？" count=3 %}')
    assert 'data-confirm="删除 3 份？"' in html


def test_a_verb_that_cannot_be_done_says_why_and_does_nothing() -> None:
    html = rendered('{% verb "关闭" url="/x" method="post" disabled_reason="请先确认。" %}')
    assert "disabled" in html
    assert "请先确认。" in html
    assert "<form" not in html


def test_a_verb_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TemplateSyntaxError, match="colour"):
        rendered('{% verb "关闭" url="/x" colour="red" %}')


def test_a_form_shows_labels_help_and_errors() -> None:
    html = rendered("{% form_fields form %}", form=ReasonForm({"reason": ""}))
    assert "原因" in html
    assert "客户会看到。" in html
    assert 'aria-invalid="true"' in html
    assert "选填" in html


def test_the_errors_of_the_whole_form_come_first() -> None:
    form = ReasonForm({"reason": "x"})
    form.add_error(None, "时限已挂起，请先恢复。")
    html = rendered("{% form_fields form %}", form=form)
    assert html.index("时限已挂起") < html.index("原因")


def test_a_dialog_frames_a_form_with_a_way_back() -> None:
    html = rendered('{% dialog "pause" title="挂起" %}<form>{% dialog_buttons "挂起" %}</form>{% enddialog %}')
    assert '<dialog id="pause"' in html
    assert "data-close" in html


def test_key_values_take_pairs_and_links_and_escape() -> None:
    facts = [("编号", "<i>"), {"label": "客户", "value": "银行", "href": "/c/1"}, ("备注", None)]
    html = rendered("{% key_values facts %}", facts=facts)
    assert "&lt;i&gt;" in html
    assert '<a href="/c/1">银行</a>' in html
    assert "<dd>—</dd>" in html


def test_a_panel_links_its_count() -> None:
    html = rendered('{% panel title="工单" count=3 href="/tickets" %}x{% endpanel %}')
    assert '<a href="/tickets">' in html
    assert ">3</span>" in html


def test_a_story_names_each_day_once() -> None:
    entries = [
        {"at": NOON - timedelta(days=1), "kind": "alarm", "title": "光缆中断", "state": "down"},
        {"at": NOON - timedelta(minutes=2), "kind": "note", "title": "备注", "body": "<b>a</b>\nb", "by": "王芳"},
        {"at": NOON, "kind": "odd", "title": "结束"},
    ]
    html = rendered("{% timeline entries %}", entries=entries)
    assert html.count("ms-timeline-day") == 2
    assert "&lt;b&gt;a&lt;/b&gt;<br>b" in html
    assert "王芳" in html


def test_nothing_has_an_inline_style_or_script() -> None:
    html = rendered(
        '{% progress 30 100 label="30 %" %}{% spark values %}{% day_bar days %}{% clock c %}{% data_age at %}',
        values=[1, 2], at=NOON, c={"state": "running", "deadline_at": NOON, "total_seconds": 60},
        days=[{"on": NOON.date(), "availability": 0.5, "state": "down", "down_seconds": 43200}],
    )  # fmt: skip
    assert "style=" not in html
    assert "onclick" not in html
    assert "12 小时" in html, "a day says how long the circuit was down"
