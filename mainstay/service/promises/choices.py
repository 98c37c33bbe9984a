"""Words for the levels a promise can come from; the levels are those of `domain.promise_choice` (promise-clocks 14).

Where a package can be applied, and the states of that.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.domain.promise_choice import Level

LEVEL_LABELS = {
    "circuit": _("this circuit"),
    "circuit_package": _("package of this circuit"),
    "contract_line": _("contract line"),
    "line_package": _("package on the contract line"),
    "contract": _("contract"),
    "contract_package": _("package of the contract"),
    "customer": _("customer"),
    "customer_package": _("package of the customer"),
    "grade": _("circuit grade"),
    "product_package": _("package with the product"),
    "package": _("SLA package"),
    "product": _("product"),
    "default": _("default"),
}
"""By the lower-case name of the level, most specific first."""

PACKAGE_LEVELS = {
    "circuit": Level.CIRCUIT_PACKAGE,
    "line": Level.LINE_PACKAGE,
    "contract": Level.CONTRACT_PACKAGE,
    "customer": Level.CUSTOMER_PACKAGE,
    "product": Level.PRODUCT_PACKAGE,
}
"""By the column of `PackageUse` that says where it is applied."""
PLACES = tuple(PACKAGE_LEVELS)


class UseStatus(models.TextChoices):
    """Only what is approved holds."""

    WAITING = "waiting", pgettext_lazy("package", "Waits for marketing")
    APPROVED = "approved", pgettext_lazy("package", "Approved")
    REJECTED = "rejected", pgettext_lazy("package", "Rejected")
