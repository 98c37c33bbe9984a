"""`mainstay points`: does the ledger of points hold? (B4)"""

import click

from mainstay.accounts.points.queries.verifying import totals, verify
from mainstay.faces.cli.commands import root


@root.group()
def points() -> None:
    """Look after the ledger of points."""


@points.command()
def check() -> None:
    """Replay the whole ledger: chain, balances, lots, the operator's accounts. Ends with 1 when something is wrong."""
    found = verify()
    for finding in found:
        click.echo(f"✗ {finding.check}: {', '.join(map(str, finding.row))}")
    for account, balance in sorted(totals().items()):
        click.echo(f"  {account:<12}{balance:>16,}")
    if found:
        click.echo("Write nothing by hand: restore the latest backup that passes, and see who wrote to the database.")
        raise SystemExit(1)
    click.echo("✓ the ledger balances")
