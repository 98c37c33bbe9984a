"""Commands about revenue and credit: make roll-ups, hold them against the rows, score everybody (M9, B3)."""

from datetime import UTC, date, datetime

import click
from django.utils import timezone
from django.utils.translation import gettext

from mainstay.accounts.credit import rolling as credit
from mainstay.accounts.revenue import comparing, rolling
from mainstay.faces.cli.commands import root

SHOWN = 20


@root.group()
def revenue() -> None:
    """Sums of bills and payments, and credit reckoned from them."""


@revenue.command()
def roll() -> None:
    """Make all sums that wait to be made; the sweeper does it by itself, part by part."""
    count = rolling.roll_all(on=_today())
    click.echo(gettext("{count} customers rolled up.").format(count=count))


@revenue.command()
def check() -> None:
    """Reckon every sum anew from bills and payments and name those that differ; ends with 1 where any does."""
    wrong = 0
    for each in comparing.differing(_today(), told=lambda done: click.echo(f"{done}", err=True)):
        wrong += 1
        if wrong <= SHOWN:
            click.echo(f"{each.customer_id}\t{each.column}\t{each.kept}\t{each.right}")
    click.echo(gettext("{count} sums differ from their bills and payments.").format(count=wrong))
    if wrong:
        raise SystemExit(1)


@revenue.command()
def score() -> None:
    """Score every customer by the credit rules in force."""
    count = credit.score_everyone(on=_today(), told=lambda done: click.echo(f"{done}", err=True))
    click.echo(gettext("{count} customers scored.").format(count=count))


def _today() -> date:
    return timezone.localdate(datetime.now(UTC))
