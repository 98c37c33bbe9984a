"""What the house has agreed on: promises, calendars, users, duty, sources."""

from mainstay.faces.web.settings import calendars, monitoring, overview, promises, sources, users

urlpatterns = [
    *overview.urlpatterns,
    *promises.urlpatterns,
    *calendars.urlpatterns,
    *users.urlpatterns,
    *sources.urlpatterns,
    *monitoring.urlpatterns,
]
