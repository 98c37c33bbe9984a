"""A customer's page, and the forms that change a customer and its people."""

import pytest

from mainstay.accounts.customers.models import Contact, Customer
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.faces.web.conftest import SignIn

TABS = (
    "services", "map", "tickets", "contracts", "contacts", "history", "archive", "sites", "suggestions", "nonsense",
)  # fmt: skip


def form_of(customer: Customer, **changed: object) -> dict[str, object]:
    """Return what the form would post."""
    known = {
        "revision": customer.revision, "name": customer.name, "short_name": customer.short_name, "kind": customer.kind,
        "region_id": customer.region_id, "industry_id": customer.industry_id or "", "ownership": customer.ownership,
        "service_grade": customer.service_grade, "grade_reason": customer.grade_reason, "address": customer.address,
        "phone": customer.phone,
    }  # fmt: skip
    return {**known, **changed}


@pytest.mark.parametrize("tab", TABS)
def test_it_works(signed_in: SignIn, world: World, tab: str) -> None:
    shown = signed_in("wang.min").get(f"/customers/{world.bank.pk}?tab={tab}").content.decode()
    assert world.bank.name in shown
    assert "13800000001" not in shown
    assert "138****0001" in shown


def test_a_change_is_saved_with_its_reason(signed_in: SignIn, world: World) -> None:
    given = form_of(world.bank, phone="027-1234", why="搬迁")
    answer = signed_in("wang.min").post(f"/customers/{world.bank.pk}/edit", given)
    assert answer.status_code == 302
    entry = Entry.objects.get(action="customer.update")
    assert (entry.before, entry.after, entry.why) == ({"phone": "027-8555 0100"}, {"phone": "027-1234"}, "搬迁")
    history = signed_in("wang.min").get(f"/customers/{world.bank.pk}?tab=history").content.decode()
    assert "027-8555 0100" not in history
    assert "027****0100 → ****34" in history


def test_a_change_overtaken_by_another_is_refused_and_what_was_typed_stays(signed_in: SignIn, world: World) -> None:
    given = form_of(world.bank, phone="027-9999")
    Customer.objects.filter(pk=world.bank.pk).update(revision=7)
    shown = signed_in("wang.min").post(f"/customers/{world.bank.pk}/edit", given).content.decode()
    assert "was changed by somebody else meanwhile" in shown
    assert "027-9999" in shown


def test_a_colleague_without_the_duty_sees_no_verbs_and_may_not_post(signed_in: SignIn, world: World) -> None:
    officer = signed_in("li.qiang")
    assert "/edit" not in officer.get(f"/customers/{world.bank.pk}").content.decode()
    assert officer.post(f"/customers/{world.bank.pk}/edit", form_of(world.bank)).status_code == 403


def test_another_managers_customer_cannot_be_changed(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    assert client.post(f"/customers/{world.logistics.pk}/edit", form_of(world.logistics)).status_code == 404
    assert client.get(f"/contacts/{world.logistics_contact.pk}").status_code == 404


def test_a_contact_is_added_changed_and_leaves(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    given = {"name": "孙丽", "role": "finance", "language": "zh-hans", "phone": "13800002222"}
    assert client.post(f"/customers/{world.bank.pk}/contacts/new", given).status_code == 302
    contact = Contact.objects.get(name="孙丽")
    assert client.post(f"/contacts/{contact.pk}", {**given, "phone": "13800003333"}).status_code == 302
    assert client.post(f"/contacts/{contact.pk}/left").status_code == 302
    contact.refresh_from_db()
    assert contact.phone == "13800003333"
    assert contact.left_on is not None


def test_a_contact_who_cannot_be_reached_is_refused_in_the_form(signed_in: SignIn, world: World) -> None:
    given = {"name": "孙丽", "role": "finance", "language": "zh-hans", "notify": "on"}
    shown = signed_in("wang.min").post(f"/customers/{world.bank.pk}/contacts/new", given).content.decode()
    assert "neither telephone nor e-mail" in shown
    assert 'value="孙丽"' in shown


def test_a_customer_is_handed_over(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    given = {"to": "liu.fang", "why": "调岗"}
    assert client.post(f"/customers/{world.bank.pk}/hand-over", given)["Location"] == "/customers"
    assert client.get(f"/customers/{world.bank.pk}").status_code == 404
    assert signed_in("liu.fang").get(f"/customers/{world.bank.pk}").status_code == 200
