"""Tells Django about the room."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.accounts.target_groups"
    label = "target_groups"
