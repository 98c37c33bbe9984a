"""`mainstay check`: is everything as it must be, and what is to be done where it is not? (P3)"""

from datetime import UTC, datetime

import click
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.faces.cli.checking.configuration import configuration
from mainstay.faces.cli.checking.database import database, usable
from mainstay.faces.cli.checking.finding import Finding
from mainstay.faces.cli.checking.references import references
from mainstay.faces.cli.checking.state import state
from mainstay.faces.cli.commands import root
from mainstay.platform.monitoring.choices import Level

MARKS = {Level.ERROR: ("✗", "red"), Level.WARNING: ("!", "yellow"), Level.FACT: ("·", None)}
SECRETS = ("MAINSTAY_SECRET_KEY", "MAINSTAY_DATABASE_URL")


@root.command()
@click.option("--language", type=click.Choice(["zh-hans", "en"]), help="Language of the findings.")
@click.option("--strict", is_flag=True, help="End with 1 on warnings too.")
@click.option("--settings", "show_settings", is_flag=True, help="List all settings with their meaning and value.")
@click.option("--references", "deeply", is_flag=True, help="Look also whether every row names what is there: slow.")
def check(language: str | None, strict: bool, show_settings: bool, deeply: bool) -> None:
    """Check configuration and state; each finding says what to do. Ends with 1 when something is wrong."""
    with override(language or settings.LANGUAGE_CODE):
        if show_settings:
            _tell_settings()
            return
        findings = [*everything(datetime.now(UTC)), *(references() if deeply else ())]
        for finding in findings:
            _tell(finding)
        levels = [finding.level for finding in findings]
        errors, warnings = levels.count(Level.ERROR), levels.count(Level.WARNING)
        click.echo(_("%(errors)s errors, %(warnings)s warnings") % {"errors": errors, "warnings": warnings})
    if errors or (strict and warnings):
        raise SystemExit(1)


def everything(at: datetime) -> list[Finding]:
    """Look at everything, the worst first; without a usable database only at what needs none."""
    of_database = list(database())
    found = [*configuration(), *of_database, *(state(at) if usable(of_database) else ())]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def _tell(finding: Finding) -> None:
    mark, colour = MARKS[finding.level]
    click.echo(f"{click.style(mark, fg=colour)} {finding.what}")
    if finding.remedy:
        click.echo(f"    → {finding.remedy}")


def _tell_settings() -> None:
    for name, value, meaning in settings.SETTINGS_EXPLAINED:
        shown = "********" if name in SECRETS and value else value
        click.echo(f"{name}={shown}\n    {meaning}")
