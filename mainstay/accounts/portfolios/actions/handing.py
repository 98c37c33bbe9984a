"""Hand a portfolio over: plan who takes which customer, sign, move them, let the receivers tick and sign (C4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext, ngettext

from mainstay.accounts.customers.actions.owners import set_owner
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as visible_customers
from mainstay.accounts.portfolios.actions.pool import account_manager
from mainstay.accounts.portfolios.choices import LIVE_ITEMS, ItemState
from mainstay.accounts.portfolios.errors import BadPortfolio
from mainstay.accounts.portfolios.models import Handover, HandoverItem
from mainstay.accounts.portfolios.queries.handovers import findings, steers, told, visible_handover
from mainstay.accounts.portfolios.queries.pool import holders, limits
from mainstay.accounts.portfolios.suggesting import Candidate, Taker, suggested
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.bulk.rows import insert_many, update_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.identity.models import User
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.models import Job
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.actions.sending import NewMessage, send
from mainstay.platform.messages.models import Message

KIND = "portfolio.hand_over"


@dataclass(frozen=True)
class Answer:
    """What a receiver says of a customer: taken over, or sent back with a reason."""

    takes: bool
    words: str = ""


@transaction.atomic
def start(giver_id: int, why: str, *, at: datetime, by: Actor) -> Handover:
    """Begin to hand over all customers of somebody that the actor sees and that no other hand-over holds.

    Raises NotAllowed (neither one's own portfolio nor a leader), BadPortfolio (no reason, no customers).
    """
    if by.user_id != giver_id or Duty.ACCOUNT_MANAGER not in by.duties:
        require(by, Permission.ASSIGN_CUSTOMERS)
    owned = visible_customers(by).filter(account_manager=giver_id, merged_into__isnull=True)
    planned = HandoverItem.objects.filter(state__in=(ItemState.DRAFT, ItemState.SIGNED)).values("customer_id")
    ids = list(owned.exclude(pk__in=planned).order_by("pk").values_list("pk", flat=True))
    giver = User.objects.filter(pk=giver_id, customer_id__isnull=True).prefetch_related("duties").first()
    if giver is None or not ids:
        raise BadPortfolio(msgid("There are no customers of this person to hand over; choose another."))
    if not why.strip():
        raise BadPortfolio(msgid("Say why {name} hands over; it stands in the record."), name=str(giver))
    regions = sorted(each.region_code for each in giver.duties.all() if each.duty == Duty.ACCOUNT_MANAGER)
    row = Handover.objects.create(
        giver=giver, why=why.strip()[:400], started_at=at, started_by=by.name[:80], started_user_id=by.user_id,
        region_code=regions[0] if regions else "",
    )  # fmt: skip
    insert_many(HandoverItem, ("handover_id", "customer_id"), [(row.pk, pk) for pk in ids])
    _record("portfolio-handover.start", row, {"giver": str(giver), "why": row.why, "customers": len(ids)}, at=at, by=by)
    return row


@transaction.atomic
def plan(handover_id: int, wanted: Mapping[int, tuple[int | None, str]], *, at: datetime, by: Actor) -> Handover:
    """Say who takes which customer, with a note: {item id: (user id or None, note)}; only what is not signed changes.

    Raises NoSuchHandover, NotAllowed, BadPortfolio (no account manager, the giver themselves).
    """
    row = _steered(handover_id, by)
    for user_id in {user for user, _note in wanted.values() if user is not None}:
        if user_id == row.giver_id:
            raise BadPortfolio(msgid("Who hands over cannot receive; choose somebody else."))
        account_manager(user_id)
    items = {i.pk: i for i in HandoverItem.objects.filter(handover=row, state=ItemState.DRAFT, pk__in=wanted)}
    changed = [
        (to, note.strip()[:400], pk)
        for pk, (to, note) in wanted.items()
        if pk in items and (items[pk].to_id, items[pk].note) != (to, note.strip()[:400])
    ]
    update_many(HandoverItem, ("to_id", "note"), changed)
    if changed:
        _bump(row)
        _record("portfolio-handover.plan", row, {"customers": len(changed)}, at=at, by=by)
    return row


@transaction.atomic
def suggest(handover_id: int, receiver_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Plan everything that has no receiver yet by region, load and grade; return for how many one was found.

    `receiver_ids`: among whom; empty: every active account manager who is not away. Raises as `plan`.
    """
    row = _steered(handover_id, by)
    on = at.date()
    near = [h for h in holders(by, on) if h.user.pk != row.giver_id and not h.gone and h.regions]
    takers = [h for h in near if h.user.pk in receiver_ids] if receiver_ids else [h for h in near if h.away is None]
    open_items = HandoverItem.objects.filter(handover=row, state=ItemState.DRAFT, to__isnull=True)
    items = list(open_items.select_related("customer"))
    candidates = [
        Candidate(i.pk, i.customer.region_id, i.customer.service_grade, i.customer.parent_id or i.customer_id)
        for i in items
    ]
    found = suggested(candidates, [Taker(h.user.pk, h.regions, h.by_grade) for h in takers], limits())
    plan(row.pk, {item.pk: (found[item.pk], item.note) for item in items if item.pk in found}, at=at, by=by)
    return len(found)


def sign(handover_id: int, *, at: datetime, by: Actor, language: str = "") -> Job:
    """Sign for the giver what has a receiver: what is open is read and frozen, and a job moves the customers.

    What has no receiver stays planned. Raises NoSuchHandover, NotAllowed, BadPortfolio (nobody receives anything).
    """
    row = visible_handover(by, handover_id)
    planned = HandoverItem.objects.filter(handover=row, state=ItemState.DRAFT, to__isnull=False)
    ids = list(planned.order_by("pk").values_list("customer_id", flat=True))
    found = findings(ids, at=at)
    with transaction.atomic():
        row = _steered(handover_id, by)
        items = list(HandoverItem.objects.select_for_update().filter(
            handover=row, state=ItemState.DRAFT, to__isnull=False, customer__in=ids).order_by("pk"))  # fmt: skip
        if not items:
            raise BadPortfolio(msgid("Nobody receives a customer yet; choose who takes which, then sign."))
        update_many(
            HandoverItem, ("state", "facts", "signed_at", "signed_by"),
            [(ItemState.SIGNED, told(found[i.customer_id]), at, by.name[:80], i.pk) for i in items],
        )  # fmt: skip
        Handover.objects.filter(pk=row.pk, signed_at__isnull=True).update(signed_at=at, signed_by=by.name[:80])
        _bump(row)
        _record("portfolio-handover.sign", row, {"customers": len(items), "signed_by": by.name}, at=at, by=by)
        return jobs.ask(
            KIND, [i.customer_id for i in items], {"handover": row.pk}, at=at, by=by,
            title=f"{row.number} {row.giver}", language=language, at_once=len(items) <= 30,
        )  # fmt: skip


def move(customer_id: int, handover_id: int, *, at: datetime, by: Actor) -> None:
    """Give a signed customer to its receiver, in the caller's transaction; the job's verb. Twice changes nothing.

    One that changed hands, or whose receiver may no longer sign in, is sent back with the reason.
    """
    item = HandoverItem.objects.select_for_update(of=("self",)).select_related("handover", "to").filter(
        handover=handover_id, customer=customer_id, state=ItemState.SIGNED).first()  # fmt: skip
    if item is None or item.to is None:
        return
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    why = _in_the_way(item, customer)
    if why:
        _set(item, ItemState.REFUSED, why, at=at, by=by)
        return
    set_owner([customer], item.to_id, "customer.hand_over", at=at, by=by.because(item.handover.why))
    item.state = ItemState.MOVED
    item.save(update_fields=["state"])
    _tell_receiver(item, at=at)


@transaction.atomic
def answer(handover_id: int, answers: Mapping[int, Answer], *, at: datetime, by: Actor) -> int:
    """Sign as receiver: {item id: answer} for customers that came to the actor; return how many were answered.

    One sent back returns to the pool with the reason given. Raises NoSuchHandover, BadPortfolio (sent back without a
    reason, not the actor's, answered already).
    """
    row = visible_handover(by, handover_id, lock=True)
    rows = HandoverItem.objects.select_for_update(of=("self",)).select_related("customer").filter(
        handover=row, to=by.user_id, state=ItemState.MOVED, pk__in=answers)  # fmt: skip
    found = {item.pk: item for item in rows}
    if not answers or set(answers) - set(found):
        raise BadPortfolio(msgid("Tick customers of {number} that came to you and are not answered yet."),
                           number=row.number)  # fmt: skip
    for pk, given in answers.items():
        _answer(found[pk], given, at=at, by=by)
    _record("portfolio-handover.answer", row, {"customers": len(found), "signed_by": by.name}, at=at, by=by)
    _end_if_done(row, at=at)
    return len(found)


@transaction.atomic
def discard(handover_id: int, *, at: datetime, by: Actor) -> Handover:
    """Drop what is planned and not signed; what is signed goes on. Raises NoSuchHandover, NotAllowed."""
    row = _steered(handover_id, by)
    gone, _ = HandoverItem.objects.filter(handover=row, state=ItemState.DRAFT).delete()
    if gone:
        _record("portfolio-handover.discard", row, {"customers": gone}, at=at, by=by)
    _end_if_done(row, at=at)
    return row


def _answer(item: HandoverItem, given: Answer, *, at: datetime, by: Actor) -> None:
    if given.takes:
        _set(item, ItemState.CONFIRMED, given.words, at=at, by=by)
        return
    if not given.words.strip():
        raise BadPortfolio(msgid("Say why you send {name} back."), name=item.customer.name)
    customer = Customer.objects.select_for_update().get(pk=item.customer_id)
    if customer.account_manager_id == item.to_id:
        set_owner([customer], None, "customer.released", at=at, by=by.because(given.words))
    _set(item, ItemState.REFUSED, given.words, at=at, by=by)


def _set(item: HandoverItem, state: ItemState, words: str, *, at: datetime, by: Actor) -> None:
    item.state, item.answer, item.answered_at, item.answered_by = state, words.strip()[:400], at, by.name[:80]
    item.save(update_fields=["state", "answer", "answered_at", "answered_by"])


def _in_the_way(item: HandoverItem, customer: Customer) -> str:
    if customer.account_manager_id != item.handover.giver_id or customer.merged_into_id is not None:
        return msgid("It changed hands meanwhile.")
    return "" if item.to and item.to.is_active else msgid("The receiver may no longer sign in.")


def _steered(handover_id: int, by: Actor) -> Handover:
    row = visible_handover(by, handover_id, lock=True)
    if not steers(by, row):
        raise NotAllowed(msgid("Only who hands over, or who assigns customers there, may plan and sign it."))
    return row


def _bump(row: Handover) -> None:
    Handover.objects.filter(pk=row.pk).update(revision=F("revision") + 1, ended_at=None)


def _end_if_done(row: Handover, *, at: datetime) -> None:
    if not HandoverItem.objects.filter(handover=row, state__in=LIVE_ITEMS).exists():
        Handover.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at)


def _tell_receiver(item: HandoverItem, *, at: datetime) -> None:
    """Tell a receiver once that customers come."""
    assert item.to is not None
    with translation.override(item.to.language or None):
        subject = gettext("Customers of %(name)s come to you") % {"name": item.handover.giver}
        count = HandoverItem.objects.filter(handover=item.handover_id, to=item.to_id).exclude(state=ItemState.DRAFT)
        n = count.count()
        body = ngettext("%(n)s customer: look at what is open, tick it and sign.",
                        "%(n)s customers: look at what is open, tick each and sign.", n) % {"n": n}  # fmt: skip
    message = NewMessage(
        kind=Message.Kind.INFORMATION, to_name=str(item.to), subject=subject, body=body, user_id=item.to_id,
        dedupe_key=f"portfolio-{item.handover_id}-{item.to_id}-{item.signed_at:%Y%m%dT%H%M%S}",
        object_kind="portfolio-handover", object_id=item.handover_id,
    )  # fmt: skip
    send([message], at=at)


def _record(action: str, row: Handover, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    change = Change("portfolio-handover", row.pk, row.number, None, after, region_code=row.region_code)
    journal.record(action, [change], at=at, by=by)
