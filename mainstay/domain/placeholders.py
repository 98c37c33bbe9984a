"""How is a text with gaps filled in? `{name}` is replaced by a word, nothing else: no code runs in a text.

A line whose gap has nothing to say is left out, so that "Expected back: {eta}" says nothing while nobody knows.
"""

import re
from collections.abc import Iterable, Mapping

GAP = re.compile(r"\{([a-z_]*)\}")


def gaps_in(text: str) -> list[str]:
    """Return the names of the gaps of a text, in order, once each."""
    return list(dict.fromkeys(GAP.findall(text)))


def unknown_in(text: str, known: Iterable[str]) -> list[str]:
    """Return what a text says in braces that is no known gap, as written: `{nmae}`, `{ name }`, a lone brace."""
    names = set(known)
    odd = [f"{{{name}}}" for name in gaps_in(text) if name not in names]
    rest = GAP.sub("", text)
    return odd + re.findall(r"\{[^{}\n]{0,40}\}|[{}]", rest)


def filled(text: str, words: Mapping[str, str]) -> str:
    """Fill the gaps in; a line with an empty or missing word is left out. What is filled in is never read again."""
    lines = [line for line in text.splitlines() if all(words.get(name) for name in GAP.findall(line))]
    return GAP.sub(lambda gap: words[gap[1]], "\n".join(lines)).strip()


def in_one_line(text: str, *, between: str = " ") -> str:
    """Join the lines of a text, as a short message wants it."""
    return between.join(line.strip() for line in text.splitlines() if line.strip())
