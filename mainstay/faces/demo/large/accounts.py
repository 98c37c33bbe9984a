"""A hundred thousand key accounts: groups with branches, organisations, individuals; managers with eighty each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from mainstay.accounts.customers.laying import CONTACT, CUSTOMER
from mainstay.faces.demo.accounts import GRADES, ROLES
from mainstay.faces.demo.cities import City
from mainstay.faces.demo.large.names import ManyNames
from mainstay.faces.demo.names import TRADES, Trade

PORTFOLIO = 80
"""Customers of one account manager."""
SERVICE = {"group": (5, 4, 1, 0), "branch": (3, 5, 2, 0), "organisation": (1, 3, 4, 4), "individual": (1, 2, 2, 5)}
"""How likely each grade of GRADES is, by kind."""

Row = tuple[object, ...]


@dataclass
class Firm:
    """A customer as the rest of the demo needs it."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    grade: str
    trade: Trade
    city: City
    region: str
    parent: int | None
    wanted: int
    contact: tuple[int, str] = (0, "")
    people: list[str] = field(default_factory=list)


@dataclass
class Register:
    """Mutable: makes firms with their rows; `managers`, `engineers` are ids of users."""

    names: ManyNames
    dice: Random
    cities: tuple[City, ...]
    managers: list[int]
    engineers: list[int]
    at: str
    today: date
    firms: list[Firm] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    contacts: int = 0

    def draw(self, wanted: int, circuits: int) -> None:
        """Make the firms: two fifths in groups, a twelfth individuals; then say how many circuits each has."""
        chains = [trade for trade in TRADES if trade.chain]
        turn = 0
        while len(self.firms) < wanted * 0.4:
            self._group(chains[turn % len(chains)])
            turn += 1
        weights = [trade.weight for trade in TRADES]
        while len(self.firms) < wanted * 0.92:
            self._organisation(self.dice.choices(TRADES, weights)[0])
        single = next(trade for trade in TRADES if trade.industry == "I65")
        while len(self.firms) < wanted:
            self._add(self.names.person(), "", "individual", single, self._city())
        del self.firms[wanted:], self.rows[wanted:]
        self._share_out(circuits)

    def _city(self) -> City:
        return self.cities[0] if self.dice.random() < 0.35 else self.dice.choice(self.cities)

    def _group(self, trade: Trade) -> None:
        brand = self.names.brand()
        head = self._add(trade.whole.format(b=brand), trade.short.format(b=brand), "group", trade, self._city())
        for city in self.dice.sample(self.cities, self.dice.randint(2, 6)):
            name, short = trade.branch.format(b=brand, c=city.name), f"{trade.short.format(b=brand)}{city.name}"
            self._add(name, short, "branch", trade, city, head)

    def _organisation(self, trade: Trade) -> None:
        brand = self.names.brand()
        self._add(trade.whole.format(b=brand), trade.short.format(b=brand), "organisation", trade, self._city())

    def _add(self, name: str, short: str, kind: str, trade: Trade, city: City, parent: int | None = None) -> int:
        pk, dice = len(self.firms) + 1, self.dice
        region, district = dice.choice(city.districts)
        grade = dice.choices(GRADES, SERVICE[kind])[0]
        code, alone = f"KH-{pk:06d}", kind == "individual"
        kept_kind = "organisation" if kind == "branch" else kind
        self.firms.append(Firm(pk, code, name, short, kept_kind, grade, trade, city, region, parent, 1))
        self.rows.append(
            (
                pk, code, name, short, kept_kind, parent, region, None if alone else trade.industry,
                "other" if alone else trade.ownership, grade, f"近 12 个月月均收入 {dice.randint(1, 400)} 千元",
                grade == "gold" and dice.random() < 0.2, self.managers[(pk - 1) // PORTFOLIO % len(self.managers)],
                dice.choice(self.engineers), f"{city.name}市{district}{self.names.street()}",
                f"027-5{pk:07d}", (self.today - timedelta(days=dice.randint(900, 5400))).isoformat(),
                self.at, "demo", self.at,
            )
        )  # fmt: skip
        return pk

    def _share_out(self, circuits: int) -> None:
        """Give everybody at least one circuit, groups more, one of them by far the most; exactly `circuits` in all."""
        dice = self.dice
        shares = {"group": 1.6, "organisation": 0.9, "individual": 0.0}
        for firm in self.firms:
            firm.wanted = 1 + min(int(dice.paretovariate(1.4) * shares[firm.kind]), 250)
        self.firms[0].wanted = max(4, circuits // 312)
        left = circuits - sum(firm.wanted for firm in self.firms)
        while left:
            firm = dice.choice(self.firms)
            step = 1 if left > 0 else -1 if firm.wanted > 1 and firm.id != 1 else 0
            firm.wanted += step
            left -= step

    def draw_contacts(self, portal: dict[int, int]) -> Iterator[Row]:
        """Give every firm people with roles; the first is the technical one who is told (`portal`: users by firm)."""
        assert len(CONTACT) == 10
        assert len(CUSTOMER) == len(self.rows[0])
        for firm in self.firms:
            roles = [ROLES[2]]
            if firm.kind != "individual":
                roles += self.dice.sample([role for role in ROLES if role[0] != "technical"], self.dice.randint(0, 2))
            for role, title in roles:
                yield self._contact(firm, role, title, portal.get(firm.id))

    def _contact(self, firm: Firm, role: str, title: str, user: int | None) -> Row:
        self.contacts += 1
        name = firm.name if firm.kind == "individual" else self.names.person()
        phone, told = self.names.mobile(), role == "technical"
        firm.people += [name, phone]
        if told:
            firm.contact = (self.contacts, name)
        birthday = date(self.dice.randint(1966, 1996), self.dice.randint(1, 12), self.dice.randint(1, 28))
        user_id = user if told else None
        return (self.contacts, firm.id, name, role, title, phone, "", birthday.isoformat(), told, user_id)
