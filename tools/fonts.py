"""Are the fonts of documents built and current? Makes them of the npm packages, which the browser's pieces come from.

A Chinese font comes as a hundred small files for browsers; a document wants one. Output: mainstay/platform/documents/
fonts, with build.json (what it was made of, and which characters it has). Never committed.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules" / "@fontsource"
OUTPUT = ROOT / "mainstay" / "platform" / "documents" / "fonts"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
CHINESE, LATIN = "Noto Sans SC", "Inter"
LATIN_PIECES = {"latin": "Inter", "latin-ext": "Inter Ext", "greek": "Inter Greek", "cyrillic": "Inter Cyrillic"}
"""Each piece keeps its own kerning and tabular figures, hence stays a font of its own."""


def are_current() -> bool:
    """Say whether the fonts are there, made of the locked packages by this recipe."""
    return _built_from() == _made_of()


def build() -> None:
    """Make the fonts; the old ones stay until the new ones are whole."""
    wanted = _made_of()
    fresh = OUTPUT.with_name("fonts.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with ProcessPoolExecutor(max_workers=len(WEIGHTS)) as pool:
        covered = list(pool.map(_chinese, WEIGHTS, [fresh] * len(WEIGHTS)))
    covered += [_latin(piece, weight, fresh) for piece in LATIN_PIECES for weight in WEIGHTS]
    manifest = {"built_from": wanted, "files": sorted(path.name for path in fresh.iterdir()),
                "characters": _ranges(set().union(*covered))}  # fmt: skip
    (fresh / "build.json").write_text(json.dumps(manifest) + "\n", encoding="utf-8")
    shutil.rmtree(OUTPUT, ignore_errors=True)
    fresh.rename(OUTPUT)


def _made_of() -> str:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = [lock[f"node_modules/@fontsource/{name}"]["integrity"] for name in ("inter", "noto-sans-sc")]
    recipe = Path(__file__).read_bytes()
    return hashlib.sha256(recipe + "".join(packages).encode()).hexdigest()


def _built_from() -> str | None:
    try:
        manifest = json.loads((OUTPUT / "build.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    complete = all((OUTPUT / name).exists() for name in manifest["files"])
    return str(manifest["built_from"]) if complete else None


def _chinese(weight: int, folder: Path) -> set[int]:
    """Put the pieces of the Chinese font together into one; return its characters."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib import TTFont

    glyphs: dict[str, Any] = {}
    widths: dict[str, tuple[int, int]] = {}
    characters: dict[int, str] = {}
    first: Any = None
    for path in sorted((PACKAGES / "noto-sans-sc" / "files").glob(f"*-{weight}-normal.woff2")):
        piece = TTFont(path)
        first = first or piece
        _take(piece, glyphs, widths, characters)
    builder = FontBuilder(first["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(characters)
    builder.setupGlyf(glyphs, calcGlyphBounds=False)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=first["hhea"].ascent, descent=first["hhea"].descent)
    _say_what_it_is(builder, first, weight)
    builder.save(folder / f"noto-sans-sc-{weight}.ttf")
    return set(characters)


def _take(piece: Any, glyphs: dict[str, Any], widths: dict[str, tuple[int, int]], characters: dict[int, str]) -> None:
    """Take over the glyphs of those characters of a piece that are not there yet."""
    outlines, metrics = piece["glyf"], piece["hmtx"].metrics
    if not glyphs:
        glyphs[".notdef"], widths[".notdef"] = outlines[".notdef"], metrics[".notdef"]
    for code, name in piece.getBestCmap().items():
        if code in characters:
            continue
        outline = outlines[name]
        if outline.isComposite():
            raise LookupError(
                f"U+{code:04X} of {CHINESE} is put together of others; tools/fonts.py cannot take it over."
            )
        own = f"u{code:05X}"
        glyphs[own], widths[own], characters[code] = outline, metrics[name], own


def _say_what_it_is(builder: Any, first: Any, weight: int) -> None:
    style, names = WEIGHTS[weight], first["name"]
    builder.setupNameTable({
        "familyName": f"{CHINESE} {style}" if weight != 400 else CHINESE, "styleName": "Regular",
        "typographicFamily": CHINESE, "typographicSubfamily": style,
        "fullName": f"{CHINESE} {style}", "psName": f"NotoSansSC-{style}",
        "uniqueFontIdentifier": f"NotoSansSC-{style}",
        "copyright": names.getDebugName(0) or "", "licenseDescription": names.getDebugName(13) or "",
        "licenseInfoURL": names.getDebugName(14) or "",
    })  # fmt: skip
    of = first["OS/2"]
    builder.setupOS2(
        usWeightClass=weight, sTypoAscender=of.sTypoAscender, sTypoDescender=of.sTypoDescender,
        sTypoLineGap=of.sTypoLineGap, usWinAscent=of.usWinAscent, usWinDescent=of.usWinDescent,
        sxHeight=of.sxHeight, sCapHeight=of.sCapHeight, fsType=0,
    )  # fmt: skip
    builder.setupPost(keepGlyphNames=False)


def _latin(piece: str, weight: int, folder: Path) -> set[int]:
    """Unpack one piece of the Latin font under a name of its own; return its characters."""
    from fontTools.ttLib import TTFont

    font: Any = TTFont(PACKAGES / "inter" / "files" / f"inter-{piece}-{weight}-normal.woff2")
    family, style = LATIN_PIECES[piece], WEIGHTS[weight]
    said = {1: f"{family} {style}" if weight != 400 else family, 2: "Regular", 4: f"{family} {style}",
            6: f"{family.replace(' ', '')}-{style}", 16: family, 17: style}  # fmt: skip
    for number, text in said.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font.flavor = None
    font.save(folder / f"inter-{piece}-{weight}.ttf")
    return set(font.getBestCmap())


def _ranges(characters: Iterable[int]) -> list[tuple[int, int]]:
    """Say a set of characters as (first, last)."""
    ranges: list[tuple[int, int]] = []
    for code in sorted(characters):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges
