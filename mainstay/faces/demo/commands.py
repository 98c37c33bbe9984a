"""Commands of the demo: load the province, feed alarms, cut and restore links, run everything."""

from datetime import UTC, datetime

import click
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.faces.demo import cast
from mainstay.faces.demo.loading import SIZES, Loader, floored
from mainstay.faces.demo.words import said
from mainstay.platform.identity.queries import users


@click.group()
def demo() -> None:
    """The demo province: invented key accounts on a network around the real backbone."""


def loaded() -> bool:
    """Say whether the province is there."""
    return users().filter(username=cast.STAFF[0].username).exists()


def fill(seed: int, days: int, size: str, at: datetime) -> None:
    """Load the province and print how it goes."""
    with override("zh-hans"):
        Loader(SIZES[size], seed, floored(at), days, _tell).load()


def _tell(stage: str, count: int) -> None:
    click.echo(f"  {said(stage)}: {count}")


@demo.command()
@click.option("--seed", default=1, show_default=True, help="Another seed, another province.")
@click.option("--days", default=30, show_default=True, help="How many days of history.")
@click.option("--size", default="normal", show_default=True, type=click.Choice(list(SIZES)))
def load(seed: int, days: int, size: str) -> None:
    """Load the demo province into an empty database."""
    if loaded():
        raise click.ClickException(_("The demo province is loaded already; use another MAINSTAY_HOME for a new one."))
    fill(seed, days, size, datetime.now(UTC))
