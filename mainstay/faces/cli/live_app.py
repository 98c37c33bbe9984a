"""The live process's door for an ASGI server: starts Django, then hands over."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
django.setup()

from mainstay.faces.cli.live import application  # noqa: E402

__all__ = ["application"]
