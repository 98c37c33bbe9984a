"""Columns and saved views live in the address; a view never shows more than its reader may see (A6)."""

import pytest

from mainstay.faces.web.lists.tickets import TICKETS
from mainstay.platform.saved_views.models import SavedView, ViewUse
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import cut
from tests.faces.web.test_lists import LISTS, MOST_QUERIES, _strike, queries_of

EVERYTHING = {
    "/customers": "cols=tickets,engineer,industry,since,group,manager,region,circuits",
    "/circuits": "cols=a_end,z_end,contract,ends_on,manager,product,since",
    "/contracts": "cols=manager,region,status,signed",
}


@pytest.mark.parametrize("address", EVERYTHING)
def test_more_columns_cost_no_query_a_row(signed_in: SignIn, world: World, address: str) -> None:
    client = signed_in("admin")
    wanted = f"{address}?{EVERYTHING[address]}"
    LISTS[address](world, 2)
    few = queries_of(client, wanted)
    _strike(world)
    LISTS[address](world, 20)
    assert few == queries_of(client, wanted) <= MOST_QUERIES


def test_tickets_with_every_column_cost_no_more_than_a_list_may(signed_in: SignIn, world: World) -> None:
    cut(world, "AB", "CD")
    client = signed_in("li.qiang")
    every = ",".join(name for name in TICKETS.by_name if name != "region")
    assert queries_of(client, "/tickets") <= MOST_QUERIES
    assert queries_of(client, f"/tickets?cols={every}") <= MOST_QUERIES


def test_columns_stand_in_the_order_chosen_on_screen_and_in_the_file(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    answer = client.get("/circuits?col=bandwidth&col=state&q=WH&size=25")
    assert answer["Location"] == "/circuits?q=WH&size=25&cols=bandwidth,state"
    shown = client.get(answer["Location"]).content.decode()
    head = shown[shown.index("<thead>") : shown.index("</thead>")]
    assert head.index("Number") < head.index("Bandwidth") < head.index("State")
    assert "Technology" not in head
    file = b"".join(client.get("/circuits?cols=bandwidth,state&export=csv").streaming_content)  # type: ignore[attr-defined]
    assert file.decode("utf-8-sig").splitlines()[0] == "Number,kbit/s,State,Since"


def test_a_view_is_saved_opened_pinned_and_opens_its_page(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    client.post("/lists/circuits/views", {"name": "重要", "query": "grade=AAA&cols=state"})
    view = SavedView.objects.get()
    for verb in ("pin", "default"):
        client.post(f"/views/{view.pk}", {"verb": verb, "page": "circuits", "query": view.query})
    assert client.get("/circuits")["Location"] == f"/circuits?grade=AAA&cols=state&view={view.pk}"
    assert client.get("/circuits?view=0").status_code == 200
    assert f"view={view.pk}" in client.get("/customers").content.decode()
    shown = client.get(f"/circuits?grade=AA&cols=state&view={view.pk}").content.decode()
    assert "Overwrite with what is shown now" in shown
    client.post(f"/views/{view.pk}", {"verb": "delete"})
    assert not ViewUse.objects.exists()
    assert client.get("/circuits").status_code == 200


def test_a_shared_view_shows_its_reader_their_own_rows_only(signed_in: SignIn, world: World) -> None:
    leader = signed_in("zhao.lei")
    leader.post("/lists/customers/views", {"name": "全部", "query": "sort=code"})
    view = SavedView.objects.get()
    leader.post(f"/views/{view.pk}", {"verb": "change", "name": "全部", "audience": "everyone", "page": "customers"})
    shown = signed_in("wang.min").get(f"/customers?sort=code&view={view.pk}").content.decode()
    assert "全部" in shown
    assert world.bank.name in shown
    assert world.logistics.name not in shown


def test_what_a_list_does_not_know_any_more_is_said(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    shown = client.get("/circuits?colour=red&cols=state,smell&sort=taste&grade=ZZZ").content.decode()
    for vain in ("colour=red", "cols=smell", "sort=taste", "ZZZ"):
        assert vain in shown
    assert "left out" in shown
    assert "left out" not in client.get("/circuits?grade=AAA&sort=-grade&cols=state").content.decode()
    gone = client.get("/circuits?view=99999").content.decode()
    assert "not there for you" in gone
