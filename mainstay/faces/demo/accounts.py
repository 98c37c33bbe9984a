"""Which key accounts does the demo have? Groups with subsidiaries in several cities, organisations, individuals."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from mainstay.accounts.customers.actions.contacts import NewContact
from mainstay.accounts.customers.actions.customers import NewCustomer
from mainstay.faces.demo import cast
from mainstay.faces.demo.cities import City
from mainstay.faces.demo.names import TRADES, Names, Trade
from mainstay.platform.identity.choices import Duty

GRADES = ("gold", "silver", "bronze", "standard")
ROLES = (
    ("decision_maker", "总经理"),
    ("key_contact", "办公室主任"),
    ("technical", "信息科技部经理"),
    ("finance", "财务主管"),
)


@dataclass(frozen=True)
class Account:
    """A customer wanted, with what the circuits need to know: its trade, its city, about how many circuits it has."""

    new: NewCustomer
    trade: Trade
    city: City
    circuits: int

    @property
    def code(self) -> str:
        """Return the customer's code."""
        return self.new.code


@dataclass
class Bookkeeper:
    """Mutable: hands out codes, dates, managers."""

    names: Names
    dice: Random
    cities: tuple[City, ...]
    today: date
    made: int = 0

    def account(
        self, name: str, short: str, trade: Trade, city: City, *, kind: str, grade: str, circuits: int, parent: str = ""
    ) -> Account:
        """Make one account with the next code."""
        self.made += 1
        district, _ = self.dice.choice(city.districts)
        managers, engineers = cast.with_duty(Duty.ACCOUNT_MANAGER), cast.with_duty(Duty.CUSTOMER_ENGINEER)
        new = NewCustomer(
            code=f"KH-{self.made:05d}",
            name=name,
            short_name=short,
            region=district,
            kind=kind,
            parent=parent,
            industry=trade.industry,
            ownership="other" if kind == "individual" else trade.ownership,
            service_grade=grade,
            grade_reason=self._why(grade),
            is_special=grade == "gold" and self.dice.random() < 0.2,
            account_manager=managers[self.made % len(managers)],
            customer_engineer=engineers[self.made % len(engineers)],
            address=f"{city.name}市{dict(city.districts)[district]}{self.names.street()}",
            phone=f"027-5550{self.made:04d}",
            since_on=self.today - timedelta(days=self.dice.randint(200, 5400)),
        )
        return Account(new, trade, city, circuits)

    def _why(self, grade: str) -> str:
        months = {"gold": (60, 400), "silver": (20, 60), "bronze": (5, 20), "standard": (1, 5)}[grade]
        return f"近 12 个月月均收入 {self.dice.randint(*months)} 千元"


def draw_accounts(wanted: int, circuits: int, book: Bookkeeper) -> list[Account]:
    """Make two fifths of the accounts in groups, a twelfth individuals, the rest organisations."""
    made: list[Account] = []
    chains = [trade for trade in TRADES if trade.chain]
    turn = 0
    while len(made) < int(wanted * 0.4):
        trade = chains[turn % len(chains)]
        turn += 1
        made += _group(trade, book)
    while len(made) < int(wanted * 0.92):
        made.append(_organisation(book))
    while len(made) < wanted:
        made.append(_individual(book))
    return _shared_out(made[:wanted], circuits)


def _group(trade: Trade, book: Bookkeeper) -> list[Account]:
    brand, grade = book.names.brand(), book.dice.choices(GRADES[:3], (5, 4, 1))[0]
    home = book.cities[0] if book.dice.random() < 0.7 else book.dice.choice(book.cities)
    head = book.account(
        trade.whole.format(b=brand), trade.short.format(b=brand), trade, home,
        kind="group", grade=grade, circuits=book.dice.randint(14, 34),
    )  # fmt: skip
    others = [city for city in book.cities if city is not home]
    places = book.dice.sample(others, min(len(others), book.dice.randint(2, 6)))
    return [head, *(_branch(head, brand, trade, city, book) for city in places)]


def _branch(head: Account, brand: str, trade: Trade, city: City, book: Bookkeeper) -> Account:
    name = trade.branch.format(b=brand, c=city.name)
    grade = head.new.service_grade if book.dice.random() < 0.6 else "silver"
    account = book.account(
        name, f"{trade.short.format(b=brand)}{city.name}", trade, city,
        kind="organisation", grade=grade, circuits=book.dice.randint(4, 16), parent=head.code,
    )  # fmt: skip
    manager = head.new.account_manager if book.dice.random() < 0.5 else account.new.account_manager
    return replace(account, new=replace(account.new, account_manager=manager))


def _organisation(book: Bookkeeper) -> Account:
    trade = book.dice.choices(TRADES, [trade.weight for trade in TRADES])[0]
    city = book.cities[0] if book.dice.random() < 0.35 else book.dice.choice(book.cities)
    brand = book.names.brand()
    grade = book.dice.choices(GRADES, (1, 3, 4, 4))[0]
    return book.account(
        trade.whole.format(b=brand), trade.short.format(b=brand), trade, city,
        kind="organisation", grade=grade, circuits=book.dice.randint(2, 13),
    )  # fmt: skip


def _individual(book: Bookkeeper) -> Account:
    trade = next(trade for trade in TRADES if trade.industry == "I65")
    name = book.names.person()
    city = book.dice.choice(book.cities)
    grade = book.dice.choices(GRADES, (1, 2, 2, 5))[0]
    account = book.account(name, "", trade, city, kind="individual", grade=grade, circuits=1)
    return replace(account, new=replace(account.new, industry=""))


def _shared_out(made: list[Account], circuits: int) -> list[Account]:
    """Scale the numbers of circuits so that they add up to about `circuits`; everybody keeps at least one."""
    total = sum(account.circuits for account in made)
    return [replace(account, circuits=max(1, round(account.circuits * circuits / total))) for account in made]


def portal_accounts(made: list[Account]) -> list[Account]:
    """Return the customers whose people sign in: the first groups, one each."""
    heads = [account for account in made if account.new.kind == "group"]
    return heads[: len(cast.PORTAL)]


def draw_contacts(made: list[Account], names: Names, dice: Random) -> Iterator[NewContact]:
    """Give every account people: individuals themselves, others two to four with roles; portal users are technical."""
    portal = dict(zip((account.code for account in portal_accounts(made)), cast.PORTAL, strict=False))
    for account in made:
        code = account.code
        if account.new.kind == "individual":
            yield NewContact(code, account.new.name, phone=names.mobile(), notify=True)
            continue
        if code in portal:
            username, name = portal[code]
            yield NewContact(
                code, name, "technical", "信息科技部经理", names.mobile(), f"{username}@example.com",
                notify=True, username=username, wecom=str(uuid5(NAMESPACE_URL, f"robot of {code}")),
            )  # fmt: skip
        for role, title in dice.sample(ROLES, dice.randint(2, 4)):
            birthday = date(dice.randint(1966, 1996), dice.randint(1, 12), dice.randint(1, 28))
            yield NewContact(
                code, names.person(), role, title, names.mobile(), birthday_on=birthday, notify=role == "technical"
            )
