"""Calendars behind secret addresses show what their owner may see when they are read, and nothing when revoked."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed
from mainstay.network.planned_work.actions import NewWork, announce_work, approve_work, cancel_work, plan_work
from mainstay.network.planned_work.actions.feeds import make_feed, note_read, revoke_feed
from mainstay.network.planned_work.errors import BadFeed, NoSuchFeed
from mainstay.network.planned_work.models import CalendarFeed, PlannedWork
from mainstay.network.planned_work.queries.feeds import feeds_of, read_feed
from mainstay.network.planned_work.queries.notes import Publisher
from tests.cast import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PUBLISHER = Publisher("mainstay.example", "https://mainstay.example")


def announced(world: World, number: str = "GJ-1", code: str = "duct-BC") -> PlannedWork:
    work = plan_work(NewWork(number, "光缆割接", NOW + DAY, NOW + DAY + HOUR, (code,), preparation="备用线路"),
                     at=NOW, by=world.actor("li.qiang"))  # fmt: skip
    approve_work(work.pk, at=NOW, by=world.actor("zhao.lei"))
    return announce_work(work.pk, at=NOW, by=world.actor("li.qiang"))


def events(secret: str) -> list[tuple[str, str]]:
    found = Calendar.from_ical(read_feed(secret, PUBLISHER, at=NOW).content)
    return [(str(event["SUMMARY"]), str(event["STATUS"])) for event in found.walk("VEVENT")]


def test_it_works(world: World, officer: Actor) -> None:
    work = announced(world)
    _row, secret = make_feed("person", at=NOW, by=officer)
    assert events(secret) == [("GJ-1 光缆割接", "CONFIRMED")]
    cancel_work(work.pk, at=NOW, by=officer.because("改期"))
    assert events(secret) == [("GJ-1 光缆割接", "CANCELLED")]
    assert secret not in str(list(CalendarFeed.objects.values()))


def test_a_customer_sees_what_was_announced_over_own_circuits(
    world: World, customer: Actor, outsider: Actor, officer: Actor
) -> None:
    announced(world, code="link-DA")
    plan_work(NewWork("GJ-2", "未公告", NOW + DAY, NOW + DAY + HOUR, ("link-DA",)), at=NOW, by=officer)
    _row, secret = make_feed("person", at=NOW, by=customer)
    assert events(secret) == [("GJ-1 光缆割接", "CONFIRMED")]
    found = Calendar.from_ical(read_feed(secret, PUBLISHER, at=NOW).content).walk("VEVENT")[0]
    assert world.circuit.number in str(found["DESCRIPTION"])
    assert "URL" not in found
    _row, other = make_feed("person", at=NOW, by=outsider)
    assert events(other) == []


def test_a_portfolio_sees_its_customers_work(world: World) -> None:
    announced(world, code="link-DA")
    _row, secret = make_feed("person", at=NOW, by=world.actor("wang.min"))
    assert events(secret) == [("GJ-1 光缆割接", "CONFIRMED")]
    _row, other = make_feed("person", at=NOW, by=world.actor("liu.fang"))
    assert events(other) == []


def test_one_customers_calendar(world: World, officer: Actor) -> None:
    announced(world)
    _row, secret = make_feed("customer", at=NOW, by=officer, customer_id=world.logistics.pk)
    assert len(events(secret)) == 1
    _row, secret = make_feed("customer", at=NOW, by=world.actor("admin"), customer_id=world.trade.pk)
    assert events(secret) == []


def test_a_region_and_nothing_beyond_ones_own(world: World, officer: Actor) -> None:
    announced(world)
    _row, secret = make_feed("region", at=NOW, by=officer, region_code="4201")
    assert len(events(secret)) == 1
    _row, secret = make_feed("region", at=NOW, by=officer, region_code="4202")
    assert events(secret) == []
    with pytest.raises(NotAllowed):
        make_feed("region", at=NOW, by=officer, region_code="44")


def test_who_may_see_less_reads_less(world: World, officer: Actor) -> None:
    announced(world)
    _row, secret = make_feed("person", at=NOW, by=officer)
    world.users["li.qiang"].duties.update(region_code="44")
    assert events(secret) == []
    type(world.users["li.qiang"]).objects.filter(username="li.qiang").update(is_active=False)
    with pytest.raises(NoSuchFeed):
        events(secret)


def test_revoked_is_gone(world: World, officer: Actor, leader: Actor) -> None:
    row, secret = make_feed("person", at=NOW, by=officer)
    with pytest.raises(NoSuchFeed):
        revoke_feed(row.pk, at=NOW, by=leader)
    revoke_feed(row.pk, at=NOW, by=officer)
    for address in (secret, "guess"):
        with pytest.raises(NoSuchFeed):
            read_feed(address, PUBLISHER, at=NOW)
    assert list(feeds_of(officer)) == []


def test_when_it_was_read_is_kept(world: World, officer: Actor) -> None:
    row, _secret = make_feed("person", at=NOW, by=officer)
    note_read(row, at=NOW)
    row.refresh_from_db()
    note_read(row, at=NOW + timedelta(minutes=1))
    assert CalendarFeed.objects.get().read_at == NOW


def test_what_makes_no_sense_is_refused(world: World, officer: Actor) -> None:
    for kind in ("nobody", "customer"):
        with pytest.raises(BadFeed):
            make_feed(kind, at=NOW, by=officer)
    with pytest.raises(MainstayError):
        make_feed("customer", at=NOW, by=officer, customer_id=10**9)
    for _ in range(20):
        make_feed("person", at=NOW, by=officer)
    with pytest.raises(BadFeed):
        make_feed("person", at=NOW, by=officer)
