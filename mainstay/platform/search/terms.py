"""By which short words can a text be found? (A6) Which a question asks for: `asking`.

A term is lower-case letters, digits and Chinese characters only. A text's terms:
Chinese runs: each two neighbours, and the last character · in pinyin each syllable and each two neighbours · initials
by two and by three · words and numbers: each part, and joined from each part to the end ("WH-HS-0001": whhs0001,
hs0001, 0001, wh, hs), numbers also without leading zeros, long ones by their last 8 and 4 digits.
A label also has its beginning marked, as written, in pinyin and in initials, to be found among many.
Terms are few and common rather than many and rare: an index of millions stays small, and every question is an AND.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate
from typing import Protocol

PINYIN_RUN = 24
"""Longest Chinese run, in characters, that is also indexed by pinyin from every syllable."""
START = "々"
"""Marks the beginning of a label; a letter to both databases, and in nobody's name."""
REGION = "々r"
"""Marks the code of a region, to be asked for together with words."""
HOUSE_NUMBER = 5
"""Most digits of a number that is found together with the character before it: 623 of 建设大道623号."""
SPELLED_START, INITIALS_START = 24, 12
"""Letters of a label's marked beginning in pinyin and in initials."""

# Places whose usual reading the library misses, or reads by context only.
_READINGS = """
    单县 shan xian, 重庆 chong qing, 长沙 chang sha, 厦门 xia men, 六安 lu an, 六合 lu he, 蚌埠 beng bu,
    亳州 bo zhou, 丽水 li shui, 台州 tai zhou, 天台 tian tai, 番禺 pan yu, 大埔 da bu, 黄埔 huang pu, 铅山 yan shan,
    乐清 yue qing, 东阿 dong e, 黄陂 huang pi, 歙县 she xian, 泌阳 bi yang, 繁峙 fan shi, 涡阳 guo yang,
    长垣 chang yuan, 朝阳 chao yang, 长阳 chang yang, 莘县 shen xian, 浚县 xun xian, 尉犁 yu li, 蔚县 yu xian,
    枞阳 zong yang, 秭归 zi gui, 猇亭 xiao ting, 硚口 qiao kou, 监利 jian li, 郧阳 yun yang, 洪洞 hong tong,
    犍为 qian wei, 珲春 hun chun, 银行 yin hang, 分行 fen hang, 支行 zhi hang, 总行 zong hang, 行长 hang zhang,
    央行 yang hang, 农行 nong hang, 建行 jian hang, 工行 gong hang
"""

PART = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002b81d]+|[^\W_々]")
_SIMPLE = re.compile(r"[\x00-\x7f\u4e00-\u9fff]*")
"""Text of signs that have no other form than lower case."""
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002b81d]")
_HOUSE = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002b81d])\s*([0-9]{1,5})(?![0-9])")
GAP = re.compile(r"[\s,;，；、。()（）\[\]【】]")


class _Reader(Protocol):
    def __call__(self, run: str) -> list[str]: ...


def normal(text: str) -> str:
    """Return the text in one form: full-width and half-width alike, accents off, lower case."""
    if _SIMPLE.fullmatch(text):
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def terms_of(texts: Iterable[str]) -> list[str]:
    """Return the terms by which any of the texts is found, each once, in order of appearance."""
    found: dict[str, None] = {}
    for text in map(normal, filter(None, texts)):
        for chunk in GAP.split(text):
            found |= _terms_of_chunk(chunk)
        found |= dict.fromkeys(_long_number(text))
        found |= dict.fromkeys(sign + number for sign, number in _HOUSE.findall(text))
    return list(found)


def starts_of(label: str) -> list[str]:
    """Return the marked beginnings of a label: without gaps as written, in pinyin, in initials; the latter cut."""
    whole, initials = spelled(label)
    forms = (joined(label), whole[:SPELLED_START], initials[:INITIALS_START])
    return list(dict.fromkeys(START + form for form in forms if form))


def regions_of(code: str) -> list[str]:
    """Return the marked codes of a region from the city on, by which a city's people ask."""
    return [REGION + code[:length] for length in (4, 6) if len(code) >= length]


def joined(text: str) -> str:
    """Return a text's letters, digits and Chinese characters without what stands between them."""
    return "".join(PART.findall(normal(text)))


def spelled(text: str) -> tuple[str, str]:
    """Return full pinyin and initials of a text, without gaps; letters and digits stay as they are."""
    syllables = [
        syllable for part in PART.findall(normal(text)) for syllable in (read(part) if CHINESE.match(part) else [part])
    ]
    initials = (s if s.isdigit() else s[0] for s in syllables)
    return "".join(syllables), "".join(initials)


def read(run: str) -> list[str]:
    """Return the pinyin of a run of Chinese characters, one toneless syllable each ("lv" for 绿)."""
    return list(_read(run))


@lru_cache(maxsize=20_000)
def _read(run: str) -> tuple[str, ...]:
    """Keep what was read: a label is read twice, and streets and towns come again and again."""
    return tuple(_reader()(run))


@lru_cache(maxsize=20_000)
def _terms_of_chunk(chunk: str) -> dict[str, None]:
    """Return the terms of what stands between gaps; streets, towns and trades come again and again."""
    found: list[str] = []
    parts = PART.findall(chunk)
    for part in parts:
        if CHINESE.match(part):
            found += pairs(part)
            found.append(part[-1])
            found += _pinyin_terms(part)
        elif part.isdigit():
            found += _number_terms(part)
        else:
            found.append(part)
    # From each part on, what follows without a gap: "e1", "0001" and "e10001" all find WH-E1-0001.
    found += _joined([p for p in parts if not CHINESE.match(p)])
    return dict.fromkeys(found)


def pairs(run: str) -> Iterator[str]:
    """Give each two neighbours."""
    return (run[i : i + 2] for i in range(len(run) - 1))


def _pinyin_terms(run: str) -> Iterator[str]:
    syllables = read(run)[:PINYIN_RUN]
    initials = "".join(syllable[0] for syllable in syllables)
    yield from syllables
    yield from (syllables[i] + syllables[i + 1] for i in range(len(syllables) - 1))
    yield from pieces(initials, 2)
    yield from pieces(initials, 3)


def pieces(letters: str, length: int) -> Iterator[str]:
    """Give all pieces of a length, from each letter on."""
    return (letters[i : i + length] for i in range(len(letters) - length + 1))


def _joined(parts: list[str]) -> Iterator[str]:
    return accumulate(reversed(parts), lambda tail, part: part + tail)


def _number_terms(number: str) -> Iterator[str]:
    short = number.lstrip("0")
    if short and short != number:
        yield short
    if len(number) >= 8:
        yield number[-8:]
        yield number[-4:]


def _long_number(text: str) -> Iterator[str]:
    """Give numbers written with gaps as one, e.g. the phone number 027-8555 0100."""
    for match in re.findall(r"\d[\d\s-]{5,}\d", text):
        digits = re.sub(r"\D", "", match)
        yield digits
        yield from _number_terms(digits)


def get_ready() -> None:
    """Load the dictionary of readings now (about a second), so that the first who searches need not wait for it."""
    read("银行")


@cache
def _reader() -> _Reader:
    """Load the dictionary of readings when first needed: it is large, and most processes never ask for it."""
    from pypinyin import Style, lazy_pinyin, load_phrases_dict
    from pypinyin.seg.mmseg import seg

    lines = (line.split() for line in _READINGS.split(","))
    load_phrases_dict({word: [[syllable] for syllable in syllables] for word, *syllables in lines})

    @lru_cache(maxsize=50_000)
    def syllables(word: str) -> list[str]:
        return [syllable.lower() for syllable in lazy_pinyin(word, style=Style.NORMAL)]

    def reader(run: str) -> list[str]:
        return [syllable for word in seg.cut(run) for syllable in syllables(word)]

    return reader
