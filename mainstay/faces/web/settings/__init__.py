"""What the house has agreed on: promises, calendars, users, duty, sources."""

from mainstay.faces.web.settings import (
    alarm_rules,
    calendars,
    channels,
    clauses,
    credit,
    departments,
    monitoring,
    overview,
    performance,
    points,
    promises,
    quiet_hours,
    sources,
    storms,
    texts,
    users,
)

urlpatterns = [
    *overview.urlpatterns,
    *promises.urlpatterns,
    *clauses.urlpatterns,
    *credit.urlpatterns,
    *calendars.urlpatterns,
    *users.urlpatterns,
    *sources.urlpatterns,
    *alarm_rules.urlpatterns,
    *texts.urlpatterns,
    *channels.urlpatterns,
    *quiet_hours.urlpatterns,
    *departments.urlpatterns,
    *monitoring.urlpatterns,
    *storms.urlpatterns,
    *performance.urlpatterns,
    *points.urlpatterns,
]
