"""What each day brings: years with us, birthdays, expiry, and word before points expire (B4). Each once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext, override

from mainstay.accounts.customers.choices import Archive, ContactRole
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.points.actions.earning import earn_due
from mainstay.accounts.points.actions.posting import Wanted, post_many
from mainstay.accounts.points.choices import Operation, Source
from mainstay.accounts.points.models import DayDone, Lot, Warned
from mainstay.accounts.points.queries.books import Held, book_on, books
from mainstay.domain.actor import Actor
from mainstay.domain.points.rules import last_day, years_bonus
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message

PART = 200
"""Customers in one transaction."""
LONGEST = 60
"""So many missed days are made good; what is older is left to people."""
Step = Callable[[date, Held, int, datetime, Actor], int | None]
"""Does the next customers after an id; returns the last id done, None at the end."""


def keep_up(*, at: datetime, by: Actor) -> bool:
    """Earn for what changed and do the days that are due; return whether there was anything to do."""
    busy = bool(earn_due(at=at, by=by))
    for day in days_due(timezone.localdate(at)):
        do_day(day, at=at, by=by)
        busy = True
    return busy


def days_due(today: date) -> list[date]:
    """Return the days that were not done since the last one that was, the oldest first; today alone at first."""
    last = DayDone.objects.aggregate(last=Max("day"))["last"]
    if last is None:
        return [today]
    missed = min((today - last).days, LONGEST)
    return [today - timedelta(days=back) for back in range(missed - 1, -1, -1)]


def do_day(day: date, *, at: datetime, by: Actor) -> None:
    """Do everything of a day, part by part; after a crash it is done again and nothing is doubled."""
    held = book_on(day, books())
    if held is not None:
        for step in (_years, _birthdays, _expiries, _warnings):
            after: int | None = 0
            while after is not None:
                after = step(day, held, after, at, by)
    DayDone.objects.get_or_create(day=day, defaults={"done_at": at})


def _years(day: date, held: Held, after: int, at: datetime, by: Actor) -> int | None:
    """Reward those who have been with us for full years today."""
    if not held.book.years:
        return None
    same_day = [(day.month, day.day), *([(2, 29)] if (day.month, day.day) == (3, 1) else [])]
    rows: list[tuple[int, date | None]] = []
    for month, of_month in same_day:
        found = Customer.objects.filter(
            pk__gt=after, archive=Archive.ACTIVE, since_on__month=month, since_on__day=of_month, since_on__lt=day
        )
        rows += found.order_by("pk").values_list("pk", "since_on")[:PART]
    rows = sorted(rows)[:PART]
    wanted = []
    for pk, since_on in rows:
        full, points = years_bonus(held.book, since_on, day)
        if points:
            wanted.append(_bonus(f"years:{pk}:{full}", pk, points, Source.YEARS, str(full), day, held))
    post_many(wanted, at=at, by=by)
    return rows[-1][0] if len(rows) == PART else None


def _birthdays(day: date, held: Held, after: int, at: datetime, by: Actor) -> int | None:
    """Congratulate the decision makers whose birthday it is."""
    if not held.book.birthday:
        return None
    people = Contact.objects.filter(
        pk__gt=after, role=ContactRole.DECISION_MAKER, birthday_on__month=day.month, birthday_on__day=day.day,
        left_on__isnull=True, customer__archive=Archive.ACTIVE,
    )  # fmt: skip
    rows = list(people.order_by("pk").values_list("pk", "customer_id")[:PART])
    wanted = [
        _bonus(f"birthday:{pk}:{day.year}", customer, held.book.birthday, Source.BIRTHDAY, str(day.year), day, held)
        for pk, customer in rows
    ]
    post_many(wanted, at=at, by=by)
    return rows[-1][0] if len(rows) == PART else None


def _bonus(key: str, customer_id: int, points: int, source: str, ref: str, day: date, held: Held) -> Wanted:
    return Wanted(
        key,
        customer_id,
        Operation.EARN,
        points,
        source,
        ref,
        on=day,
        expires_on=last_day(held.book, day),
        book_id=held.id,
    )


def _expiries(day: date, held: Held, after: int, at: datetime, by: Actor) -> int | None:
    """Let expire what could be used until yesterday; frozen points wait until they are released."""
    over = Lot.objects.filter(customer__gt=after, used__lt=F("amount"), expires_on__lt=day)
    ids = list(over.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:PART])
    post_many(
        [Wanted(f"expire:{pk}:{day}", pk, Operation.EXPIRE, source=Source.EXPIRY, ref=str(day), on=day) for pk in ids],
        at=at, by=by,
    )  # fmt: skip
    return ids[-1] if len(ids) == PART else None


@transaction.atomic
def _warnings(day: date, held: Held, after: int, at: datetime, by: Actor) -> int | None:
    """Tell account managers, and the customers' own people in the portal, what expires soon; once for each day."""
    if not held.book.warn_days:
        return None
    soon = Lot.objects.filter(
        customer__gt=after, used__lt=F("amount"), expires_on__gte=day,
        expires_on__lte=day + timedelta(days=held.book.warn_days),
    )  # fmt: skip
    ids = list(soon.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:PART])
    points = Sum(F("amount") - F("used"))
    sums = soon.filter(customer__in=ids).values_list("customer_id", "expires_on").annotate(points=points)
    first = {pk: (on, left) for pk, on, left in sums.order_by("-expires_on")}
    told = set(Warned.objects.filter(customer__in=ids).values_list("customer_id", "expires_on"))
    new = {pk: told_of for pk, told_of in first.items() if (pk, told_of[0]) not in told}
    insert_many(
        Warned,
        ("customer_id", "expires_on", "points", "at"),
        [(pk, on, points, at) for pk, (on, points) in new.items()],
    )
    send(_words(new), at=at)
    return ids[-1] if len(ids) == PART else None


def _words(new: dict[int, tuple[date, int]]) -> Iterable[NewMessage]:
    """Say it to the account manager, and to people of the customer who use the portal."""
    customers = Customer.objects.filter(pk__in=new).select_related("account_manager", "region")
    people = Contact.objects.filter(customer__in=new, left_on__isnull=True, user__isnull=False)
    of_customer: dict[int, list[Contact]] = {}
    for contact in people:
        of_customer.setdefault(contact.customer_id, []).append(contact)
    for customer in customers:
        on, points = new[customer.pk]
        values = {"customer": str(customer), "points": points, "day": on}
        if customer.account_manager is not None:
            subject = gettext("%(points)s points of %(customer)s expire on %(day)s") % values
            body = gettext("Tell the customer: they can still choose a gift.")
            yield _message(
                customer, on, subject, body, customer.account_manager_id, customer.account_manager.display_name
            )
        for contact in of_customer.get(customer.pk, ()):
            with override(contact.language):
                subject = gettext("%(points)s points expire on %(day)s") % values
                body = gettext("Choose a gift until then, in the portal under “Points”.")
            yield _message(customer, on, subject, body, contact.user_id, contact.name, contact)


def _message(
    customer: Customer, on: date, subject: str, body: str, user_id: int | None, name: str,
    contact: Contact | None = None,
) -> NewMessage:  # fmt: skip
    return NewMessage(
        kind=Message.Kind.INFORMATION, to_name=name, subject=subject, body=body, user_id=user_id,
        contact_id=contact.pk if contact else None, channel="portal" if contact else "console",
        dedupe_key=f"points:{customer.pk}:{on}:{user_id}", object_kind="customer", object_id=customer.pk,
        customer_id=customer.pk, region_code=customer.region_id,
    )  # fmt: skip
