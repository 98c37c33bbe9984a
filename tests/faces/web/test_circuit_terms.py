"""A circuit's own promise: what it changes is said before and after, and one may ask which held on a day."""

from mainstay.service.promises.models import CircuitTerm
from tests.cast import World
from tests.faces.web.conftest import SignIn

TERM = {
    "metric": "restoration", "amount": "30", "unit": "natural_minutes", "calendar": "24x7", "valid_from": "2026-12-01",
    "why": "重保",
}  # fmt: skip


def test_it_works(signed_in: SignIn, world: World) -> None:
    client, page = signed_in("wang.min"), f"/circuits/{world.circuit.pk}"
    shown = client.post(f"{page}/terms/new", TERM, follow=True).content.decode()
    assert "60 minutes” 30\u2009minutes for this circuit, from 2026-12-01." in shown
    assert "重保" in shown
    assert "60\u2009minutes" in client.get(f"{page}?on=2026-11-30").content.decode()
    assert "30\u2009minutes" in client.get(f"{page}?on=2026-12-01").content.decode()


def test_what_it_would_change_is_said_while_it_is_typed(signed_in: SignIn, world: World) -> None:
    client, address = signed_in("wang.min"), f"/circuits/{world.circuit.pk}/terms/new"
    shown = client.get(address, TERM, headers={"HX-Request": "true"}).content.decode()
    assert "instead of “circuit grade AAA: 60 minutes” 30\u2009minutes" in shown
    assert "<html" not in shown
    nothing = client.get(address, {"amount": "x"}, headers={"HX-Request": "true"}).content.decode()
    assert "hidden" in nothing
    assert not CircuitTerm.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in: SignIn, world: World) -> None:
    given = {**TERM, "unit": "percent"}
    shown = signed_in("wang.min").post(f"/circuits/{world.circuit.pk}/terms/new", given).content.decode()
    assert "cannot be promised in" in shown
    assert 'value="重保"' in shown


def test_when_it_ends_the_page_says_what_holds_again(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    client.post(f"/circuits/{world.circuit.pk}/terms/new", TERM)
    term = CircuitTerm.objects.get()
    shown = client.post(f"/circuit-terms/{term.pk}/end", {"on": "2027-01-01"}, follow=True).content.decode()
    assert "From 2027-01-01 this holds: circuit grade AAA: 60 minutes." in shown


def test_who_may_not(signed_in: SignIn, world: World) -> None:
    address = f"/circuits/{world.circuit.pk}/terms/new"
    assert signed_in("liu.fang").post(address, TERM).status_code == 404
    assert signed_in("li.qiang").post(address, TERM).status_code == 403
    assert address not in signed_in("li.qiang").get(f"/circuits/{world.circuit.pk}").content.decode()
    assert not CircuitTerm.objects.exists()
