"""Registers the shared look as a Django app (templates, tags, built assets; no models)."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room of base templates, components and icons that every face shares."""

    name = "mainstay.faces.ui"
    label = "ui"
