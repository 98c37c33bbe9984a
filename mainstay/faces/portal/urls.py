"""The addresses of the portal."""

from django.urls import path

from mainstay.faces.portal import (
    bills,
    circuits,
    compensation,
    documents,
    home,
    levels,
    notices,
    performance,
    points,
    report,
    tickets,
    works,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("circuits", circuits.circuits, name="circuits"),
    path("circuits/<int:pk>", circuits.circuit, name="circuit"),
    path("levels", levels.levels, name="levels"),
    path("levels/<slug:month>/circuits/<int:pk>", levels.level, name="level"),
    path("circuits/<int:pk>/performance", performance.performance, name="circuit-performance"),
    path("tickets", tickets.tickets, name="tickets"),
    path("tickets/<int:pk>", tickets.ticket, name="ticket"),
    path("tickets/<int:pk>/note", tickets.note, name="ticket-note"),
    path("tickets/<int:pk>/confirm", tickets.confirm, name="ticket-confirm"),
    path("tickets/<int:pk>/reopen", tickets.reopen, name="ticket-reopen"),
    path("report", report.report, name="report"),
    *documents.urlpatterns,
    path("bills", bills.bills, name="bills"),
    path("bills/<int:pk>", bills.bill, name="bill"),
    path("compensation", compensation.claims, name="claims"),
    path("compensation/<int:pk>", compensation.claim, name="claim"),
    *points.urlpatterns,
    path("works", works.works, name="works"),
    path("works/subscription", works.subscribe, name="works-subscribe"),
    path("works/subscriptions/<int:pk>/revoke", works.unsubscribe, name="works-unsubscribe"),
    path("works/<int:pk>", works.work, name="work"),
    path("works/<int:pk>/answer", works.give_answer, name="work-answer"),
    path("works/<int:pk>/note.ics", works.note, name="work-note"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.read, name="notices-read"),
]
