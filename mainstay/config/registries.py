"""Which room answers for what: the lists that let lower rooms serve upper ones without knowing them."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from mainstay.accounts.catalog.importing import TARIFFS
from mainstay.accounts.consulting import registry as consulting
from mainstay.accounts.consulting.queries import sight
from mainstay.accounts.contracts import many as contracts_many
from mainstay.accounts.contracts import portfolio_findings as contracts_findings
from mainstay.accounts.contracts.importing import CONTRACTS
from mainstay.accounts.contracts.importing_terms import TERMS
from mainstay.accounts.contracts.queries import kept_digests
from mainstay.accounts.customers import many as customers_many
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.importing import CUSTOMERS
from mainstay.accounts.customers.importing_contacts import CONTACTS
from mainstay.accounts.duplicates import many as duplicates_many
from mainstay.accounts.nominations.actions import extracting
from mainstay.accounts.nominations.importing import FIGURES
from mainstay.accounts.offers import many as offers_many
from mainstay.accounts.points.queries import balances as points
from mainstay.accounts.portfolios import findings as portfolios_findings
from mainstay.accounts.portfolios import many as portfolios_many
from mainstay.accounts.portfolios import registry as checks
from mainstay.accounts.revenue import importing as revenue_importing
from mainstay.accounts.revenue import portfolio_findings as revenue_findings
from mainstay.accounts.revenue.importing_totals import TOTALS
from mainstay.accounts.schemes import papers as scheme_papers
from mainstay.accounts.tiers import many as tiers_many
from mainstay.accounts.tiers.facts import register as tier_facts
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms import many as alarms_many
from mainstay.network.alarms.actions import forgetting
from mainstay.network.inventory import many as inventory_many
from mainstay.network.inventory.importing_circuits import CIRCUITS
from mainstay.network.inventory.importing_parts import PARTS
from mainstay.network.inventory.importing_resources import RESOURCES
from mainstay.network.performance.actions import forgetting as performance
from mainstay.network.performance.importing import SAMPLES
from mainstay.network.planned_work.importing import SUPPLIER_CIRCUITS, WORKS
from mainstay.platform.documents import links, occasions
from mainstay.platform.documents import registry as documents
from mainstay.platform.identity import registry as identity
from mainstay.platform.imports import registry as imports
from mainstay.platform.jobs import registry as jobs
from mainstay.platform.journal import actions as journal
from mainstay.platform.messages import actions as messages
from mainstay.platform.monitoring import retention
from mainstay.platform.monitoring.retention import Keeping
from mainstay.service.compensation import letters
from mainstay.service.compensation import many as compensation_many
from mainstay.service.promises import contract_paper
from mainstay.service.reports import choices as report_choices
from mainstay.service.reports import many as reports_many
from mainstay.service.reports import occasions as reports_occasions
from mainstay.service.tickets import many as tickets_many
from mainstay.service.tickets import portfolio_findings as tickets_findings
from mainstay.service.tickets.queries import lists as tickets_lists


def register() -> None:
    """Fill the registries of the platform's rooms."""
    identity.portfolio_of = customers.portfolio_ids
    identity.customers_of_contact = customers.family_ids
    identity.journal = record_for_identity
    register_consulting()
    network = (*PARTS, RESOURCES, CIRCUITS, WORKS, SUPPLIER_CIRCUITS, SAMPLES)
    imports.register(CUSTOMERS, CONTACTS, CONTRACTS, TERMS, *network)
    imports.register(*revenue_importing.KINDS, TOTALS)
    retention.register(*keepings())
    register_documents()
    register_portfolios()
    tier_facts.supply("points", points.available)
    register_jobs()
    register_offered()
    mount_commands()


def register_consulting() -> None:
    """Say how exports cover sensitive values, and who has a ticket open now."""
    imports.cover = sight.cover
    consulting.has_live_ticket = tickets_lists.has_live_ticket


def register_portfolios() -> None:
    """Say what is looked at when a customer changes hands, and what moves when customers are merged."""
    from mainstay.config import holdings

    checks.register(
        *tickets_findings.CHECKS, *contracts_findings.CHECKS, *revenue_findings.CHECKS, *portfolios_findings.CHECKS
    )
    holdings.register()


def register_offered() -> None:
    """Say what of the catalogue, of schemes and of nominations can be imported, set, run."""
    imports.register(TARIFFS, FIGURES)
    documents.register(scheme_papers.TEMPLATE)
    jobs.register(extracting.KIND)


def register_jobs() -> None:
    """Say what can be done to many objects at once."""
    from mainstay.faces.web.lists.files import EXPORT

    for room in (
        tickets_many, customers_many, portfolios_many, duplicates_many, contracts_many, inventory_many, alarms_many,
        compensation_many, reports_many,
    ):  # fmt: skip
        jobs.register(*room.KINDS)
    jobs.register(EXPORT, *tiers_many.KINDS)
    jobs.register(EXPORT)
    jobs.register(*offers_many.KINDS)


def register_documents() -> None:
    """Say which documents can be set, what can be made on schedule, and how customers reach a document."""
    documents.register(*report_choices.TEMPLATES, letters.TEMPLATE, contract_paper.TEMPLATE)
    occasions.register(*reports_occasions.OCCASIONS)
    links.url_of = document_url
    documents.also_kept.append(kept_digests)


def document_url(document_id: int) -> str:
    """Return where a customer's people find a document: with the host where one is configured, else the path."""
    origin = settings.CSRF_TRUSTED_ORIGINS[0].rstrip("/") if settings.CSRF_TRUSTED_ORIGINS else ""
    return f"{origin}{reverse('portal:document', args=[document_id])}"


def keepings() -> tuple[Keeping, ...]:
    """Return what is forgotten after how many days; all else is kept for good."""
    return (
        Keeping(
            "reports", msgid("Alarm reports, once judged"), "MAINSTAY_KEEP_REPORTS_DAYS", settings.KEEP_REPORTS_DAYS,
            forgetting.forget_reports, forgetting.oldest_report,
        ),
        Keeping(
            "answers", msgid("Answers to batches of alarms"), "MAINSTAY_KEEP_ANSWERS_DAYS", settings.KEEP_ANSWERS_DAYS,
            forgetting.forget_answers, forgetting.oldest_answer,
        ),
        Keeping(
            "messages", msgid("Messages to staff"), "MAINSTAY_KEEP_MESSAGES_DAYS", settings.KEEP_MESSAGES_DAYS,
            messages.forget_to_staff, messages.oldest_to_staff,
        ),
        *(
            Keeping(name, title, setting, days, performance.forgetter(level), performance.oldest_of(level))
            for name, title, setting, days, level in (
                ("samples", msgid("Performance samples"), "MAINSTAY_KEEP_SAMPLES_DAYS", settings.KEEP_SAMPLES_DAYS,
                 "sample"),
                ("hour rolls", msgid("Hours of performance samples"), "MAINSTAY_KEEP_HOUR_ROLLS_DAYS",
                 settings.KEEP_HOUR_ROLLS_DAYS, "hour"),
                ("day rolls", msgid("Days of performance samples"), "MAINSTAY_KEEP_DAY_ROLLS_DAYS",
                 settings.KEEP_DAY_ROLLS_DAYS, "day"),
            )
        ),
    )  # fmt: skip


def mount_commands() -> None:
    """Hang the demo's commands on the `mainstay` command."""
    from mainstay.faces.cli.commands import root
    from mainstay.faces.demo.commands import demo
    from mainstay.faces.demo.realworld.command import realworld, realworld_sweeper, realworld_worker

    demo.add_command(realworld)
    demo.add_command(realworld_worker)
    demo.add_command(realworld_sweeper)
    root.add_command(demo)


def record_for_identity(
    action: str, objects: Sequence[tuple[str, int, str, object, object]], *, at: datetime, by: Actor
) -> None:
    """Write audit entries for rooms below the journal."""
    journal.record(
        action,
        [journal.Change(kind, pk, label, before, after) for kind, pk, label, before, after in objects],  # type: ignore[arg-type]
        at=at,
        by=by,
    )
