"""Wires rooms together when Django has loaded them."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.config"
    label = "mainstay_config"

    def ready(self) -> None:
        from mainstay.config import logs, registries, subscriptions

        logs.start()
        registries.register()
        subscriptions.register()
