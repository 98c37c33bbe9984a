"""How are derivations, amounts and clauses said in the reader's language? Money from fen, seconds to the second."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.domain.compensation import LINE_TEXTS, Amount, AmountUnit, Cap, Clause, ClauseKind, ClauseSet, Line
from mainstay.domain.compensation.lines import decimal, spoken
from mainstay.service.compensation.choices import ClauseWord, CombiningWord, PerWord, RoundingWord
from mainstay.service.tickets.choices import CauseCode, Responsibility


def yuan(fen: int | str | Fraction) -> str:
    """Say an amount of fen in yuan; an exact amount between two fen with up to six places."""
    value = Fraction(fen) / 100
    sign, value = ("-" if value < 0 else ""), abs(value)
    if (value * 100).denominator == 1:
        return f"{sign}¥\u202f{int(value):,}.{int(value * 100) % 100:02d}"
    whole, places = decimal(value).split(".")
    return (
        f"{sign}¥\u202f{int(whole):,}.{places}…"
        if (value * 10**6).denominator > 1
        else f"{sign}¥\u202f{whole}.{places}"
    )


def lasting(seconds: int) -> str:
    """Say a length of time, to the second."""
    days, rest = divmod(int(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((days, _("%(n)s d")), (hours, _("%(n)s h")), (minutes, _("%(n)s min")), (left, _("%(n)s s")))
    told = [text % {"n": number} for number, text in parts if number]
    return " ".join(told) or _("%(n)s s") % {"n": 0}


def instant(text: str) -> str:
    """Say an instant kept as ISO 8601 in the operator's zone, to the second."""
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S}"


def month_words(month: date) -> str:
    """Say a month."""
    return f"{month:%Y-%m}"


def amount_words(plain: str) -> str:
    """Say an amount of a clause kept as "5%" or as fen."""
    if plain.endswith("%"):
        return _("%(share)s %% of the month's rent") % {"share": plain.removesuffix("%")}
    return yuan(plain)


_BY_ENDING: Mapping[str, Callable[[Any], str]] = {
    "fen": yuan,
    "s": lasting,
    "at": instant,
    "pct": lambda value: f"{value}\u2009%",
    "amount": amount_words,
}
_BY_NAME: Mapping[str, Callable[[Any], str]] = {
    "side": lambda value: str(Responsibility(value).label),
    "cause": lambda value: str(CauseCode(value).label) if value in CauseCode.values else value,
    "rule": lambda value: str(RoundingWord(value).label),
}


def said(code: str, params: Mapping[str, Any]) -> str:
    """Say one line of a derivation."""
    words = {name: _said_value(name, value) for name, value in params.items()}
    return _(LINE_TEXTS[code]).format(**words)


def _said_value(name: str, value: Any) -> str:
    if name in _BY_NAME:
        return _BY_NAME[name](value)
    say = _BY_ENDING.get(name.rpartition("_")[2]) if "_" in name else None
    return say(value) if say else str(value)


def sentences(kept: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say a derivation as it was kept."""
    return tuple(said(line["code"], line["params"]) for line in kept)


def sentences_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """Say a derivation that was just made."""
    return tuple(said(line.code, line.params) for line in lines)


def clause_words(clause: Clause) -> list[str]:
    """Say what a clause pays for and how much, one sentence each."""
    told = [_paid(clause)]
    if clause.free_events:
        told.append(_("The first %(n)s outages of a month are free.") % {"n": clause.free_events})
    if clause.excluded_causes:
        causes = pgettext("between names", ", ").join(
            _BY_NAME["cause"](cause) for cause in sorted(clause.excluded_causes)
        )
        told.append(_("Not for: %(causes)s.") % {"causes": causes})
    told += [cap_words(cap) for cap in clause.caps]
    if clause.at_least_fen:
        told.append(_("At least %(sum)s.") % {"sum": yuan(clause.at_least_fen)})
    return told


def _paid(clause: Clause) -> str:
    word = str(ClauseWord(clause.kind.value).label)
    if clause.kind == ClauseKind.AVAILABILITY:
        steps = sorted(clause.steps, key=lambda step: -step.below)
        told = (
            _("below %(below)s %%: %(amount)s") % {"below": decimal(s.below), "amount": said_amount(s.amount)}
            for s in steps
        )
        return f"{word} — {pgettext('between steps', '; ').join(told)}"
    if clause.kind == ClauseKind.REPEAT:
        within = _("within %(days)s days") % {"days": clause.repeat_days}
        return f"{word} ({within}) — {said_amount(clause.amount)}"
    return f"{word} — {said_amount(clause.amount)}"


def said_amount(amount: Amount) -> str:
    """Say an amount of a clause."""
    return amount_words(spoken(amount)) if amount.unit == AmountUnit.PERCENT else yuan(amount.value)


def cap_words(cap: Cap) -> str:
    """Say a cap."""
    return _("At most %(amount)s per %(per)s.") % {
        "amount": said_amount(cap.amount),
        "per": PerWord(cap.per.value).label,
    }


def set_words(clauses: ClauseSet) -> list[str]:
    """Say what holds for a set as a whole."""
    told = [str(CombiningWord(clauses.combining.value).label)] if len(clauses.clauses) > 1 else []
    told = [f"{_('Of several clauses')}: {word}" for word in told]
    told += [cap_words(cap) for cap in clauses.caps]
    if clauses.ignored_below_fen:
        told.append(_("Less than %(sum)s is not paid.") % {"sum": yuan(clauses.ignored_below_fen)})
    told.append(_("Rounded to whole fen: %(rule)s.") % {"rule": RoundingWord(clauses.rounding.value).label})
    told.append(
        _("While nobody has decided whose responsibility it was, it counts as the operator's.")
        if clauses.undecided_counts
        else _("While nobody has decided whose responsibility it was, it does not count.")
    )
    if clauses.unknown_counts:
        told.append(_("Time of unknown state counts as down."))
    return told
