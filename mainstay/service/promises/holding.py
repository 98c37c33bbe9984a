"""The promise that holds for a circuit, as a value that tickets freeze and pages explain (PC 12, 14, 26)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from mainstay.accounts.catalog.choices import Unit
from mainstay.domain.promise_choice import CHOICE_TEXTS, Candidate, PromiseChoice
from mainstay.service.promises.choices import LEVEL_LABELS


@dataclass(frozen=True)
class Laid:
    """A term as laid down.

    `calendar` is a code, `edition` the stamp of what that calendar says now; `repeat` the clause for repeated faults
    as in HoldingPromise. `profile` and `version` are of the catalogue's terms, "" and 0 otherwise. `owner_id`: that of
    the circuit, contract, customer, profile or applied package which says it.
    """

    amount: Decimal
    unit: str
    calendar: str
    profile: str = ""
    version: int = 0
    edition: str = ""
    repeat: Mapping[str, object] = field(default_factory=dict, hash=False)
    owner_id: int = 0


@dataclass(frozen=True)
class Rival:
    """Another term that held on the day: an overlap at the same level, or one that was overridden.

    `begins`, `ends`: its validity as ISO days, "" leaving it open.
    """

    level: str
    term_id: int
    label: str
    amount: Decimal
    unit: str
    begins: str = ""
    ends: str = ""
    owner_id: int = 0

    def sentence(self) -> str:
        """Return it in the reader's language."""
        return said(self.level, self.label, self.amount, self.unit)


@dataclass(frozen=True)
class HoldingPromise:
    """What is promised for circuits and why: `amount` in `unit` on the calendar of code `calendar`, at a `level`.

    `why` is a key of `domain.promise_choice.CHOICE_TEXTS`, `params` its fields; `term_id` is the id within its level;
    `profile` and `version` say which policy it is, when it comes from one; `on` is the day it was chosen for;
    `edition` what the calendar said then (a stamp). `repeat`: the clause for repeated faults (`days`, `amount`,
    `escalates`), and with `last_at` and `instead_of` once it was applied (PC 21).
    """

    metric: str
    amount: Decimal
    unit: str
    calendar: str
    level: str
    term_id: int
    label: str
    on: date
    why: str
    profile: str = ""
    version: int = 0
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    overlaps: tuple[Rival, ...] = ()
    overridden: tuple[Rival, ...] = ()
    edition: str = ""
    repeat: Mapping[str, Any] = field(default_factory=dict, hash=False)
    begins: str = ""
    ends: str = ""
    owner_id: int = 0

    @property
    def minutes(self) -> int:
        """Return the amount in whole minutes, for units that are minutes."""
        return int(self.amount)

    def sentence(self) -> str:
        """Return what is promised and where it is laid down, in the reader's language."""
        return said(self.level, self.label, self.amount, self.unit)

    def reason(self) -> str:
        """Return why this promise holds and no other, in the reader's language."""
        level = LEVEL_LABELS.get(self.level, self.level)
        return gettext(CHOICE_TEXTS[self.why]).format(**{**self.params, "level": level})

    def for_repeat(self, last_at: datetime) -> "HoldingPromise":
        """Return the promise under its clause for repeated faults: the circuit last failed at that instant (PC 21)."""
        amount = self.amount if self.repeat["amount"] is None else Decimal(self.repeat["amount"])
        applied = {**self.repeat, "last_at": last_at.isoformat(), "instead_of": str(self.amount)}
        return replace(self, amount=amount, repeat=applied)

    def repeat_sentence(self) -> str:
        """Say what the clause for repeated faults changed, in the reader's language; "" when it was not applied."""
        if "last_at" not in self.repeat:
            return ""
        words = {
            "days": self.repeat["days"],
            "at": f"{timezone.localtime(datetime.fromisoformat(self.repeat['last_at'])):%Y-%m-%d %H:%M}",
            "amount": f"{self.amount.normalize():f} {Unit(self.unit).label}",
            "was": f"{Decimal(self.repeat['instead_of']).normalize():f}",
        }
        said = gettext("Repeated fault: this circuit failed within {days} days before, at {at}.").format(**words)
        if Decimal(self.repeat["instead_of"]) != self.amount:
            said += " " + gettext("Therefore {amount} instead of {was}.").format(**words)
        if self.repeat["escalates"]:
            said += " " + gettext("People are told at once.")
        return said

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values, to be frozen on a ticket."""
        rivals = {
            name: [{**vars(rival), "amount": str(rival.amount)} for rival in given]
            for name, given in (("overlaps", self.overlaps), ("overridden", self.overridden))
        }
        exact = {
            "amount": str(self.amount),
            "on": self.on.isoformat(),
            "params": dict(self.params),
            "repeat": dict(self.repeat),
        }
        return {**vars(self), **exact, **rivals}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "HoldingPromise":
        """Return what `as_json` froze."""
        rivals = {
            name: tuple(Rival(**{**rival, "amount": Decimal(rival["amount"])}) for rival in plain[name])
            for name in ("overlaps", "overridden")
        }
        exact = {"amount": Decimal(plain["amount"]), "on": date.fromisoformat(plain["on"])}
        known = {name: plain[name] for name in plain.keys() & cls.__dataclass_fields__.keys()}
        return cls(**{**known, **exact, **rivals})


def said(level: str, label: str, amount: Decimal, unit: str) -> str:
    """Say a term in the reader's language: "circuit grade AAA: 60 minutes"."""
    return gettext("{level} {label}: {amount} {unit}").format(
        level=LEVEL_LABELS.get(level, level), label=label, amount=f"{amount.normalize():f}", unit=Unit(unit).label
    )


def holding(metric: str, on: date, choice: PromiseChoice[Laid]) -> HoldingPromise | None:
    """Turn a choice into the promise that holds, or None when nothing does."""
    winner = choice.winner
    if winner is None:
        return None
    return HoldingPromise(
        metric=metric,
        amount=winner.terms.amount,
        unit=winner.terms.unit,
        calendar=winner.terms.calendar,
        level=winner.level.name.lower(),
        term_id=winner.id,
        label=winner.label,
        on=on,
        why=choice.why,
        profile=winner.terms.profile,
        version=winner.terms.version,
        edition=winner.terms.edition,
        repeat=winner.terms.repeat,
        params=choice.params,
        begins=_day(winner.valid_from),
        ends=_day(winner.valid_to),
        owner_id=winner.terms.owner_id,
        overlaps=tuple(_rival(one) for one in choice.overlaps),
        overridden=tuple(_rival(one) for one in choice.overridden),
    )


def _rival(one: Candidate[Laid]) -> Rival:
    return Rival(one.level.name.lower(), one.id, one.label, one.terms.amount, one.terms.unit, _day(one.valid_from),
                 _day(one.valid_to), one.terms.owner_id)  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
