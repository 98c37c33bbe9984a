"""How do the few icons we use get into one file? A page shows one by `<use href="…/icons.svg#name">`."""

import re
from collections.abc import Iterable
from pathlib import Path

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OUTLINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def sprite(lines: Iterable[str], icons: Path) -> str:
    """Return one SVG with a symbol for every icon named, one a line (`name`, or `name-filled`; # begins a remark).

    Raises LookupError where the icon set has no icon of that name.
    """
    names = sorted({name for line in lines if (name := line.partition("#")[0].strip())})
    symbols = "\n".join(_symbol(name, icons) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str, icons: Path) -> str:
    filled = name.endswith("-filled")
    path = icons / "filled" / f"{name.removesuffix('-filled')}.svg" if filled else icons / "outline" / f"{name}.svg"
    if not path.is_file():
        raise LookupError(f"icons.txt names {name!r}, which Tabler Icons does not have; correct the line.")
    body = _BODY.search(_COMMENT.sub("", path.read_text(encoding="utf-8")))
    if body is None:
        raise LookupError(f"the file of icon {name!r} holds no svg element.")
    paint = 'fill="currentColor"' if filled else _OUTLINE
    inner = re.sub(r"\s+", " ", body[1]).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{inner}</symbol>'
