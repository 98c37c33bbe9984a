"""Where addresses lead."""

from django.urls import URLPattern, URLResolver, include, path

from mainstay.faces.web.sign_in import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/setlang/", choose_language, name="set_language"),
    path("portal/", include("mainstay.faces.portal.urls")),
    path("ui/", include("mainstay.faces.ui.urls")),
    path("", include("mainstay.faces.api.urls")),
    path("", include("django_prometheus.urls")),
    path("", include("mainstay.faces.web.urls")),
]
