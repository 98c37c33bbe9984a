"""Commands about users and programs' tokens, for the first administrator and for interfaces."""

from datetime import UTC, datetime

import click
from django.utils.translation import gettext as _

from mainstay.domain.actor import system
from mainstay.domain.errors import NotFound, msgid
from mainstay.faces.cli.commands import root
from mainstay.platform.identity import queries
from mainstay.platform.identity.actions import NewUser, create_users, issue_token
from mainstay.platform.identity.choices import Duty


@root.group()
def user() -> None:
    """Users and tokens."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The name people read.")
@click.option("--duty", type=click.Choice(Duty.values), default=Duty.ADMINISTRATOR.value, show_default=True)
@click.option("--region", default="", help="Code of the region the duty is held in; empty is everywhere.")
@click.password_option()
def add(username: str, name: str, duty: str, region: str, password: str) -> None:
    """Make a user with a duty; asks for the password."""
    new = NewUser(username, name, password, duties=((duty, region),))
    create_users([new], at=datetime.now(UTC), by=system("command line"))
    click.echo(_("User “%(name)s” can sign in.") % {"name": username})


@user.command()
@click.argument("username")
@click.argument("purpose")
def token(username: str, purpose: str) -> None:
    """Issue a token for a program that acts as USERNAME; it is shown this once."""
    found = queries.users().filter(username=username).first()
    if found is None:
        raise NotFound(msgid("There is no user “{name}”; make it with `mainstay user add`."), name=username)
    click.echo(issue_token(found, purpose, at=datetime.now(UTC), by=system("command line")))
