"""Draft a scheme for a customer from a model, with the prices of the day (D4)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.schemes.actions.models import content_of
from mainstay.accounts.schemes.choices import MOST_MONTHS, MOST_SITES, SchemeStatus
from mainstay.accounts.schemes.errors import BadScheme
from mainstay.accounts.schemes.models import CustomerScheme
from mainstay.accounts.schemes.pricing import Wanted, priced
from mainstay.accounts.schemes.queries import model as model_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Region


@dataclass(frozen=True)
class NewDraft:
    """A scheme wanted for a customer; region "" is the customer's own. Prices are those of `on`."""

    customer_id: int
    model_id: int
    on: date
    sites: int = 2
    speed_kbps: int = 0
    reach: str = Reach.LOCAL.value
    region: str = ""
    term_months: int = 12
    title: str = ""
    remark: str = ""


@transaction.atomic
def draft_scheme(new: NewDraft, *, at: datetime, by: Actor) -> CustomerScheme:
    """Draft a scheme; its words and prices are frozen. Raises NoSuchCustomer, NoSuchScheme, BadScheme."""
    require(by, Permission.WRITE_CUSTOMERS)
    customer, model = visible_customer(by, new.customer_id), model_of(new.model_id)
    region = new.region or customer.region_id
    if model.status != SchemeStatus.RELEASED:
        raise BadScheme(msgid("Scheme model {name} is not released; choose a released one."), name=model.name)
    known_region = Region.objects.filter(code=region).exists()
    if not (1 <= new.sites <= MOST_SITES and 1 <= new.term_months <= MOST_MONTHS and new.speed_kbps >= 0
            and new.reach in Reach.values and known_region):  # fmt: skip
        raise BadScheme(
            msgid("A scheme has 1 to {sites} sites and a term of 1 to {months} months, in a known region; correct it."),
            sites=MOST_SITES, months=MOST_MONTHS,
        )  # fmt: skip
    wanted = Wanted(new.sites, new.speed_kbps, new.reach, region, new.term_months, new.on)
    found = priced(list(model.parts.all()), wanted)
    row = CustomerScheme.objects.create(
        customer=customer, model=model, model_version=model.version, title=(new.title or model.name)[:160],
        region_code=region, reach=new.reach, sites=new.sites, speed_kbps=new.speed_kbps, term_months=new.term_months,
        remark=new.remark, content=content_of(model), lines=[line.as_json() for line in found.lines],
        one_time_fen=found.one_time_fen, monthly_fen=found.monthly_fen, total_fen=found.total_fen,
        unpriced=found.unpriced, priced_on=new.on, made_at=at, made_by=by.name[:80],
    )  # fmt: skip
    after = {"model": model.code, "version": model.version, "total_fen": row.total_fen}
    change = Change("customer_scheme", row.pk, f"{row.number} {row.title}"[:160], None, after, customer.pk,
                    customer.region_id)  # fmt: skip
    journal.record("customer_scheme.draft", [change], at=at, by=by)
    return row
