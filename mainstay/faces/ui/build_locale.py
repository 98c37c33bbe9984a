"""How do the translations get from their fragments into what Django reads? `python -m mainstay.faces.ui.build_locale`.

Each room keeps its Chinese in `mainstay/locale/fragments/<area>.po`; the merged django.po and django.mo are built from
them, never committed. `--check` merges without writing, so that a conflict shows.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent.parent / "locale"
FRAGMENTS = LOCALE / "fragments"
TARGET = LOCALE / "zh_Hans" / "LC_MESSAGES"
METADATA = {
    "Project-Id-Version": "Mainstay",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

Key = tuple[str, str]


class ConflictError(Exception):
    """Two fragments translate one string differently; the message names both and what each says."""


def merge(fragments: Iterable[Path]) -> polib.POFile:
    """Merge the fragments, sorted by string; raise ConflictError naming every string that two translate differently."""
    found: dict[Key, tuple[polib.POEntry, Path]] = {}
    conflicts: list[str] = []
    for path in sorted(fragments):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            key = (entry.msgctxt or "", entry.msgid)
            before = found.setdefault(key, (entry, path))
            if _said(before[0]) != _said(entry):
                conflicts.append(
                    f"{entry.msgid!r}: {before[1].name} says {_said(before[0])!r}, {path.name} says {_said(entry)!r}"
                )
            elif entry.msgid_plural and not before[0].msgid_plural:
                found[key] = (entry, path)
    if conflicts:
        raise ConflictError("Choose one translation, or tell them apart by msgctxt:\n" + "\n".join(conflicts))
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = METADATA
    for _key, (entry, _path) in sorted(found.items(), key=lambda pair: pair[0]):
        merged.append(_bare(entry))
    return merged


def _said(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "")) if entry.msgid_plural else str(entry.msgstr)


def _bare(entry: polib.POEntry) -> polib.POEntry:
    plural = {0: _said(entry)} if entry.msgid_plural else {}
    return polib.POEntry(
        msgid=entry.msgid,
        msgstr="" if plural else entry.msgstr,
        msgctxt=entry.msgctxt,
        msgid_plural=entry.msgid_plural,
        msgstr_plural=plural,
    )


def build(*, check: bool = False) -> int:
    """Merge and compile; return how many strings there are."""
    merged = merge(FRAGMENTS.glob("*.po"))
    if not check:
        TARGET.mkdir(parents=True, exist_ok=True)
        for name, save in (("django.po", merged.save), ("django.mo", merged.save_as_mofile)):
            fresh = TARGET / f"{name}.new"
            save(str(fresh))
            fresh.replace(TARGET / name)
    return len(merged)


def main() -> None:
    """Merge the fragments and compile them; a conflict stops it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="merge only, write nothing")
    arguments = parser.parse_args()
    try:
        count = build(check=arguments.check)
    except (ConflictError, OSError) as error:
        sys.exit(str(error))
    sys.stdout.write(f"· {count} strings in Chinese\n" if arguments.check else "")


if __name__ == "__main__":
    main()
