"""Commands about service levels: reckon a month, close it, say what it came to (H7)."""

import time
from datetime import UTC, date, datetime

import click
from django.utils import translation
from django.utils.translation import gettext

from mainstay.domain.actor import Actor
from mainstay.faces.cli.commands import root
from mainstay.faces.cli.imports import as_user, language, named_actor
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.months import month_of, previous
from mainstay.service.service_levels.queries import results


def _month(context: click.Context, parameter: click.Parameter, value: str | None) -> date:
    """Read YYYY-MM; nothing given means the month before this one."""
    if value is None:
        return previous(month_of(datetime.now(UTC)))
    try:
        return datetime.strptime(value, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise click.BadParameter(gettext("Give the month as YYYY-MM, e.g. 2026-09.")) from None


month = click.argument("month", callback=_month, required=False)


@root.group()
def levels() -> None:
    """Monthly results of circuits: availability against what was promised."""


@levels.command()
@month
@as_user
@language
def compute(month: date, username: str, language: str) -> None:
    """Reckon MONTH (YYYY-MM, else the last one) from scratch, up to now or to its end; a closed month stays."""
    with translation.override(language):
        began = time.monotonic()
        by = named_actor(username)
        row = actions.reckon_month(month, at=datetime.now(UTC), by=by)
        if row.closed_at is not None:
            raise click.ClickException(
                gettext("The month {month} is closed, version {version}; its figures stay.").format(
                    month=f"{month:%Y-%m}", version=row.version
                )
            )
        _say(by, month, time.monotonic() - began)


@levels.command()
@month
@as_user
@language
def close(month: date, username: str, language: str) -> None:
    """Reckon MONTH (YYYY-MM, else the last one) once more and freeze it as its first version."""
    with translation.override(language):
        began = time.monotonic()
        by = named_actor(username)
        actions.close_month(month, datetime.now(UTC), by)
        _say(by, month, time.monotonic() - began)


@levels.command("list")
@as_user
@language
def list_months(username: str, language: str) -> None:
    """List the months: version, when it was closed, circuits, missed promises; separated by tabs."""
    with translation.override(language):
        for state in results.months(named_actor(username)):
            closed = f"{state.closed_at:%Y-%m-%d %H:%M}" if state.closed_at else gettext("runs")
            click.echo(f"{state.month:%Y-%m}\t{state.version}\t{closed}\t{state.circuits}\t{state.missed}")


def _say(by: Actor, month: date, seconds: float) -> None:
    state = next(one for one in results.months(by) if one.month == month)
    told = gettext("{month}: {circuits} circuits, {missed} promises missed; {seconds} s.")
    click.echo(
        told.format(month=f"{month:%Y-%m}", circuits=state.circuits, missed=state.missed, seconds=round(seconds, 1))
    )
