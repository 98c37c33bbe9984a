"""Words for the levels a promise can come from; the levels are those of `domain.promise_choice` (promise-clocks 14)."""

from django.utils.translation import gettext_lazy as _

LEVEL_LABELS = {
    "circuit": _("this circuit"),
    "contract_line": _("contract line"),
    "contract": _("contract"),
    "customer": _("customer"),
    "grade": _("circuit grade"),
    "product": _("product"),
    "default": _("default"),
}
"""By the lower-case name of the level, most specific first."""
