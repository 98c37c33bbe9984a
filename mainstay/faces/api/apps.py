"""Tells Django about the room."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.faces.api"
    label = "api"

    def ready(self) -> None:
        from mainstay.faces.api import metrics

        metrics.register()
