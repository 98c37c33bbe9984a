"""The addresses of the console: each capability lists its own."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from mainstay.faces.web import (
    alarms,
    audit,
    circuit_page,
    circuit_terms,
    circuits,
    contacts,
    contract_forms,
    contracts,
    customer_new,
    customers,
    duty,
    find,
    imports,
    inbox,
    incidents,
    jobs,
    my_day,
    quarantine,
    resources,
    settings,
    sign_in,
    ticket_page,
    ticket_report,
    tickets,
    wall,
    works,
)
from mainstay.faces.web.lists import many, views

app_name = "web"

urlpatterns = [
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="web:sign-in"), name="sign-out"),
    path("password", sign_in.password, name="password"),
    *my_day.urlpatterns,
    *wall.urlpatterns,
    *inbox.urlpatterns,
    *customers.urlpatterns,
    *customer_new.urlpatterns,
    *contacts.urlpatterns,
    *contracts.urlpatterns,
    *contract_forms.urlpatterns,
    *circuits.urlpatterns,
    *circuit_page.urlpatterns,
    *circuit_terms.urlpatterns,
    *resources.urlpatterns,
    *find.urlpatterns,
    *tickets.urlpatterns,
    *ticket_report.urlpatterns,
    *ticket_page.urlpatterns,
    *incidents.urlpatterns,
    *alarms.urlpatterns,
    *quarantine.urlpatterns,
    *works.urlpatterns,
    *duty.urlpatterns,
    *imports.urlpatterns,
    *jobs.urlpatterns,
    *many.urlpatterns,
    *views.urlpatterns,
    *settings.urlpatterns,
    *audit.urlpatterns,
]
