"""Sync with network managers: sources, their exports, what differs, decisions (E3)."""

from mainstay.faces.web.sync import differences, runs, settings, sources

urlpatterns = [
    *sources.urlpatterns,
    *settings.urlpatterns,
    *runs.urlpatterns,
    *differences.urlpatterns,
]
