"""The pages of the tiers: lists cost the same for few and for many; what a page says, it says to whom it may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.tiers.actions import assessing, drafting
from mainstay.accounts.tiers.actions.trying import try_over_all
from mainstay.accounts.tiers.models import Proposal, Run, RunChange
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs import running
from tests.accounts.tiers.stage import AT, BY, assess, bills, edited, finish, in_force, load, sign
from tests.cast import NOW, World

pytestmark = pytest.mark.django_db
BOUND = {"billed_year_fen": {"low": 30_000_000, "low_in": True}}


def _client(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def _more(world: World, count: int, first: int) -> None:
    """Let there be more customers of 250,000 yuan a year, signed."""
    for number in range(first, first + count):
        made = Customer.objects.create(
            code=f"D{number}", name=f"客户 {number}", region_id="4201", created_at=NOW, changed_at=NOW,
            account_manager=world.users["wang.min"],
        )  # fmt: skip
        bills(made, billed_year_fen=25_000_000)
        sign(made)


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_lists_cost_the_same_for_few_and_for_many(world: World) -> None:
    load("postal-mail")
    leader, admin = _client(world, "zhao.lei"), world.actor("admin")
    costs: dict[str, list[int]] = {}
    for round_, count in enumerate((2, 12)):
        _more(world, count, 100 * round_)
        finish(assessing.begin(in_force("postal-mail"), at=AT, by=BY))
        draft = edited("postal-mail", {3: BOUND}, by=admin) if not round_ else drafting.begin_draft(
            "postal-mail", at=AT, by=admin)  # fmt: skip
        trial = finish(try_over_all(draft.pk, at=AT, by=admin))
        assert RunChange.objects.filter(run=trial).count() >= count
        urls = {"approvals": "/tiers/approvals", "changes": f"/tiers/changes?run={trial.pk}", "held": "/tiers/held"}
        for name, url in urls.items():
            costs.setdefault(name, []).append(_queries(leader, url))
    assess("postal-mail")
    assert all(few == many for few, many in costs.values()), costs


def test_a_long_trial_is_a_job_part_by_part(world: World) -> None:
    load("postal-mail")
    _more(world, 6, 0)
    admin = world.actor("admin")
    draft = edited("postal-mail", {3: BOUND}, by=admin)
    run = try_over_all(draft.pk, at=AT, by=admin)
    first, last = (Customer.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk"))
    Run.objects.filter(pk=run.pk).update(chunk=2, chunks=-(-(last - first + 1) // 2))
    run.refresh_from_db()
    job = jobs.ask("tiers.trial", range(1, run.chunks + 1), {"run": run.pk}, at=AT, by=admin)
    job = running.run_at_once(job, now=lambda: AT)
    run.refresh_from_db()
    assert (job.state, job.failed, run.state, run.customers) == ("done", 0, "done", Customer.objects.count())
    assert run.counts["new"] == 6


def test_many_changes_are_approved_as_a_job(world: World) -> None:
    load("postal-mail")
    _more(world, 3, 0)
    finish(assessing.begin(in_force("postal-mail"), at=AT, by=BY))
    leader = world.actor("zhao.lei")
    waiting = list(Proposal.objects.values_list("pk", flat=True))
    job = running.run_at_once(jobs.ask("tiers.approve", waiting, {}, at=AT, by=leader), now=lambda: AT)
    assert (job.done, job.failed) == (3, 0)
    assert not Proposal.objects.filter(standing="waiting").exists()


def test_the_bench_says_which_row_decides_and_the_tab_needs_the_permission_for_figures(world: World) -> None:
    load("postal-mail")
    bills(world.bank, billed_year_fen=25_000_000)
    assess("postal-mail")
    page = _client(world, "wang.min").get("/tiers/postal-mail/bench?customer=C0001&f-billed_year_fen=500万")
    assert "钻石" in page.content.decode()
    assert "依据第 2 行" in page.content.decode()
    told = _client(world, "wang.min").get(f"/customers/{world.bank.pk}?tab=grade").content.decode()
    assert "250,000" in told
    hidden = _client(world, "li.qiang").get(f"/customers/{world.bank.pk}?tab=grade").content.decode()
    assert "250,000" not in hidden


def test_who_must_approve_finds_it_in_their_day_and_overdue_says_so(world: World) -> None:
    load("postal-mail")
    admin = world.actor("admin")
    draft = edited("postal-mail", {3: BOUND}, by=admin)
    drafting.propose(draft.pk, on=AT.date(), why="上调", at=AT, by=admin)
    assert "审批函件大客户第 2 版" in _client(world, "zhao.lei").get("/").content.decode()
    assert "已逾期" in _client(world, "zhao.lei").get("/").content.decode(), "asked for long ago"
    for name in ("admin", "wang.min"):
        assert "审批函件大客户第 2 版" not in _client(world, name).get("/").content.decode()
