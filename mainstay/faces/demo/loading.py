"""How does the demo province come into an empty database? Through the rooms' own actions, the same for a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import TypeVar

from mainstay.accounts.catalog.actions.loading import load_shipped as load_catalog
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts import actions as contracts
from mainstay.accounts.customers.actions.contacts import add_contacts
from mainstay.accounts.customers.actions.customers import create_customers
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.domain.actor import Actor, system
from mainstay.faces.demo import cast, exports, months, owed, reported, revenue, roster, sources
from mainstay.faces.demo.accounts import Account, Bookkeeper, draw_accounts, draw_contacts, portal_accounts
from mainstay.faces.demo.cities import cities
from mainstay.faces.demo.drawing import Drawing
from mainstay.faces.demo.facts import tables
from mainstay.faces.demo.history.month import Month
from mainstay.faces.demo.lines import Installer
from mainstay.faces.demo.names import Names
from mainstay.faces.demo.performance import Sampled
from mainstay.faces.demo.points import lay as lay_points
from mainstay.faces.demo.province import Extent, draw_province
from mainstay.faces.demo.ways_out import open_ways
from mainstay.network.alarms.actions import sources as alarm_sources
from mainstay.network.inventory.actions.circuits import open_circuits
from mainstay.network.inventory.actions.resources import add_resources
from mainstay.platform.calendars.actions import load_shipped as load_calendars
from mainstay.platform.duty import actions as duty
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.places import actions as places
from mainstay.service.promises.actions import set_circuit_term
from mainstay.service.tickets.actions.departments import load_departments

T = TypeVar("T")
Say = Callable[[str, int], None]
"""Told after each stage: its name (English msgid) and how many."""


@dataclass(frozen=True)
class Size:
    """How large a province is made."""

    extent: Extent
    customers: int
    circuits: int
    incidents_a_day: float


SIZES = {
    "small": Size(Extent(2, 1, 3, 1.0, 3), 12, 70, 8),
    "normal": Size(Extent(8, 3, 14, 1.6, 10), 300, 3000, 6.5),
}


@dataclass
class Loader:
    """Mutable: loads one province at `at` (aware), as it stood `days` before."""

    size: Size
    seed: int
    at: datetime
    days: int
    say: Say
    by: Actor = field(default_factory=lambda: system("demo"))
    drawing: Drawing = field(init=False)
    accounts: list[Account] = field(init=False)

    def __post_init__(self) -> None:
        """Give every part its own dice, so that a change in one leaves the others as they are."""
        self.began = self.at - timedelta(days=self.days + 1)
        self.names = Names(self._dice("names"))

    def _dice(self, part: str) -> Random:
        return Random(f"{self.seed} {part}")

    def load(self) -> None:
        """Load everything that stands before the first alarm. Needs a migrated, empty database."""
        self.load_standards()
        self.hire(self.days)
        self.drawing = draw_province(self.size.extent, self.names, self._dice("network"))
        self._win_accounts()
        self._build()
        self.connect_sources()
        self.say("senders", open_ways(at=self.began, by=self.by))
        sampled = Sampled(self.seed, by=self.by)
        sampled.begin(self.began)
        self.say("samples", sampled.lay(days=self.days, at=self.at, dice=self._dice("samples")))

    def live_through(self) -> None:
        """Let the days pass up to `at`."""
        month = Month(self.at, self.days, self.size.incidents_a_day, self._dice("month"))
        month.run()
        self.say("incidents", month.people.incidents_seen)
        self.say("tickets", month.people.tickets_seen)
        self.say("promises missed last month", months.close_last(at=self.at, by=self.by))
        self.say("compensations", owed.propose(at=self.at, by=self.by))
        self.say("bills", revenue.deliver(at=self.at, by=self.by, dice=self._dice("revenue")))
        self.say("documents", reported.report(at=self.at, by=self.by))
        self.say("customers with points", lay_points(at=self.at, by=self.by, dice=self._dice("points")))
        self.say("rows of exports", exports.connect(at=self.at, by=self.by, dice=self._dice("exports")))

    def load_standards(self) -> None:
        """Load divisions, trades, calendars and promises."""
        places.add_regions(
            places.NewRegion(p.code, p.name, p.name_en, p.latitude, p.longitude) for p in tables.divisions()
        )
        places.add_industries(places.NewIndustry(i.code, i.name, i.parent, i.level) for i in tables.industries())
        load_calendars(at=self.began, by=self.by)
        self.say("promise profiles", load_catalog(at=self.began, by=self.by))
        self.say("departments", load_departments(at=self.began, by=self.by))

    def hire(self, days: int) -> None:
        """Make the staff's users, and plan their shifts from so many days before."""
        users = identity.create_users(cast.staff_users(), at=self.began, by=self.by)
        ids = {user.username: user.pk for user in users}
        for code, name, region, first, phone in roster.DESKS:
            desk = duty.create_desk(code, name, region, at=self.began, by=self.by)
            duty.set_desk_phone(desk.pk, phone, at=self.began, by=self.by)
            duty.plan_shifts(desk, roster.shifts(first, self.at, days, ids), at=self.began, by=self.by)
        self.say("users", len(users))

    def _win_accounts(self) -> None:
        built = cities()[: self.size.extent.cities]
        book = Bookkeeper(self.names, self._dice("accounts"), built, self.began.date())
        self.accounts = draw_accounts(self.size.customers, self.size.circuits, book)
        rows = create_customers([account.new for account in self.accounts], at=self.began, by=self.by)
        ids = {row.code: row.pk for row in rows}
        portal = [
            identity.NewUser(
                username, name, cast.PASSWORD, ((Duty.CUSTOMER_CONTACT, ""),), customer_id=ids[account.code]
            )
            for account, (username, name) in zip(portal_accounts(self.accounts), cast.PORTAL, strict=False)
        ]
        identity.create_users(portal, at=self.began, by=self.by)
        people = list(draw_contacts(self.accounts, self.names, self._dice("contacts")))
        add_contacts(people, at=self.began, by=self.by)
        self.say("customers", len(rows))
        self.say("contacts", len(people))

    def _build(self) -> None:
        installer = Installer(self.drawing, self.names, self._dice("lines"), self.began.date())
        built = cities()[: self.size.extent.cities]
        for account in self.accounts:
            installer.install(account, built)
        self.say("contracts", len(contracts.register_contracts(installer.contracts, at=self.began, by=self.by)))
        add_resources(self.drawing.resources, at=self.began, by=self.by)
        self.say("resources", len(self.drawing.resources))
        opened = []
        for part in _parts(installer.circuits, 500):
            opened += open_circuits(part, at=self.began, by=self.by)
        self.say("circuits", len(opened))
        self._agree_exceptions([row.pk for row in opened])

    def _agree_exceptions(self, circuit_ids: list[int]) -> None:
        """Promise a few circuits and two customers something of their own."""
        dice, since = self._dice("exceptions"), self.began.date() - timedelta(days=90)
        for circuit_id in sorted(dice.sample(circuit_ids, min(5, len(circuit_ids)))):
            terms = Terms("restoration", Decimal(dice.choice((30, 40, 50))), "natural_minutes", "24x7", since)
            set_circuit_term(circuit_id, terms, why="重保电路，会议纪要约定", at=self.began, by=self.by)
        codes = [account.code for account in self.accounts if account.new.service_grade == "gold"][1:3]
        for customer in customers_visible_to(self.by).filter(code__in=codes).order_by("code"):
            terms = Terms("response", Decimal(10), "natural_minutes", "24x7", since)
            contracts.agree_terms(customer.pk, [terms], at=self.began, by=self.by)

    def connect_sources(self) -> None:
        """Make the alarm sources, with what their alarms mean."""
        alarm_sources.load_defaults(at=self.began, by=self.by)
        for code, name in sources.NAMES.items():
            settings = sources.settings(code, live=False)
            source = alarm_sources.save_source(code, name, settings, at=self.began, by=self.by)
            alarm_sources.replace_rules(source, sources.RULES[code], at=self.began, by=self.by)
        self.say("alarm sources", len(sources.NAMES))


def _parts(rows: Sequence[T], size: int) -> list[list[T]]:
    left = iter(rows)
    return list(iter(lambda: list(islice(left, size)), []))


def floored(at: datetime) -> datetime:
    """Return the full minute at or before an instant."""
    return at.replace(second=0, microsecond=0)
