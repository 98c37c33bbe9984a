"""The doors for billing: idempotent by number, bad entries by position, lines that add up."""

from typing import Any

import pytest

from mainstay.accounts.revenue.models import Bill, BillLine, Control, Payment, Usage
from tests.cast import World
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/revenue/"
FROM = "?source=billing"


def bill(world: World, number: str = "ZD-1", **more: Any) -> dict[str, Any]:
    return {
        "billNo": number, "billDate": "2026-09-02", "paymentDueDate": "2026-09-25T00:00:00+08:00",
        "billingPeriod": {"startDateTime": "2026-08-01T00:00:00+08:00"}, "amountDue": {"unit": "CNY", "value": 88.5},
        "relatedParty": [{"role": "customer", "id": world.bank.code}],
        "appliedCustomerBillingRate": [
            {"name": "月租", "product": {"id": "line"}, "circuit": "WH-1", "taxIncludedAmount": {"value": 88.5}}
        ], **more,
    }  # fmt: skip


def payment(world: World, **more: Any) -> dict[str, Any]:
    return {"id": "SK-1", "paymentDate": "2026-09-20", "totalAmount": {"value": "88.50"}, "bill": {"id": "ZD-1"},
            "relatedParty": [{"id": world.bank.code}], **more}  # fmt: skip


def test_it_works_twice(program: Program, world: World) -> None:
    for created in (1, 0):
        answer = program.post(f"{DOOR}bills{FROM}", [bill(world)])
        told = {"accepted": 1, "created": created, "updated": 0, "unchanged": 1 - created, "refused": []}
        assert (answer.status_code, answer.json()) == (200, told)
        assert program.post(f"{DOOR}payments{FROM}", [payment(world)]).json()["accepted"] == 1
    kept = Bill.objects.get()
    assert (str(kept.month), str(kept.due_on), kept.amount_fen, kept.source) == (
        "2026-08-01", "2026-09-25", 8_850, "billing",
    )  # fmt: skip
    assert (BillLine.objects.get().circuit_number, Payment.objects.get().bill_id) == ("WH-1", kept.pk)


def test_bad_ones_are_answered_by_position(program: Program, world: World) -> None:
    good = bill(world)
    bad = [5, {}, {**good, "billNo": 7}, {**good, "billDate": "soon"}, {**good, "amountDue": {"unit": "USD"}},
           {**good, "amountDue": {"value": True}}, {**good, "relatedParty": [{"id": "nobody"}]},
           bill(world, "ZD-9", amountDue={"value": 88})]  # fmt: skip
    said = program.post(f"{DOOR}bills{FROM}", [*bad, good]).json()
    assert [each["position"] for each in said["refused"]] == list(range(len(bad)))
    assert said["created"] == 1
    assert [each.number for each in Bill.objects.all()] == ["ZD-1"]


def test_usage_and_totals(program: Program, world: World) -> None:
    used = {"relatedParty": [{"id": world.bank.code}], "month": "2026-08-01", "service": "voice", "quantity": "12.5",
            "unit": "min"}  # fmt: skip
    assert program.post(f"{DOOR}usage{FROM}", [used, {**used, "quantity": "x"}]).json()["accepted"] == 1
    totals = {"month": "2026-08-01", "what": "bills", "region": "42", "count": 3, "amount": {"value": 900}}
    assert program.post(f"{DOOR}totals{FROM}", [totals, {**totals, "count": "3"}]).json()["accepted"] == 1
    assert (Usage.objects.count(), Control.objects.get().amount_fen) == (1, 90_000)


def test_without_a_token_nothing_is_taken(program: Program, world: World) -> None:
    answer = program.client.post(f"{DOOR}bills{FROM}", [bill(world)], content_type="application/json")
    assert answer.status_code == 401
    assert not Bill.objects.exists()
