"""The demo's catalogue and VIPs: tariffs, policies, schemes, balances that move, filters. Figures are made up."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from mainstay.accounts.catalog.actions.policies import NewPolicy, save_policy
from mainstay.accounts.catalog.actions.tariffs import NewTariff, lay_down_tariffs
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.accounts.nominations.actions import by_hand, extracting
from mainstay.accounts.nominations.actions.filters import NewFilter, save_filter, save_wave_rule
from mainstay.accounts.nominations.actions.intake import DayFigures
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.measuring import FactorRule
from mainstay.accounts.schemes.actions.drafts import NewDraft, draft_scheme
from mainstay.accounts.schemes.actions.models import load_shipped
from mainstay.accounts.schemes.queries import released
from mainstay.accounts.schemes.shipped import MODELS
from mainstay.domain.actor import Actor
from mainstay.faces.demo import cast
from mainstay.platform.identity.queries import actor_named, users
from mainstay.platform.jobs import running

_M = 1_024
MONTHLY_YUAN = {
    "mstp-line": ((2, 900), (10, 2_200), (50, 5_800), (100, 9_000), (1_024, 32_000)),
    "data-line": ((2, 600), (10, 1_500), (100, 6_500)),
    "mpls-vpn": ((2, 700), (10, 1_800), (100, 7_800)),
    "internet-line": ((20, 1_600), (100, 4_800), (500, 12_000), (1_024, 20_000)),
    "otn-line": ((100, 12_000), (1_024, 38_000), (10_240, 120_000)),
    "digital-circuit": ((2, 1_200), (34, 8_800), (155, 21_000)),
    "apn": ((2, 800), (10, 2_000)),
}
"""A month within a city, by speed in Mbit/s."""
FARTHER = {"local": 1.0, "province": 1.6, "country": 2.4}
SOURCE = "演示资费〔2026〕1 号（数值为虚构）"
HOLDERS, DAYS, WHALES = 80, 100, 12
"""So many customers have accounts, so many days of figures."""


def offer(*, at: datetime, by: Actor, dice: Random) -> int:
    """Lay down tariffs and policies, load scheme models, draft a few schemes; return how many tariffs there are."""
    year = date(timezone.localdate(at).year, 1, 1)
    made = lay_down_tariffs(list(_tariffs(year)), at=at, by=by)
    for policy in _policies(year):
        save_policy(policy, at=at, by=by)
    load_shipped(MODELS, at=at, by=by)
    models = released()
    gold = list(customers_visible_to(by).filter(service_grade="gold").order_by("code").values_list("pk", flat=True)[:3])
    for number, customer_id in enumerate([*_portal(), *gold][:4]):
        pk, _name = models[number % len(models)]
        wanted = NewDraft(customer_id, pk, timezone.localdate(at), dice.randint(2, 18), dice.choice((2, 10, 50)) * _M,
                          term_months=24)  # fmt: skip
        draft_scheme(wanted, at=at, by=by)
    return len(made)


def _tariffs(year: date) -> Iterator[NewTariff]:
    for product, steps in MONTHLY_YUAN.items():
        for reach, factor in FARTHER.items():
            for mbits, yuan in steps:
                monthly = round(yuan * factor / 10) * 1_000
                yield NewTariff(product, 100_000, monthly, year, None, mbits * _M, reach, "", SOURCE)
    for mbits, yuan in MONTHLY_YUAN["internet-line"]:  # the capital of the province is cheaper
        yield NewTariff("internet-line", 50_000, yuan * 85, year, None, mbits * _M, "local", "4201", SOURCE)
    yield NewTariff("dark-fibre", 500_000, 450_000, year, None, 0, "local", "", SOURCE)
    last = year.replace(year=year.year - 1)
    yield NewTariff("internet-line", 100_000, 560_000, last, year, 100 * _M, "local", "", "演示资费（上一年）")


def _policies(year: date) -> Iterator[NewPolicy]:
    ends = year.replace(year=year.year + 1)
    yield NewPolicy(
        "YX-01", "金融行业专线双路由优惠",
        "金融行业客户同时开通主备两条不同路由的专线，备用电路月租费八折，合同期不少于 24 个月。",
        year, ends, "营销政策（演示）", customer_kinds=("group", "organisation"), industries=("J",),
        products=("mstp-line", "data-line"), figures=(("备用电路折扣", "80%"), ("最短合同期", "24 个月")),
    )  # fmt: skip
    yield NewPolicy(
        "YX-02", "多分支组网满十赠一", "MPLS VPN 一次新开通十个端口及以上，赠一个 2M 端口一年月租费。",
        year, None, "营销政策（演示）", customer_kinds=("group",), products=("mpls-vpn",),
        figures=(("起算端口数", "10"),),
    )  # fmt: skip
    yield NewPolicy(
        "YX-03", "新客户免开通费", "首次签约的单位客户，互联网专线免收一次性开通费。",
        year.replace(year=year.year - 1), year,
        "营销政策（演示）", customer_kinds=("organisation",), products=("internet-line",),
    )  # fmt: skip


def _portal() -> list[int]:
    names = [name for name, _shown in cast.PORTAL]
    return [user.customer_id for user in users().filter(username__in=names).order_by("pk") if user.customer_id]


def bank(*, at: datetime, by: Actor, dice: Random) -> int:
    """Deliver balances that move, run a filter over them, nominate two by hand; return how many accounts there are."""
    today = timezone.localdate(at)
    save_wave_rule("存款一周内变动三成", percent=30, least_fen=50_000_000, days=7, at=at, by=by)
    customers = list(customers_visible_to(by).order_by("code").values_list("pk", "code")[:HOLDERS])
    portal = set(_portal())
    customers.sort(key=lambda row: row[0] not in portal)
    figures = [each for place, (_pk, code) in enumerate(customers) for each in _accounts(place, code, today, dice)]
    for start in range(0, len(figures), 10_000):
        deliver(figures[start : start + 10_000], at=at, by=by)
    _nominate(customers, today, at=at, by=by)
    return len({each.account for each in figures})


def _accounts(place: int, code: str, today: date, dice: Random) -> Iterator[DayFigures]:
    level = dice.lognormvariate(13.2 if place < WHALES else 10.8, 1.1)
    kinds = ["demand", *(["time"] if dice.random() < 0.5 else []), *(["loan"] if dice.random() < 0.2 else [])]
    for number, kind in enumerate(kinds):
        account = f"62{place:06d}{number:04d}{dice.randint(1_000, 9_999)}"
        yield from _days(account, code, kind, level, today, dice, falls=place == 1)


def _days(
    account: str, code: str, kind: str, level: float, today: date, dice: Random, *, falls: bool
) -> Iterator[DayFigures]:  # fmt: skip
    yuan = level * (-0.8 if kind == "loan" else 1.0)
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        if kind == "demand":
            payday = 0.75 if day.day == 15 else 1.0
            yuan = max(100.0, yuan * payday * dice.lognormvariate(0.004, 0.05) + level * 0.012)
            if falls and back == 3:
                yuan *= 0.45
        count = dice.randint(0, 14) if kind == "demand" and day.weekday() < 5 else 0
        amount = round(count * level * 0.01) * 100
        yield DayFigures(account, code, kind, day, balance=round(yuan * 100), count=count, amount=amount,
                         settled=amount // 2, contribution=round(abs(yuan) * 0.005))  # fmt: skip


def _nominate(customers: list[tuple[int, str]], today: date, *, at: datetime, by: Actor) -> None:
    """Let an administrator write two filters and run one, a manager propose one more, a leader decide on another."""
    boss = actor_named("admin") or by
    rich = NewFilter("日均存款五十万", (FactorRule("average_balance", 90, 50_000_000, 0),), day=3,
                     note="近 90 天日均存款达到 50 万元")  # fmt: skip
    mixed = NewFilter(
        "综合贡献", (FactorRule("average_balance", 30, 100_000_000, 50), FactorRule("count", 30, 150, 20),
                 FactorRule("settled", 30, 30_000_000, 30)), "weights", 60,
        note="日均存款、交易笔数、结算量加权，60 分以上",
    )  # fmt: skip
    row = save_filter(rich, at=at, by=boss)
    save_filter(mixed, at=at, by=boss)
    run = extracting.ask_for_run(row.pk, on=today - timedelta(days=1), dry=False, at=at, by=boss)
    while running.advance(run.job_id or 0, at=at):
        pass
    manager, leader = actor_named("wang.min"), actor_named("zhao.lei")
    if manager is None or leader is None or not manager.customer_ids:
        return
    mine = sorted(manager.customer_ids)
    by_hand.propose(mine[-1], "行业龙头，正在谈全省组网", from_on=today, at=at, by=manager)
    if len(mine) > 1:
        other = by_hand.propose(mine[-2], "客户经理走访：年内将把结算户迁入", from_on=today, at=at, by=manager)
        if other.customer.region_id.startswith(leader.regions):
            by_hand.decide(other.pk, approve=True, at=at, by=leader)
