"""Documents in the console: what was made, runs, schedules."""

from mainstay.faces.web.documents import made, running, scheduling

urlpatterns = [*made.urlpatterns, *running.urlpatterns, *scheduling.urlpatterns]
