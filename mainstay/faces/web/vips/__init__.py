"""VIPs by their accounts: nominations, filters with their runs, waves and distributions of balances (B6)."""

from mainstay.faces.web.vips import balances, filters, nominations, rules, runs

urlpatterns = [
    *nominations.urlpatterns, *filters.urlpatterns, *runs.urlpatterns, *balances.urlpatterns, *rules.urlpatterns,
]  # fmt: skip
