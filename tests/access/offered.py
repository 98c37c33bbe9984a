"""What stands behind the addresses of the catalogue, of schemes and of VIPs: one of each, about the bank."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.accounts.catalog.actions.policies import NewPolicy, save_policy
from mainstay.accounts.catalog.actions.tariffs import NewTariff, lay_down_tariffs
from mainstay.accounts.nominations.actions import by_hand, extracting
from mainstay.accounts.nominations.actions.filters import NewFilter, save_filter, save_wave_rule
from mainstay.accounts.nominations.actions.intake import DayFigures
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.measuring import FactorRule, Rules
from mainstay.accounts.schemes.actions.drafts import NewDraft, draft_scheme
from mainstay.accounts.schemes.actions.models import NewCounter, NewModel, NewPart, move_model, save_model
from mainstay.domain.actor import Actor

if TYPE_CHECKING:
    from tests.access.stage import Stage

MODEL = NewModel(
    "dual", "双归方案", "dual_homing", "两个局站接入。", (NewPart("product", "专线", "leased-line"),),
    drawing="总部 | 主用 | 局", counters=(NewCounter("某公司", "4G 备份", "同局站汇聚"),),
)  # fmt: skip


def put_up(stage: "Stage") -> None:
    """Put everything up."""
    at, boss, manager = timezone.now(), stage.actor("admin"), stage.actor("wang.min")
    (tariff,) = lay_down_tariffs([NewTariff("leased-line", 10_000, 20_000, date(2026, 1, 1))], at=at, by=boss)
    policy = save_policy(NewPolicy("YX-1", "双路由优惠", "八折", date(2026, 1, 1)), at=at, by=boss)
    model = move_model(save_model(MODEL, at=at, by=boss).pk, "released", at=at, by=boss)
    today = timezone.localdate(at)
    wanted = NewDraft(stage.world.bank.pk, model.pk, today, title="汉江银行双归方案")
    stage.ids |= {
        "product": stage.world.product.pk, "tariff": tariff.pk, "policy": policy.pk, "scheme_model": model.pk,
        "scheme": draft_scheme(wanted, at=at, by=manager).pk,
        "wave_rule": save_wave_rule("三成", percent=30, least_fen=0, days=7, at=at, by=boss).pk,
    }  # fmt: skip
    _put_up_vips(stage, today, boss, manager)


def _put_up_vips(stage: "Stage", today: date, boss: Actor, manager: Actor) -> None:
    at, world = timezone.now(), stage.world
    days = [today - timedelta(days=back) for back in range(5)]
    rich = ((world.bank, 10**9), (world.logistics, 10**8))
    deliver([DayFigures(f"62{c.pk}", c.code, "demand", day, balance=fen) for c, fen in rich for day in days],
            at=at, by=boss)  # fmt: skip
    row = save_filter(NewFilter("日均百万", (FactorRule("average_balance", 5, 10**7, 0),)), at=at, by=boss)
    run = extracting.ask_for_run(row.pk, on=today, dry=True, at=at, by=boss)
    for part in extracting.parts_there():
        found = extracting.find(Rules.read(run.rules), today, part, by=boss)
        extracting.keep_part(run.pk, part, found, at=at, by=boss)
    stage.ids |= {
        "vip_filter": row.pk, "vip_run": run.pk,
        "nomination": by_hand.propose(world.bank.pk, "汉江银行周颖来访", from_on=today, at=at, by=manager).pk,
    }  # fmt: skip
