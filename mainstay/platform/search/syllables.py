"""Which syllables can a row of pinyin letters be? Toneless, "lv" for 绿; the last one may still be unfinished."""

import re
from functools import cache

_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "f": "a an ang ei en eng o ou u",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "w": "a ai an ang ei en eng o u",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
}
SYLLABLES = frozenset(start + final for start, finals in _FINALS.items() for final in finals.split())
UNFINISHED = frozenset(syllable[:end] for syllable in SYLLABLES for end in range(1, len(syllable))) - SYLLABLES
LONGEST = 6
MOST_WAYS = 3
"""Ways to divide one row of letters that are looked for; more hardly ever differ in what they find."""
_WHOLE = re.compile("(?:" + "|".join(sorted(SYLLABLES, key=len, reverse=True)) + ")+")
_NO_INITIAL = frozenset("iuv")


def is_row(letters: str) -> bool:
    """Say whether the letters are whole syllables from end to end."""
    return _WHOLE.fullmatch(letters) is not None


def reached(letters: str) -> int:
    """Return how far whole syllables reach from the beginning."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(start in ends and letters[start:end] in SYLLABLES for start in range(max(0, end - LONGEST), end)):
            ends.add(end)
    return max(ends)


def begun(letters: str) -> int:
    """Return from where on the letters are syllables, of which the last may be unfinished."""
    begins = {len(letters)}
    for begin in range(len(letters) - 1, -1, -1):
        if letters[begin:] in UNFINISHED or any(
            end in begins and letters[begin:end] in SYLLABLES for end in range(begin + 1, begin + LONGEST + 1)
        ):
            begins.add(begin)
    return min(begins)


def divided(letters: str) -> list[tuple[str, ...]]:
    """Return ways to read the letters as syllables, of which the last may be unfinished; those with fewest first."""
    found: list[tuple[str, ...]] = []
    _divide(letters, (), found)
    found.sort(key=lambda way: (way[-1] not in SYLLABLES, len(way)))
    return found[:MOST_WAYS]


def _divide(letters: str, so_far: tuple[str, ...], found: list[tuple[str, ...]]) -> None:
    if not letters:
        found.append(so_far)
        return
    if so_far and letters in UNFINISHED:
        found.append((*so_far, letters))
    for length in range(min(LONGEST, len(letters)), 0, -1):
        if len(found) >= MOST_WAYS * 4:
            return
        if letters[:length] in SYLLABLES:
            _divide(letters[length:], (*so_far, letters[:length]), found)


def mixed(letters: str) -> tuple[str, ...]:
    """Return the letters as syllables and single initials, as few as can be; () when there is no syllable in them."""

    @cache
    def best(start: int) -> tuple[str, ...] | None:
        if start == len(letters):
            return ()
        ways = []
        for length in range(min(LONGEST, len(letters) - start), 0, -1):
            token = letters[start : start + length]
            if (token in SYLLABLES and length > 1) or (length == 1 and token not in _NO_INITIAL):
                rest = best(start + length)
                if rest is not None:
                    ways.append((token, *rest))
        return min(ways, key=len, default=None)

    way = best(0)
    return way if way and any(len(token) > 1 for token in way) else ()


def may_be_initials(letters: str) -> bool:
    """Say whether every letter can begin a syllable."""
    return not _NO_INITIAL & set(letters)


@cache
def grown(begun: str) -> tuple[str, ...]:
    """Return the syllables that begin so: yin and ying for yin."""
    return tuple(sorted(syllable for syllable in SYLLABLES if syllable.startswith(begun)))
