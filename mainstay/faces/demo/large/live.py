"""What is out right now? Faults of the last day, through intake, judge and desk as in a running house."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from mainstay.domain.actor import Actor, system
from mainstay.faces.demo import cast, sources, words
from mainstay.faces.demo.faults import Mark
from mainstay.faces.demo.large.lines import Place
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions import sources as alarm_sources
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.laying import finish_network
from mainstay.platform.identity.choices import Duty
from mainstay.platform.identity.queries import actor_named
from mainstay.platform.timers.actions import sweep
from mainstay.service.tickets.actions.working import claim
from mainstay.service.tickets.queries.lists import TicketFilter, filtered

HOURS = 12
TAKEN, LATELY = 0.66, timedelta(minutes=30)
"""Which share of the tickets is taken within the hour, by people who look at what came in lately."""
CHECKED = 2_000
"""Circuits whose routes are put to the inventory's rules."""


def bring_to_life(
    places: list[Place], circuits: int, faults: int, at: datetime, dice: Random, say: Callable[[str], None]
) -> None:
    """Let tails fail hour by hour up to `at`, and people take two thirds of the tickets; then listen to the sources."""
    worker_name = system("impact worker")
    checked = finish_network(sorted(dice.sample(range(1, circuits + 1), min(CHECKED, circuits))))
    say(words.ROUTES_HOLD.format(count=checked))
    began = time.perf_counter()
    worker = ImpactWorker.start(at=at - timedelta(hours=HOURS + 1), by=worker_name)
    say(words.STARTED.format(seconds=time.perf_counter() - began))
    chosen = dice.sample(places, min(faults, len(places)))
    officers = [actor for name in cast.with_duty(Duty.DUTY_OFFICER) if (actor := actor_named(name))]
    for hour in range(HOURS):
        now = at - timedelta(hours=HOURS - 1 - hour)
        _report(chosen[hour::HOURS], now, dice)
        while worker.step(at=now, by=worker_name):
            pass
        _take(officers, now, dice)
        while sweep(at=now, by=system("timer sweeper"), limit=200):
            pass
    _listen(at)


def _report(failed: list[Place], now: datetime, dice: Random) -> None:
    for code in (sources.IP, sources.TRANSPORT):
        source = intake.source_by_code(code)
        marks = [
            Mark(code, f"ZH-{place.number:06d}/JR", _kind(code, dice), "接入链路中断").raised(
                now - timedelta(seconds=dice.randrange(60, 600))
            )
            for place in failed
            if place.source == code
        ]
        for start in range(0, len(marks), 500):
            intake.accept(source, marks[start : start + 500], at=now, by=system(sources.NAMES[code]))


def _kind(source: str, dice: Random) -> str:
    if dice.random() < 0.85:
        return "LINK_DOWN"
    return "PACKET_LOSS" if source == sources.IP else "SIGNAL_DEGRADE"


def _take(officers: list[Actor], now: datetime, dice: Random) -> None:
    """Let officers take two thirds of what waits."""
    waiting = filtered(officers[0], TicketFilter(status="open", unassigned=True)).filter(opened_at__gte=now - LATELY)
    for ticket in waiting.order_by("pk").values_list("pk", flat=True):
        if dice.random() < TAKEN:
            claim(ticket, at=now, by=dice.choice(officers))


def _listen(at: datetime) -> None:
    """Have the sources listened for from now on."""
    for code, name in sources.NAMES.items():
        source = alarm_sources.save_source(code, name, sources.settings(code, live=True), at=at, by=system("demo"))
        intake.accept_batch(source.pk, [], key="", at=at, by=system(name))
