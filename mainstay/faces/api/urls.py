"""Addresses of the machine-readable doors."""

from django.urls import path

from mainstay.faces.api import calendars, health, receipts
from mainstay.faces.api.accounts import figures
from mainstay.faces.api.alarms import batches, tmf642
from mainstay.faces.api.customers import tmf629, tmf632
from mainstay.faces.api.door import build
from mainstay.faces.api.performance import samples
from mainstay.faces.api.promises import promises
from mainstay.faces.api.revenue import revenue

tmf = build(title="Mainstay TM Forum Open APIs", version="4.0.0", urls_namespace="tmf-api")
tmf.add_router("/alarmManagement/v4", tmf642)
tmf.add_router("/customerManagement/v4", tmf629)
tmf.add_router("/party/v4", tmf632)

own = build(title="Mainstay API", version="1", urls_namespace="api")
own.add_router("", batches)
own.add_router("", samples)
own.add_router("", revenue)

asked = build(title="Mainstay promises", version="1", urls_namespace="api-promises")
asked.add_router("", promises)
own.add_router("", figures)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("tmf-api/", tmf.urls),
    path("api/v1/calendars/<str:secret>.ics", calendars.feed, name="calendar-feed"),
    path("api/v1/receipts/<int:pk>", receipts.receipts, name="receipts"),
    path("api/v1/", own.urls),
    path("api/", asked.urls),
]
