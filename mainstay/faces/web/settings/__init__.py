"""What the house has agreed on: promises, calendars, users, duty, sources."""

from mainstay.faces.web.settings import (
    alarm_rules,
    calendars,
    channels,
    clauses,
    departments,
    monitoring,
    overview,
    performance,
    promises,
    quiet_hours,
    reminders,
    sources,
    storms,
    texts,
    users,
)

urlpatterns = [
    *overview.urlpatterns,
    *promises.urlpatterns,
    *clauses.urlpatterns,
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
    *reminders.urlpatterns,
]
