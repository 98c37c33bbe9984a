"""Commands for those who run Mainstay: judge the past again, verify the audit trail."""

from datetime import UTC, datetime

import click
from django.core.management import call_command

from mainstay.faces.cli.commands import root
from mainstay.network.alarms.rejudging import rejudge as rejudge_impacts
from mainstay.platform.journal import queries as journal
from mainstay.service.tickets.rejudge import rejudge as rejudge_clocks
from mainstay.service.tickets.rejudge import untold_troubles


@root.command()
@click.option("--limit", default=20, show_default=True, help="How many differences to print.")
def rejudge(limit: int) -> None:
    """Judge the whole event log again from scratch and compare: alarms, incidents, impacts, tickets, clocks."""
    found = 0
    at = datetime.now(UTC)
    result = rejudge_impacts(at=at)
    click.echo(result.summary())
    for difference in (*result.differences, *untold_troubles(result.troubles), *rejudge_clocks(at=at)):
        found += 1
        if found <= limit:
            click.echo(str(difference))
    click.echo(
        f"{found} differences"
        if found
        else "No difference: the log gives the same alarms, incidents, impacts, tickets and clocks."
    )
    if found:
        raise SystemExit(1)


@root.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
def verify() -> None:
    """Find entries that were changed after they were sealed."""
    broken = list(journal.broken_seals())
    for entry in broken[:20]:
        click.echo(f"entry {entry.pk} of {entry.at:%Y-%m-%d %H:%M} does not match its seal")
    click.echo(f"{len(broken)} broken seals")
    if broken:
        raise SystemExit(1)


@root.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands."""
    call_command(*arguments)
