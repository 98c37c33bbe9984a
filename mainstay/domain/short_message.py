"""How many short messages does a text take? Counted as networks bill it (3GPP TS 23.038 and 23.040)."""

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Letters of the GSM 7 bit default alphabet: one unit each."""
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Letters that take two units."""

ALONE_GSM, JOINED_GSM = 160, 153
ALONE_UCS2, JOINED_UCS2 = 70, 67


@dataclass(frozen=True)
class ShortMessage:
    """What a text costs: `units` of its alphabet, in how many `parts`; `per_part` is the room of each part."""

    units: int
    parts: int
    per_part: int
    is_gsm: bool


def measured(text: str) -> ShortMessage:
    """Count a text: 160 units fit into one message of the GSM alphabet, 70 into any other; joined ones hold less.

    A letter that takes two units never lies across two parts; the room it leaves is lost.
    """
    gsm = all(letter in GSM or letter in GSM_EXTENDED for letter in text)
    sizes = [_gsm_units(letter) if gsm else len(letter.encode("utf-16-be")) // 2 for letter in text]
    alone, joined = (ALONE_GSM, JOINED_GSM) if gsm else (ALONE_UCS2, JOINED_UCS2)
    units = sum(sizes)
    if units <= alone:
        return ShortMessage(units, 1 if units else 0, alone, gsm)
    return ShortMessage(units, _parts(sizes, joined), joined, gsm)


def _gsm_units(letter: str) -> int:
    return 2 if letter in GSM_EXTENDED else 1


def _parts(sizes: list[int], room: int) -> int:
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
