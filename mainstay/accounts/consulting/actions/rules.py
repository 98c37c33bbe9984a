"""Lay down which fields are sensitive, how they are masked, and who reads them without a leader (A3, S1 2.2.4)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from mainstay.accounts.consulting.choices import KEYS, Standing
from mainstay.accounts.consulting.errors import BadConsultation
from mainstay.accounts.consulting.models import SensitiveField
from mainstay.accounts.consulting.queries.rules import rules
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.masking import Mask
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True)
class NewRule:
    """How a field is guarded from now on; see `choices.Sensitive`."""

    guarded: bool
    mask: str
    at_once: tuple[str, ...]
    minutes: int = 0


@transaction.atomic
def set_rule(key: str, new: NewRule, *, at: datetime, by: Actor) -> SensitiveField:
    """Say how a field is guarded; what was granted before stays as it was granted. Raises BadConsultation."""
    require(by, Permission.SETTINGS)
    if key not in KEYS:
        raise BadConsultation(msgid("“{key}” is no field that can be guarded; choose one of the list."), key=key)
    if new.mask not in set(Mask) or not set(new.at_once) <= set(Standing.values):
        raise BadConsultation(msgid("Choose how it is masked and who reads it at once from the lists."))
    if not 0 <= new.minutes <= LONGEST_MINUTES:
        raise BadConsultation(
            msgid("It is shown for at most {most} minutes; 0 means to the end of the day."), most=LONGEST_MINUTES
        )
    former = rules()[key]
    wanted = {"guarded": new.guarded, "mask": str(new.mask), "at_once": sorted(new.at_once), "minutes": new.minutes}
    row, _made = SensitiveField.objects.update_or_create(key=key, defaults=wanted)
    before = {name: value for name, value in asdict(former).items() if name in wanted}
    before = {**before, "mask": str(former.mask), "at_once": sorted(former.at_once)}
    before, after = journal.differences(before, wanted)
    if after:
        journal.record("sensitive_field.set", [Change("sensitive_field", row.pk, key, before, after)], at=at, by=by)
    return row
