"""Lists keep their order, filters and page in the URL."""

from django.core.paginator import Paginator

from tests.faces.ui.rendering import rendered

FILTERS = [
    {"name": "q", "label": "编号", "kind": "search"},
    {"name": "state", "label": "状态", "kind": "chips", "options": [("down", "中断", 3), ("up", "正常")]},
    {"name": "grade", "label": "等级", "options": [("AAA", "AAA")]},
]


def test_a_head_sorts_and_sorts_back() -> None:
    assert 'href="?sort=name"' in rendered('{% th "名称" "name" %}')
    rising = rendered('{% th "名称" "name" %}', path="/?sort=name")
    assert 'href="?sort=-name"' in rising
    assert 'aria-sort="ascending"' in rising


def test_sorting_keeps_the_filters_and_begins_at_the_first_page() -> None:
    html = rendered('{% th "名称" "name" %}', path="/?state=down&page=4&after=x")
    assert 'href="?state=down&amp;sort=name"' in html


def test_a_plain_head_is_no_link() -> None:
    assert "<a" not in rendered('{% th "名称" numeric=True %}')


def test_pages_are_counted() -> None:
    page = Paginator(range(120), 50).page(2)
    html = rendered("{% pagination page %}", page=page, path="/?state=down&page=2")
    assert "第 51–100 条，共 120 条" in html
    assert 'href="?state=down&amp;page=3"' in html
    assert 'href="?state=down&amp;page=1"' in html


def test_cursors_page_both_ways() -> None:
    html = rendered("{% pagination page %}", page={"before": "a", "after": "b", "total": 7}, path="/?after=z")
    assert 'href="?before=a"' in html
    assert 'href="?after=b"' in html
    assert rendered("{% pagination page %}", page={}).strip() == ""


def test_filters_show_what_the_url_says() -> None:
    html = rendered("{% filter_bar filters %}", filters=FILTERS, path="/circuits?state=down&grade=AAA&sort=name")
    assert '<option value="AAA" selected>' in html
    assert 'name="sort" value="name"' in html
    assert 'href="/circuits?sort=name"' in html, "one link clears all filters and keeps the order"
    assert 'href="/circuits?grade=AAA&amp;sort=name"' in html, "an active chip takes itself out"


def test_an_empty_list_says_what_will_appear_and_how() -> None:
    html = rendered('{% empty "还没有工单" text="告警会自动开单。" url="/new" action="报障" %}')
    assert "还没有工单" in html
    assert 'href="/new"' in html


def test_a_table_scrolls_in_its_own_box() -> None:
    html = rendered(
        '{% table caption="电路" stack=True %}<tbody><tr><td>{{ x }}</td></tr></tbody>{% endtable %}', x="<b>"
    )
    assert html.startswith('<div class="ms-table-box">')
    assert "&lt;b&gt;" in html
    assert "ms-stack" in html
