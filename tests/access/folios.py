"""What stands on the stage of portfolios and duplicates: a note, a hand-over, a leave, a pair, a merge prepared."""

from datetime import datetime

from mainstay.accounts.duplicates.actions import merging
from mainstay.accounts.duplicates.models import Pair
from mainstay.accounts.portfolios.actions import handing, notes, rules
from mainstay.domain.actor import Actor
from tests.cast import World


def settle(world: World, *, at: datetime, by: Actor) -> dict[str, int]:
    """Lay it all down about the bank and its branch; return the ids by name."""
    manager = world.actor("wang.min")
    note = notes.NewNote(world.bank.pk, "visit", "wish", at, text="汉江银行走访", next_step="再访", next_on=at.date())
    begun = handing.start(world.users["wang.min"].pk, "汉江银行换人", at=at, by=manager)
    one, other = sorted((world.bank.pk, world.branch.pk))
    pair = Pair.objects.create(one_id=one, other_id=other, score=90, evidence=[], found_at=at)
    absence = rules.note_absence(world.users["wang.min"].pk, at.date(), None, "", at=at, by=by)
    return {
        "contact_note": notes.note_contact(note, at=at, by=manager).pk,
        "portfolio": begun.pk,
        "portfolio_item": begun.items.get(customer=world.branch).pk,
        "absence": absence.pk,
        "pair": pair.pk,
        "merge": merging.prepare(world.bank.pk, world.branch.pk, {}, at=at, by=by).pk,
        "branch": world.branch.pk,
    }
