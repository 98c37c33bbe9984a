"""Which characters can be printed, and what stands for those that cannot? Never an empty box.

A rare character (of a name, say) that no font has becomes its number, [U+2CC56]; the document says so at its end, and
the document's row keeps which they were. An operator's fuller font in MAINSTAY_HOME/templates/fonts makes it appear.
"""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from mainstay.domain.errors import msgid
from mainstay.platform.documents.errors import FontsMissing

FONTS = Path(__file__).parent / "fonts"
BUILD = FONTS / "build.json"
SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Categories of what has no shape: left out, but for line ends and tabs."""


class Lettering:
    """The characters some fonts have, and the writing of texts with them."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._ranges = sorted(ranges)
        self._firsts = [first for first, _last in self._ranges]

    def has(self, character: str) -> bool:
        """Say whether a character can be printed."""
        code = ord(character)
        place = bisect_right(self._firsts, code) - 1
        return place >= 0 and code <= self._ranges[place][1]

    def written(self, facts: Any, rare: dict[str, None]) -> Any:
        """Return facts in which all can be printed; what could not is put into `rare`, in order."""
        if isinstance(facts, str):
            return facts if facts.isascii() and facts.isprintable() else self._text(facts, rare)
        if isinstance(facts, Mapping):
            return {key: self.written(value, rare) for key, value in facts.items()}
        if isinstance(facts, list | tuple):
            return [self.written(value, rare) for value in facts]
        return facts

    def _text(self, text: str, rare: dict[str, None]) -> str:
        return "".join(c if self.has(c) else self._instead(c, rare) for c in unicodedata.normalize("NFC", text))

    def _instead(self, character: str, rare: dict[str, None]) -> str:
        """Return its compatible form where that can be printed (Ⅳ: IV), else its number."""
        if character in "\n\t":
            return character
        if unicodedata.category(character) in _UNSEEN or "VARIATION SELECTOR" in unicodedata.name(character, ""):
            return ""
        plain = unicodedata.normalize("NFKC", character)
        if plain != character and all(self.has(each) for each in plain):
            return plain
        rare[character] = None
        return f"[U+{ord(character):04X}]"


def lettering(own: Path) -> Lettering:
    """Return what can be printed with the built fonts and those in an operator's folder. Raises FontsMissing."""
    files = font_files(own)
    return _lettering(BUILD, tuple((path, path.stat().st_mtime_ns) for path in files))


def font_files(own: Path) -> list[Path]:
    """Return an operator's own fonts."""
    return sorted(path for path in own.iterdir() if path.suffix.lower() in SUFFIXES) if own.is_dir() else []


@lru_cache(maxsize=4)
def _lettering(build: Path, own: tuple[tuple[Path, int], ...]) -> Lettering:
    try:
        built = json.loads(build.read_text(encoding="utf-8"))["characters"]
    except (FileNotFoundError, ValueError, KeyError):
        raise FontsMissing(
            msgid("The fonts of documents have not been built; run `make assets`, or install the wheel again.")
        ) from None
    ranges = [(int(first), int(last)) for first, last in built]
    ranges += [(code, code) for path, _changed in own for code in _characters(path)]
    return Lettering(_joined(ranges))


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _characters(path: Path) -> list[int]:
    """Return the characters of a font file. Raises FontsMissing for one that cannot be read."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        if path.suffix.lower() == ".ttc":
            with TTCollection(path, lazy=True) as collection:
                return sorted({code for font in collection.fonts for code in font.getBestCmap() or ()})
        with TTFont(path, lazy=True) as font:
            return sorted(font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise FontsMissing(
            msgid("The font {path} cannot be read ({why}); replace it or take it away."), path=str(path), why=str(error)
        ) from error


def safe_name(text: str) -> str:
    """Return a text as a file may be called everywhere."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in text)
