"""Scheme models have versions, are found by what they answer, and become customers' schemes with the day's prices."""

from dataclasses import replace
from datetime import date

import pytest

from mainstay.accounts.catalog.actions.tariffs import NewTariff, lay_down_tariffs, revise_tariff
from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.schemes import papers, queries
from mainstay.accounts.schemes.actions.drafts import NewDraft, draft_scheme
from mainstay.accounts.schemes.actions.models import NewCounter, NewModel, NewPart, load_shipped, move_model, save_model
from mainstay.accounts.schemes.drawing import Link, links, nodes, ways
from mainstay.accounts.schemes.errors import BadScheme, NoSuchScheme
from mainstay.accounts.schemes.models import SchemeModel
from mainstay.accounts.schemes.pricing import count_of
from mainstay.accounts.schemes.queries import ModelFilter
from mainstay.accounts.schemes.shipped import MODELS
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.documents.models import Document
from tests.cast import NOW, World

DAY = date(2026, 9, 1)
PARTS = (
    NewPart("product", "主用专线", "leased-line", "MSTP", "per_site"),
    NewPart("equipment", "路由器", counting="per_branch", quantity=2, one_time_fen=300_000),
    NewPart("work", "施工", one_time_fen=50_000, monthly_fen=1_000),
)
MODEL = NewModel(
    "bank-dual", "银行双归方案", "dual_homing", "两个局站接入。", PARTS, ("organisation",), ("J",),
    "总行 | MSTP | 汉口局 | 传输网 | 网点", (("切换时间", "< 50 ms"),), "快", "贵",
    (NewCounter("江城电信", "4G 备份专线", "同局站汇聚，一断全断。"),),
)  # fmt: skip


@pytest.fixture
def model(world: World, admin: Actor) -> SchemeModel:
    """Give a released model, and a tariff of its product."""
    lay_down_tariffs(
        [NewTariff("leased-line", 100_000, 200_000, date(2026, 1, 1), speed_kbps=10_240)], at=NOW, by=admin
    )
    return move_model(save_model(MODEL, at=NOW, by=admin).pk, "released", at=NOW, by=admin)


def draft(world: World, model: SchemeModel, **more: object) -> NewDraft:
    return replace(NewDraft(world.bank.pk, model.pk, DAY, 3, 8_000, term_months=24), **more)  # type: ignore[arg-type]


def test_it_works(world: World, model: SchemeModel) -> None:
    row = draft_scheme(draft(world, model), at=NOW, by=world.actor("wang.min"))
    once = 3 * 100_000 + 4 * 300_000 + 50_000
    assert (row.one_time_fen, row.monthly_fen) == (once, 3 * 200_000 + 1_000)
    assert row.total_fen == once + 24 * row.monthly_fen
    assert [line["count"] for line in row.lines] == [3, 4, 1]
    assert (row.unpriced, row.number[:3]) == (0, "FA-")


def test_prices_stay_as_they_were(world: World, model: SchemeModel, admin: Actor) -> None:
    manager = world.actor("wang.min")
    old = draft_scheme(draft(world, model), at=NOW, by=manager)
    revise_tariff(old.lines[0]["tariff_id"], one_time_fen=0, monthly_fen=1, on=date(2026, 8, 1), at=NOW, by=admin)
    save_model(replace(MODEL, summary="新"), model_id=model.pk, at=NOW, by=admin)
    new = draft_scheme(draft(world, model), at=NOW, by=manager)
    again = queries.draft(manager, old.pk)
    assert (again.monthly_fen, again.content["summary"]) == (601_000, "两个局站接入。")
    assert (new.monthly_fen, new.content["summary"], new.model_version) == (1_003, "新", 2)


def test_what_has_no_tariff_is_said_and_not_counted(world: World, model: SchemeModel) -> None:
    row = draft_scheme(draft(world, model, speed_kbps=20_480), at=NOW, by=world.actor("wang.min"))
    assert (row.unpriced, row.lines[0]["one_time_fen"], row.monthly_fen) == (1, None, 1_000)


def test_models_are_found_by_name_pinyin_type_trade_and_competitor(world: World, model: SchemeModel) -> None:
    for wanted in (
        ModelFilter(text="双归"), ModelFilter(text="yhsg"), ModelFilter(text="yinhang"), ModelFilter(text="江城电信"),
        ModelFilter(scheme_type="dual_homing"), ModelFilter(kind="organisation"), ModelFilter(industry="J66"),
        ModelFilter(competitor="江城电信"), ModelFilter(product="leased-line"), ModelFilter(status="released"),
    ):  # fmt: skip
        assert list(queries.models_matching(wanted)) == [model], wanted
    for wanted in (ModelFilter(kind="individual"), ModelFilter(industry="G"), ModelFilter(competitor="别家"),
                   ModelFilter(text="云")):  # fmt: skip
        assert not queries.models_matching(wanted).exists(), wanted


def test_every_version_is_kept_with_its_reason(world: World, model: SchemeModel, admin: Actor) -> None:
    save_model(replace(MODEL, name="银行双归二"), model_id=model.pk, version=1, at=NOW, by=admin.because("换名"))
    with pytest.raises(BadScheme, match="changed meanwhile"):
        save_model(MODEL, model_id=model.pk, version=1, at=NOW, by=admin)
    assert [(row.version, row.why, row.content["name"]) for row in queries.versions(model.pk)] == [
        (2, "换名", "银行双归二"), (1, "", "银行双归方案"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"parts": ()}, "at least one part"),
        ({"drawing": "总行 | MSTP"}, "Line 1 of the drawing"),
        ({"parts": (replace(PARTS[0], product="x"),)}, "no product “x”"),
        ({"counters": (NewCounter("江城电信", "", ""),)}, "counter-scheme names"),
        ({"scheme_type": "magic"}, "“magic”"),
    ],
)
def test_what_is_wrong_is_named(world: World, admin: Actor, more: dict[str, object], said: str) -> None:
    with pytest.raises(BadScheme, match=said):
        save_model(replace(MODEL, **more), at=NOW, by=admin)  # type: ignore[arg-type]


def test_a_scheme_is_seen_by_those_who_see_the_customer(world: World, model: SchemeModel) -> None:
    row = draft_scheme(draft(world, model), at=NOW, by=world.actor("wang.min"))
    assert queries.draft(world.actor("li.qiang"), row.pk) == row
    for name in ("liu.fang", "huang.wei", "zhou.ying", "wu.tong"):
        with pytest.raises(NoSuchScheme):
            queries.draft(world.actor(name), row.pk)
    with pytest.raises(NoSuchCustomer):
        draft_scheme(draft(world, model, customer_id=world.logistics.pk), at=NOW, by=world.actor("wang.min"))
    with pytest.raises(NotAllowed):
        draft_scheme(draft(world, model), at=NOW, by=world.actor("li.qiang"))
    with pytest.raises(NotAllowed):
        save_model(MODEL, at=NOW, by=world.actor("wang.min"))


def test_drafts_and_unreleased_models_cannot_be_used(world: World, model: SchemeModel, admin: Actor) -> None:
    move_model(model.pk, "withdrawn", at=NOW, by=admin)
    with pytest.raises(BadScheme, match="not released"):
        draft_scheme(draft(world, model), at=NOW, by=world.actor("wang.min"))
    move_model(model.pk, "released", at=NOW, by=admin)
    with pytest.raises(BadScheme, match="1 to 2000 sites"):
        draft_scheme(draft(world, model, sites=0), at=NOW, by=world.actor("wang.min"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_scheme_becomes_a_document(world: World, model: SchemeModel, language: str) -> None:
    manager = world.actor("wang.min")
    row = draft_scheme(draft(world, model, speed_kbps=20_480), at=NOW, by=manager)
    made = papers.set_document(row.pk, language, at=NOW, by=manager)
    kept = Document.objects.get(pk=made.pk)
    assert bytes(kept.content.content).startswith(b"%PDF")
    assert (kept.customer_id, kept.about, kept.rare) == (world.bank.pk, f"scheme:{row.pk}", [])
    assert papers.set_document(row.pk, language, at=NOW, by=manager).pk == made.pk


def test_a_drawing_is_read_line_by_line() -> None:
    text = "总行 | MSTP | 局｜环｜网点\n\n总行 | PON | 局"
    assert ways(text)[1] == ["总行", "PON", "局"]
    assert links(text)[0] == Link("总行", "MSTP", "局")
    assert nodes(text) == ["总行", "局", "网点"]


def test_parts_are_counted_by_sites() -> None:
    assert [count_of(each, 2, 5) for each in ("once", "per_site", "per_branch")] == [2, 10, 8]
    assert count_of("per_branch", 1, 1) == 0


def test_the_shipped_models_can_be_loaded_once(world: World, admin: Actor) -> None:
    from mainstay.accounts.catalog.actions.loading import load_shipped as load_catalog
    from mainstay.platform.calendars.actions import load_shipped as load_calendars

    load_calendars(at=NOW, by=admin)
    load_catalog(at=NOW, by=admin)
    assert load_shipped(MODELS, at=NOW, by=admin) == len(MODELS)
    assert load_shipped(MODELS, at=NOW, by=admin) == 0
    assert len(queries.released()) == len(MODELS)
