"""Pages of the pool, hand-overs, contact notes and duplicates: what people click, and what it costs."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.duplicates.following import lay_keys
from mainstay.accounts.duplicates.models import Pair
from mainstay.accounts.portfolios.models import ContactNote, Handover, HandoverItem, OwnerSpell
from tests.cast import World


def browser(world: World, username: str) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(world.users[username], backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def many(world: World, n: int, *, first: int = 0) -> list[Customer]:
    """Take on more customers."""
    at = timezone.now() - timedelta(days=400)
    return Customer.objects.bulk_create(
        Customer(code=f"D{k:04d}", name=f"客户 {k}", region_id="4201", created_at=at, changed_at=at)
        for k in range(first, first + n)
    )


def queries_of(client: Client, path: str) -> int:
    """Return how many queries a page costs."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_a_contact_is_noted_in_two_clicks(world: World) -> None:
    client = browser(world, "wang.min")
    page = client.get(f"/customers/{world.bank.pk}").content.decode()
    assert 'id="contact-note"' in page  # the first click opens it, filled in; the second saves
    form = client.get(f"/customers/{world.bank.pk}/note").context["form"]
    given = {name: form[name].value() for name in ("channel", "outcome", "contact")}
    given["at"] = form["at"].value().strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"/customers/{world.bank.pk}/note", given).status_code == 302
    note = ContactNote.objects.get()
    assert (note.customer, note.contact, note.channel, note.outcome) == (
        world.bank,
        world.bank_contact,
        "phone",
        "good",
    )


def test_a_next_step_stands_in_my_day_until_it_is_done(world: World) -> None:
    client, today = browser(world, "wang.min"), timezone.localdate()
    note = {
        "channel": "visit",
        "outcome": "wish",
        "at": "2026-01-01T08:00",
        "next_step": "带方案再访",
        "next_on": today,
    }
    client.post(f"/customers/{world.bank.pk}/note", note)
    assert "带方案再访" in client.get("/").content.decode()
    assert "带方案再访" not in browser(world, "liu.fang").get("/").content.decode()
    client.post(f"/pool/notes/{ContactNote.objects.get().pk}/done")
    assert "带方案再访" not in client.get("/").content.decode()


def test_a_customer_of_the_pool_is_claimed_with_one_click(world: World) -> None:
    Customer.objects.filter(pk=world.logistics.pk).update(account_manager=None)
    client = browser(world, "wang.min")
    assert "楚天物流" in client.get("/pool").content.decode()
    client.post("/pool/claim", {"customers": [world.logistics.pk]})
    assert Customer.objects.get(pk=world.logistics.pk).account_manager == world.users["wang.min"]
    again = browser(world, "liu.fang").post("/pool/claim", {"customers": [world.logistics.pk]}, follow=True)
    assert "抢先" in again.content.decode()


def test_a_portfolio_is_handed_over_on_one_page(world: World) -> None:
    leader, liu = browser(world, "zhao.lei"), world.users["liu.fang"]
    leader.post("/pool/hand-overs/new", {"giver": world.users["wang.min"].pk, "why": "离职"})
    row = Handover.objects.get()
    leader.post(f"/pool/hand-overs/{row.pk}/plan", {"verb": "suggest"})
    assert set(HandoverItem.objects.values_list("to", flat=True)) == {liu.pk}
    leader.post(f"/pool/hand-overs/{row.pk}/plan", {"verb": "sign"})
    assert Customer.objects.filter(account_manager=liu).count() == 3
    receiver = browser(world, "liu.fang")
    assert row.number in receiver.get("/pool/hand-overs").content.decode()
    ids = list(HandoverItem.objects.values_list("pk", flat=True))
    receiver.post(f"/pool/hand-overs/{row.pk}/answer", {"verb": "take", "items": ids})
    assert set(HandoverItem.objects.values_list("state", flat=True)) == {"confirmed"}


def test_taking_on_a_customer_twice_is_warned_of(world: World) -> None:
    lay_keys([world.bank.pk])
    client = browser(world, "wang.min")
    given = {"code": "C0777", "name": "汉江银行有限公司", "region_id": "4201", "service_grade": "gold", "since_on": ""}
    page = client.post("/customers/new", given).content.decode()
    assert "汉江银行股份有限公司" in page
    assert not Customer.objects.filter(code="C0777").exists()
    client.post("/customers/new", {**given, "is_another": "1"})
    assert Customer.objects.filter(code="C0777").exists()


def test_two_are_merged_in_two_steps_and_the_gone_one_leads_on(world: World) -> None:
    client = browser(world, "zhao.lei")
    first = client.post(f"/customers/{world.bank.pk}/merge/{world.logistics.pk}", {"phone": "kept"})
    step = first.headers["Location"]
    assert client.get(step).status_code == 200
    assert client.post(step, {"why": ""}).status_code == 200
    client.post(step, {"why": "同一客户"})
    page = client.get(f"/customers/{world.logistics.pk}").content.decode()
    assert f'href="/customers/{world.bank.pk}"' in page
    outsider = browser(world, "liu.fang").get(f"/customers/{world.logistics.pk}").content.decode()
    assert "汉江银行" not in outsider  # whose customer it was learns only that another looks after it
    client.post(step, {"why": "看错了"})
    assert Customer.objects.get(pk=world.logistics.pk).merged_into is None


@pytest.mark.parametrize("path", ["/pool", "/pool/notes", "/duplicates", "/pool/returning",
                                  "/pool/hand-overs", "/merges"])  # fmt: skip
def test_lists_cost_the_same_for_two_rows_and_twenty(world: World, path: str) -> None:
    client = browser(world, "zhao.lei")
    fill(world, many(world, 2))
    client.get(path)
    few = queries_of(client, path)
    fill(world, many(world, 20, first=2))
    assert queries_of(client, path) == few
    assert few <= 8


def fill(world: World, rows: list[Customer]) -> None:
    """Let something stand on each list about customers without a manager."""
    at = timezone.now()
    ContactNote.objects.bulk_create(
        ContactNote(customer=row, at=at, channel="phone", outcome="good", by_name="x", made_at=at) for row in rows
    )
    Pair.objects.bulk_create(
        Pair(one=one, other=other, score=70, found_at=at) for one, other in zip(rows[::2], rows[1::2], strict=True)
    )
    OwnerSpell.objects.bulk_create(
        OwnerSpell(customer=row, user=world.users["wang.min"], from_at=at, until_at=at) for row in rows
    )
