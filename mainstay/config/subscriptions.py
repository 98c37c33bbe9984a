"""Which handlers hear which events, in which order; they run in the transaction that announces.

Where that hands on (`platform.journal.handing`), those that may wait run in one of their own.
"""

from mainstay.accounts.contracts import events as contracts
from mainstay.accounts.contracts import finding as contracts_finding
from mainstay.accounts.contracts import turning as contracts_turning
from mainstay.accounts.credit import rolling as credit
from mainstay.accounts.customers import events as customers
from mainstay.accounts.duplicates import following as duplicates
from mainstay.accounts.nominations import events as nominations
from mainstay.accounts.nominations.actions import extracting
from mainstay.accounts.points.actions import earning as points
from mainstay.accounts.portfolios import spells
from mainstay.accounts.portfolios.actions import recalling
from mainstay.accounts.revenue import rolling as revenue
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.tiers import effects as tiers
from mainstay.network.alarms import events as alarms
from mainstay.network.alarms.actions import crossings
from mainstay.network.inventory import finding as inventory_finding
from mainstay.network.inventory import merging as inventory_merging
from mainstay.network.performance import events as performance
from mainstay.network.planned_work import events as works
from mainstay.network.planned_work import watching
from mainstay.platform.documents.actions import scheduling
from mainstay.platform.jobs.events import JobEnded
from mainstay.platform.journal.registry import listen
from mainstay.platform.messages.job_news import on_job_ended
from mainstay.service.announcements import effects as announcement_effects
from mainstay.service.announcements import reactions as announcement_reactions
from mainstay.service.compensation import effects as compensation
from mainstay.service.reports import reactions as reports
from mainstay.service.service_levels import events as level_events
from mainstay.service.service_levels import reactions as levels
from mainstay.service.tickets import effects, reactions
from mainstay.service.tickets import events as tickets


def register() -> None:
    """Tell the journal who listens, and the timers what to do."""
    listen(
        alarms.ImpactsChanged, reactions.on_impacts_changed, levels.on_impacts_changed, may_wait=True,
        join=alarms.ImpactsChanged.joined, part=alarms.ImpactsChanged.parted,
    )  # fmt: skip
    listen(alarms.IncidentMerged, reactions.on_incident_merged, levels.on_incident_merged, may_wait=True)
    listen(alarms.DeclaredEnded, reactions.on_declared_ended)
    listen(
        alarms.IncidentsRestored, reactions.on_incidents_restored, may_wait=True,
        join=alarms.IncidentsRestored.joined, part=alarms.IncidentsRestored.parted,
    )  # fmt: skip
    listen(alarms.CircuitNotAffected, reactions.on_circuit_not_affected, levels.on_circuit_not_affected)
    listen(tickets.TicketsSaved, levels.on_tickets_saved)
    listen(tickets.TicketChanged, compensation.on_ticket_changed)
    listen(level_events.ResultsRevised, compensation.on_results_revised)
    listen(RevenueChanged, credit.on_revenue_changed, tiers.on_revenue_changed, points.on_revenue_changed)
    listen(
        customers.CustomersRenamed, contracts_finding.on_customers_renamed, inventory_finding.on_customers_renamed,
        duplicates.on_customers_renamed,
    )  # fmt: skip
    listen(customers.CustomersMade, duplicates.on_customers_made)
    listen(customers.OwnersChanged, spells.on_owners_changed)
    listen(customers.CustomersMerged, inventory_merging.on_customers_merged, revenue.on_customers_merged)
    listen(nominations.CustomersNamed, tiers.on_customers_named)
    listen(JobEnded, on_job_ended)
    listen(level_events.MonthClosed, compensation.on_month_closed, reports.on_month_closed)
    listen(performance.ThresholdCrossed, crossings.on_crossed)
    listen(performance.ThresholdCleared, crossings.on_cleared)
    listen(works.WorkAnnounced, announcement_reactions.on_work_announced)
    listen(works.WorkMoved, announcement_reactions.on_work_moved)
    listen(works.WorkEnded, announcement_reactions.on_work_ended)
    register_tiers()
    contracts_turning.register()
    watching.register()
    recalling.register()
    extracting.register()
    duplicates.register()
    announcement_effects.register()
    effects.register()
    scheduling.register()
    compensation.register()


def register_tiers() -> None:
    """Tell the tiers whose facts changed; let their timers run."""
    listen(contracts.ContractsChanged, tiers.on_contracts_changed)
    listen(customers.CustomersChanged, tiers.on_customers_changed)
    tiers.register()
