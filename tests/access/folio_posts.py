"""What can be posted about the pool, hand-overs of portfolios, contact notes, duplicates."""

from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.actions import handing
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.jobs.running import run_at_once
from tests.access.post import Data, Post
from tests.access.stage import Stage


def orphan(stage: Stage) -> None:
    """Let nobody look after the branch."""
    Customer.objects.filter(pk=stage.ids["branch"]).update(account_manager=None)


def signed(stage: Stage) -> None:
    """Hand the bank's branch over to the administrator, who is made an account manager for it."""
    admin = User.objects.get(username="admin")
    DutyAssignment.objects.create(user=admin, duty="account_manager", region_code="42")
    at, by = timezone.now(), stage.actor("wang.min")
    handing.plan(stage.ids["portfolio"], {stage.ids["portfolio_item"]: (admin.pk, "")}, at=at, by=by)
    run_at_once(handing.sign(stage.ids["portfolio"], at=at, by=by), now=timezone.now)


def _branch(stage: Stage) -> Data:
    return {"customers": [stage.ids["branch"]]}


def _assigned(stage: Stage) -> Data:
    return {"customers": [stage.ids["branch"]], "to": stage.world.users["liu.fang"].pk, "why": "片区调整"}


def _planned(stage: Stage) -> Data:
    item = stage.ids["portfolio_item"]
    return {f"to-{item}": stage.world.users["liu.fang"].pk, f"note-{item}": "先拜访", "verb": "save"}


def _ticked(stage: Stage) -> Data:
    return {"items": [stage.ids["portfolio_item"]], "verb": "take"}


def _away(stage: Stage) -> Data:
    return {"user": stage.world.users["wang.min"].pk, "from_on": "2026-01-01", "to_on": "", "why": "病假"}


NOTE: Data = {"channel": "phone", "outcome": "good", "at": "2020-01-01T08:00", "text": "回访"}
RULE: Data = {"kind": "no_note", "grade": "gold", "days": "30", "warn_days": "7", "active": "on"}
HANDOVER = {"pk": "portfolio"}
POSTS = (
    Post("web:pool-claim", "wang.min", "customer.claim", _branch, before=orphan),
    Post("web:pool-assign", "admin", "customer.assign", _assigned),
    Post("web:customer-release", "admin", "customer.released", {"why": "投诉"}, {"pk": "customer"}),
    Post("web:absence-new", "admin", "absence.add", _away),
    Post("web:absence-over", "admin", "absence.end", {}, {"pk": "absence"}),
    Post("web:portfolio-handover-new", "admin", "portfolio-handover.start",
         lambda stage: {"giver": stage.world.users["liu.fang"].pk, "why": "离职"}),
    Post("web:portfolio-handover-plan", "wang.min", "portfolio-handover.plan", _planned, HANDOVER),
    Post("web:portfolio-handover-answer", "admin", "portfolio-handover.answer", _ticked, HANDOVER, before=signed),
    Post("web:note-new", "wang.min", "contact_note.add", NOTE, {"pk": "customer"}),
    Post("web:note-done", "wang.min", "contact_note.finish", {}, {"pk": "contact_note"}),
    Post("web:duplicates-scan", "admin", "job.ask"),
    Post("web:duplicate-decide", "admin", "customer.compare", {"why": "总行与分行"}, {"pk": "pair"}),
    Post("web:merge-prepare", "admin", "merge.prepare", {}, {"kept": "customer", "gone": "branch"}),
    Post("web:merge", "admin", "customer.merge", {"why": "同一客户"}, {"pk": "merge"}),
    Post("web:settings-pool", "admin", "recycle_rule.set", RULE),
    Post("web:settings-pool-limits", "admin", "holding_limit.set", {"gold": "30"}),
    Post("web:settings-pool-shipped", "admin", "recycle_rule.set"),
)  # fmt: skip
