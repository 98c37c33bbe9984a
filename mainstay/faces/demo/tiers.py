"""The demo's tiers: who holds which grade, changes that wait for approval, a bound that shall be raised.

The rules came two months ago and the leader approved what they said. Since then some customers grew or shrank: their
changes wait, a few too long. The administrator asks to raise the bound of Gold; the leader finds it in their day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from mainstay.accounts.customers.queries import visible_to
from mainstay.accounts.tiers import effects
from mainstay.accounts.tiers.actions import approving, assessing, drafting, loading, trying
from mainstay.accounts.tiers.actions.approving import NewMandate
from mainstay.accounts.tiers.queries import proposals, rules
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import actor_named

LEADER, ADMIN = "zhao.lei", "admin"
RULES = ("postal-mail", "telecom-kinds")
GOLD, BOUND_YUAN = 3, 300_000
MARKED = (
    ("model_for_trade", "全省同业到此参观"),
    ("contested", "两家竞争对手在投标"),
    ("registered_upstream", "省公司登记"),
)


def grade(*, at: datetime, by: Actor) -> int:
    """Load the rules, judge everybody, let most changes be approved; return how many grades are held."""
    leader, admin = actor_named(LEADER), actor_named(ADMIN)
    if leader is None or admin is None:
        return 0
    then, late = at - timedelta(days=61), at - timedelta(days=9)
    loading.load_shipped(at=then, by=by)
    codes = list(visible_to(by).order_by("pk").values_list("pk", flat=True))
    for (name, why), pk in zip(MARKED, codes[3::40], strict=False):
        approving.give_fact(pk, name, "是", why=why, at=then, by=by)
    _judge_all(then, by=by)
    waiting = [row.pk for row in proposals.waiting_for(leader)]
    approved = approving.approve_together(waiting, at=then + timedelta(days=1), by=leader)
    grown = codes[7 : len(codes) // 2 : 23]
    for pk in grown:
        approving.give_fact(pk, "growing", "是", why="新建园区，三年规划", at=late, by=by)
    _judge_all(at - timedelta(hours=6), by=by)
    mandate = NewMandate("postal-mail", "diamond", "4201", "鄂邮〔2026〕12 号", timezone.localdate(at))
    approving.give_mandate(mandate, at=at - timedelta(days=2), by=leader)
    _ask_for_more(at - timedelta(hours=2), by=admin)
    return approved


def _judge_all(at: datetime, *, by: Actor) -> None:
    for row in rules.rule_sets(by):
        if row.rule_set.code in RULES and row.in_force is not None:
            _finish([assessing.begin(row.in_force, at=at, by=by).pk], at=at, by=by)


def _finish(run_ids: Iterable[int], *, at: datetime, by: Actor) -> None:
    for run_id in run_ids:
        while assessing.advance(run_id, at=at, by=by):
            pass
    while effects.judge_waiting(at=at, by=by):
        pass


def _ask_for_more(at: datetime, *, by: Actor) -> None:
    """Draft a higher bound of Gold, try it, ask for approval."""
    draft = drafting.begin_draft("postal-mail", at=at, by=by)
    rows = [dict(row) for row in draft.table["rows"]]
    bound = {"low": BOUND_YUAN * 100, "low_in": True}
    rows[GOLD] = {**rows[GOLD], "when": {**rows[GOLD]["when"], "billed_year_fen": bound}}
    drafting.save_draft(draft.pk, {**draft.table, "rows": rows}, revision=draft.revision, at=at, by=by)
    _finish([trying.try_over_all(draft.pk, at=at, by=by).pk], at=at, by=by)
    drafting.propose(draft.pk, on=timezone.localdate(at), why="黄金客户过多，服务跟不上", at=at, by=by)
