"""Where addresses lead."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from mainstay.faces.web.sign_in import choose_language

PARTS = (
    ("portal/", "mainstay.faces.portal.urls"),
    ("ui/", "mainstay.faces.ui.urls"),
    ("", "mainstay.faces.api.urls"),
    ("", "django_prometheus.urls"),
    ("", "mainstay.faces.web.urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/setlang/", choose_language, name="set_language"),
    *(path(prefix, include(module)) for prefix, module in PARTS if find_spec(module)),
]
