"""Which facts rules may look at, and how each is said (B3)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mainstay.accounts.customers.choices import Ownership


@dataclass(frozen=True)
class Fact:
    """A fact in whole numbers: its name in forms, the words of a reason with %(n)s for its value."""

    title: str | Promise
    words: str | Promise


FACTS: dict[str, Fact] = {
    "late_payments_year": Fact(
        _("Bills paid late in 12 months"),
        ngettext_lazy("late %(n)s time in 12 months", "late %(n)s times in 12 months", "n"),
    ),
    "arrears_days": Fact(
        _("Days the oldest arrears are overdue"),
        ngettext_lazy("oldest arrears %(n)s day overdue", "oldest arrears %(n)s days overdue", "n"),
    ),
    "arrears_percent": Fact(
        _("Arrears in % of a month's bill"), _("arrears are %(n)s %% of an average month's bill")
    ),
    "arrears_yuan": Fact(_("Arrears in yuan"), _("arrears of %(n)s yuan")),
    "clean_year": Fact(
        _("Nothing late and nothing owed for 12 months (1: so)"), _("nothing late and nothing owed in 12 months")
    ),
    "months_known": Fact(
        _("Months since the first bill"),
        ngettext_lazy("billed for %(n)s month", "billed for %(n)s months", "n"),
    ),
    "billed_year_yuan": Fact(_("Billed in 12 months, yuan"), _("billed %(n)s yuan in 12 months")),
    "paid_percent": Fact(_("Paid in % of what was billed in 12 months"), _("paid %(n)s %% of what was billed")),
    "years_customer": Fact(
        _("Years as a customer"), ngettext_lazy("customer for %(n)s year", "customer for %(n)s years", "n")
    ),
    **{f"is_{value}": Fact(format_lazy("{}: {}", _("Ownership (1: so)"), label), label)
       for value, label in Ownership.choices},
}  # fmt: skip
