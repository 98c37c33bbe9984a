"""The demo's points: rules, a balance taken over, gifts and who asks for them, offers tried and granted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.accounts.offers.actions import granting
from mainstay.accounts.offers.actions import offers as offer_actions
from mainstay.accounts.offers.actions.offers import NewOffer
from mainstay.accounts.offers.choices import GrantStatus, OfferStatus
from mainstay.accounts.points.actions import books, gifts, orders
from mainstay.accounts.points.actions.days import do_day
from mainstay.accounts.points.actions.earning import earn_due
from mainstay.accounts.points.actions.gifts import NewGift
from mainstay.accounts.points.actions.orders import Asked
from mainstay.accounts.points.actions.posting import Wanted, post_many
from mainstay.accounts.points.queries.balances import balance_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.faces.demo import cast
from mainstay.platform.identity.queries import actor_named, users

EARLIER = timedelta(days=21)
"""So long ago the payments were reckoned, before anybody asked for a gift."""
TAKEN_OVER = 24
"""So many customers bring points of the old system with them."""
GIFTS = (
    ("tea-set", "紫砂茶具", "Teapot set", 3_000, 40, "一壶四杯，礼盒装", ()),
    ("umbrella", "商务雨伞", "Business umbrella", 800, 200, "碳纤维伞骨", ()),
    ("training", "网络运维培训名额", "Place in a network training", 12_000, 12, "三天，含食宿", ("gold", "silver")),
    ("tester", "手持光功率计", "Hand-held optical power meter", 20_000, 5, "金牌客户专享", ("gold",)),
    ("desk-lamp", "护眼台灯", "Desk lamp", 1_500, 0, "补货中", ()),
)
OFFERS = (
    ("gold-8", "金牌客户租费九二折", "8 % off for gold customers", "等级 == 'gold' 并且 在网月数 >= 12",
     "percent", "8", 12, "open"),
    ("silver-free", "银牌客户每年赠一个月", "A free month a year for silver customers",
     "grade == 'silver' and months >= 6", "free_months", "1", 12, "open"),
    ("no-arrears", "无欠费客户每月赠送积分", "Bonus points for customers without arrears",
     "arrears == 0 and revenue_year > 0", "points", "500", 6, "open"),
    ("new-line", "新装专线立减", "Off each month for new lines", "'leased-line' in products and months < 24",
     "amount", "30000", 6, "draft"),
)  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """Who works on points in the demo."""

    manager: Actor
    leader: Actor


def lay(*, at: datetime, by: Actor, dice: Random) -> int:
    """Lay everything; return how many transfers' customers there are."""
    began = date(timezone.localdate(at).year - 2, 1, 1)
    books.lay_down(books.EXAMPLE, began, note="演示规则，数值为虚构", at=at, by=by)
    chosen = _customers(by)
    _take_over(chosen, at=at, by=by, dice=dice)
    while earn_due(at=at - EARLIER, by=by):
        pass
    do_day(timezone.localdate(at), at=at, by=by)
    staff = Staff(replace(by, name="客户经理"), actor_named("zhao.lei") or by)
    _hand_out(chosen, _stock(at=at, by=by), staff, at=at, by=by)
    _offer(chosen, staff, at=at, by=by)
    return len(balance_of(chosen))


def _customers(by: Actor) -> list[int]:
    """Return the portal's customers, the first manager's, then the best grades."""
    names = [name for name, _shown in cast.PORTAL]
    portal = [user.customer_id for user in users().filter(username__in=names) if user.customer_id]
    rows = customers_visible_to(by)
    own = list(rows.filter(account_manager__username="wang.min").order_by("code").values_list("pk", flat=True)[:10])
    rest = list(rows.order_by("service_grade", "code").values_list("pk", flat=True)[:TAKEN_OVER])
    return list(dict.fromkeys([*portal, *own, *rest]))[:TAKEN_OVER]


def _take_over(chosen: Sequence[int], *, at: datetime, by: Actor, dice: Random) -> None:
    """Bring points of the old system in: some of two years ago, which end with this year, some of last year."""
    today = timezone.localdate(at)
    wanted = []
    for number, customer_id in enumerate(chosen):
        for back in (2, 1):
            on = date(today.year - back, 1, 1) + timedelta(days=dice.randint(0, 300))
            until = date(today.year + 2 - back, 12, 31)
            points = dice.randint(4, 60) * 250
            wanted.append(Wanted(f"demo:{number}:{back}", customer_id, "correct", points, "hand", on=on,
                                 expires_on=until, reason="期初积分，自旧系统转入"))  # fmt: skip
    post_many(wanted, at=at - timedelta(days=90), by=by)


def _stock(*, at: datetime, by: Actor) -> dict[str, int]:
    """Fill the catalogue; return the gifts by code."""
    made = {}
    first = timezone.localdate(at) - timedelta(days=200)
    for code, name, name_en, price, pieces, text, grades in GIFTS:
        new = NewGift(code, name, price, first, first + timedelta(days=500), name_en, text, grades)
        made[code] = gifts.save_gift(new, at=at, by=by, pieces=pieces).pk
    return made


def _hand_out(chosen: Sequence[int], made: dict[str, int], staff: Staff, *, at: datetime, by: Actor) -> None:
    """Let gifts be at every step of their way: asked for, approved, handed out, cancelled."""
    named = {user.customer_id: user.username for user in users().filter(username__in=[n for n, _ in cast.PORTAL])}
    asked = []
    for number, customer_id in enumerate(chosen[:8]):
        who = actor_named(named[customer_id]) if customer_id in named else staff.manager
        code = ("umbrella", "tea-set")[number % 2]
        day = at - timedelta(days=20 - 2 * number)
        try:
            asked.append((orders.ask(Asked(customer_id, made[code], 1 + number % 2), at=day, by=who or by).pk, day))
        except MainstayError:
            continue
    for number, (order_id, day) in enumerate(asked[2:]):
        if number == 0:
            orders.cancel(order_id, "客户改选其他礼品", at=day + timedelta(hours=5), by=by)
            continue
        orders.approve(order_id, at=day + timedelta(hours=3), by=staff.leader)
        if number % 2:
            orders.hand_out(order_id, "办公室前台", at=day + timedelta(days=1), by=by)


def _offer(chosen: Sequence[int], staff: Staff, *, at: datetime, by: Actor) -> None:
    """Open offers; grant one to some, leave one proposal to the leader."""
    today = timezone.localdate(at)
    for code, name, name_en, condition, benefit, value, months, status in OFFERS:
        new = NewOffer(code, name, condition, benefit, Decimal(value), months, date(today.year - 1, 1, 1),
                       name_en=name_en, text="演示优惠，数值为虚构")  # fmt: skip
        row = offer_actions.save_offer(new, at=at, by=by)
        if status == OfferStatus.OPEN:
            offer_actions.set_status(row.pk, OfferStatus.OPEN, at=at, by=by)
            _grant(row.pk, chosen, staff, at=at, by=by)


def _grant(offer_id: int, chosen: Sequence[int], staff: Staff, *, at: datetime, by: Actor) -> None:
    began = (timezone.localdate(at) - timedelta(days=150)).replace(day=1)
    granted = 0
    for customer_id in chosen:
        try:
            grant = granting.propose(offer_id, customer_id, "年度客情", at=at, by=staff.manager, from_on=began)
        except MainstayError:
            continue
        granted += 1
        if granted > 3:
            return
        if granted < 3:
            granting.decide(grant.pk, GrantStatus.APPROVED, "同意", at=at, by=staff.leader)
