"""Which handlers hear which events, in which order; they run in the transaction that announces.

Where that hands on (`platform.journal.handing`), those that may wait run in one of their own.
"""

from mainstay.accounts.contracts import finding as contracts_finding
from mainstay.accounts.customers import events as customers
from mainstay.accounts.nominations.actions import extracting
from mainstay.network.alarms import events as alarms
from mainstay.network.alarms.actions import crossings
from mainstay.network.inventory import finding as inventory_finding
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
    listen(customers.CustomersRenamed, contracts_finding.on_customers_renamed, inventory_finding.on_customers_renamed)
    listen(JobEnded, on_job_ended)
    listen(level_events.MonthClosed, compensation.on_month_closed, reports.on_month_closed)
    listen(performance.ThresholdCrossed, crossings.on_crossed)
    listen(performance.ThresholdCleared, crossings.on_cleared)
    listen(works.WorkAnnounced, announcement_reactions.on_work_announced)
    listen(works.WorkMoved, announcement_reactions.on_work_moved)
    listen(works.WorkEnded, announcement_reactions.on_work_ended)
    watching.register()
    announcement_effects.register()
    effects.register()
    scheduling.register()
    compensation.register()
    extracting.register()
