"""A filter finds who passes, dry or for good; nominations begin, go on and end; two people nominate by hand."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.nominations import measuring
from mainstay.accounts.nominations.actions import by_hand, extracting
from mainstay.accounts.nominations.actions.filters import NewFilter, save_filter, save_wave_rule
from mainstay.accounts.nominations.actions.intake import DayFigures
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.errors import BadFilter, BadNomination, NoSuchNomination
from mainstay.accounts.nominations.measuring import FactorRule, Rules
from mainstay.accounts.nominations.models import Account, Candidate, Extraction, Nomination, VipFilter
from mainstay.accounts.nominations.queries import nominated, runs, waves
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.identity.models import User
from mainstay.platform.jobs import running
from mainstay.platform.jobs.models import Job
from mainstay.platform.messages.models import Message
from mainstay.platform.timers import actions as timers
from tests.accounts.nominations.figures import DAY, figures, lay_figures
from tests.cast import NOW, World

RICH = NewFilter("日均百万", (FactorRule("average_balance", 10, 100_000_000, 0),))


def run_it(row: VipFilter, by: Actor, *, dry: bool = False, on: date = DAY, at: datetime = NOW) -> Extraction:
    """Ask for a run and do its job to the end."""
    run = extracting.ask_for_run(row.pk, on=on, dry=dry, at=at, by=by)
    while running.advance(run.job_id or 0, at=at):
        pass
    assert Job.objects.get(pk=run.job_id or 0).state == "done"
    run.refresh_from_db()
    return run


def test_it_works(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    run = run_it(save_filter(RICH, at=NOW, by=admin), admin)
    found = nominated.named([c.pk for c in Customer.objects.all()], DAY)
    assert set(found) == {world.bank.pk, world.logistics.pk}
    (why,) = found[world.bank.pk]
    assert (why.source, why.filter_name, why.since) == ("extracted", "日均百万", DAY)
    assert why.figures[0]["value"] == 150_000_000  # both deposits, and not the loan
    told = runs.totals([run.pk])[run.pk]
    assert (told.customers, told.accounts, told.new, told.stays, told.lost) == (4, 6, 2, 0, 0)
    assert run.ended_at == NOW


def test_a_dry_run_counts_lists_and_names_nobody(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    run = run_it(save_filter(RICH, at=NOW, by=admin), admin, dry=True)
    assert runs.totals([run.pk])[run.pk].new == 2
    names = [each.customer for each in runs.candidates(admin, run.pk, "new")]
    assert set(names) == {world.bank, world.logistics}
    assert not Nomination.objects.exists()


def test_who_no_longer_passes_is_no_longer_named(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    row = save_filter(RICH, at=NOW, by=admin)
    run_it(row, admin)
    later = DAY + timedelta(days=10)
    batch = figures("62170004", world.logistics.code, *[1] * 10, last=later)
    batch += figures("62170001", world.bank.code, *[3_000_000] * 10, last=later)
    at = NOW + timedelta(days=11)
    deliver(batch, at=at, by=admin)
    run_it(row, admin, on=later, at=at)
    assert nominated.named([world.logistics.pk], later) == {}
    assert nominated.named([world.logistics.pk], DAY) != {}
    (bank,) = nominated.named([world.bank.pk], later)[world.bank.pk]
    assert (bank.since, bank.figures[0]["value"]) == (DAY, 350_000_000)  # the time deposit is carried on


def test_a_run_covers_what_its_asker_sees(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    deliver(figures("62170006", world.trade.code, *[9_000_000] * 10), at=NOW, by=admin)
    leader = world.actor("zhao.lei")  # of Hubei; the trade customer is in Guangdong
    row = save_filter(RICH, at=NOW, by=admin)
    run_it(row, leader)
    assert world.trade.pk not in nominated.named([world.trade.pk, world.bank.pk], DAY)
    assert nominated.visible_to(world.actor("wang.min")).count() == 1
    assert nominated.visible_to(world.actor("zhou.ying")).count() == 0
    with pytest.raises(NotAllowed):
        extracting.ask_for_run(row.pk, on=DAY, dry=True, at=NOW, by=world.actor("wang.min"))


def test_weights_and_thresholds_agree_with_a_slow_reference(world: World, admin: Actor) -> None:
    dice = Random(7)
    table: dict[tuple[str, str], dict[date, tuple[int, int]]] = {}
    batch = []
    for place_in_table in range(12):
        account = f"a{place_in_table}"
        owner = dice.choice([world.bank, world.branch, world.logistics, world.trade]).code
        kind = dice.choice(["demand", "time", "loan"])
        for back in range(70):
            if dice.random() < 0.7:
                day, balance, count = DAY - timedelta(days=back), dice.randint(0, 10**8), dice.randint(0, 9)
                batch.append(DayFigures(account, owner, kind, day, balance=balance, count=count))
                table.setdefault((owner, account), {})[day] = (balance, count)
    deliver(batch, at=NOW, by=admin)
    rules = Rules("weights", 60, (FactorRule("average_balance", 30, 4 * 10**7, 50), FactorRule("count", 20, 200, 50)))
    codes = {row.pk: row.code for row in Customer.objects.all()}
    kinds = dict(Account.objects.values_list("number", "kind"))
    found = measuring.measure(rules, DAY, Q(), Q())
    for place, pk in enumerate(found.customers.tolist()):
        balance = count = 0
        for (owner, number), days in table.items():
            if owner != codes[pk]:
                continue
            count += sum(days[day][1] for back in range(20) if (day := DAY - timedelta(days=back)) in days)
            for back in range(30) if kinds[number] != "loan" else ():
                known = [d for d in (DAY - timedelta(days=back + n) for n in range(31 + 30 - back)) if d in days]
                balance += days[known[0]][0] if known else 0
        assert [int(v[place]) for v in found.values] == [balance // 30, count]
        score = 50 * (min(balance // 30, 4 * 10**7) * 1000 // (4 * 10**7)) + 50 * (min(count, 200) * 1000 // 200)
        assert (int(found.scores[place]), bool(found.passes[place])) == (score, score >= 60_000)


def test_a_part_costs_the_same_for_four_customers_and_forty(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    row = save_filter(RICH, at=NOW, by=admin)

    def cost() -> int:
        run = extracting.ask_for_run(row.pk, on=DAY, dry=True, at=NOW, by=admin)
        parts = extracting.parts_there()
        with CaptureQueriesContext(connection) as queries:
            for part in parts:
                extracting.keep_part(run.pk, part, extracting.find(Rules.read(run.rules), DAY, part, by=admin),
                                     at=NOW, by=admin)  # fmt: skip
        return len(queries)

    few = cost()
    made = Customer.objects.bulk_create(
        Customer(code=f"M{n}", name=f"多 {n}", region_id="4201", created_at=NOW, changed_at=NOW) for n in range(40)
    )
    deliver([each for n, c in enumerate(made) for each in figures(f"m{n}", c.code, 10**7)], at=NOW, by=admin)
    assert cost() == few
    assert Candidate.objects.filter(verdict="new").count() > 40


def test_keeping_a_part_twice_changes_nothing(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    row = save_filter(RICH, at=NOW, by=admin)
    run = extracting.ask_for_run(row.pk, on=DAY, dry=False, at=NOW, by=admin)
    (part,) = extracting.parts_there()
    found = extracting.find(Rules.read(run.rules), DAY, part, by=admin)
    for _ in range(2):
        extracting.keep_part(run.pk, part, found, at=NOW, by=admin)
    assert Nomination.objects.count() == 2


def test_a_filter_runs_by_itself_in_the_name_of_who_wrote_it(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    row = save_filter(NewFilter("每月", RICH.factors, day=5, hour=6), at=NOW, by=admin)
    assert row.next_at is not None
    assert timers.sweep(at=row.next_at, by=admin) == 1
    run = Extraction.objects.get()
    assert (run.user_id, run.dry) == (admin.user_id, False)
    row.refresh_from_db()
    assert row.next_at > run.asked_at
    assert row.last_problem == ""
    User.objects.filter(pk=admin.user_id or 0).update(is_active=False)
    timers.sweep(at=row.next_at, by=admin)
    row.refresh_from_db()
    assert "may no longer sign in" in row.last_problem


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (NewFilter("", RICH.factors), "name of its own"),
        (NewFilter("a", ()), "1 to 12 factors"),
        (NewFilter("a", (FactorRule("average_balance", 0, 1, 0),)), "1 to 366 days"),
        (NewFilter("a", (FactorRule("luck", 1, 1, 0),)), "correct it"),
        (NewFilter("a", (FactorRule("count", 1, 1, 10),), mode="weights", least_score=11), "sum of the weights, 10"),
        (NewFilter("a", RICH.factors, day=31), "day 1 to 28"),
    ],
)
def test_what_is_wrong_with_a_filter_is_named(world: World, admin: Actor, wrong: NewFilter, said: str) -> None:
    with pytest.raises(BadFilter, match=said):
        save_filter(wrong, at=NOW, by=admin)


def test_two_people_nominate_by_hand(world: World, admin: Actor) -> None:
    manager, leader = world.actor("wang.min"), world.actor("zhao.lei")
    row = by_hand.propose(world.bank.pk, "行长走访确认", from_on=DAY, at=NOW, by=manager)
    assert nominated.named([world.bank.pk], DAY) == {}
    with pytest.raises(BadNomination, match="already"):
        by_hand.propose(world.bank.pk, "又", from_on=DAY, at=NOW, by=manager)
    by_hand.decide(row.pk, approve=True, at=NOW, by=leader)
    (found,) = nominated.named([world.bank.pk], DAY)[world.bank.pk]
    assert (found.source, found.why) == ("by_hand", "行长走访确认")
    with pytest.raises(BadNomination, match="decided on already"):
        by_hand.decide(row.pk, approve=True, at=NOW, by=leader)
    by_hand.end_nomination(row.pk, "销户", on=DAY + timedelta(days=5), at=NOW, by=leader)
    assert nominated.named([world.bank.pk], DAY + timedelta(days=5)) == {}
    assert nominated.named([world.bank.pk], DAY + timedelta(days=4)) != {}


def test_nobody_decides_on_their_own_proposal_or_on_what_they_do_not_see(world: World, admin: Actor) -> None:
    row = by_hand.propose(world.bank.pk, "理由", from_on=DAY, at=NOW, by=admin)
    with pytest.raises(NotAllowed, match="somebody else"):
        by_hand.decide(row.pk, approve=True, at=NOW, by=admin)
    with pytest.raises(BadNomination, match="Say why"):
        by_hand.decide(row.pk, approve=False, at=NOW, by=world.actor("zhao.lei"))
    with pytest.raises(NoSuchNomination):
        nominated.nomination(world.actor("liu.fang"), row.pk)


def test_waves_distributions_and_structures(world: World, admin: Actor) -> None:
    lay_figures(world, admin)
    wave = waves.of_customer(admin, world.bank.pk, on=DAY, days=30)
    assert [point.fen for point in wave.days[-10:]] == [150_000_000] * 10
    assert wave.days[0].fen is None
    assert wave.months[-1].fen == 150_000_000
    assert waves.of_all(admin, on=DAY).last == 359_000_000
    assert waves.of_all(world.actor("wang.min"), on=DAY).last == 151_000_000  # bank and its branch
    assert waves.of_all(world.actor("zhou.ying"), on=DAY).days == ()
    assert waves.of_customer(world.actor("liu.fang"), world.bank.pk, on=DAY).days == ()
    bands = waves.distribution(waves.visible_accounts(admin))
    filled = [(band.customers, band.fen) for band in bands if band.customers]
    assert filled == [(1, 1_000_000), (1, 8_000_000), (2, 350_000_000)]
    assert sum(b.customers for b in bands) == 4
    shares = {share.kind: share.fen for share in waves.structure(waves.visible_accounts(admin))}
    assert shares == {"demand": 309_000_000, "time": 50_000_000, "loan": -90_000_000}


def test_a_wave_beyond_a_rule_is_told_to_the_manager_once(world: World, admin: Actor) -> None:
    save_wave_rule("三成", percent=30, least_fen=10_000_000, days=5, at=NOW, by=admin)
    lay_figures(world, admin)
    Message.objects.all().delete()
    later = DAY + timedelta(days=1)
    batch = figures("62170001", world.bank.code, 100_000, last=later) + figures("62170004", world.logistics.code,
                                                                              1_900_000, last=later)  # fmt: skip
    at = NOW + timedelta(days=1)
    for _ in range(2):
        deliver(batch, at=at, by=admin)
    (told,) = Message.objects.filter(object_kind="customer")
    assert told.user_id == world.users["wang.min"].pk
    assert told.customer_id == world.bank.pk
    assert "600,000.00" in told.body
