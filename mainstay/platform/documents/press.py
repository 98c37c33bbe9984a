"""Sets one document with typst; knows neither Django nor the database, so that processes of their own begin quickly.

No network: typst would fetch packages, hence templates that name one are refused before (workshop).
"""

import json
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

STANDARD = "a-2a"
"""PDF/A-2a: fonts embedded, tagged for screen readers, and no character without a glyph: typst refuses such a one."""
_PLACE = re.compile(r"┌─ (?P<file>.+?):(?P<line>\d+):\d+")


@dataclass(frozen=True)
class Order:
    """One document: `main` in the folder `root`, fonts from `fonts`, facts as JSON text; `made` in epoch seconds."""

    root: str
    main: str
    fonts: tuple[str, ...]
    facts: str
    language: str
    made: int
    format: str = "pdf"


@dataclass(frozen=True)
class Fault:
    """Why a template could not be set: in which file and line, what is wrong, and typst's hints."""

    file: str
    line: int
    problem: str
    hint: str


def begin() -> None:
    """Make a process of the pool ready: one thread each, there are as many processes as wanted."""
    os.environ["RAYON_NUM_THREADS"] = "1"


def press(order: Order) -> list[bytes] | Fault:
    """Return the document (PNG: page by page), or why it cannot be set."""
    import typst

    options: dict[str, Any] = {"pdf_standards": [STANDARD]} if order.format == "pdf" else {"ppi": 144}
    try:
        made = _compiler(order.root, order.main, order.fonts).compile(
            format=order.format, timestamp=order.made,
            sys_inputs={"facts": order.facts, "language": order.language}, **options,
        )  # fmt: skip
    except typst.TypstError as error:
        return _fault(order, error)
    return list(made) if isinstance(made, list) else [bytes(made)]


def families(folders: tuple[str, ...]) -> list[str]:
    """Return the names of the font families in some folders."""
    return sorted(_fonts(folders).families())


@lru_cache(maxsize=8)
def _compiler(root: str, main: str, fonts: tuple[str, ...]) -> Any:
    import typst

    return typst.Compiler(os.path.join(root, main), root=root, font_paths=_fonts(fonts), package_path=root,
                          package_cache_path=root)  # fmt: skip


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


def _fault(order: Order, error: Any) -> Fault:
    place = _PLACE.search(error.diagnostic or "")
    file, line = (place["file"], int(place["line"])) if place else (order.main, 0)
    if place:
        file = os.path.relpath(os.path.abspath(file), os.path.abspath(order.root))  # typst says it from where it runs
    problem = str(error.message or error).splitlines()[0]
    return Fault(file, line, problem, " ".join(error.hints or []))


def facts_text(facts: object) -> str:
    """Return facts as the JSON text that templates read."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
