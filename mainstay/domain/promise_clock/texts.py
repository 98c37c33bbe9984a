"""How are reasons and cautions worded? English msgids per code; fill with the params after translating (PC 12)."""

from collections.abc import Mapping

from mainstay.domain import business_time
from mainstay.domain.errors import msgid

WHY_TEXTS: Mapping[str, str] = {
    **business_time.WHY_TEXTS,
    "paused": msgid("paused ({reason})"),
    "cleared": msgid("in service again"),
    "resolved": msgid("resolved, does not count"),
    "cancelled": msgid("withdrawn, does not count"),
}

CAUTION_TEXTS: Mapping[str, str] = {
    "beyond_known": msgid(
        "Reaches beyond {known_until}, the last day calendar {calendar} knows: later holidays are not in this figure."
    ),
    "source_clock_off": msgid("The source's clock is off by {offset_s} s; judged by the time of receipt."),
    "start_unknown": msgid("The instant of the {wanted} is unknown; judged by the time of receipt."),
}
