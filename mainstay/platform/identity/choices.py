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
    DELIVER_CUSTOMERS = "customers.deliver", _("Deliver what another system knows of customers")
    READ_CLEAR = "customers.clear", _("Hand sensitive fields of customers on in clear")
    APPROVE_CONSULTING = "consulting.approve", _("Approve the consulting of sensitive fields")
    ASSIGN_CUSTOMERS = "portfolios.assign", _("Say who looks after which customers")
    MERGE_CUSTOMERS = "customers.merge", _("Decide on duplicates and merge customers")
    WRITE_INVENTORY = "inventory.write", _("Change the network inventory")
    READ_REVENUE = "revenue.read", _("See bills, payments, arrears and credit")
    SEND_REVENUE = "revenue.send", _("Deliver bills, payments and usage")
    RECONCILE_REVENUE = "revenue.reconcile", _("Settle differences with billing")
    SET_CREDIT = "credit.set", _("Set a customer's credit by hand")
    WRITE_CONTRACTS = "contracts.write", _("Change contracts and the promises agreed in them")
    REGISTER_CONTRACTS = "contracts.register", _("Register signed contracts with the key-account group")
    PROPOSE_PACKAGES = "packages.propose", _("Propose SLA packages and their prices")
    APPROVE_PRICES = "prices.approve", _("Approve prices and discounts for marketing")
    READ_PROMISES = "promises.read", _("Ask over the API which promise holds")
    PLAN_WORK = "planned_work.write", _("Enter planned work")
    SETTINGS = "settings.write", _("Change settings")
    READ_AUDIT = "audit.read", _("Read the audit trail")
    KEEP_ORIGIN = "origin.keep", _("Say who created something elsewhere, and when")
    MAKE_REPORTS = "reports.make", _("Make and send reports")
    WRITE_SCHEMES = "schemes.write", _("Write technical scheme models")
    NAME_VIPS = "vips.name", _("Run VIP filters")
    SEND_BALANCES = "balances.send", _("Deliver balances and transactions of accounts")
    LOCK_GROUPS = "target_groups.lock", _("Lock target groups of customers")
    SHARE_VIEWS = "views.share", _("Share saved views with others")
    WRITE_TIERS = "tiers.write", _("Change tier rules")
    APPROVE_TIERS = "tiers.approve", _("Approve tier rules and grades")
    WORK_POINTS = "points.work", _("Work on points, gifts and offers")
    PORTAL = "portal.use", _("Use the customer portal")


_READ = {Permission.READ_CONSOLE, Permission.READ_ALARMS, Permission.READ_PROMISES}

GRANTS: dict[str, frozenset[str]] = {
    Duty.ACCOUNT_MANAGER: frozenset(
        {
            Permission.READ_CONSOLE,
            Permission.WORK_TICKETS,
            Permission.WRITE_CUSTOMERS,
            Permission.WRITE_CONTRACTS,
            Permission.READ_REVENUE,
            Permission.READ_PROMISES,
            Permission.MAKE_REPORTS,
            Permission.WORK_POINTS,
            Permission.LOCK_GROUPS,
        }
    ),
    Duty.CUSTOMER_ENGINEER: frozenset({*_READ, Permission.WORK_TICKETS, Permission.WRITE_SCHEMES}),
    Duty.DUTY_OFFICER: frozenset({*_READ, Permission.WORK_INCIDENTS, Permission.WORK_TICKETS, Permission.PLAN_WORK}),
    Duty.TECHNICIAN: frozenset({*_READ, Permission.WORK_TICKETS}),
    Duty.LEADER: frozenset(
        {
            *_READ,
            Permission.WORK_TICKETS,
            Permission.APPROVE,
            Permission.APPROVE_CONSULTING,
            Permission.ASSIGN_CUSTOMERS,
            Permission.MERGE_CUSTOMERS,
            Permission.REGISTER_CONTRACTS,
            Permission.PROPOSE_PACKAGES,
            Permission.APPROVE_PRICES,
            Permission.READ_AUDIT,
            Permission.NAME_VIPS,
            Permission.SHARE_VIEWS,
            Permission.READ_REVENUE,
            Permission.RECONCILE_REVENUE,
            Permission.SET_CREDIT,
            Permission.MAKE_REPORTS,
            Permission.WRITE_TIERS,
            Permission.APPROVE_TIERS,
            Permission.WORK_POINTS,
            Permission.LOCK_GROUPS,
        }
    ),
    Duty.ANALYST: frozenset({*_READ, Permission.READ_REVENUE, Permission.WRITE_TIERS, Permission.LOCK_GROUPS}),
    Duty.ADMINISTRATOR: frozenset(set(Permission.values) - {Permission.PORTAL}),
    Duty.CUSTOMER_CONTACT: frozenset({Permission.PORTAL}),
    Duty.SYSTEM_CLIENT: frozenset(
        {
            Permission.SEND_ALARMS,
            Permission.READ_ALARMS,
            Permission.SEND_SAMPLES,
            Permission.SEND_REVENUE,
            Permission.DELIVER_CUSTOMERS,
            Permission.READ_PROMISES,
            Permission.SEND_BALANCES,
        }
    ),
}

PORTFOLIO_DUTIES = frozenset({Duty.ACCOUNT_MANAGER})
DUTIES_WITHOUT_REGION = PORTFOLIO_DUTIES | {Duty.CUSTOMER_CONTACT}
"""Duties that show no region's objects: a portfolio is seen by customer, a contact without one sees nothing."""
