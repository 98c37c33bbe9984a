"""Word outage texts differently, take a wording back, turn the holding message on and off (K8)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.placeholders import unknown_in
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.service.tickets.choices import TEXT_LANGUAGES, TextKind
from mainstay.service.tickets.errors import WrongValue
from mainstay.service.tickets.holding import holds
from mainstay.service.tickets.models import OutageText, TellingRules
from mainstay.service.tickets.texts import SHIPPED, Key, Wording, gaps_of, texts_in_force

LONGEST = 4000


def check_text(kind: str, *texts: str) -> None:
    """Refuse a text with a gap that nobody fills, naming those there are."""
    known = gaps_of(kind)
    odd = [each for text in texts for each in unknown_in(text, known)]
    if odd:
        raise WrongValue(
            msgid("The text says {odd}, which nothing fills in; use one of: {known}."),
            odd=", ".join(odd), known=" ".join(f"{{{name}}}" for name in known),
        )  # fmt: skip
    if any(len(text) > LONGEST for text in texts):
        raise WrongValue(msgid("The text is longer than {most} characters; shorten it."), most=LONGEST)


@transaction.atomic
def save_text(key: Key, wording: Wording, *, at: datetime, by: Actor) -> Wording:
    """Word one text differently from now on; the same words as shipped take the own wording back.

    Refused: an unknown text, an empty one, an unknown gap.
    """
    require(by, Permission.SETTINGS)
    _check_key(key)
    said = Wording(wording.body.replace("\r\n", "\n").strip(), wording.subject.strip())
    if not said.body:
        raise WrongValue(msgid("The text is empty; write it, or go back to what was shipped."))
    check_text(key[0], said.body, said.subject)
    before = texts_in_force().get(*key)
    if said == before:
        return said
    kind, language, length = key
    found: dict[str, Any] = {"kind": kind, "language": language, "length": length}
    if said == SHIPPED[key]:
        OutageText.objects.filter(**found).delete()
    else:
        values = {"subject": said.subject[:200], "body": said.body, "changed_at": at, "changed_by": by.name[:80]}
        OutageText.objects.update_or_create(**found, defaults=values)
    _record("outage_text.change", key, before, said, at=at, by=by)
    return said


def reset_text(key: Key, *, at: datetime, by: Actor) -> Wording:
    """Go back to the text that was shipped."""
    _check_key(key)
    return save_text(key, SHIPPED[key], at=at, by=by)


@transaction.atomic
def set_holding(on: bool, *, at: datetime, by: Actor) -> None:
    """Say whether the house sends a holding message when word was promised and nobody wrote."""
    require(by, Permission.SETTINGS)
    before = holds()
    if on == before:
        return
    TellingRules.objects.all().delete()
    TellingRules.objects.create(holding=on, changed_at=at, changed_by=by.name[:80])
    change = journal.Change("outage_text", "rules", "", {"holding": before}, {"holding": on})
    journal.record("outage_text.rules", [change], at=at, by=by)


def _check_key(key: Key) -> None:
    if key not in SHIPPED:
        raise WrongValue(msgid("There is no such outage text; choose one from the list."))


def _record(action: str, key: Key, before: Wording, after: Wording, *, at: datetime, by: Actor) -> None:
    label = f"{TextKind(key[0]).label} · {dict(TEXT_LANGUAGES)[key[1]]} · {key[2]}"
    old, new = journal.differences(
        {"subject": before.subject, "text": before.body}, {"subject": after.subject, "text": after.body}
    )
    journal.record(action, [journal.Change("outage_text", "/".join(key), label, old, new)], at=at, by=by)
