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
        rows_of("customers.Site.customer_id", _("Sites")),
        rows_of("customers.Agency.customer_id", _("Agents")),
        rows_of("customers.Suggestion.customer_id", _("Suggestions")),
        rows_of("contracts.Contract.customer_id", _("Contracts")),
        rows_of("contracts.SpecialTerm.customer_id", _("Promises agreed for the customer")),
        rows_of("promises.PackageUse.customer_id", _("SLA packages")),
        rows_of("schemes.CustomerScheme.customer_id", _("Schemes")),
        rows_of("revenue.Bill.customer_id", _("Bills")),
        rows_of("revenue.Payment.customer_id", _("Payments")),
        rows_of("revenue.Usage.customer_id", _("Usage")),
        rows_of("revenue.Difference.customer_id", _("Differences with billing")),
        rows_of("nominations.Account.customer_id", _("Accounts")),
        rows_of("nominations.Nomination.customer_id", _("Nominations")),
        rows_of("offers.Grant.customer_id", _("Grants of offers")),
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
    "consulting.Consultation.customer_id": "the record of what was read, of whom it was read",
    "customers.Delivered.customer_id": "what another system told of this very row",
    "customers.FieldOrigin.customer_id": "where the fields of this very row come from",
    "customers.ArchiveDifference.customer_id": "what another system told of this very row",
    "revenue.Control.customer_id": "what billing told of this very row",
    "revenue.Standing.customer_id": "derived: reckoned anew for both",
    "revenue.Touched.customer_id": "derived",
    "credit.CreditScore.customer_id": "derived: scored anew for both",
    "credit.ScoreChange.customer_id": "how this very row was scored",
    "credit.HandCredit.customer_id": "what somebody decided of this very row",
    "credit.Rescoring.customer_id": "derived",
    "tiers.RunChange.customer_id": "what a run found of this very row",
    "tiers.HeldGrade.customer_id": "which grades this very row held; the kept one is judged anew",
    "tiers.Proposal.customer_id": "what was proposed of this very row",
    "tiers.Naming.customer_id": "what somebody decided of this very row",
    "tiers.HandFact.customer_id": "what somebody decided of this very row",
    "tiers.Waiting.customer_id": "derived",
    "points.Purse.customer_id": "a ledger is never rewritten: points are moved by corrections",
    "points.Transfer.customer_id": "a ledger is never rewritten",
    "points.Lot.customer_id": "a ledger is never rewritten",
    "points.EarningDue.customer_id": "derived",
    "points.Warned.customer_id": "who was warned",
    "points.GiftOrder.customer_id": "asked for with the points of this very row",
    "nominations.Candidate.customer_id": "what a run found of this very row",
    "target_groups.TargetGroupMember.customer_id": "frozen as it was locked",
    "duplicates.MatchKey.customer_id": "derived",
    "duplicates.Waiting.customer_id": "derived",
    "duplicates.Pair.one_id": "what was decided of this very pair",
    "duplicates.Pair.other_id": "what was decided of this very pair",
    "duplicates.Merge.kept_id": "the record of a merge",
    "duplicates.Merge.gone_id": "the record of a merge",
}
