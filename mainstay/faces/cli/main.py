"""The door of the `mainstay` command: starts Django, then runs what was asked for."""

import os
import sys

import click
from django.core.exceptions import ImproperlyConfigured


def main() -> None:
    """Run a command; a refusal prints one sentence and ends with 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    if "--help" not in sys.argv and "-h" not in sys.argv:
        os.environ.setdefault("MAINSTAY_LOG_FORMAT", "console" if sys.stderr.isatty() else "json")
    try:
        import django

        django.setup()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None

    from mainstay.domain.errors import MainstayError
    from mainstay.faces.cli import (  # noqa: F401
        alarms,
        check,
        documents,
        imports,
        levels,
        people,
        points,
        revenue,
        running,
        sync,
        upkeep,
    )
    from mainstay.faces.cli.backup import commands  # noqa: F401
    from mainstay.faces.cli.commands import root
    from mainstay.faces.cli.probing import commands as probing  # noqa: F401

    try:
        root(standalone_mode=True)
    except MainstayError as error:
        click.echo(click.style(str(error), fg="red"), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
