"""Kinds of accounts, measures of them, ways to judge, states of nominations and runs (B6)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """What an account is; all but loans are deposits."""

    DEMAND = "demand", _("Demand deposit")
    TIME = "time", _("Time deposit")
    NOTICE = "notice", _("Notice deposit")
    MARGIN = "margin", _("Margin deposit")
    LOAN = "loan", _("Loan")


DEPOSITS: Final = (AccountKind.DEMAND, AccountKind.TIME, AccountKind.NOTICE, AccountKind.MARGIN)


class Figure(models.TextChoices):
    """What is delivered of an account for a day; amounts in fen."""

    BALANCE = "balance", _("Balance at the end of the day")
    COUNT = "count", _("Number of transactions")
    AMOUNT = "amount", _("Amount of transactions")
    SETTLED = "settled", _("Settled through us")
    CONTRIBUTION = "contribution", _("Contribution")


class Measure(models.TextChoices):
    """What a factor measures over its days."""

    AVERAGE_BALANCE = "average_balance", _("Average daily balance")
    END_BALANCE = "end_balance", _("Balance on the last day")
    AVERAGE_LOAN = "average_loan", _("Average daily loan")
    COUNT = "count", _("Number of transactions")
    AMOUNT = "amount", _("Amount of transactions")
    SETTLED = "settled", _("Settlement volume")
    CONTRIBUTION = "contribution", _("Contribution")


FIGURE_OF: Final = {
    Measure.AVERAGE_BALANCE: Figure.BALANCE, Measure.END_BALANCE: Figure.BALANCE, Measure.AVERAGE_LOAN: Figure.BALANCE,
    Measure.COUNT: Figure.COUNT, Measure.AMOUNT: Figure.AMOUNT, Measure.SETTLED: Figure.SETTLED,
    Measure.CONTRIBUTION: Figure.CONTRIBUTION,
}  # fmt: skip
"""Which figure a measure reads; all measures but COUNT are amounts in fen."""


class Mode(models.TextChoices):
    """How the factors of a filter are put together."""

    ALL = "all", _("every factor reaches its least")
    ANY = "any", _("one factor reaches its least")
    WEIGHTS = "weights", _("weighted points reach the least score")


class Source(models.TextChoices):
    EXTRACTED = "extracted", _("extracted")
    BY_HAND = "by_hand", _("nominated by hand")


class Status(models.TextChoices):
    PROPOSED = "proposed", _("waits for approval")
    NAMED = "named", _("named")
    REFUSED = "refused", _("refused")
    ENDED = "ended", _("ended")


class Verdict(models.TextChoices):
    """What a run found of a customer."""

    NEW = "new", _("would be named")
    STAYS = "stays", _("stays named")
    LOST = "lost", _("no longer named")


MOST_DAYS: Final = 366
MOST_FACTORS: Final = 12
BANDS: Final = (0, 1_000_000, 5_000_000, 20_000_000, 100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000)
"""Lower ends of the bands of balances, in fen: 0, 10,000 yuan, … 50,000,000 yuan and above."""
