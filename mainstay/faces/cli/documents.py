"""Commands on documents: templates listed, taken out, checked and tried; a run of reports with its timing (R1)."""

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import click
from django.utils import translation
from django.utils.translation import gettext

from mainstay.faces.cli.commands import root
from mainstay.faces.cli.imports import named_actor
from mainstay.platform.documents import checking, registry, rendering
from mainstay.platform.documents.choices import Audience, Format, Language
from mainstay.platform.documents.workshop import own_folder
from mainstay.platform.jobs import queries as jobs
from mainstay.platform.jobs import running
from mainstay.service.reports.actions import ask_run
from mainstay.service.reports.choices import ReportKind, Subject
from mainstay.service.reports.making import Asked

SUBJECTS = {"customers": Subject.CUSTOMERS, "contracts": Subject.CONTRACTS}
language = click.option(
    "--language", type=click.Choice(Language.values), default="zh-hans", show_default=True, help="Of what is said."
)


@root.group()
def documents() -> None:
    """Templates of documents: list, take out, check, try."""


@documents.command("templates")
@language
def list_templates(language: str) -> None:
    """List the templates, and which of them are your own."""
    with translation.override(language):
        own = checking.own_templates()
        for template in registry.templates():
            where = str(own_folder() / f"{template.code}.typ") if template.code in own else gettext("as shipped")
            click.echo(f"{template.code}\t{template.name}\t{where}")


@documents.command()
@click.argument("code")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder; else templates in HOME.")
def export(code: str, into: Path | None) -> None:
    """Write a template, what it imports and sample facts, as a start for your own."""
    for path in checking.export(code, into or own_folder()):
        click.echo(path)


@documents.command()
@language
def check(language: str) -> None:
    """Set every template in both languages with sample facts; say what is wrong where. Ends with 1 if anything is."""
    with translation.override(language):
        found = list(checking.problems(at=_now()))
        for template, error in found:
            click.echo(f"{click.style('✗', fg='red')} {template.code}: {error.explain(gettext)}")
        good = len(registry.templates()) - len(found)
        click.echo(gettext("{good} templates are in order, {bad} are not.").format(good=good, bad=len(found)))
    if found:
        raise SystemExit(1)


@documents.command("try")
@click.argument("code")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--facts", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON; else the sample.")
@language
def try_out(code: str, out: Path, *, facts: Path | None, language: str) -> None:
    """Set one document of facts into a PDF, to see how a template looks."""
    template = registry.template_named(code)
    given = json.loads(facts.read_text(encoding="utf-8")) if facts else checking.sample_of(template)
    out.write_bytes(rendering.pdf(code, given, language=language, at=_now()))
    click.echo(out)


@root.group()
def reports() -> None:
    """Monthly reports to customers."""


@reports.command()
@click.option("--month", required=True, help="Such as 2026-09.")
@click.option("--as", "username", required=True, help="Make them in this user's name, within their scope.")
@click.option("--for", "subject", type=click.Choice(list(SUBJECTS)), default="customers", show_default=True)
@click.option("--report", "kinds", multiple=True, type=click.Choice(ReportKind.values), help="Else the service report.")
@click.option("--format", "formats", multiple=True, type=click.Choice(Format.values), help="Else PDF.")
@click.option("--in", "languages", multiple=True, type=click.Choice(Language.values), help="Else Chinese.")
@click.option("--send", is_flag=True, help="Release them to the portal and tell the contacts who get notices.")
def run(
    *, month: str, username: str, subject: str, kinds: tuple[str, ...], formats: tuple[str, ...],
    languages: tuple[str, ...], send: bool,
) -> None:  # fmt: skip
    """Make the reports of a month here and now, with progress; say how long it took."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise click.BadParameter("give a month such as 2026-09", param_hint="--month") from None
    by, began = named_actor(username), time.monotonic()
    asked = Asked(
        first, kinds or (ReportKind.SERVICE.value,), languages or ("zh-hans",), formats or ("pdf",), send,
        Audience.NOTIFIED.value,
    )  # fmt: skip
    job = ask_run(SUBJECTS[subject], None, asked, at=_now(), by=by, title=f"reports {month}")
    with click.progressbar(length=job.total, label=f"job {job.pk}") as bar:
        while running.advance(job.pk, at=_now()):
            job.refresh_from_db()
            bar.update(job.done + job.failed - bar.pos)
    job.refresh_from_db()
    click.echo(f"{job.done} done, {job.failed} failed, {time.monotonic() - began:.1f} s")
    for row in jobs.refusals(job)[:10]:
        click.echo(f"  {row.label}: {jobs.sentence(row.error, row.error_values)}", err=True)
    if job.failed:
        raise SystemExit(1)


def _now() -> datetime:
    return datetime.now(UTC)
