"""Which column of a file is which of a kind? By its name, its title in either language, or another usual head."""

import re
from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from mainstay.domain.errors import msgid
from mainstay.platform.imports.cells import LANGUAGES
from mainstay.platform.imports.errors import BadImport
from mainstay.platform.imports.models import ImportRun
from mainstay.platform.imports.registry import Column, Kind

LOOKED_AT = 50
ADDED = (gettext_noop("Line in import {number}"), gettext_noop("Error in import {number}"))


def guessed(kind: Kind, head: Sequence[str]) -> dict[str, str]:
    """Return the columns of the kind by those of the file, as far as their names say; each is given once."""
    words = {_plain(word): column.name for column in reversed(kind.columns) for word in _words(column)}
    found: dict[str, str] = {}
    for name in head:
        column = words.get(_plain(name))
        if column and column not in found.values():
            found[name] = column
    return found


def remembered(kind: Kind, head: Sequence[str]) -> dict[str, str]:
    """Return how the newest import of this kind with the very same heads was read; empty where there is none."""
    runs = ImportRun.objects.filter(kind=kind.name, started_at__isnull=False).order_by("-id")
    for names, mapping in runs.values_list("columns", "mapping")[:LOOKED_AT]:
        if tuple(names) == tuple(head) and set(mapping.values()) <= kind.by_name.keys():
            return dict(mapping)
    return {}


def added_heads(number: int) -> list[str]:
    """Return the heads of what an import adds to its bad rows, in the reader's language: the line, the error."""
    return [gettext(word).format(number=number) for word in ADDED]


def added_by(name: str) -> int | None:
    """Return the number of the import that added a column of this name to its bad rows, in either language."""
    for word in ADDED:
        for language in LANGUAGES:
            with translation.override(language):
                before, after = gettext(word).split("{number}")
            number = name.removeprefix(before).removesuffix(after)
            if name == f"{before}{number}{after}" and number.isdecimal() and number.isascii() and len(number) < 10:
                return int(number)
    return None


def check(kind: Kind, head: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Refuse a mapping that names no such column, one twice, or leaves out what says which object a row means."""
    for name, column in mapping.items():
        if name not in head or column not in kind.by_name:
            raise BadImport(
                msgid("“{name}” cannot be read as “{column}”; choose a column of each."), name=name, column=column
            )
    taken = list(mapping.values())
    for column in taken:
        if taken.count(column) > 1:
            raise BadImport(
                msgid("Two columns of the file are read as {column}; choose one of them."),
                column=kind.by_name[column].title,
            )
    missing = [str(kind.by_name[name].title) for name in kind.key if name not in (*taken, *kind.may_lack)]
    if missing:
        raise BadImport(
            msgid("No column of the file is read as {missing}, which says what a row means; it has: {head}."),
            missing=", ".join(missing),
            head=", ".join(head[:40]),
        )


def _words(column: Column) -> list[str]:
    words = [column.name, *column.aliases]
    for language in LANGUAGES:
        with translation.override(language):
            words.append(str(column.title))
    return words


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold())
