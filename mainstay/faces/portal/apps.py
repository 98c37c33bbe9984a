"""Tells Django about the face, and the shared look about its frame."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.faces.portal"
    label = "portal"

    def ready(self) -> None:
        """Frame the portal's pages."""
        from mainstay.faces.portal.shell import shell
        from mainstay.faces.ui.context import register_shell

        register_shell("portal", shell)
