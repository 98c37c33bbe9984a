"""Tells Django about the face, and the shared look about its frame."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "mainstay.faces.web"
    label = "web"

    def ready(self) -> None:
        """Frame the console's pages."""
        from mainstay.faces.ui.context import register_shell
        from mainstay.faces.web.shell import shell

        register_shell("web", shell)
