"""How do the built assets get into the wheel? Hatchling runs this hook before it collects files."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Build the assets and compile the translations, unless the install is editable (there `make assets` does)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leave everything built in place; `artifacts` in pyproject.toml takes it along."""
        if version == "editable" or self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)
        from tools import assets

        assets.build()
        assets.build_fonts()
        assets.translate()
