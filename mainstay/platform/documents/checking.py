"""Can every template be set, in both languages? Each is tried with the sample facts of its room."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.documents.choices import Language
from mainstay.platform.documents.errors import BadDocument
from mainstay.platform.documents.registry import Template, template_named, templates
from mainstay.platform.documents.rendering import pdf
from mainstay.platform.documents.workshop import SHARED, is_own


def problems(*, at: datetime) -> Iterator[tuple[Template, MainstayError]]:
    """Give what is wrong with templates: each with the first error found."""
    for template in templates():
        try:
            for language in Language.values:
                pdf(template.code, sample_of(template), language=language, at=at)
        except MainstayError as error:
            yield template, error


def own_templates() -> list[str]:
    """Return the codes of the templates an operator has in ours' stead."""
    return [template.code for template in templates() if is_own(f"{template.code}.typ")]


def sample_of(template: Template) -> dict[str, object]:
    """Return the sample facts of a template."""
    return dict(json.loads(template.sample.read_text(encoding="utf-8"))) if template.sample else {}


def export(code: str, folder: Path) -> list[Path]:
    """Write a template as a start for one's own: itself, what it imports, a sample of its facts. Returns the files.

    Raises NoSuchTemplate; BadDocument where one of the files is there already.
    """
    template = template_named(code)
    sources = [template.path, *template.parts, SHARED / "mainstay.typ", *([template.sample] if template.sample else [])]
    names = [f"{code}.typ", *(source.name for source in sources[1:])]
    for name in names:
        if (folder / name).exists():
            raise BadDocument(
                msgid("{path} is there already and is not overwritten; move it away first."), path=str(folder / name)
            )
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(source, folder / name)) for source, name in zip(sources, names, strict=True)]
