"""What belongs to a customer, in every room, and moves when two customers are merged (A8).

tests/accounts/duplicates/test_holdings.py fails for a column that names a customer and stands neither here nor among
the exempt ones.
"""

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.duplicates.lists import schedules
from mainstay.accounts.duplicates.registry import exempt, rows_of
from mainstay.accounts.duplicates.registry import register as register_holdings


def register() -> None:
    """Fill the registry."""
    register_holdings(
        rows_of("customers.Customer.parent_id", _("Subsidiaries")),
        rows_of("customers.Contact.customer_id", _("Contacts")),
        rows_of("identity.User.customer_id", _("Portal users")),
        rows_of("contracts.Contract.customer_id", _("Contracts")),
        rows_of("contracts.SpecialTerm.customer_id", _("Promises agreed for the customer")),
        rows_of("inventory.Circuit.customer_id", _("Circuits")),
        rows_of("alarms.Impact.customer_id", _("Impacts")),
        rows_of("tickets.Ticket.customer_id", _("Tickets")),
        rows_of("announcements.Announcement.customer_id", _("Announcements of planned work")),
        rows_of("planned_work.ForecastCircuit.customer_id", _("Forecasts of planned work")),
        rows_of("planned_work.CalendarFeed.customer_id", _("Calendars subscribed to")),
        rows_of("service_levels.CircuitMonth.customer_id", _("Monthly results")),
        rows_of("service_levels.Exclusion.customer_id", _("Agreed exclusions")),
        rows_of("compensation.ClauseTerms.customer_id", _("Compensation clauses")),
        rows_of("compensation.Claim.customer_id", _("Compensations")),
        rows_of("portfolios.ContactNote.customer_id", _("Contact notes")),
        rows_of("documents.Document.customer_id", _("Documents")),
        schedules(),
        rows_of("mainstay_messages.Message.customer_id", _("Messages")),
        rows_of("reconciliation.Difference.customer_id", _("Differences to network managers")),
    )
    exempt(EXEMPT)


EXEMPT = {
    "customers.Customer.merged_into_id": "says where a merged customer is; undone in the reverse order",
    "journal.Entry.customer_id": "the audit trail stays true: it names the customer it was done to",
    "journal.OutboxEvent.customer_id": "news that were told already, pruned within hours",
    "search.SearchEntry.customer_id": "derived: what moves is indexed anew",
    "portfolios.OwnerSpell.customer_id": "who looked after which customer stays true",
    "portfolios.Recall.customer_id": "ends by itself: a merged customer returns nowhere",
    "portfolios.HandoverItem.customer_id": "a record that was signed; one on its way is sent back",
    "duplicates.MatchKey.customer_id": "derived",
    "duplicates.Waiting.customer_id": "derived",
    "duplicates.Pair.one_id": "what was decided of this very pair",
    "duplicates.Pair.other_id": "what was decided of this very pair",
    "duplicates.Merge.kept_id": "the record of a merge",
    "duplicates.Merge.gone_id": "the record of a merge",
}
