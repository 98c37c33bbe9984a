"""Duties people have, and what each duty may do (P1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    CUSTOMER_ENGINEER = "customer_engineer", _("Customer engineer")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    TECHNICIAN = "technician", _("Technician")
    LEADER = "leader", _("Leader")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")
    CUSTOMER_CONTACT = "customer_contact", _("Customer's contact")
    SYSTEM_CLIENT = "system_client", _("System client")


class Permission(models.TextChoices):
    READ_CONSOLE = "console.read", _("Use the staff console")
    READ_ALARMS = "alarms.read", _("See alarms and incidents")
    SEND_ALARMS = "alarms.send", _("Deliver alarms")
    SEND_SAMPLES = "samples.send", _("Deliver performance samples")
    WORK_INCIDENTS = "incidents.work", _("Claim and steer incidents")
    WORK_TICKETS = "tickets.work", _("Work on tickets")
    APPROVE = "tickets.approve", _("Approve pauses and re-judging")
    WRITE_CUSTOMERS = "customers.write", _("Change customers")
    WRITE_INVENTORY = "inventory.write", _("Change the network inventory")
    WRITE_CONTRACTS = "contracts.write", _("Change contracts and the promises agreed in them")
    PLAN_WORK = "planned_work.write", _("Enter planned work")
    SETTINGS = "settings.write", _("Change settings")
    READ_AUDIT = "audit.read", _("Read the audit trail")
    KEEP_ORIGIN = "origin.keep", _("Say who created something elsewhere, and when")
    MAKE_REPORTS = "reports.make", _("Make and send reports")
    LOCK_GROUPS = "target_groups.lock", _("Lock target groups of customers")
    SHARE_VIEWS = "views.share", _("Share saved views with others")
    PORTAL = "portal.use", _("Use the customer portal")


_READ = {Permission.READ_CONSOLE, Permission.READ_ALARMS}

GRANTS: dict[str, frozenset[str]] = {
    Duty.ACCOUNT_MANAGER: frozenset(
        {
            Permission.READ_CONSOLE,
            Permission.WORK_TICKETS,
            Permission.WRITE_CUSTOMERS,
            Permission.WRITE_CONTRACTS,
            Permission.MAKE_REPORTS,
            Permission.LOCK_GROUPS,
        }
    ),
    Duty.CUSTOMER_ENGINEER: frozenset({*_READ, Permission.WORK_TICKETS}),
    Duty.DUTY_OFFICER: frozenset({*_READ, Permission.WORK_INCIDENTS, Permission.WORK_TICKETS, Permission.PLAN_WORK}),
    Duty.TECHNICIAN: frozenset({*_READ, Permission.WORK_TICKETS}),
    Duty.LEADER: frozenset(
        {
            *_READ,
            Permission.WORK_TICKETS,
            Permission.APPROVE,
            Permission.READ_AUDIT,
            Permission.SHARE_VIEWS,
            Permission.MAKE_REPORTS,
            Permission.LOCK_GROUPS,
        }
    ),
    Duty.ANALYST: frozenset({*_READ, Permission.LOCK_GROUPS}),
    Duty.ADMINISTRATOR: frozenset(set(Permission.values) - {Permission.PORTAL}),
    Duty.CUSTOMER_CONTACT: frozenset({Permission.PORTAL}),
    Duty.SYSTEM_CLIENT: frozenset({Permission.SEND_ALARMS, Permission.READ_ALARMS, Permission.SEND_SAMPLES}),
}

PORTFOLIO_DUTIES = frozenset({Duty.ACCOUNT_MANAGER})
DUTIES_WITHOUT_REGION = PORTFOLIO_DUTIES | {Duty.CUSTOMER_CONTACT}
"""Duties that show no region's objects: a portfolio is seen by customer, a contact without one sees nothing."""
