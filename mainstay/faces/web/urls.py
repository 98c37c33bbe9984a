"""The addresses of the console, one list per capability."""

from importlib import import_module
from importlib.util import find_spec

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from mainstay.faces.web import sign_in

app_name = "web"

CAPABILITIES = (
    "my_day", "wall", "inbox", "customers", "contacts", "circuits", "circuit_page", "resources", "find",
    "tickets", "ticket_report", "ticket_page", "incidents", "alarms", "quarantine", "works", "duty", "settings", "audit",
)  # fmt: skip


def _addresses(capability: str) -> list[URLPattern]:
    module = f"mainstay.faces.web.{capability}"
    return list(import_module(module).urlpatterns) if find_spec(module) else []


urlpatterns = [
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="web:sign-in"), name="sign-out"),
    path("password", sign_in.password, name="password"),
    *(address for capability in CAPABILITIES for address in _addresses(capability)),
]
