"""What the house has agreed on: promises, calendars, users, duty, sources."""

from mainstay.faces.web.settings import alarm_rules, calendars, monitoring, overview, promises, sources, storms, users

urlpatterns = [
    *overview.urlpatterns,
    *promises.urlpatterns,
    *calendars.urlpatterns,
    *users.urlpatterns,
    *sources.urlpatterns,
    *alarm_rules.urlpatterns,
    *monitoring.urlpatterns,
    *storms.urlpatterns,
]
