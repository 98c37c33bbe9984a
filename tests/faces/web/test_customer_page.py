"""The customer's page: everything essential at once, each number with what it counts behind it, unknown said (A5)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.portfolios.models import ContactNote, Recall
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.faces.web import customer_tabs
from mainstay.faces.web.customer_facts import read_facts
from mainstay.faces.web.next_steps import next_steps
from mainstay.service.tickets.models import Ticket
from tests.accounts.revenue.stage import bill
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import crowd, cut


def page_of(client: Client, customer: Customer, query: str = "") -> str:
    return client.get(f"/customers/{customer.pk}{query}").content.decode()


def tile(page: str, label: str) -> str:
    """Return the text of a tile of the strip."""
    found = re.search(rf'<a class="ms-stat[^>]*><span class="ms-stat-label">{label}</span>(.*?)</a>', page, re.DOTALL)
    assert found, label
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def promised(world: World, begin: date, end: date | None = None, *, minutes: int = 60) -> None:
    """Agree a restoration time with the bank on [begin, end)."""
    SpecialTerm.objects.create(
        customer=world.bank, metric="restoration", unit="minute", calendar=world.calendar_always, amount=minutes,
        valid_from=begin, valid_to=end,
    )  # fmt: skip


def steps_of(world: World, username: str, customer: Customer) -> list[str]:
    actor = world.actor(username)
    with translation.override("en"):
        facts = read_facts(actor, customer, at=timezone.now())
        return [str(step.title) for step in next_steps(customer, facts, actor)]


def talked(customer: Customer, contact: Contact | None, *, days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    ContactNote.objects.create(
        customer=customer, contact=contact, at=at, made_at=at, channel="phone", outcome="good", by_name="x"
    )


@pytest.fixture
def billed(world: World) -> date:
    """Three months billed to the bank, nothing paid; the day of the newest month."""
    month = first_of(timezone.localdate())
    for back in (4, 3, 1):
        bill(world.bank.pk, add_months(month, -back), back * 1_000_000, due_after=5)
    return month


def test_it_works(signed_in: SignIn, world: World, billed: date) -> None:
    talked(world.bank, None, days=3)
    page = page_of(signed_in("wang.min"), world.bank)
    assert tile(page, "Circuits in service").startswith("1")
    assert tile(page, "Open tickets") == "0"
    assert tile(page, "Billed last month").startswith("¥ 10 k")
    assert "80 k" in tile(page, "Arrears")
    assert tile(page, "Last contact").startswith("3 d ago")
    assert "Collect the arrears" in page
    assert "data-print" in page


def test_what_nobody_knows_is_not_made_up(signed_in: SignIn, world: World) -> None:
    page = page_of(signed_in("wang.min"), world.bank)
    assert tile(page, "Billed last month") == "— nothing from billing yet"
    assert tile(page, "Arrears") == "— nothing from billing yet"
    assert tile(page, "Credit") == "— not reckoned yet"
    assert tile(page, "SLA this month") == "— nothing reckoned yet"
    assert tile(page, "Last contact") == "— never noted"


def test_every_number_leads_to_a_page(signed_in: SignIn, world: World, billed: date) -> None:
    client = signed_in("wang.min")
    links = re.findall(r'<a class="ms-stat[^"]*" href="([^"]+)"', page_of(client, world.bank))
    assert len(links) == 11
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_money_is_for_those_who_may_see_it(signed_in: SignIn, world: World, billed: date) -> None:
    page = page_of(signed_in("li.qiang"), world.bank)
    for word in ("Billed last month", "Arrears", "Credit", "?tab=revenue", "?tab=grade"):
        assert word not in page


@pytest.mark.parametrize("tab", customer_tabs.TABS)
def test_every_tab_can_be_reached_and_is_marked(signed_in: SignIn, world: World, tab: str) -> None:
    client = signed_in("wang.min")
    assert f'href="?tab={tab}"' in page_of(client, world.bank)
    assert f'href="?tab={tab}" class="active" aria-current="page"' in page_of(client, world.bank, f"?tab={tab}")


def test_the_steps_stand_in_the_order_of_their_urgency(world: World, billed: date) -> None:
    at = timezone.now()
    Recall.objects.create(customer=world.bank, user=world.users["wang.min"], rule_kind="no_note", days=90,
                          warned_at=at, due_at=at + timedelta(days=5))  # fmt: skip
    for n in (1, 2):
        promised(world, date(2026, 1, n), timezone.localdate() + timedelta(days=20), minutes=n * 60)
    steps = steps_of(world, "wang.min", world.bank)
    order = ["Keep the customer", "Collect the arrears", "Clear up overlapping promises", "Renew a promise",
             "Get in touch"]  # fmt: skip
    assert [step for step in steps if step in order] == order


def test_many_tickets_do_not_hide_what_else_is_to_be_done(world: World) -> None:
    crowd(world, 4)
    cut(world, "BC")
    assert Ticket.objects.count() == 5
    Ticket.objects.update(customer=world.bank, incident=None)
    steps = steps_of(world, "wang.min", world.bank)
    assert [step.startswith("Follow ticket") for step in steps[:4]] == [True, True, False, False]
    assert steps[2] == "Follow 3 more open tickets"


def test_a_contact_is_noted_in_two_clicks(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    page = page_of(client, world.bank)
    assert f'data-dialog="contact-note" data-fill="contact={world.bank_contact.pk}"' in page
    assert f'<option value="{world.bank_contact.pk}"' in page


def test_terms_one_after_the_other_do_not_overlap(world: World) -> None:
    today = timezone.localdate()
    for begin, end in ((today - timedelta(days=9), today + timedelta(days=60)), (today + timedelta(days=60), None)):
        SpecialTerm.objects.create(
            customer=world.bank,
            metric="restoration",
            unit="minute",
            calendar=world.calendar_always,
            amount=60,
            valid_from=begin,
            valid_to=end,
        )
    own = read_facts(world.actor("wang.min"), world.bank, at=timezone.now()).promises
    assert (own.count, own.overlaps, own.next_end) == (2, 0, today + timedelta(days=60))


def test_who_decides_and_was_long_not_talked_to_is_named(world: World) -> None:
    silent = Contact.objects.create(customer=world.bank, name="孙总", role="decision_maker", phone="13800009999")
    talked(world.bank, None, days=90)
    assert "Get in touch" in steps_of(world, "wang.min", world.bank)
    talked(world.bank, None, days=2)
    assert any("孙总" in step for step in steps_of(world, "wang.min", world.bank))
    talked(world.bank, silent, days=1)
    assert not any("孙总" in step for step in steps_of(world, "wang.min", world.bank))


def test_a_birthday_is_told_without_its_day_to_those_who_look_after_the_customer(
    signed_in: SignIn, world: World
) -> None:
    day = (timezone.localdate() + timedelta(days=3)).replace(year=1984)
    Contact.objects.create(customer=world.bank, name="周洁", role="technical", birthday_on=day)
    page = page_of(signed_in("wang.min"), world.bank)
    assert "Congratulate 周洁" in page
    assert f"{day:%m-%d}" not in re.sub(r"2026-\d\d-\d\d", "", page)
    assert "Congratulate" not in page_of(signed_in("li.qiang"), world.bank)


def test_the_page_reads_as_much_of_a_large_customer_as_of_a_small_one(
    signed_in: SignIn, world: World, billed: date
) -> None:
    client = signed_in("wang.min")
    counts = []
    for _round in range(2):
        page_of(client, world.bank)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, world.bank)
        counts.append(len(queries))
        for n in range(6):
            person = Contact.objects.create(
                customer=world.bank, name=f"人{n}", role="technical", phone=f"1380000100{n}"
            )
            talked(world.bank, person, days=n)
            bill(world.bank.pk, add_months(billed, -8 - n), 1_000)
            promised(world, date(2026, 1, 1 + n), minutes=60 + n)
    assert counts[0] == counts[1] <= 28
    with CaptureQueriesContext(connection) as queries:
        read_facts(world.actor("wang.min"), world.bank, at=timezone.now())
    assert len(queries) <= 20
