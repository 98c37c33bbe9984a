"""The demo's compensations: clauses agreed with a few customers, what they give for last month, some of it decided."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.domain.actor import Actor
from mainstay.faces.demo import cast
from mainstay.platform.identity.queries import actor_named, users
from mainstay.service.compensation.actions import billing, clauses, deciding, proposing
from mainstay.service.compensation.actions.clauses import NewTerms, Place
from mainstay.service.compensation.queries import claims
from mainstay.service.compensation.queries.claims import ClaimFilter
from mainstay.service.compensation.shipped import EXAMPLE
from mainstay.service.service_levels.months import month_of, previous
from mainstay.service.service_levels.queries import results

LEADER, BILLED, GRANTED = "zhao.lei", 3, 9
SIGNED = 8
"""So many customers have clauses of their own."""


def propose(*, at: datetime, by: Actor) -> int:
    """Agree clauses with some customers, propose what last month gives, decide on a part; return how many there are."""
    clauses.load_shipped(at=at, by=by)
    month = previous(month_of(at))
    circuits = []
    for customer_id in _customers(by):
        _agree(customer_id, month, at=at, by=by)
        circuits += _with_outages(customer_id, month)
    proposing.review(month, circuits, at=at, by=by)
    _decide(month, at=at, by=actor_named(LEADER) or by)
    return claims.matching(by, ClaimFilter(month=month)).count()


def _customers(by: Actor) -> Iterable[int]:
    """Return the customers of the portal, and some with the best grade."""
    names = [name for name, _shown in cast.PORTAL]
    portal = [user.customer_id for user in users().filter(username__in=names) if user.customer_id]
    gold = customers_visible_to(by).filter(service_grade="gold").order_by("code").values_list("pk", flat=True)
    return list(dict.fromkeys([*portal, *gold[:SIGNED]]))[:SIGNED]


def _agree(customer_id: int, month: date, *, at: datetime, by: Actor) -> None:
    """Agree what the example says: the figures are the demo's, no operator's."""
    new = NewTerms(
        "服务等级协议赔偿条款（演示）", replace(EXAMPLE), date(month.year, 1, 1), source="演示数据，数值为虚构",
        place=Place(customer_id=customer_id),
    )  # fmt: skip
    clauses.lay_down(new, at=at, by=by)


def _with_outages(customer_id: int, month: date) -> list[int]:
    found = results.results_of([customer_id], month).get(customer_id)
    return [one.circuit_id for one in found.circuits if one.contract.down_s] if found else []


def _decide(month: date, *, at: datetime, by: Actor) -> None:
    """Grant some, reject one, give the first to billing."""
    rows = claims.claim_list(by, ClaimFilter(status="open", month=month), sort="proposed", size=GRANTED + 1).object_list
    for number, row in enumerate(rows[:GRANTED]):
        if number == 1:
            deciding.reject(row.id, "客户已书面放弃本次赔偿", at=at, by=by)
            continue
        deciding.approve(row.id, at=at, by=by)
        if number == BILLED:
            billing.export(at=at, by=by)
