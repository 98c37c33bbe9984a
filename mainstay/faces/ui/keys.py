"""Which keys do what, everywhere? One table: the help dialog shows it, and parts/keys.js acts by what the dialog says.

Verbs of a page (`{% verb … key="c" %}`) and the places of the navigation carry their letters themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Shortcut:
    """`action` is a function in keys.js; `keys` are names of KeyboardEvent.key, with "Ctrl+" or "g " before."""

    section: str | Promise
    action: str
    keys: tuple[str, ...]
    label: str | Promise

    @property
    def shown(self) -> Iterable[list[str]]:
        """Return what the help shows for each key, as the parts to press."""
        for key in self.keys:
            if key not in UNSHOWN:
                yield [NAMES.get(part, part) for part in key.split("+")]


NAMES = {"ArrowDown": "↓", "ArrowUp": "↑", "Escape": "Esc"}
UNSHOWN = frozenset({"？", "Meta+k", "Meta+Enter"})
"""Keys that mean the same on other keyboards."""

EVERYWHERE, ROWS, WALL, FORMS = _("Everywhere"), _("Lists"), _("Live wall"), _("Forms")

TABLE = (
    Shortcut(EVERYWHERE, "search", ("/",), _("Search")),
    Shortcut(EVERYWHERE, "palette", ("Ctrl+k", "Meta+k"), _("Find anything")),
    Shortcut(EVERYWHERE, "go", ("g",), _("Go to a page: its letter next")),
    Shortcut(EVERYWHERE, "help", ("?", "？"), _("These keys")),
    Shortcut(EVERYWHERE, "leave", ("Escape",), _("Close what is open")),
    Shortcut(ROWS, "next", ("j", "ArrowDown"), _("Next row")),
    Shortcut(ROWS, "previous", ("k", "ArrowUp"), _("Previous row")),
    Shortcut(ROWS, "first", ("Home",), _("First row")),
    Shortcut(ROWS, "last", ("End",), _("Last row")),
    Shortcut(ROWS, "open", ("o", "Enter"), _("Open the row")),
    Shortcut(ROWS, "unfold", ("u",), _("Unfold the row")),
    Shortcut(ROWS, "mark", ("x",), _("Tick the row")),
    Shortcut(ROWS, "export", ("e",), _("Export the list")),
    Shortcut(WALL, "column", ("1", "2", "3", "4"), _("To a column")),
    Shortcut(FORMS, "send", ("Ctrl+Enter", "Meta+Enter"), _("Send the form")),
)


def sections() -> list[tuple[str, list[Shortcut]]]:
    """Return the table by section, in order."""
    return [(str(section), list(rows)) for section, rows in groupby(TABLE, key=lambda each: str(each.section))]
