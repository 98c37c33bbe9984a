"""What stands behind the addresses of the tiers: the bank's grade that waits, a draft, a proposal, a mandate."""

from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.accounts.tiers import effects
from mainstay.accounts.tiers.actions import approving, assessing, drafting, loading
from mainstay.accounts.tiers.actions.trying import run_to_its_end, try_over_all
from mainstay.accounts.tiers.models import Proposal, RuleVersion
from mainstay.domain.actor import system

if TYPE_CHECKING:
    from tests.access.stage import Stage

BY = system("test")


def put_up(stage: "Stage") -> None:
    """Let the bank wait for Diamond; draft a version, propose another, give a mandate."""
    at, today, admin = timezone.now(), timezone.localdate(), stage.actor("admin")
    loading.load_shipped(at=at, by=BY)
    bank = stage.world.bank.pk
    approving.give_fact(
        bank, "registered_upstream", "是", why="汉江银行由省公司登记", at=at, by=stage.actor("wang.min")
    )
    standing = RuleVersion.objects.select_related("rule_set").get(rule_set__code="postal-mail")
    run = assessing.begin(standing, at=at, by=BY)
    while assessing.advance(run.pk, at=at, by=BY):
        pass
    effects.judge_waiting(at=at, by=BY)
    stage.ids["tier_code"] = "postal-mail"
    stage.ids["tier_proposal"] = Proposal.objects.get(customer=bank, rule_set__code="postal-mail").pk
    draft = drafting.begin_draft("postal-mail", at=at, by=admin)
    trial = try_over_all(draft.pk, at=at, by=admin)
    run_to_its_end(trial.pk, now=timezone.now, by=admin)
    stage.ids["tier_draft"], stage.ids["tier_run"] = draft.pk, trial.pk
    other = drafting.begin_draft("telecom-kinds", at=at, by=admin)
    table = {**other.table, "rows": other.table["rows"][:-1]}
    drafting.save_draft(other.pk, table, revision=other.revision, at=at, by=admin)
    stage.ids["tier_proposed"] = drafting.propose(other.pk, on=today, why="少一行", at=at, by=admin).pk
    mandate = approving.NewMandate("postal-mail", "diamond", "4201", "鄂邮 12 号", today)
    stage.ids["tier_mandate"] = approving.give_mandate(mandate, at=at, by=stage.actor("zhao.lei")).pk
