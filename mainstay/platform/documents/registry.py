"""Which templates there are: rooms bring theirs, `config.registries` fills them in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from mainstay.domain.errors import msgid
from mainstay.platform.documents.errors import NoSuchTemplate


@dataclass(frozen=True)
class Template:
    """A template of a room: `path` is its .typ file, `parts` what it imports beside `mainstay.typ`.

    `sample` is a JSON file of facts, with which a check sets it.
    """

    code: str
    name: str | Promise
    path: Path
    sample: Path | None = None
    parts: tuple[Path, ...] = ()
    kind: str = "pdf"


_templates: dict[str, Template] = {}
also_kept: list[Callable[[], QuerySet[Any, str]]] = []
"""Rooms that keep bytes of their own in `Content` say here which digests they need."""


def register(*templates: Template) -> None:
    """Say what can be set, in the order pages show it."""
    _templates.update({template.code: template for template in templates})


def templates() -> list[Template]:
    """Return all templates."""
    return list(_templates.values())


def template_named(code: str) -> Template:
    """Return a template. Raises NoSuchTemplate."""
    found = _templates.get(code)
    if found is None:
        known = ", ".join(_templates) or "–"
        raise NoSuchTemplate(msgid("There is no template “{code}”; choose one of {known}."), code=code, known=known)
    return found
