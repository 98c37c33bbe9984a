"""What may a question have meant that finds nothing? One wrong, missing, doubled or swapped sign; the same sound (A6).

`nearly` asks for words that one slip turns into what was typed, `loosely` for what is right around a slip in a long
word. Both are asked of the same indexes.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from mainstay.platform.search.asking import Ask, Term, all_of, any_of, asked, in_pinyin, neighbours
from mainstay.platform.search.syllables import SYLLABLES, begun, divided, is_row, reached
from mainstay.platform.search.terms import CHINESE, PART, normal, pairs, read

SHORTEST_NUMBER, LONGEST_NUMBER = 5, 20
SHORTEST_RUN = 2
SHORTEST_WORD, LONGEST_WORD = 4, 16
LONGEST_NAME = 6
MOST_WAYS = 48
"""Ways to mend one word that are looked for at once."""
MOST_PLACES = 8
"""Places in a long word where a slip is looked for."""
_ROW = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002b81d]+(?:[0-9]{1,5}(?![0-9]))?|[a-z0-9\-_/.#]+")
"""Chinese characters with the house number behind them, or letters and digits."""
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"


def nearly(question: str) -> list[Ask]:
    """Return a question for words that one slip turns into these; [] where no slip is thought of."""
    text = normal(question)
    digits = "".join(PART.findall(text))
    if digits.isdigit() and len(digits) >= 7:
        return [any_of(map(Term, _slips(digits)))] if len(digits) <= LONGEST_NUMBER else []
    found, mended = [], False
    rows = _ROW.findall(text)
    for row in rows:
        ways = list(_ways(row))
        if len(rows) > 1 and len(row) == SHORTEST_RUN:  # a city beside a name: the sound holds it as it is
            ways = ways[:1]
        mended = mended or bool(ways)
        found += [any_of(ways)] if ways else asked(row)
    return found if mended else []


def loosely(question: str) -> list[Ask]:
    """Return a question for long words of which a piece is wrong: all of it but around one place; [] for short ones."""
    found, mended = [], False
    for row in _ROW.findall(normal(question)):
        ways = list(_gaps(row))
        mended = mended or bool(ways)
        found += [any_of(ways)] if ways else asked(row)
    return found if mended else []


def closeness(wanted: str, terms: str) -> float:
    """Return from 0 to 100 how near what was typed comes to the label or another word of an entry."""
    words = terms.split(" ")
    chinese = CHINESE.search(wanted) is not None
    spelled = "".join(read(wanted)) if chinese else wanted
    label = max(fuzz.partial_ratio(form, word[1:]) for word in words[:3] for form in (wanted, spelled))
    if chinese:
        return label
    return max(label, *(100 * OSA.normalized_similarity(wanted, word) for word in words[3:]), 0)


def _ways(row: str) -> Iterator[Ask]:
    if CHINESE.match(row):
        yield from _chinese_ways(row)
        return
    joined = "".join(PART.findall(row))
    if joined.isalpha():
        yield from _pinyin_ways(joined)
    elif SHORTEST_NUMBER <= len(joined) <= LONGEST_NUMBER:
        yield from map(Term, _slips(joined))


def _chinese_ways(row: str) -> Iterator[Ask]:
    """Give the same sound, two signs swapped, one sign too many; what stands behind is right."""
    run = row.rstrip("0123456789")
    if len(run) < SHORTEST_RUN:
        return
    if run != row:
        behind = Term(run[-1] + row[len(run) :])
        yield from (all_of((way, behind)) for way in _chinese_ways(run))
        return
    yield in_pinyin(tuple(read(run)))
    if len(run) > LONGEST_NAME:
        return  # `loosely` knows better what is right in it
    for other in (*_swaps(run), *(_shorter(run) if len(run) > 2 else ())):
        yield all_of(neighbours(pairs(other)))
        if len(run) <= 4:
            yield in_pinyin(tuple(read(other)))


def _pinyin_ways(word: str) -> Iterator[Ask]:
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return
    ways = (
        in_pinyin(way)
        for slip in _slips(word)
        if is_row(slip)
        for way in divided(slip)[:1]
        if len(way) > 1 and way[-1] in SYLLABLES
    )
    yield from list(dict.fromkeys(ways))[:MOST_WAYS]


def _slips(word: str) -> Iterator[str]:
    """Give every word that one slip turns into this: swapped, doubled, missing, wrong."""
    yield from _swaps(word)
    yield from _shorter(word)
    for place, sign in enumerate(word):
        for other in _DIGITS if sign.isdigit() else _LETTERS:
            yield word[:place] + other + word[place:]
            if other != sign:
                yield word[:place] + other + word[place + 1 :]
    for other in _DIGITS if word[-1].isdigit() else _LETTERS:
        yield word + other


def _swaps(word: str) -> Iterator[str]:
    for place in range(len(word) - 1):
        if word[place] != word[place + 1]:
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _shorter(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _gaps(row: str) -> Iterator[Ask]:
    if CHINESE.match(row):
        run = row.rstrip("0123456789")
        house = [] if run == row else [Term(run[-1] + row[len(run) :])]
        yield from (all_of((way, *house)) for way in _around(list(pairs(run))))
        return
    joined = "".join(PART.findall(row))
    if joined.isalpha() and len(joined) >= 8:
        yield from _around_letters(joined)


def _around(terms: list[str]) -> Iterator[Ask]:
    """Give all neighbours but the two at one place, then but the one between two."""
    if len(terms) < 2:
        return
    if len(terms) > 5:  # one slip spoils at most three side by side: all others are asked for
        step = -(-(len(terms) - 2) // MOST_PLACES)
        for place in range(0, len(terms) - 2, step):
            yield all_of(neighbours((*terms[:place], *terms[place + step + 2 :])))
        return
    for width in (1, 2) if len(terms) > 2 else (1,):
        for place in range(len(terms) - width + 1):
            yield all_of(neighbours((*terms[:place], *terms[place + width :])))


def _around_letters(word: str) -> Iterator[Ask]:
    """Give the syllables before and after the place where the letters are none, or around each of them.

    The last syllable may be unfinished, or be read as part of the one before: of long words it is left out.
    """
    if is_row(word):
        syllables = divided(word)[0]
        if len(syllables) > 3:
            yield from _around([a + b for a, b in pairwise(syllables[: -1 if len(syllables) > 5 else None])])
        return
    before = _neighbours(word[: reached(word)])
    after = _neighbours(word[begun(word) :])
    ways: dict[Ask, None] = {}
    for spoilt, unfinished in ((1, 1), (1, 2), (2, 1), (2, 2)):  # what is beside the slip may have taken letters of it
        kept = [*before[:-spoilt], *after[spoilt:-unfinished]]
        if len(kept) > 1 or (kept and not ways):
            ways[all_of(neighbours(kept))] = None
    yield from ways


def _neighbours(letters: str) -> list[str]:
    """Return each two neighbouring syllables."""
    ways = divided(letters) if letters else []
    return [a + b for a, b in pairwise(ways[0])] if ways else []
