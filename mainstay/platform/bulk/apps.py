"""Tells Django about the room."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.platform.bulk"
    label = "bulk"

    def ready(self) -> None:
        """Make the lookup `among` known."""
        from mainstay.platform.bulk.among import register

        register()
