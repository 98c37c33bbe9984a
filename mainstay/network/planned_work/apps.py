"""Tells Django about the room."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.network.planned_work"
    label = "planned_work"
