"""How does the province at full size come into an empty database in minutes? Laid in bulk, then judged again (A7)."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np

from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.contracts import laying as contracts
from mainstay.accounts.customers import laying as customers
from mainstay.faces.demo import cast, words
from mainstay.faces.demo.large import live, proof
from mainstay.faces.demo.large.accounts import PORTFOLIO, Register
from mainstay.faces.demo.large.findings import lay_findings
from mainstay.faces.demo.large.ground import Ground, draw_ground
from mainstay.faces.demo.large.happenings import Cases, Sites, draw_cases
from mainstay.faces.demo.large.lines import Works
from mainstay.faces.demo.large.names import ManyNames
from mainstay.faces.demo.large.promises import Promises, read_promises
from mainstay.faces.demo.large.stories import Teller
from mainstay.faces.demo.large.troubles import Troubles
from mainstay.faces.demo.large.turns import Turns, draw_turns
from mainstay.faces.demo.loading import SIZES, Loader, Say
from mainstay.faces.demo.province import Extent
from mainstay.faces.demo.ways_out import open_ways
from mainstay.network.alarms import laying as alarms
from mainstay.network.alarms.queries.alarms import sources as known_sources
from mainstay.network.inventory import laying as inventory
from mainstay.platform.bulk.laying import bare_ground, instant_text
from mainstay.platform.calendars.queries import calendar_by_code, calendars
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.identity.queries import users
from mainstay.platform.journal import actions as journal
from mainstay.platform.search import laying as search
from mainstay.service.tickets import laying as tickets

AT_ONCE = 25_000
"""Cases told before they are written: what memory holds at once."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABLES = (*customers.TABLES, *contracts.TABLES, *inventory.TABLES, *alarms.TABLES, *tickets.TABLES, *search.TABLES)


@dataclass(frozen=True)
class FullSize:
    """How much is made."""

    extent: Extent
    customers: int
    circuits: int
    tickets: int
    standing: int
    live_faults: int
    days: int


LARGE = FullSize(Extent(60, 25, 14, 2.4, 10), 100_000, 250_000, 1_000_000, 100_000, 2_600, 900)


@dataclass
class LargeLoader:
    """Mutable: loads everything as it stands at `at` (aware, whole minutes), the same for a seed."""

    size: FullSize
    seed: int
    at: datetime
    say: Say
    progress: Callable[[str], None]
    officers: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Standards, users and alarm sources come as in the smaller sizes, years earlier."""
        self.small = Loader(SIZES["small"], self.seed, self.at, self.size.days, self.say)
        self.by, self.began = self.small.by, self.small.began
        self.names = ManyNames(self._dice("names"))
        self.at_s = (self.at - EPOCH) // timedelta(seconds=1)
        self.stamp = instant_text((self.began - EPOCH) // timedelta(seconds=1))

    def _dice(self, part: str) -> Random:
        return Random(f"{self.seed} large {part}")

    def load(self) -> None:
        """Load everything; fails loudly where a ticket judged again differs."""
        gc.disable()  # what is drawn stays and holds no circles: looking for them takes a third of the time
        try:
            self._load()
        finally:
            gc.enable()

    def _load(self) -> None:
        with self._stage("standards"):
            self.small.load_standards()
            self.small.hire(days=30)
            self._hire_managers()
            self.small.connect_sources()
            self.say("senders", open_ways(at=self.began, by=self.by))
        with self._stage("network drawn"):
            ground = draw_ground(self.size.extent, self.names, self._dice("network"))
        with bare_ground(TABLES, begun=search.TABLES):  # the catalogue's products are findable already
            register = self._win(ground)
            works = self._build(ground, register)
            self._live_through(register, works)
            self._rest("indexes")
            search.make_findable()
        self._rested()
        places = works.places
        del ground, register, works  # the impact worker needs the room
        with self._stage("letters"):
            self.say("messages", tickets.write_letters(at=self.at))
            tickets.set_closings(at=self.at)
        with self._stage("judged again"):
            proof.prove(self.size.tickets, self._dice("proof"), at=self.at, say=self.progress)
        with self._stage("live"):
            counts = self.size.circuits, self.size.live_faults
            live.bring_to_life(places, *counts, self.at, self._dice("live"), self.progress)
        self._record()

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.progress(words.TOOK.format(stage=words.said(name), seconds=time.perf_counter() - began))

    def _rest(self, name: str) -> None:
        self._since = (name, time.perf_counter())

    def _rested(self) -> None:
        name, began = self._since
        self.progress(words.TOOK.format(stage=words.said(name), seconds=time.perf_counter() - began))

    def _hire_managers(self) -> None:
        """Hire as many account managers as portfolios of eighty need, beside those of the cast."""
        missing = self.size.customers // PORTFOLIO + 1 - len(cast.with_duty(Duty.ACCOUNT_MANAGER))
        new = [
            identity.NewUser(f"am{number:04d}", self.names.person(), "", ((Duty.ACCOUNT_MANAGER, "42"),))
            for number in range(1, max(0, missing) + 1)
        ]
        identity.create_users(new, at=self.began, by=self.by)
        self.say("users", len(new))

    def _win(self, ground: Ground) -> Register:
        ids = dict(users().values_list("username", "pk"))
        known = users().filter(duties__duty=Duty.ACCOUNT_MANAGER).order_by("pk").values_list("pk", flat=True)
        engineers = [ids[name] for name in cast.with_duty(Duty.CUSTOMER_ENGINEER)]
        names = {member.username: member.name for member in cast.STAFF}
        self.officers = [(ids[name], names[name]) for name in cast.with_duty(Duty.DUTY_OFFICER)]
        with self._stage("customers drawn"):
            register = Register(
                self.names, self._dice("accounts"), ground.cities, list(known), engineers, self.stamp, self.began.date()
            )
            register.draw(self.size.customers, self.size.circuits)
        with self._stage("customers"):
            self.say("customers", customers.lay_customers(register.rows))
            portal = self._portal(register)
            self.say("contacts", customers.lay_contacts(register.draw_contacts(portal)))
        return register

    def _portal(self, register: Register) -> dict[int, int]:
        """Let people of three groups sign in, the largest of all among them; return users by customer."""
        heads = [firm.id for firm in register.firms if firm.kind == "group"]
        new = [
            identity.NewUser(username, name, cast.PASSWORD, ((Duty.CUSTOMER_CONTACT, ""),), customer_id=firm)
            for firm, (username, name) in zip(heads, cast.PORTAL, strict=False)
        ]
        made = identity.create_users(new, at=self.began, by=self.by)
        return {user.customer_id: user.pk for user in made if user.customer_id is not None}

    def _build(self, ground: Ground, register: Register) -> Works:
        works = Works(
            ground, self.names, self._dice("lines"), self.at.date(),
            dict(catalog.products().values_list("code", "pk")), dict(calendars().values_list("code", "pk")),
        )  # fmt: skip
        with self._stage("lines drawn"):
            for firm in register.firms:
                works.install(firm)
        with self._stage("contracts"):
            self.say("contracts", contracts.lay_contracts(works.contracts))
            contracts.lay_lines(works.lines)
            contracts.lay_terms(works.terms)
        with self._stage("resources"):
            total = inventory.lay_resources(ground.rows) + inventory.lay_resources(works.resources)
            inventory.lay_dependencies(ground.pairs)
            self.say("resources", total)
        with self._stage("circuits"):
            self.say("circuits", inventory.lay_circuits(works.circuits))
            inventory.lay_ends(works.ends)
        with self._stage("routes"):
            self.say("routes", inventory.lay_paths(works.path_rows()))
            self.say("hops", inventory.lay_hops(works.hop_rows()))
            works.forget_ways()
        with self._stage("findings"):
            for rows in (ground.rows, works.resources):
                inventory.lay_resource_findings(rows)
            lay_findings(register, works)
            self.cards = {int(str(row[0])): str(row[1]) for row in works.resources if row[2] == "card"}
            works.resources.clear()
            works.ends.clear()
            ground.rows.clear()
        return works

    def _live_through(self, register: Register, works: Works) -> None:
        with self._stage("cases drawn"):
            cases, turns, promises = self._draw(works)
        teller = Teller(
            cases, turns, register.firms, works.circuits, promises,
            {code: calendar_by_code(code) for code in works.calendars}, self.officers, self.at_s,
        )  # fmt: skip
        with self._stage("tickets"):
            for first in range(0, self.size.tickets, AT_ONCE):
                last = min(first + AT_ONCE, self.size.tickets)
                shelf = teller.tell(first, last)
                tickets.lay_tickets(shelf.tickets)
                tickets.lay_events(shelf.events)
                tickets.lay_clocks(shelf.clocks)
                tickets.lay_pauses(shelf.pauses)
                alarms.lay_impacts(shelf.impacts)
                if last % (AT_ONCE * 8) == 0:
                    self.progress(words.SO_FAR.format(count=last, of=self.size.tickets))
            counts = {"tickets": self.size.tickets, "entries": teller.events, "clocks": teller.clocks}
            for name, count in {**counts, "pauses": teller.pauses, "impacts": teller.impacts}.items():
                self.say(name, count)
        with self._stage("alarms"):
            self._raise(Troubles(cases, turns.detected, works.places, self.cards, self._sources()))

    def _draw(self, works: Works) -> tuple[Cases, Turns, Promises]:
        dice = np.random.default_rng([self.seed, 7])
        grades = list(CircuitGrade.values)
        sites = Sites(
            np.array([place.firm for place in works.places], np.int64),
            np.array([place.card for place in works.places], np.int64),
            works.at_place,
            np.array([0, *(row[2] for row in works.circuits)], np.int64),
            np.array([0, *(grades.index(str(row[6])) for row in works.circuits)], np.int64),
        )
        began_s = (self.began - EPOCH) // timedelta(seconds=1) + 86_400
        cases = draw_cases(sites, self.size.tickets, began_s, self.at_s - (live.HOURS + 1) * 3_600, dice)
        signed = {row[0]: _second_of(str(row[5])) for row in works.contracts}
        since = {pk: signed[works.circuits[pk - 1][2]] for pk in works.special}
        return cases, draw_turns(cases, dice), read_promises(works.circuits, works.special, since, self.at)

    def _sources(self) -> dict[str, int]:
        return {source.code: source.pk for source in known_sources()}

    def _raise(self, troubles: Troubles) -> None:
        troubles.draw_standing(self.size.standing, self.at_s, self._dice("standing"))
        self.say("incidents", alarms.lay_incidents(troubles.incidents()))
        total = alarms.lay_alarms(troubles.alarms()) + alarms.lay_alarms(troubles.standing_alarms())
        self.say("alarms", total)
        self.say("reports", alarms.lay_reports(troubles.reports()))

    def _record(self) -> None:
        """Say in the journal what was laid: one entry, for what was not done by anybody."""
        size = {"customers": self.size.customers, "circuits": self.size.circuits, "tickets": self.size.tickets}
        journal.record("demo.lay", [journal.Change("demo", "large", "SIZE=large", after=size)], at=self.at, by=self.by)


def _second_of(day: str) -> int:
    """Return when a day begins in China."""
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400 - 8 * 3_600
