"""A job does one thing to many objects part by part; killed anywhere, it does each once (P3)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.jobs import actions, queries, running
from mainstay.platform.jobs.choices import State
from mainstay.platform.jobs.errors import BadJob, NoSuchJob
from mainstay.platform.jobs.models import Job, JobRefusal, JobSlice
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from tests.cast import NOW, World

HAND_OVER = {"to": "liu.fang", "why": "张经理休假"}


class Killed(BaseException):
    """What kill -9 does, as far as a process can do it to itself."""


def more_customers(world: World, n: int) -> list[int]:
    manager = world.users["wang.min"]
    made = Customer.objects.bulk_create(
        Customer(
            code=f"N{i}", name=f"新客户 {i}", region_id="4201", created_at=NOW, changed_at=NOW, account_manager=manager
        )
        for i in range(n)
    )
    return [customer.pk for customer in made]


def ask(ids: list[int], by: Actor, kind: str = "customer.hand_over") -> Job:
    return actions.ask(kind, ids, HAND_OVER | {"archive": "retained"}, at=NOW, by=by, title="移交", language="zh-hans")


def run(job: Job, *, at: datetime = NOW) -> Job:
    while running.advance(job.pk, at=at):
        at += timedelta(milliseconds=10)
    job.refresh_from_db()
    return job


def test_it_works(world: World) -> None:
    ids = more_customers(world, 1_000)
    job = run(ask(ids, world.actor("admin")))
    assert (job.state, job.total, job.done, job.failed) == (State.DONE, 1_000, 1_000, 0)
    assert Customer.objects.filter(account_manager=world.users["liu.fang"], pk__in=ids).count() == 1_000
    assert Entry.objects.filter(action="customer.hand_over").count() == 1_000
    assert JobSlice.objects.filter(job=job).count() == 2
    message = Message.objects.get(object_kind="job", object_id=str(job.pk))
    assert message.user == world.users["admin"]
    assert "1000" in message.body


def test_each_object_is_done_once_wherever_the_worker_is_killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = more_customers(world, 30)
    job = ask(ids, world.actor("admin"), "customer.archive")
    clock = DyingClock()
    monkeypatch.setattr("mainstay.platform.jobs.running.BUDGET_S", -1.0)  # one object a part
    for _attempt in range(100):
        try:
            running.advance(job.pk, at=NOW, stopwatch=clock)
        except Killed:
            continue
    assert set(Customer.objects.filter(pk__in=ids).values_list("archive", "revision")) == {("retained", 2)}
    assert Entry.objects.filter(action="customer.archive").count() == 30
    job.refresh_from_db()
    assert (job.done, job.failed) == (30, 0)


class DyingClock:
    """A clock that kills its reader every third time, amid a part."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self) -> float:
        self.read += 1
        if self.read % 3 == 0:
            raise Killed
        return float(self.read)


def test_killed_after_the_commit_it_goes_on_behind_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = more_customers(world, 10)
    job = ask(ids, world.actor("admin"), "customer.archive")
    monkeypatch.setattr("mainstay.platform.jobs.running.BUDGET_S", -1.0)
    assert running.advance(job.pk, at=NOW)
    before = Entry.objects.filter(action="customer.archive").count()
    assert before == 1  # committed; the process is gone, another takes over from the table alone
    run(job)
    assert Entry.objects.filter(action="customer.archive").count() == 10


def test_what_is_refused_is_told_with_the_reason_and_tried_again(world: World) -> None:
    ids = more_customers(world, 3)
    Customer.objects.filter(pk=ids[0]).update(archive="retained")
    admin = world.actor("admin")
    job = run(ask(ids, admin, "customer.archive"))
    assert (job.done, job.failed) == (2, 1)
    assert [row[0] for row in queries.refusal_rows(job)] == ["新客户 0"]
    Customer.objects.filter(pk=ids[0]).update(archive="active")
    again = run(actions.retry(job.pk, at=NOW, by=admin))
    assert (again.total, again.done, again.of_id) == (1, 1, job.pk)
    with pytest.raises(BadJob):
        actions.retry(again.pk, at=NOW, by=admin)


def test_a_manager_cannot_reach_others_rows_by_typing_ids(world: World) -> None:
    foreign = world.logistics
    job = run(ask([world.bank.pk, foreign.pk], world.actor("wang.min"), "customer.archive"))
    foreign.refresh_from_db()
    assert (job.done, job.failed, foreign.archive) == (1, 1, "active")
    refusal = JobRefusal.objects.get(job=job)
    assert refusal.label == ""
    assert foreign.name not in " ".join(str(cell) for row in queries.refusal_rows(job) for cell in row)


def test_scope_is_what_it_is_when_the_part_is_done(world: World) -> None:
    ids = more_customers(world, 2)
    job = ask(ids, world.actor("wang.min"), "customer.archive")
    Customer.objects.filter(pk=ids[1]).update(account_manager=world.users["liu.fang"])
    job = run(job)
    assert (job.done, job.failed) == (1, 1)


def test_a_permission_lost_meanwhile_stops_the_job(world: World) -> None:
    job = ask(more_customers(world, 2), world.actor("wang.min"), "customer.archive")
    DutyAssignment.objects.filter(user=world.users["wang.min"]).delete()
    job = run(job)
    assert (job.state, job.done) == (State.FAILED, 0)
    assert job.problem


def test_who_may_no_longer_sign_in_does_nothing_more(world: World) -> None:
    job = ask(more_customers(world, 2), world.actor("wang.min"), "customer.archive")
    User.objects.filter(username="wang.min").update(is_active=False)
    job = run(job)
    assert job.state == State.FAILED
    assert "王敏" in queries.sentence(job.problem, job.problem_values)


def test_cancelling_keeps_what_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.platform.jobs.running.BUDGET_S", -1.0)
    job = ask(more_customers(world, 5), world.actor("admin"), "customer.archive")
    running.advance(job.pk, at=NOW)
    actions.cancel(job.pk, at=NOW, by=world.actor("admin"))
    job = run(job)
    assert (job.state, job.done) == (State.CANCELLED, 1)
    with pytest.raises(BadJob):
        actions.cancel(job.pk, at=NOW, by=world.actor("admin"))


def test_a_small_job_is_not_stuck_behind_a_large_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.platform.jobs.running.BUDGET_S", -1.0)
    ids = more_customers(world, 40)
    large = ask(ids, world.actor("admin"), "customer.archive")
    small = ask(ids[:3], world.actor("wang.min"), "customer.hand_over")
    order: list[int] = []
    at = NOW
    while (turn := running.next_active(at=at)) is not None and len(order) < 12:
        running.advance(turn, at=at)
        order.append(turn)
        at += timedelta(milliseconds=5)
    assert order[:6] == [large.pk, small.pk] * 3
    assert set(order[8:]) == {large.pk}


def test_what_runs_while_its_asker_waits_is_left_alone_for_a_minute(world: World) -> None:
    ids = more_customers(world, 2)
    job = actions.ask("customer.archive", ids, HAND_OVER | {"archive": "retained"}, at=NOW, by=world.actor("admin"),
                      at_once=True)  # fmt: skip
    assert running.next_active(at=NOW + timedelta(seconds=1)) is None
    assert running.next_active(at=NOW + timedelta(seconds=61)) == job.pk


def test_jobs_are_seen_by_who_asked_and_by_administrators(world: World) -> None:
    job = ask(more_customers(world, 1), world.actor("wang.min"), "customer.archive")
    assert queries.visible_job(world.actor("admin"), job.pk) == job
    for username in ("liu.fang", "li.qiang", "zhao.lei"):
        with pytest.raises(NoSuchJob):
            queries.visible_job(world.actor(username), job.pk)


def test_old_jobs_go_and_their_rows_with_them(world: World) -> None:
    job = run(ask(more_customers(world, 1), world.actor("admin"), "customer.archive"))
    assert actions.prune(at=NOW + timedelta(days=29)) == 0
    assert actions.prune(at=NOW + timedelta(days=31)) == 1
    assert not JobSlice.objects.filter(job=job.pk).exists()


def test_nothing_cannot_be_asked_for(world: World) -> None:
    with pytest.raises(BadJob):
        ask([], world.actor("admin"))


def test_the_page_of_a_job_shows_reasons_in_the_readers_language(world: World, client: Client) -> None:
    ids = more_customers(world, 2)
    Customer.objects.filter(pk=ids[0]).update(archive="retained")
    job = run(ask(ids, world.actor("admin"), "customer.archive"))
    client.force_login(world.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    english = client.get(f"/jobs/{job.pk}", headers={"Accept-Language": "en"}).content.decode()
    assert "nothing was changed" in english
    assert "新客户 0" in english
