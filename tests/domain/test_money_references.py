"""Bills, points, scores and savings, against references that move one fen, one point, one day at a time."""

import ast
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.credit_score import MOST, Band, Rule, bands, points, scores
from mainstay.domain.offers import FACTS, Benefit, in_english, savings
from mainstay.domain.points.purse import Account, BadAmount, Lot, Move, NotEnough, Purse
from mainstay.domain.points.rules import Book, book_of, earned, last_day, plain, years_bonus
from mainstay.domain.settling import Owed, Paid, settle

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
DAYS = st.integers(0, 30).map(lambda n: FIRST + n * DAY)
BILLS = st.lists(st.tuples(DAYS, st.integers(0, 20), st.integers(-12, 25)), max_size=6)
PAYMENTS = st.lists(st.tuples(DAYS, st.integers(0, 25), st.none() | st.integers(0, 7)), max_size=6)


def fen_by_fen(bills: list[Owed], payments: list[Paid]) -> tuple[dict[int, tuple[int, date | None]], int]:
    """Settle day by day: each fen goes to the bill it is for, else to the open one due first, else it waits."""
    left, since, credit = dict[int, int](), dict[int, date | None](), 0

    def put(fen: int, on: date, named: int | None = None) -> int:
        waiting = 0
        for _ in range(fen):
            still = [bill for bill in bills if left.get(bill.key, 0) > 0]
            still.sort(key=lambda bill: (bill.key != named, bill.due_on, bill.key))
            if not still:
                waiting += 1
                continue
            left[still[0].key] -= 1
            if left[still[0].key] == 0:
                since[still[0].key] = on
        return waiting

    for on in (FIRST + n * DAY for n in range(40)):
        for bill in sorted(bills, key=lambda bill: (bill.due_on, bill.key)):
            if bill.issued_on == on:
                left[bill.key], since[bill.key] = max(0, bill.amount_fen), None if bill.amount_fen > 0 else on
                credit = put(credit + max(0, -bill.amount_fen), on)
        for payment in payments:
            if payment.paid_on == on:
                credit += put(payment.amount_fen, on, payment.bill)
    return {key: (fen, since[key]) for key, fen in left.items()}, credit


@given(BILLS, PAYMENTS)
def test_bills_are_settled_as_if_every_fen_were_carried_by_hand(
    drawn: list[tuple[date, int, int]], paid: list[tuple[date, int, int | None]]
) -> None:
    bills = [Owed(key, on, on + due * DAY, fen) for key, (on, due, fen) in enumerate(drawn)]
    payments = [Paid(*each) for each in paid]
    found = settle(bills, payments)
    told = {key: (each.open_fen, each.settled_on) for key, each in found.bills.items()}
    assert (told, found.credit_fen) == fen_by_fen(bills, payments)


@dataclass
class Coin:
    """One point, where it lies, and out of which lot it came."""

    lot: int
    earned_on: date
    expires_on: date | None


@dataclass
class Jar:
    """The slow purse: every point is a coin in a bag, and two numbers say how many are free and how many are held."""

    free: int = 0
    held: int = 0
    coins: list[Coin] = field(default_factory=list)

    def over(self, on: date) -> list[Coin]:
        return [coin for coin in self.coins if coin.expires_on is not None and coin.expires_on < on]

    def draw(self, amount: int, among: list[Coin]) -> dict[int, int]:
        """Take coins out one by one, the oldest first; count them by lot."""
        taken: dict[int, int] = {}
        for _ in range(amount):
            oldest = min(among, key=lambda coin: (coin.earned_on, coin.lot))
            among.remove(oldest)
            self.coins.remove(oldest)
            taken[oldest.lot] = taken.get(oldest.lot, 0) + 1
        return taken

    def lots(self) -> dict[int, int]:
        return {lot: sum(coin.lot == lot for coin in self.coins) for lot in {coin.lot for coin in self.coins}}


@given(st.data())
def test_a_purse_holds_what_a_jar_of_coins_holds(data: st.DataObject) -> None:
    purse, jar, known, undo = Purse(), Jar(), dict[int, Coin](), list[Move]()
    for key in range(data.draw(st.integers(1, 14))):
        step = data.draw(st.sampled_from(["gain", "gain", "freeze", "release", "spend", "expire", "undo"]))
        amount, frozen = data.draw(st.integers(0, 9)), data.draw(st.booleans())
        if step == "gain" and amount:
            known[key] = Coin(key, data.draw(DAYS), data.draw(st.none() | DAYS))
            purse.gain(Lot(key, known[key].earned_on, known[key].expires_on, amount))
            jar.free += amount
            jar.coins += [known[key]] * amount
        elif step in ("freeze", "release", "spend"):
            from_held = step == "release" or (step == "spend" and frozen)
            act = {"freeze": purse.freeze, "release": purse.release}.get(step)
            if not 0 < amount <= (jar.held if from_held else jar.free):
                with pytest.raises(BadAmount if amount == 0 else NotEnough):
                    purse.spend(amount, frozen=frozen) if act is None else act(amount)
                continue
            move = purse.spend(amount, frozen=frozen) if act is None else act(amount)
            to_free, to_held = {"freeze": (-1, 1), "release": (1, -1), "spend": (-(not frozen), -frozen)}[step]
            jar.free, jar.held = jar.free + to_free * amount, jar.held + to_held * amount
            if step == "spend":
                assert dict(move.uses) == jar.draw(amount, list(jar.coins))
                undo.append(move)
        elif step == "expire":
            on = data.draw(DAYS)
            lapsing = min(jar.free, len(jar.over(on)))
            assert purse.expirable(on) == lapsing
            gone = purse.expire(on)
            taken = jar.draw(lapsing, jar.over(on))
            assert (dict(gone.uses) if gone else {}) == taken
            jar.free -= lapsing
        elif step == "undo" and undo:
            done = undo.pop()
            back = purse.take_back(done)
            assert (back.debit, back.credit, back.amount) == (done.credit, done.debit, done.amount)
            jar.coins += [known[lot] for lot, count in done.uses for _ in range(count)]
            jar.held += done.amount if done.debit == Account.FROZEN else 0
            jar.free += done.amount if done.debit == Account.AVAILABLE else 0
        assert (purse.available, purse.frozen) == (jar.free, jar.held)
        assert {lot.key: lot.left for lot in purse.lots if lot.left} == jar.lots()


TIMES = st.integers(0, 400).map(lambda n: Decimal(n) / 100)
BOOKS = st.builds(
    Book, TIMES, st.integers(0, 3000), st.dictionaries(st.sampled_from(["gold", "silver"]), TIMES),
    st.dictionaries(st.sampled_from(["line", "host"]), TIMES),
    st.dictionaries(st.integers(1, 12), st.integers(0, 900)).map(lambda years: tuple(years.items())),
    st.integers(0, 50), st.integers(0, 5), st.booleans(), st.integers(0, 90),
)  # fmt: skip


@given(BOOKS, st.dictionaries(st.sampled_from(["", "line", "host"]), st.integers(-500, 5000)),
       st.sampled_from(["", "gold", "silver"]))  # fmt: skip
def test_a_month_earns_each_fens_share_and_the_sum_is_cut_once(book: Book, paid: dict[str, int], grade: str) -> None:
    exact = Fraction(0)
    for product, fen in paid.items():
        per_fen = Fraction(book.per_yuan) / 100
        per_fen *= Fraction(book.products[product]) if product in book.products else 1
        per_fen *= Fraction(book.grades[grade]) if grade in book.grades else 1
        exact += sum(per_fen for _ in range(fen))
    whole = 0
    while whole + 1 <= exact:
        whole += 1
    found, parts = earned(book, paid, grade)
    assert found == (whole if sum(paid.values()) >= book.least_fen else 0)
    assert sum(Fraction(part.points) for part in parts) == exact
    assert book_of(plain(book)) == book


LONG_AGO = st.sampled_from([date(2020, 2, 29), date(2024, 2, 29)]) | st.integers(0, 2200).map(
    lambda n: date(2019, 6, 1) + n * DAY
)


def begins_a_year(since: date, day: date) -> bool:
    """Say whether it is the anniversary; who came on 29 February has it on 1 March where there is none."""
    if (since.month, since.day) == (2, 29) and (day - DAY).month == 2 and (day - DAY).day == 28:
        return day.day in (1, 29)
    return (since.month, since.day) == (day.month, day.day)


@given(BOOKS, LONG_AGO)
def test_points_live_as_long_as_days_are_crossed_off(book: Book, on: date) -> None:
    found = last_day(book, on)
    if not book.life_years:
        assert found is None
        return
    day, years = on, 0
    while years < book.life_years:
        day += DAY
        years += (day.month, day.day) == (1, 1) if book.whole_years else begins_a_year(on, day)
    assert found == day - DAY


@given(BOOKS, LONG_AGO, st.integers(0, 12), st.integers(-2, 2))
def test_years_with_us_are_counted_day_by_day(book: Book, since: date, about: int, off: int) -> None:
    day = since + timedelta(days=round(about * 365.25) + off)
    full = sum(begins_a_year(since, since + n * DAY) for n in range(1, (day - since).days + 1))
    wanted = [(years, given_) for years, given_ in book.years if years == full]
    on_the_day = day > since and begins_a_year(since, day)
    assert years_bonus(book, since, day) == (wanted[0] if wanted and on_the_day else (0, 0))


RULES = st.lists(
    st.builds(
        Rule, st.sampled_from(["a", "b"]), st.sampled_from([-200, -100, 7]) | st.integers(-300, 300),
        st.none() | st.integers(0, 50),
        st.none() | st.integers(0, 90), st.integers(0, 5), st.integers(0, 200),
    ), min_size=1, max_size=5,
)  # fmt: skip
BANDS = st.lists(st.sampled_from(range(0, MOST + 1, 100)), max_size=6, unique=True).map(
    lambda bounds: [Band(f"from {b}", b) for b in bounds]
)


@given(RULES, st.lists(st.tuples(st.integers(-5, 120), st.integers(-5, 120)), min_size=1, max_size=5),
       st.sampled_from(range(0, MOST + 1, 100)), BANDS)  # fmt: skip
def test_a_score_is_added_up_rule_by_rule(
    rules: list[Rule], people: list[tuple[int, int]], base: int, wanted: list[Band]
) -> None:
    given_ = points(rules, {"a": np.array([a for a, _ in people]), "b": np.array([b for _, b in people])})
    found = scores(base, given_)
    named = bands(wanted, found)
    for place, (a, b) in enumerate(people):
        score = base
        for row, rule in enumerate(rules):
            fact, worth = {"a": a, "b": b}[rule.fact], 0
            if fact in range(-9 if rule.at_least is None else rule.at_least, 999 if rule.below is None else rule.below):
                worth = sum(rule.points for _ in range(rule.per, fact + 1, rule.per)) if rule.per else rule.points
            if rule.most:
                worth = sorted([-rule.most, worth, rule.most])[1]
            assert given_[row, place] == worth
            score += worth
        assert found[place] == sorted([0, score, MOST])[1]
        reached = [band for band in wanted if band.from_score <= found[place]]
        assert named[place] == (max(reached, key=lambda band: band.from_score).name if reached else "")


@given(st.lists(st.integers(-50, 3000), max_size=2) | st.lists(st.integers(-50, 3000), min_size=13, max_size=26),
       st.integers(0, 10_000), st.integers(0, 14))  # fmt: skip
def test_savings_are_counted_month_by_month(billed: list[int], hundredths: int, months: int) -> None:
    percent = savings(Benefit.PERCENT, hundredths / 100, billed)
    amount, free = savings(Benefit.AMOUNT, hundredths, billed), savings(Benefit.FREE_MONTHS, months, billed)
    since_new_year = 0
    for place, fen in enumerate(billed):
        since_new_year = 1 if place in (0, 12, 24) else since_new_year + 1
        bill = fen if fen > 0 else 0
        saved = percent[place].saved_fen
        assert saved <= Fraction(hundredths, 10_000) * bill < saved + 1
        assert amount[place].saved_fen == (bill if bill < hundredths else hundredths)
        assert free[place].saved_fen == (bill if since_new_year <= months else 0)
    assert [each.points for each in savings(Benefit.POINTS, months, billed)] == [months] * len(billed)


CODES = st.text(st.characters(categories=["L", "N"]), max_size=6) | st.sampled_from(sorted(FACTS.values()))
COMPARED = st.lists(
    st.tuples(st.sampled_from(sorted(FACTS)), CODES, st.booleans(), st.booleans()), min_size=1, max_size=4
)


@given(COMPARED)
def test_a_chinese_condition_reads_as_the_english_one_and_its_quotes_stay(asked: list[tuple[str, str, bool, bool]]) -> None:  # fmt: skip  # noqa: E501
    chinese = "或者".join(
        f"（{FACTS[name]}{'属于' if many else '不是'}{'“' if curly else chr(34)}{code}{'”' if curly else chr(34)}）"
        for name, code, many, curly in asked
    )
    english = " or ".join(f'({name} {"in" if many else "!="} "{code}")' for name, code, many, _ in asked)
    said = in_english(chinese)
    assert ast.dump(ast.parse(said)) == ast.dump(ast.parse(english))
    assert in_english(said) == said
