"""The root of all commands; other modules hang theirs on it."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="mainstay")
def root() -> None:
    """Mainstay (砥柱): the platform with which telecom operators serve their key accounts."""
