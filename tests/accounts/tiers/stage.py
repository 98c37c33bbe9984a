"""What tests of the tiers share: rules loaded, customers with figures, runs done to their end."""

from datetime import UTC, date, datetime
from typing import Any

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.models import Contract, ContractLine
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.revenue.models import Standing
from mainstay.accounts.tiers.actions import assessing, drafting, loading
from mainstay.accounts.tiers.actions.trying import try_over_all
from mainstay.accounts.tiers.models import HeldGrade, RuleSet, RuleVersion, Run
from mainstay.accounts.tiers.queries.runs import figures
from mainstay.domain.actor import Actor, system
from tests.cast import World

AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
BY = system("test")


def load(*only: str) -> None:
    """Load the shipped rules; leave only some of them on."""
    loading.load_shipped(at=AT, by=BY)
    RuleSet.objects.exclude(code__in=only).update(is_on=False)
    RuleSet.objects.filter(code__in=only).update(is_on=True)


def bills(customer: Customer, **figures: Any) -> None:
    """Let billing say these figures of a customer, in fen, on any day of the year."""
    zero = {
        "billed_month_fen": 0, "billed_quarter_fen": 0, "billed_year_fen": 0, "paid_year_fen": 0, "arrears_fen": 0,
        "late_payments_year": 0, "purchases_2m": 0, "months_known": 12, "overdue_30_fen": 0, "overdue_60_fen": 0,
        "overdue_90_fen": 0, "overdue_more_fen": 0, "overdue_bills": 0,
    }  # fmt: skip
    days = {"on": date(2026, 1, 1), "until_on": date(2027, 12, 31)}
    Standing.objects.update_or_create(customer=customer, defaults=zero | days | figures)


def sign(customer: Customer, *products: str) -> Contract:
    """Give a customer a contract in force, with lines for products."""
    contract = Contract.objects.create(
        number=f"K-{customer.pk}-{Contract.objects.count()}", customer=customer, name="协议",
        signed_on=date(2026, 1, 1), starts_on=date(2026, 1, 1),
    )  # fmt: skip
    for position, code in enumerate(products, 1):
        product, _new = Product.objects.get_or_create(code=code, defaults={"name": code})
        ContractLine.objects.create(contract=contract, position=position, product=product, grade="A")
    return contract


def in_force(code: str) -> RuleVersion:
    """Return the version of a rule set that is in force."""
    return RuleVersion.objects.select_related("rule_set").get(rule_set__code=code, status="in_force")


def assess(code: str, *, granted: bool = True) -> Run:
    """Judge everybody by a rule set for real; `granted`: with the approval of somebody of the whole country."""
    version = in_force(code)
    RuleVersion.objects.filter(pk=version.pk).update(covers=[""])
    run = assessing.begin(in_force(code), granted=granted, at=AT, by=BY)
    return finish(run)


def finish(run: Run, at: datetime = AT) -> Run:
    """Do a run to its end."""
    while assessing.advance(run.pk, at=at, by=BY):
        pass
    run.refresh_from_db()
    assert run.state == "done", run.problem
    return run


def held(customer: Customer, code: str) -> list[str]:
    """Return the grades a customer holds."""
    rows = HeldGrade.objects.filter(customer=customer, rule_set__code=code, until_on__isnull=True)
    return list(rows.order_by("pk").values_list("grade", flat=True))


def edited(code: str, change: dict[int, dict[str, Any]], *, by: Actor) -> RuleVersion:
    """Draft a version in which some rows (from 0) ask for other things."""
    draft = drafting.begin_draft(code, at=AT, by=by)
    table = {**draft.table, "rows": [dict(row) for row in draft.table["rows"]]}
    for place, when in change.items():
        table["rows"][place] = {**table["rows"][place], "when": {**table["rows"][place]["when"], **when}}
    return drafting.save_draft(draft.pk, table, revision=draft.revision, at=AT, by=by)


def tried(version: RuleVersion, *, by: Actor) -> dict[str, int]:
    """Try a version over everybody; return how many make which move."""
    run = finish(try_over_all(version.pk, at=AT, by=by))
    return {name: count for name, _words, count in figures(by, run, at=AT).moves if count}


def actor(world: World, name: str) -> Actor:
    """Return an actor of the cast."""
    return world.actor(name)
