"""How is a scheme's drawing written? One way a line: node | link | node | link | node (D4)."""

from dataclasses import dataclass

from mainstay.accounts.schemes.errors import BadScheme
from mainstay.domain.errors import msgid

LONGEST, MOST_WAYS = 40, 40


@dataclass(frozen=True)
class Link:
    """A link between two nodes."""

    begin: str
    name: str
    end: str


def ways(text: str) -> list[list[str]]:
    """Return the lines of a drawing as lists that alternate node and link. Raises BadScheme naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if len(parts) < 3 or len(parts) % 2 == 0 or not all(parts[::2]) or any(len(p) > LONGEST for p in parts):
            raise BadScheme(
                msgid("Line {number} of the drawing is no way; write “node | link | node”, each at most {most} "
                      "characters."), number=number, most=LONGEST,
            )  # fmt: skip
        found.append(parts)
    if len(found) > MOST_WAYS:
        raise BadScheme(msgid("The drawing has more than {most} ways; draw what matters."), most=MOST_WAYS)
    return found


def links(text: str) -> list[Link]:
    """Return every link of a drawing once, in order."""
    found = [Link(way[n], way[n + 1], way[n + 2]) for way in ways(text) for n in range(0, len(way) - 2, 2)]
    return list(dict.fromkeys(found))


def nodes(text: str) -> list[str]:
    """Return every node of a drawing once, in order."""
    return list(dict.fromkeys(node for way in ways(text) for node in way[::2]))
