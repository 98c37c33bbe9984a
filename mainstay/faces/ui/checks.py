"""Are the pages' scripts, styles and icons there? Django asks at start-up; they are built, never committed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

BUILD = Path(__file__).parent / "static" / "mainstay" / "build.json"


def built_assets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error that says what to run where the build output is missing."""
    if BUILD.is_file():
        return []
    return [
        Error(
            "The scripts and styles of the pages have not been built.",
            hint="Run `make assets` (takes seconds); in an installed package, install the wheel again.",
            obj=str(BUILD.parent),
            id="mainstay.E001",
        )
    ]
