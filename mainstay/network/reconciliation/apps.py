"""The Django app of the room."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "mainstay.network.reconciliation"
    label = "reconciliation"
