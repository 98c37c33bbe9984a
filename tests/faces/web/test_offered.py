"""What is offered, schemes and VIPs: pages show what is there, in so many queries, and write what is typed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.accounts.catalog.actions.tariffs import NewTariff, lay_down_tariffs
from mainstay.accounts.catalog.models import Product, Tariff
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.nominations.actions import by_hand
from mainstay.accounts.nominations.actions.filters import NewFilter, save_filter
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.measuring import FactorRule
from mainstay.accounts.nominations.models import Extraction, Nomination, VipFilter
from mainstay.accounts.schemes.models import CustomerScheme, SchemeModel
from mainstay.domain.actor import Actor
from mainstay.platform.jobs import running
from tests.access.offered_posts import FILTER, MODEL, TARIFF
from tests.accounts.nominations.figures import figures
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn

MOST_QUERIES, FRAME = 8, 5
"""The frame: user, duties, unread messages, saved views and their use."""


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_price_is_looked_up_with_its_reasons(signed_in: SignIn, world: World, admin: Actor) -> None:
    begin = date(2026, 1, 1)
    cheap = NewTariff("leased-line", 0, 150_000, begin, speed_kbps=10_240, region="4201")
    lay_down_tariffs([cheap, NewTariff("leased-line", 0, 990_000, begin)], at=NOW, by=admin)
    shown = body(signed_in("wang.min"), "/catalogue/price?product=leased-line&speed=8M&region=4201&on=2026-09-01")
    assert "1,500.00" in shown
    assert "A tariff for a narrower region goes before it." in shown
    shown = body(signed_in("wang.min"), "/catalogue/price?product=leased-line&speed=8M&on=2020-09-01")
    assert "No tariff holds for this" in shown


def test_tariffs_are_laid_down_revised_and_refused(signed_in: SignIn, world: World) -> None:
    client = signed_in("admin")
    assert client.post("/catalogue/tariffs/new", TARIFF).status_code == 302
    made = Tariff.objects.get()
    assert (made.speed_kbps, made.monthly_fen) == (10_240, 900)
    assert "overlaps" in client.post("/catalogue/tariffs/new", TARIFF).content.decode()
    revised = {"revise": "1", "one_time": "0", "monthly": "8.5", "on": "2030-01-01"}
    assert client.post(f"/catalogue/tariffs/{made.pk}", revised).status_code == 302
    assert sorted(Tariff.objects.values_list("version", "monthly_fen")) == [(1, 900), (2, 850)]


def test_a_scheme_goes_from_model_to_pdf(signed_in: SignIn, world: World) -> None:
    boss, manager = signed_in("admin"), signed_in("wang.min")
    boss.post("/catalogue/tariffs/new", TARIFF | {"speed": "", "reach": ""})
    assert boss.post("/schemes/models/new", MODEL).status_code == 302
    model = SchemeModel.objects.get()
    boss.post(f"/schemes/models/{model.pk}/step", {"to": "released"})
    assert "有承诺" in body(manager, f"/schemes/models/{model.pk}")
    wanted = {"customer": "C0001", "model": model.pk, "sites": "3", "reach": "local", "term_months": "12",
              "on": "2026-09-01"}  # fmt: skip
    assert manager.post("/schemes/new", wanted).status_code == 302
    scheme = CustomerScheme.objects.get()
    assert "tariff, version 1" in body(manager, f"/schemes/{scheme.pk}")
    answer = manager.post(f"/schemes/{scheme.pk}/document", {"language": "en"})
    assert answer["Location"].startswith("/documents/")
    assert scheme.number in body(manager, "/schemes?q=汉江")


def test_more_rows_keep_what_was_typed(signed_in: SignIn, world: World) -> None:
    shown = signed_in("admin").post("/schemes/models/new", MODEL | {"more": "1"}).content.decode()
    assert 'name="part1-name"' in shown
    assert "IPSec" in shown
    assert not SchemeModel.objects.exists()


def test_a_filter_is_written_run_dry_and_for_good(signed_in: SignIn, world: World, admin: Actor) -> None:
    today = timezone.localdate()
    deliver(figures("6217000011112222", world.bank.code, *[900_000] * 30, last=today), at=timezone.now(), by=admin)
    client = signed_in("admin")
    assert client.post("/vips/filters/new", FILTER).status_code == 302
    row = VipFilter.objects.get()
    for dry, said in (("1", "Newly named"), ("0", "named")):
        client.post(f"/vips/filters/{row.pk}/run", {"dry": dry})
        run = Extraction.objects.latest("pk")
        while running.advance(run.job_id or 0, at=timezone.now()):
            pass
        shown = body(client, f"/vips/runs/{run.pk}")
        assert said in shown
        assert world.bank.name in shown
    assert Nomination.objects.get().customer == world.bank
    assert world.bank.name in b"".join(client.get("/vips?export=csv")).decode()
    shown = body(signed_in("wang.min"), f"/customers/{world.bank.pk}?tab=balances")
    assert "····2222" in shown
    assert "6217000011112222" not in shown


def test_a_nomination_is_decided_on_the_page(signed_in: SignIn, world: World) -> None:
    row = by_hand.propose(world.bank.pk, "走访", from_on=NOW.date(), at=NOW, by=world.actor("wang.min"))
    leader = signed_in("zhao.lei")
    assert "1 nomination waits" in body(leader, "/vips")
    leader.post(f"/vips/{row.pk}/decide", {"decision": "approve"})
    row.refresh_from_db()
    assert (row.status, row.decided_by) == ("named", "赵磊")
    assert "somebody else decides" not in body(leader, f"/vips/{row.pk}")


def grow(world: World, admin: Actor, first: int, count: int) -> None:
    """Add so many of everything that lists show."""
    made = Customer.objects.bulk_create(
        Customer(code=f"N{n}", name=f"新 {n}", region_id="4201", created_at=NOW, changed_at=NOW)
        for n in range(first, first + count)
    )
    products = Product.objects.bulk_create(
        Product(code=f"p{n}", name=f"品 {n}", name_en="x") for n in range(first, first + count)
    )
    lay_down_tariffs([NewTariff(p.code, 1, 1, date(2026, 1, 1), region="4201") for p in products], at=NOW, by=admin)
    Nomination.objects.bulk_create(
        Nomination(customer=c, source="by_hand", status="named", from_on=NOW.date(), made_at=NOW, made_by="x")
        for c in made
    )
    days = [each for c in made for each in figures(f"8{c.pk}", c.code, 5, 6, last=NOW.date() - timedelta(days=1))]
    deliver(days, at=NOW, by=admin)


@pytest.mark.parametrize(
    "address", ["/catalogue/products", "/catalogue/tariffs?all=1", "/vips", "/vips/balances", "/vips/filters"]
)
def test_lists_cost_the_same_for_two_rows_and_twenty(
    signed_in: SignIn, world: World, admin: Actor, address: str
) -> None:
    save_filter(NewFilter("f", (FactorRule("count", 1, 1, 0),)), at=NOW, by=admin)
    client = signed_in("li.qiang")

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len([q for q in queries if "django_session" not in q["sql"]])

    grow(world, admin, 0, 2)
    few = cost()
    grow(world, admin, 100, 20)
    assert cost() == few
    assert few <= MOST_QUERIES + FRAME
