"""Registers the shared look as a Django app (templates, tags, built assets; no models)."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room of base templates, components and icons that every face shares."""

    name = "mainstay.faces.ui"
    label = "ui"

    def ready(self) -> None:
        """Have Django ask at start-up whether the assets are built."""
        from django.core.checks import Tags, register

        from mainstay.faces.ui.checks import built_assets

        register(built_assets, Tags.staticfiles)
