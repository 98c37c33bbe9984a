"""Tier rules in the console: the tables, who would change, approval, the bench, grades that wait (B1, B2)."""

from mainstay.faces.web.tiers import approvals, bench, marks, rules, runs

urlpatterns = [
    *approvals.urlpatterns, *bench.urlpatterns, *marks.urlpatterns, *runs.urlpatterns, *rules.urlpatterns,
]  # fmt: skip
