"""Which terms does a question ask for? (A6) A question is a tree: all of its parts, each by one way or another.

Two Chinese characters are one term; letters are looked for as pinyin, as initials, as both mixed, and as what a word or
number begins with. Parts that half of everything holds (one letter, one character, three digits) are `wide`: beside
others they are compared row by row instead of being looked up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import and_, or_

from django.db.models import Q

from mainstay.platform.search.syllables import SYLLABLES, UNFINISHED, divided, grown, may_be_initials, mixed
from mainstay.platform.search.terms import CHINESE, GAP, HOUSE_NUMBER, PART, normal, pairs, pieces

MOST_ASKED = 12
"""Parts of a question beyond this are left out: they would hardly narrow it."""
FEW_WAYS, MOST_WAYS = 12, 60
"""Ways that are asked each for itself at most: by SQLite, which reads an OR well, and by PostgreSQL."""
_VOWELS = frozenset("aeiou")
_FIRM = {
    "限公": ("有限", "公司"), "份有": ("股份", "有限"), "任公": ("责任", "公司"),
    "xiangong": ("youxian", "gongsi"), "fenyou": ("gufen", "youxian"), "rengong": ("zeren", "gongsi"),
}  # fmt: skip
"""Neighbours in what half of all firms are called, and the neighbours that always stand beside them."""
_FIRMS = frozenset((*_FIRM, *(beside for all_beside in _FIRM.values() for beside in all_beside)))


@dataclass(frozen=True)
class Term:
    """One term; `begins`: satisfied by a term that begins so; `wide`: half of everything may."""

    text: str
    begins: bool = False
    wide: bool = False


@dataclass(frozen=True)
class AnyOf:
    """One of several is enough."""

    ways: "tuple[Ask, ...]"


@dataclass(frozen=True)
class AllOf:
    """All are needed."""

    parts: "tuple[Ask, ...]"


Ask = Term | AnyOf | AllOf


def any_of(ways: Iterable[Ask]) -> Ask:
    """Return one of several, each named once."""
    named = tuple(dict.fromkeys(ways))
    return named[0] if len(named) == 1 else AnyOf(named)


def all_of(parts: Iterable[Ask]) -> Ask:
    """Return all of several, each named once."""
    named = tuple(dict.fromkeys(parts))
    return named[0] if len(named) == 1 else AllOf(named)


def neighbours(texts: Iterable[str]) -> list[Term]:
    """Return the terms of neighbours, of what half of all firms are called only those that say the others."""
    named = list(dict.fromkeys(texts))
    said = {beside for text in named for beside in _FIRM.get(text, ())}
    return [Term(text, wide=text in _FIRMS) for text in named if text not in said]


def asked(question: str) -> list[Ask]:
    """Return what a question asks for, all of which must be found; [] when it holds no letter, digit or character."""
    found: list[Ask] = []
    for chunk in GAP.split(normal(question)):
        row: list[str] = []
        before = ""
        for part in PART.findall(chunk):
            if not CHINESE.match(part):
                row.append(part)
                continue
            found += _row(row, before)
            found += _chinese(part)
            row, before = [], part
        found += _row(row, before)
    return _as_one_number(question, list(dict.fromkeys(found))[:MOST_ASKED])


def _as_one_number(question: str, parts: list[Ask]) -> list[Ask]:
    """Return also a number written with gaps (138 0000 0001) in one piece."""
    digits = "".join(PART.findall(normal(question)))
    if len(parts) < 2 or len(digits) < 7 or not digits.isdigit():
        return parts
    return [AnyOf((Term(digits, begins=True), all_of(looked_up(parts)[0])))]


def one_by_one(parts: list[Ask], *, most: int = FEW_WAYS) -> list[list[Ask]]:
    """Return a question as several that are to be asked each for itself, where it has few long ways.

    The databases answer an AND by its rarest term, but an OR of such by reading what is common.
    """
    parts = [one for part in parts for one in (part.parts if isinstance(part, AllOf) else (part,))]
    long = [part for part in parts if isinstance(part, AnyOf) and any(isinstance(way, AllOf) for way in part.ways)]
    if len(long) != 1 or len(long[0].ways) > most:
        return [parts]
    others = [part for part in parts if part is not long[0]]
    short = [one for way in long[0].ways if not isinstance(way, AllOf) for one in _ways(way)]
    once = [[*others, any_of(short)]] if short else []
    return [*once, *([*others, *way.parts] for way in long[0].ways if isinstance(way, AllOf))]


def _ways(ask: Ask) -> tuple[Ask, ...]:
    return ask.ways if isinstance(ask, AnyOf) else (ask,)


def has_single_words(parts: list[Ask]) -> bool:
    """Say whether one word, no number, is enough for one of the ways to read a question."""
    ways = (looked_up(one)[0] for one in one_by_one(parts, most=MOST_WAYS))
    return any(len(narrow) == 1 and not _is_number(narrow[0]) for narrow in ways)


def _is_number(ask: Ask) -> bool:
    if isinstance(ask, AnyOf):
        return all(map(_is_number, ask.ways))
    return isinstance(ask, Term) and any(map(str.isdigit, ask.text))


def looked_up(parts: list[Ask]) -> tuple[list[Ask], list[Ask]]:
    """Return which parts the index is asked for, at least one, and which are compared row by row."""
    narrow = [part for part in parts if not (isinstance(part, Term) and part.wide)]
    wide: list[Ask] = [part for part in parts if isinstance(part, Term) and part.wide]
    return (narrow, wide) if narrow else (wide[:1], wide[1:])


def _chinese(run: str) -> list[Ask]:
    if len(run) == 1:
        return [Term(run, begins=True, wide=True)]
    return [*neighbours(pairs(run))]


def _row(row: list[str], before: str) -> list[Ask]:
    """Return what letters and digits in a row ask for: a number in one piece, or one that leaves zeros out (t1042).

    A short number right behind Chinese characters is a house number or the like: 大道623.
    """
    if not row:
        return []
    if before and len(row) == 1 and row[0].isascii() and row[0].isdigit() and len(row[0]) <= HOUSE_NUMBER:
        return [Term(before[-1] + row[0], begins=True)]
    if len(row) == 1:
        return [_letters(row[0]) if row[0].isalpha() else _digits(row[0])]
    joined = "".join(row)
    whole = Term(joined, begins=True, wide=len(joined) == 2)
    letters, number = [part for part in row[:-1] if part.isalpha()], row[-1]
    if not (letters and number.isdigit() and len(number) > 2):
        return [whole]
    return [AnyOf((whole, all_of((*map(Term, letters), Term(number, begins=True)))))]


def _digits(number: str) -> Ask:
    return Term(number, begins=True, wide=len(number) <= 3)


def _letters(word: str) -> Ask:
    """Return the ways to read a row of letters."""
    if len(word) == 1 or not word.isascii():
        return Term(word, begins=True, wide=len(word) == 1)
    if len(word) == 2:
        unfinished = word not in SYLLABLES and word[1] in _VOWELS
        return Term(word, begins=unfinished, wide=unfinished)
    spelled = divided(word)
    whole = bool(spelled) and spelled[0][-1] in SYLLABLES
    ways: list[Ask] = [any_of(map(Term, grown(word)))] if word in UNFINISHED else [Term(word, begins=not whole)]
    ways += [in_pinyin(way, growing=len(way) == len(spelled[0])) for way in spelled if len(way) > 1]
    if not spelled and (way := mixed(word)):
        ways.append(_in_both(way))
    if may_be_initials(word):
        ways.append(all_of(Term(piece) for piece in pieces(word, 3)))
    return any_of(ways)


def in_pinyin(syllables: tuple[str, ...], *, growing: bool = False) -> Ask:
    """Return each two neighbouring syllables; `growing`: the last may still become another."""
    *before, last = syllables
    found = neighbours(first + second for first, second in pairwise(before))
    return all_of([*found, any_of(Term(before[-1] + end) for end in (grown(last) if growing else (last,)))])


def _in_both(tokens: tuple[str, ...]) -> Ask:
    """Return what neighbours of syllables and initials say: hanyh: a pair that begins with hany, the initials yh."""
    parts: list[Ask] = []
    for first, second in pairwise(tokens):
        if len(first) > 1:
            parts.append(any_of(Term(first + end) for end in (grown(second) if len(second) == 1 else (second,))))
        else:
            parts.append(Term(first + second) if len(second) == 1 else Term(second))
    return all_of(parts)


def for_postgresql(ask: Ask) -> str:
    """Return the question as a `tsquery`. Terms hold letters, digits and Chinese characters only: quoting is enough."""
    if isinstance(ask, Term):
        return f"'{ask.text}':*" if ask.begins else f"'{ask.text}'"
    if isinstance(ask, AnyOf):
        return "(" + " | ".join(map(for_postgresql, ask.ways)) + ")"
    return "(" + " & ".join(map(for_postgresql, ask.parts)) + ")"


def for_sqlite(ask: Ask) -> str:
    """Return the question as FTS5 reads it; quoting is enough."""
    if isinstance(ask, Term):
        return f'"{ask.text}"*' if ask.begins else f'"{ask.text}"'
    if isinstance(ask, AnyOf):
        return "(" + " OR ".join(map(for_sqlite, ask.ways)) + ")"
    return "(" + " AND ".join(map(for_sqlite, ask.parts)) + ")"


def for_rows(ask: Ask, column: str) -> Q:
    """Return the question as a comparison of each row's terms, in `column` with a blank before each and at the end."""
    if isinstance(ask, Term):
        return Q(**{f"{column}__contains": f" {ask.text}" if ask.begins else f" {ask.text} "})
    if isinstance(ask, AnyOf):
        return reduce(or_, (for_rows(way, column) for way in ask.ways))
    return reduce(and_, (for_rows(part, column) for part in ask.parts))
