"""What do people type? Questions of every kind about customers that exist, and which customer each is after."""

from collections.abc import Callable, Iterator
from random import Random

from mainstay.platform.search.terms import read, spelled
from tests.drills.find_world import SURNAMES, Known

Question = tuple[str, str, int | None]
"""Kind, text, and the customer that must be among what is found (None: nobody in particular)."""
FEW = ("琪琅", "zhongguoxx", "没有这家")
MANY = (
    "银行",
    "有限公司",
    "武汉",
    "yinhang",
    "yh",
    "yxgs",
    "支行",
    "建设大道",
    "wuhan",
    "138",
    "KH",
    "wh",
    "中国",
    "zg",
)
NONE = ("魑魅魍魉", "qqxxzzqq", "99999999999", "银行 魑魅", "zxcvbnm")


def _two(name: str, dice: Random) -> str:
    place = dice.randrange(max(1, len(name) - 1))
    return name[place : place + 2]


def _wrong_letter(text: str, dice: Random) -> str:
    place = dice.randrange(1, len(text))
    letters = "0123456789" if text[place].isdigit() else "abcdefghijklmnopqrstuvwxyz"
    return text[:place] + dice.choice(letters.replace(text[place], "")) + text[place + 1 :]


def _missing(text: str, dice: Random) -> str:
    place = dice.randrange(1, len(text))
    return text[:place] + text[place + 1 :]


def _doubled(text: str, dice: Random) -> str:
    place = dice.randrange(1, len(text))
    return text[: place + 1] + text[place:]


def _swapped(text: str, dice: Random) -> str:
    place = dice.randrange(min(1, len(text) - 2), len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


ERRORS = (_wrong_letter, _missing, _doubled, _swapped)
_ALIKE: dict[str, list[str]] = {}
for _sign in "章彰漳里理礼黎流留汪网陈程尘伍武珠猪葛各" + SURNAMES:
    _ALIKE.setdefault(read(_sign)[0], []).append(_sign)


def _homophone(text: str, dice: Random) -> str:
    places = [n for n, sign in enumerate(text) if len(_ALIKE.get(read(sign)[0], ())) > 1]
    if not places:
        return text
    place = dice.choice(places)
    others = [sign for sign in _ALIKE[read(text[place])[0]] if sign != text[place]]
    return text[:place] + dice.choice(others) + text[place + 1 :] if others else text


KINDS: dict[str, Callable[[Known, Random], str]] = {
    "two characters": lambda k, d: _two(k.short or k.name, d),
    "name": lambda k, d: k.name,
    "short name": lambda k, d: k.short or k.name,
    "city and short name": lambda k, d: f"{k.address[:2]} {k.short or k.name}",
    "pinyin": lambda k, d: spelled(k.short or k.name)[0],
    "initials": lambda k, d: spelled(k.short or k.name)[1],
    "mixed": lambda k, d: k.name[:2] + spelled(k.name[2:6])[1],
    "person": lambda k, d: k.person,
    "person in pinyin": lambda k, d: spelled(k.person)[0],
    "person and place": lambda k, d: f"{k.person} {k.address[:2]}",
    "mobile": lambda k, d: k.mobile,
    "mobile in parts": lambda k, d: f"{k.mobile[:3]} {k.mobile[3:7]} {k.mobile[7:]}",
    "last eight": lambda k, d: k.mobile[-8:],
    "telephone": lambda k, d: k.phone,
    "telephone joined": lambda k, d: k.phone.replace("-", ""),
    "code": lambda k, d: k.code,
    "code joined": lambda k, d: k.code.replace("-", "").lower(),
    "address": lambda k, d: k.address,
    "error: homophone": lambda k, d: _homophone(k.person, d),
    "error: pinyin": lambda k, d: d.choice(ERRORS)(spelled(k.name)[0][:30], d),
    "error: mobile": lambda k, d: d.choice(ERRORS)(k.mobile, d),
    "error: code": lambda k, d: d.choice(ERRORS)(k.code, d),
    "error: name": lambda k, d: d.choice((_missing, _doubled, _swapped))(k.name, d),
}
AFTER_ONE = frozenset(KINDS) - {"two characters", "initials", "mixed", "person in pinyin", "pinyin", "short name"}
"""Kinds that say enough to expect the customer among the first."""


def questions(known: list[Known], count: int, dice: Random) -> Iterator[Question]:
    """Give so many questions of each kind; fixed ones come as often."""
    for kind, make in KINDS.items():
        for one in dice.choices(known, k=count):
            yield kind, make(one, dice), one.id if kind in AFTER_ONE else None
    for kind, words in (("many", MANY), ("few", FEW), ("none", NONE)):
        for number in range(count):
            yield kind, words[number % len(words)], None
