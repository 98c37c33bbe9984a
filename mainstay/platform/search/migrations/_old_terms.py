"""How do the terms of before `0005_tiers` become the new ones? Kept as it was on that day.

Before, a Chinese run was spelled from each syllable to the end ("jiang", "hanjiang"), its initials likewise ("j", "hj"):
what a term has more than the one before it is a syllable, or an initial.
"""

from zlib import crc32

START, REGION = "々", "々r"


def renewed(terms: str, region_code: str) -> str:
    """Return terms as they are made now from those made before."""
    found: dict[str, None] = {}
    spelled: dict[str, tuple[str, ...]] = {}
    starts = 0
    for term in terms.split(" "):
        if term.startswith(START):
            cut = (200, 24, 12)[min(starts, 2)]
            starts += 1
            found[START + term[1 : 1 + cut]] = None
        elif term.isascii() and term.isalpha():
            parts = _parts(term, spelled)
            spelled[term] = parts
            found |= dict.fromkeys(_neighbours(parts))
        else:
            found[term] = None
            if term.isascii() and term[:1].isalpha():
                found[_first_word(term)] = None
    regions = [REGION + region_code[:length] for length in (4, 6) if len(region_code) >= length]
    marked = [term for term in found if term.startswith(START)]
    return " ".join((*marked, *regions, *(term for term in found if not term.startswith(START))))


def _parts(term: str, spelled: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the syllables (or initials) of a term, by the longest term before it that it ends with."""
    for cut in range(1, min(7, len(term))):
        if term[cut:] in spelled:
            return term[:cut], *spelled[term[cut:]]
    return (term,)


def _neighbours(parts: tuple[str, ...]) -> list[str]:
    if len(parts) > 1 and all(len(part) == 1 for part in parts):
        letters = "".join(parts)
        return [letters[:2], letters[:3]]
    return [parts[0], "".join(parts[:2])] if len(parts[0]) > 1 or len(parts) > 1 else list(parts)


def _first_word(term: str) -> str:
    return term[: next((n for n, sign in enumerate(term) if not sign.isalpha()), len(term))]


def prominence(kind: str, object_id: str, rank: int) -> int:
    """Return the tier of a thing by its rank: the best grades of customers and circuits first."""
    if (kind, rank) in (("customer", 10), ("circuit", 20)):
        return 0
    if (kind, rank) in (("customer", 11), ("circuit", 21)):
        return 1
    return 3 if crc32(f"{kind}{object_id}".encode()) % 8 else 2
