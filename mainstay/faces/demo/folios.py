"""The demo's portfolios: a pool, a manager who left, one on leave, contact notes, customers that stand twice (A8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.actions.customers import NewCustomer, create_customers
from mainstay.accounts.duplicates.many import ask_for_scan
from mainstay.accounts.portfolios.actions import notes, pool, recalling, rules
from mainstay.accounts.portfolios.choices import NoteChannel, Outcome
from mainstay.domain.actor import Actor
from mainstay.faces.demo import cast
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.identity.queries import actor_named, users
from mainstay.platform.jobs.running import run_at_once

LEADER, LEFT, AWAY = "zhao.lei", "fu.xin", "jiang.rui"
ORPHANS = 9
TALKS = (
    ("走访信息科，介绍重保期值守安排，对方满意。", "visit", "good"),
    ("电话回访上周抢修，客户确认业务正常。", "phone", "good"),
    ("客户希望明年扩容到 1G，预算二季度批。", "visit", "wish"),
    ("客户对两次割接通知时间太短不满，已致歉。", "phone", "trouble"),
    ("微信发送月度服务报告，已读。", "chat", "neutral"),
    ("办公室无人接听，改日再打。", "phone", "nobody"),
    ("参加客户季度网络例会，讨论双路由改造。", "meeting", "neutral"),
)
STEPS = ("带扩容方案再访", "回复割接窗口调整方案", "送双路由改造报价", "约分管领导见面")
WHY = ("客户经理调往市场部", "客户反映联系不到客户经理", "片区调整", "连续两个季度未走访")


def settle(*, at: datetime, by: Actor, seed: int) -> int:
    """Let portfolios look lived in at an instant; return how many customers are in the pool."""
    dice = Random(f"{seed} portfolios")
    rows = [c for c in customers.visible_to(by).order_by("code") if c.account_manager_id is not None]
    rules.load_shipped(at=at, by=by, active=True)
    _talk(rows, dice, at=at, by=by)
    _twice(rows, at=at, by=by)
    orphans = _orphans(rows, dice, at=at, by=by)
    _leave(at=at, by=by)
    recalling.review(at=at, by=by)
    leader = actor_named(LEADER)
    if leader is not None:
        run_at_once(ask_for_scan(at=at, by=leader, language="zh-hans"), now=lambda: at)
    return orphans


def _talk(rows: Sequence[Any], dice: Random, *, at: datetime, by: Actor) -> None:
    """Note what was talked about with four fifths of the customers in the last months, some with a next step."""
    managers = {user.pk: actor_named(user.username) for user in users() if user.customer_id is None}
    for place, row in enumerate(rows):
        manager = managers.get(row.account_manager_id)
        if manager is None or place % 5 == 4:
            continue
        for _n in range(dice.randint(1, 2)):
            text, channel, outcome = dice.choice(TALKS)
            when = at - timedelta(days=dice.randint(1, 26), hours=dice.randint(1, 8))
            step = dice.choice(STEPS) if outcome in (Outcome.WISH, Outcome.TROUBLE) or place % 23 == 0 else ""
            until = (at + timedelta(days=dice.randint(-3, 9))).date() if step else None
            people = customers.contacts(row.pk)
            new = notes.NewNote(row.pk, NoteChannel(channel), outcome, when, people[0].pk if people else None,
                                text=text, next_step=step, next_on=until)  # fmt: skip
            notes.note_contact(new, at=when, by=manager)


def _twice(rows: Sequence[Any], *, at: datetime, by: Actor) -> None:
    """Take two customers on a second time, as it happens: another legal form, the telephone, a slip of the pen."""
    first, second = [row for row in rows if row.kind == "organisation" and row.parent_id is None][:2]
    bare = first.name.removesuffix("有限公司")
    create_customers(
        [
            NewCustomer("KH-90001", f"{bare}有限责任公司" if bare != first.name else f"{bare}有限公司", first.region_id,
                        first.short_name, phone=first.phone, address=first.address, account_manager="he.lu"),
            NewCustomer("KH-90002", second.name, second.region_id, f"{second.short_name}（新）",
                        address=second.address, service_grade="silver"),
        ],
        at=at, by=by,
    )  # fmt: skip


def _orphans(rows: Sequence[Any], dice: Random, *, at: datetime, by: Actor) -> int:
    """Give some customers back to the pool, each with a reason, over the last two weeks."""
    leader = actor_named(LEADER) or by
    known = {user.username: user.pk for user in users()}
    whose = {known[name] for name in cast.with_duty(Duty.ACCOUNT_MANAGER) if name not in ("wang.min", LEFT)}
    found = [row.pk for row in rows if row.account_manager_id in whose and row.kind != "group"]
    gone = sorted(dice.sample(found, min(ORPHANS, len(found))))
    for place, pk in enumerate(gone):
        pool.release([pk], at=at - timedelta(days=14 - place), by=leader.because(WHY[place % len(WHY)]))
    return len(gone) + 1


def _leave(*, at: datetime, by: Actor) -> None:
    """Lock a manager who left a while ago, and note a long leave."""
    staff = {user.username: user for user in users()}
    identity.set_active(staff[LEFT], False, at=at - timedelta(days=12), by=by)
    leader = actor_named(LEADER) or by
    from_on = (at - timedelta(days=35)).date()
    rules.note_absence(staff[AWAY].pk, from_on, from_on + timedelta(days=158), "产假", at=at, by=leader)
